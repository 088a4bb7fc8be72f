"""Responses that do not lose what somebody typed: sign in again first, or wait a little."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

LONGEST = 20_000
"""Characters of one field that are handed back."""
MOST = 100
UNTYPED = {"csrfmiddlewaretoken"}


def sign_in_first(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in; what was typed is shown again, and where a part is asked for the page loads anew."""
    if typed(request):
        return render(request, "entrance/kept.html", {"fields": typed(request)}, status=403)
    if partial(request):
        return reloaded()
    return redirect_to_login(request.get_full_path())


def confirm_first(request: HttpRequest) -> HttpResponseBase:
    """The session lives, but the issuer has to confirm it before this form is taken."""
    return render(request, "entrance/kept.html", {"fields": typed(request), "alive": True}, status=403)


def knocked_too_often(request: HttpRequest, wait: int) -> HttpResponseBase:
    """Too often: when to try again, with what was typed."""
    context = {"fields": typed(request), "wait": wait, "posted": request.method == "POST"}
    response = render(request, "entrance/too_often.html", context, status=429)
    response["Retry-After"] = str(wait)
    return response


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form; files cannot be handed back."""
    found = [(name, str(text)) for name, texts in request.POST.lists() for text in texts]
    return [(name, text[:LONGEST]) for name, text in found if name not in UNTYPED][:MOST]


def partial(request: HttpRequest) -> bool:
    """Only a part of a page is asked for; a redirect to another host would be lost on it."""
    return request.headers.get("HX-Request") == "true"


def reloaded() -> HttpResponseBase:
    """Lets htmx load the whole page, which then finds its way to the issuer."""
    return HttpResponse(headers={"HX-Refresh": "true"})


def page_load(request: HttpRequest) -> bool:
    """The browser goes to an address, so that it may be sent to the issuer and back."""
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    return request.method == "GET" and mode == "navigate" and not partial(request)
