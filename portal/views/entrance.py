"""Signing in, signing out, and the persona switcher of the demo."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import auth
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal.context import PERSONAS
from portal.door.attempts import finish, refusal_of
from portal.door.counters import LOGIN, limited
from portal.door.identity import Refused
from portal.door.issuer import PAUSE, Unreachable
from portal.door.oidc_flow import arrive, depart
from portal.door.refusals import REFUSALS
from portal.requests import PERSONA

logger = logging.getLogger(__name__)


@limited(LOGIN)
def login(request: HttpRequest) -> HttpResponseBase:
    """To the issuer where there is one; else a page that says how to get in."""
    if settings.SIGHTLINE.entrance != "oidc":
        return render(request, "entrance/sign_in.html", status=403)
    try:
        return depart(request, request.GET.get("next", reverse("me")))
    except Unreachable as error:
        return unreachable(request, error)


@limited(LOGIN)
def callback(request: HttpRequest) -> HttpResponseBase:
    """Back from the issuer: in, or to the page that says why not."""
    if settings.SIGHTLINE.entrance != "oidc":
        raise Http404
    try:
        return arrive(request)
    except Unreachable as error:
        return unreachable(request, error)
    except Refused as error:
        logger.warning("a sign-in was refused: %s", error.refusal.reason)
        response = HttpResponseRedirect(reverse("refused"))
        finish(request, response, request.GET.get("state", ""), error.refusal)
        return response


def unreachable(request: HttpRequest, error: Unreachable) -> HttpResponseBase:
    """The issuer cannot be asked just now."""
    logger.warning("the issuer cannot be asked: %s", error)
    response = render(request, "entrance/unreachable.html", status=503)
    response["Retry-After"] = str(PAUSE)
    return response


def refused(request: HttpRequest) -> HttpResponseBase:
    """The issuer sent somebody back whom we do not let in. Not back to the issuer: that would go round."""
    found, host = refusal_of(request), urlsplit(settings.SIGHTLINE.oidc_issuer).hostname
    what, todo = REFUSALS[found.reason if found else "failed"]
    context = {"known_as": found.known_as if found else "", "issuer": host, "what": what, "todo": todo}
    return render(request, "entrance/refused.html", context, status=403)


def signed_out(request: HttpRequest) -> HttpResponseBase:
    """Where signing out ends."""
    return render(request, "entrance/signed_out.html")


@require_POST
def logout(request: HttpRequest) -> HttpResponseBase:
    """Ends the session."""
    auth.logout(request)
    return HttpResponseRedirect(resolve_url(settings.LOGOUT_REDIRECT_URL))


@require_POST
def persona(request: HttpRequest) -> HttpResponseBase:
    """The demo only: look with another person's eyes."""
    if not settings.SIGHTLINE.demo:
        raise Http404
    chosen = request.POST.get("persona", "")
    if chosen in {email for email, _ in PERSONAS}:
        request.session[PERSONA] = chosen
    following = request.POST.get("next", reverse("me"))
    safe = url_has_allowed_host_and_scheme(following, {request.get_host()})
    return HttpResponseRedirect(following if safe else reverse("me"))
