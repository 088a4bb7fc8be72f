"""Keeps a session honest: it is touched when it is used, and confirmed by the issuer at a set age."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from . import kept_input, sessions
from .issuer import CHECKED, Unreachable, described
from .oidc_flow import depart

FREE = {"login/", "login/refused/", "logout/", "signed-out/", "oidc/callback/", "hooks/<path:where>"}
"""Routes on the way in or out, and those where no people come."""
PAUSE = timedelta(minutes=1)
"""After the issuer could not tell, the next page does not ask it again at once."""


class Renewal:
    """After the check of the form token, so that no foreign form is ever shown to anybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.session.accessed:
            sessions.touch(cast(sessions.SessionStore, request.session))
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponseBase | None:
        """The way round by the issuer where it is due; None to go on."""
        route = request.resolver_match.route if request.resolver_match else ""
        if settings.SIGHTLINE.entrance != "oidc" or route in FREE or not request.session.get(sessions.PERSON):
            return None
        age = sessions.unconfirmed(request.session)
        if age < sessions.RENEW:
            return None
        try:
            return _due(request, age)
        except Unreachable:
            # Whoever is in does not need the issuer: the session's own limits and every sync still hold.
            return None


def _due(request: HttpRequest, age: timedelta) -> HttpResponseBase | None:
    if kept_input.page_load(request):
        if sessions.unconfirmed(request.session, sessions.UNCONFIRMED) < PAUSE:
            return None
        return depart(request, request.get_full_path(), silent=True)
    if age < sessions.LATEST:
        return None
    described(CHECKED)
    if request.method == "POST":
        return kept_input.confirm_first(request)
    if kept_input.partial(request):
        return kept_input.reloaded()
    return HttpResponse("Open a page of Sightline to confirm who you are.\n", "text/plain", 403)
