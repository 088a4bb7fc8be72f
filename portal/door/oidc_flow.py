"""The redirect to the issuer and back."""

import logging
from typing import Any
from urllib.parse import urlencode

import requests
from django.conf import settings
from django.contrib import auth
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from jwt import PyJWTError
from mozilla_django_oidc.utils import generate_code_challenge

from . import sessions
from .attempts import LIFE, Attempt, attempt_of, finish, new_attempt, remember
from .counters import Limit, knock
from .identity import Refused
from .issuer import CHECKED, KEPT, Unreachable, asking, described, not_while_silent
from .models import Identity

logger = logging.getLogger(__name__)

AGAIN = {"login_required", "interaction_required", "consent_required", "account_selection_required"}
"""The issuer cannot confirm without showing itself."""
LATER = {"server_error", "temporarily_unavailable"}
ONCE = Limit("state", 1, LIFE)
"""An attempt leads in once, wherever a copy of its cookie may lie."""


def depart(request: HttpRequest, following: str, *, silent: bool = False) -> HttpResponseBase:
    """To the issuer; afterwards to this address, if it is one of ours. Raises Unreachable."""
    not_while_silent()
    safe = url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure())
    attempt = new_attempt(following if safe else resolve_url(settings.LOGIN_REDIRECT_URL), silent=silent)
    parameters = {
        "response_type": "code",
        "scope": settings.OIDC_RP_SCOPES,
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "redirect_uri": request.build_absolute_uri(reverse("oidc_authentication_callback")),
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": generate_code_challenge(attempt.verifier, "S256"),
        "code_challenge_method": "S256",
    } | ({"prompt": "none"} if silent else {})
    address = described(CHECKED if silent else KEPT)["authorization_endpoint"]
    response = HttpResponseRedirect(f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}")
    remember(request, response, attempt)
    return response


def arrive(request: HttpRequest) -> HttpResponseBase:
    """Back from the issuer, and in. Raises Refused or Unreachable."""
    state = request.GET.get("state", "")
    attempt = attempt_of(request, state)
    if attempt is None:
        raise Refused("late")
    if error := request.GET.get("error", ""):
        response = _turned_back(request, attempt, error)
    else:
        _enter(request, attempt)
        response = HttpResponseRedirect(attempt.following)
    finish(request, response, state)
    return response


def _turned_back(request: HttpRequest, attempt: Attempt, error: str) -> HttpResponseBase:
    """The issuer has given an error instead of a code."""
    if attempt.silent and error in LATER:
        if sessions.unconfirmed(request.session) > sessions.LATEST:
            raise Unreachable(error)
        request.session[sessions.UNCONFIRMED] = timezone.now().timestamp()
        return HttpResponseRedirect(attempt.following)
    if request.session.get(sessions.PERSON):
        auth.logout(request)
    if attempt.silent and error in AGAIN:
        following = urlencode({"next": attempt.following})
        return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{following}")
    raise Refused("denied" if error == "access_denied" else "failed")


def _enter(request: HttpRequest, attempt: Attempt) -> None:
    user = _authenticated(request, attempt)
    if user is None:
        raise Refused("failed")
    if knock(ONCE, attempt.state, timezone.now()):
        raise Refused("late")
    known = Identity.objects.get(user=user)
    same = request.session.get(auth.SESSION_KEY) == str(user.pk)
    if same and request.session.get(sessions.PERSON) == known.person_id:
        # Confirmed, not begun anew: the end stays where it was, and so do the tokens of forms that are open.
        request.session[sessions.RENEWED] = timezone.now().timestamp()
        return
    request.session.flush()
    auth.login(request, user)
    sessions.begin(request, known.person_id, known.account_id)


def _authenticated(request: HttpRequest, attempt: Attempt) -> Any:
    try:
        with asking():
            return auth.authenticate(request, nonce=attempt.nonce, code_verifier=attempt.verifier)
    except (requests.RequestException, PyJWTError, SuspiciousOperation, ValueError, KeyError) as error:
        logger.warning("a sign-in failed: %s", type(error).__name__)
        raise Refused("failed") from error
