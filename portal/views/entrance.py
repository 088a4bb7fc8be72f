"""Signing in, signing out, and the persona switcher of the demo."""

from django.conf import settings
from django.contrib import auth
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal.context import PERSONAS
from portal.login import Request
from portal.viewing import PERSONA


def login(request: HttpRequest) -> HttpResponseBase:
    """To the issuer where there is one; else a page that says how to get in."""
    if settings.SIGHTLINE.entrance == "oidc":
        response: HttpResponseBase = Request.as_view()(request)
        return response
    return render(request, "403.html", {"exception": "Sign in first."}, status=403)


@require_POST
def logout(request: HttpRequest) -> HttpResponseBase:
    """Ends the session."""
    auth.logout(request)
    return HttpResponseRedirect("/")


@require_POST
def persona(request: HttpRequest) -> HttpResponseBase:
    """The demo only: look with another person's eyes."""
    if not settings.SIGHTLINE.demo:
        raise Http404
    chosen = request.POST.get("persona", "")
    if chosen in {email for email, _ in PERSONAS}:
        request.session[PERSONA] = chosen
    following = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(following, {request.get_host()})
    return HttpResponseRedirect(following if safe else "/")
