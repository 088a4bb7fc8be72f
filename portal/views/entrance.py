"""Signing in, signing out, and the persona switcher of the demo."""

import logging

from django.conf import settings
from django.contrib import auth
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal.context import PERSONAS
from portal.login import UNREACHABLE, Request
from portal.viewing import PERSONA

logger = logging.getLogger(__name__)


def login(request: HttpRequest) -> HttpResponseBase:
    """To the issuer where there is one; else a page that says how to get in."""
    if settings.SIGHTLINE.entrance != "oidc":
        return render(request, "entrance/sign_in.html", status=403)
    try:
        response: HttpResponseBase = Request.as_view()(request)
    except UNREACHABLE as error:
        logger.warning("the issuer cannot be asked: %s", type(error).__name__)
        return render(request, "entrance/unreachable.html", status=503)
    return response


def refused(request: HttpRequest) -> HttpResponseBase:
    """The issuer sent somebody back whom we do not let in. Not back to the issuer: that would go round."""
    return render(request, "entrance/refused.html", status=403)


def signed_out(request: HttpRequest) -> HttpResponseBase:
    """Where signing out ends."""
    return render(request, "entrance/signed_out.html")


@require_POST
def logout(request: HttpRequest) -> HttpResponseBase:
    """Ends the session."""
    auth.logout(request)
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)


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
