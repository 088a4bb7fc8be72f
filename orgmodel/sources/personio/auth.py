"""Access tokens of Personio: OAuth client credentials, renewed before they expire.

The secret and the tokens stay in these objects; they are in no representation and no error.
"""

import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import httpx
import msgspec

from orgmodel.reports import SourceFailed
from orgmodel.sources.http import PASSING, NotNow

from .settings import PersonioSettings

PATH = "/v2/auth/token"
RENEW_BEFORE = 300
"""Seconds before the end of an access token at which a new one is fetched."""
LEAST = 60
"""Seconds for which a token is used in any case: one that is shorter lived would be fetched for each call."""


class _Token(msgspec.Struct):
    access_token: str
    expires_in: float = 3600


@dataclass(frozen=True)
class _Access:
    token: str = field(repr=False)
    until: float


class PersonioAuth(httpx.Auth):
    """Adds the Authorization header; fetches and renews the access token. `clock`: monotonic seconds."""

    def __init__(self, settings: PersonioSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._access: _Access | None = None
        self._lock = threading.Lock()

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        for last in (False, True):
            access = yield from self._current()
            request.headers["Authorization"] = f"Bearer {access.token}"
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED or last:
                return
            self._drop(access)

    def _current(self) -> Generator[httpx.Request, httpx.Response, _Access]:
        # The lock is held while the token is fetched, so that threads wait for one fetch and share it.
        with self._lock:
            if self._access is None or self._access.until <= self._clock():
                self._access = yield from self._fetch()
            return self._access

    def _drop(self, access: _Access) -> None:
        with self._lock:
            if self._access is access:
                self._access = None

    def _fetch(self) -> Generator[httpx.Request, httpx.Response, _Access]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._settings.client_id,
            "client_secret": self._settings.secret,
        }
        headers = {"Accept": "application/json"}
        response = yield httpx.Request("POST", self._settings.url + PATH, data=form, headers=headers)
        response.read()
        if response.status_code in PASSING or response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise NotNow
        if response.status_code != httpx.codes.OK:
            raise _refused(f"({response.status_code})")
        try:
            token = msgspec.json.decode(response.content, type=_Token)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise _refused("(its answer holds none)") from None
        if not token.access_token.isascii() or not token.access_token.isprintable():
            raise _refused("(its answer holds none that can be sent)")
        return _Access(token.access_token, self._clock() + max(token.expires_in - RENEW_BEFORE, LEAST))


def _refused(why: str) -> SourceFailed:
    return SourceFailed(
        f"Personio gave no access token {why}; nothing was applied. Check HRIS_USER (the client id),"
        " HRIS_TOKEN (its secret) and HRIS_URL."
    )
