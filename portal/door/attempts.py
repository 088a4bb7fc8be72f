"""Sign-in attempts, kept in the browser that started them: an incomplete attempt creates no row.

The cookie is signed and lives for ten minutes. It holds the state, nonce and PKCE verifier of a few tabs at
once, and afterwards why somebody was refused.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import get_random_string

LIFE = 600
"""Seconds from going to the issuer to being back."""
TABS = 3
LONGEST = 800
"""Characters of the address that is wanted afterwards; a cookie holds 4 kB."""
SALT = "portal.door.attempts"


@dataclass(frozen=True)
class Attempt:
    """One way to the issuer and back. `silent`: the issuer was asked not to show itself."""

    state: str
    nonce: str
    verifier: str
    following: str
    silent: bool


@dataclass(frozen=True)
class Refusal:
    """Why somebody was not let in, and as whom the issuer knows them."""

    reason: str
    known_as: str = ""


def new_attempt(following: str, *, silent: bool) -> Attempt:
    """A fresh attempt; nothing in it can be guessed."""
    return Attempt(
        state=get_random_string(32),
        nonce=get_random_string(32),
        verifier=get_random_string(64),
        following=following if len(following) <= LONGEST else "/",
        silent=silent,
    )


def remember(request: HttpRequest, response: HttpResponseBase, attempt: Attempt) -> None:
    """Send the attempt along with the response, beside those of other tabs."""
    held = _held(request)
    tabs = [each for each in held.get("tabs", ()) if each["state"] != attempt.state]
    _keep(response, {"tabs": [*tabs[1 - TABS :], asdict(attempt)]})


def attempt_of(request: HttpRequest, state: str) -> Attempt | None:
    """The attempt that this browser began with this state."""
    found = [each for each in _held(request).get("tabs", ()) if state and each["state"] == state]
    return Attempt(**found[0]) if found else None


def finish(
    request: HttpRequest, response: HttpResponseBase, state: str, refusal: Refusal | None = None
) -> None:
    """Forget an attempt, so that nobody comes back by it twice, and note a refusal."""
    held = _held(request)
    tabs = [each for each in held.get("tabs", ()) if each["state"] != state]
    if tabs or refusal:
        _keep(response, {"tabs": tabs, "refused": asdict(refusal) if refusal else None})
    elif settings.LOGIN_COOKIE_NAME in request.COOKIES:
        response.delete_cookie(settings.LOGIN_COOKIE_NAME, samesite="Lax")


def refusal_of(request: HttpRequest) -> Refusal | None:
    """Why this browser was refused just now."""
    found = _held(request).get("refused")
    return Refusal(**found) if found else None


def _held(request: HttpRequest) -> dict[str, Any]:
    try:
        text = request.COOKIES.get(settings.LOGIN_COOKIE_NAME, "")
        held: dict[str, Any] = signing.loads(text, salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return {}
    return held


def _keep(response: HttpResponseBase, held: dict[str, Any]) -> None:
    response.set_cookie(
        settings.LOGIN_COOKIE_NAME,
        signing.dumps(held, salt=SALT, compress=True),
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
