"""Asking Okta: one page at a time, within the rate budget, with retries, never beyond the configured host.

SourceFailed        nothing may be applied; the text says what to do
├── (401, unreachable, a listing that ends in an error)
NotVisible          this token may not see this part: unknown, not empty
Gone                404: the object was deleted while it was read
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec

from orgmodel.facts import SourceFailed

from .auth import Credentials, OktaAuth
from .budget import Budget, bucket_of, is_concurrency, seconds_to_reset

TRIES = 4
PATIENCE = 8
"""How many times a refusal for rate is waited out before the run gives up."""
MAX_BODY = 64 * 1024 * 1024
SMALLEST_PAGE = 25
USER_AGENT = "Sightline/0.1 (read only)"
CURSORS = frozenset({"after"})


class NotVisible(Exception):
    """403, or a feature this org has no licence for: this part is unknown, not empty."""


class Gone(Exception):
    """404: deleted while it was read."""


@dataclass(frozen=True)
class OktaConnection:
    """Where Okta is and how we may ask. `budget`: share of each rate bucket, 0 to 1."""

    url: str
    credentials: Credentials
    budget: float = 0.5


class _Error(msgspec.Struct):
    errorCode: str = ""  # noqa: N815  # Okta's name


class OktaClient:
    """Reads pages. Safe to use from several threads; `stop` makes all of them give up soon."""

    def __init__(
        self,
        connection: OktaConnection,
        *,
        clock: Callable[[], float] = time.monotonic,
        jitter: float = 1.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._base = connection.url.rstrip("/")
        self._budget = Budget(connection.budget)
        self._clock = clock
        self._jitter = jitter
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self.calls = 0
        self._http = httpx.Client(
            auth=OktaAuth(self._base, connection.credentials),
            headers={"Accept": "application/json", "User-Agent": USER_AGENT},
            timeout=httpx.Timeout(60, connect=10),
            follow_redirects=False,
            transport=transport,
            limits=httpx.Limits(max_connections=8),
        )

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._stopped.set()
        self._http.close()

    def one(self, path: str, params: Mapping[str, str] | None = None) -> bytes:
        """The body of one answer. Raises NotVisible, Gone, SourceFailed."""
        return self._get(path, dict(params or {}), {})[0]

    def pages(
        self, path: str, params: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Iterator[bytes]:
        """The bodies of all pages of a listing, following `next` to its end."""
        for body, _ in self._walk(path, dict(params), dict(headers or {}), endless=False):
            yield body

    def log_pages(self, path: str, params: Mapping[str, str]) -> Iterator[tuple[bytes, str]]:
        """Pages of the log with the cursor after each; the log's `next` never ends, so the caller stops."""
        yield from self._walk(path, dict(params), {}, endless=True)

    def _walk(
        self, path: str, params: dict[str, str], headers: dict[str, str], *, endless: bool
    ) -> Iterator[tuple[bytes, str]]:
        kept = {key: value for key, value in params.items() if key not in {*CURSORS, "since"}}
        asked = params
        while True:
            body, following = self._get(path, asked, headers)
            cursor = dict(following) if following else {}
            yield body, cursor.get("after", "")
            if not cursor:
                return
            # Okta's next link sometimes loses what was asked for (expand above all).
            nxt = {**kept, **cursor}
            if nxt == asked and not endless:
                raise SourceFailed(
                    f"Okta's list {path} points at its own page as the next one; try again later."
                )
            asked = nxt

    def _get(
        self, path: str, params: dict[str, str], headers: dict[str, str]
    ) -> tuple[bytes, dict[str, str] | None]:
        bucket = bucket_of(path)
        tries = refusals = 0
        while True:
            self._hold(bucket)
            try:
                response, body = self._send(path, params, headers)
            except httpx.TransportError as error:
                tries += 1
                if tries >= TRIES:
                    raise SourceFailed(
                        f"Okta could not be reached at {urlsplit(self._base).netloc}"
                        f" ({type(error).__name__}); check OKTA_URL and the network, then sync again."
                    ) from error
                self._sleep(self._backoff(tries))
                continue
            self._budget.heard(bucket, response.headers, self._clock())
            if response.status_code == httpx.codes.TOO_MANY_REQUESTS and refusals < PATIENCE:
                refusals += 1
                self._sleep(self._refused(response, refusals))
                continue
            if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR and tries + 1 < TRIES:
                tries += 1
                # A server error on the groups list may be a page too large to build in time.
                if path == "/api/v1/groups" and int(params.get("limit", "0")) > SMALLEST_PAGE:
                    params = {**params, "limit": str(int(params["limit"]) // 2)}
                self._sleep(self._backoff(tries))
                continue
            self._check(path, response, body)
            return body, self._following(response, path)

    def _send(
        self, path: str, params: dict[str, str], headers: dict[str, str]
    ) -> tuple[httpx.Response, bytes]:
        with self._lock:
            self.calls += 1
        with self._http.stream("GET", self._base + path, params=params, headers=headers) as response:
            parts, size = [], 0
            for part in response.iter_bytes():
                size += len(part)
                if size > MAX_BODY:
                    raise SourceFailed(
                        f"Okta's answer to {path} is larger than {MAX_BODY >> 20} MB; refused."
                    )
                parts.append(part)
        return response, b"".join(parts)

    def _check(self, path: str, response: httpx.Response, body: bytes) -> None:
        status, code = response.status_code, _code(body)
        if status == httpx.codes.UNAUTHORIZED and code == "E0000015":
            raise NotVisible(f"{path}: this Okta organisation has no licence for it ({code}).")
        if status == httpx.codes.UNAUTHORIZED:
            raise SourceFailed(
                f"Okta refused the token ({code or 401}). Make a new one, or check the service app's key,"
                " and set OKTA_TOKEN or OKTA_PRIVATE_KEY."
            )
        if status == httpx.codes.FORBIDDEN:
            scope = _scope(path)
            raise NotVisible(
                f"{path}: the token may not read it ({code or 403}); grant {scope} and an admin role."
            )
        if status == httpx.codes.NOT_FOUND:
            raise Gone(path)
        if status != httpx.codes.OK:
            raise SourceFailed(
                f"Okta answered {status} {code} to {path}; nothing was applied, sync again later."
            )
        if "json" not in response.headers.get("content-type", ""):
            raise SourceFailed(
                f"Okta answered {path} with a page instead of JSON; check that OKTA_URL is the org's own."
            )

    def _following(self, response: httpx.Response, path: str) -> dict[str, str] | None:
        """The parameters of the next page. Only its path and query are believed, never its host."""
        url = response.links.get("next", {}).get("url", "")
        if not url:
            return None
        parts = urlsplit(url)
        if parts.path != path:
            raise SourceFailed(f"Okta's list {path} goes on at another address; refused.")
        return dict(parse_qsl(parts.query, keep_blank_values=True))

    def _hold(self, bucket: str) -> None:
        while (wait := self._budget.wait_for(bucket, self._clock())) > 0:
            self._sleep(wait + 0.05)

    def _refused(self, response: httpx.Response, refusals: int) -> float:
        if is_concurrency(response.headers):
            return min(5.0, 2.0 ** (refusals - 1)) * (0.5 + random.random()) * self._jitter  # noqa: S311  # spread
        after = response.headers.get("retry-after", "")
        wait = float(after) if after.isdigit() else seconds_to_reset(response.headers) or 1.0
        return min(wait, 90.0) + (1 + 2 * random.random()) * self._jitter  # noqa: S311  # spread, no secret

    def _backoff(self, tries: int) -> float:
        return (2.0 ** (tries - 1)) * (0.5 + random.random()) * self._jitter  # noqa: S311  # spread, no secret

    def _sleep(self, seconds: float) -> None:
        if self._stopped.wait(seconds):
            raise SourceFailed("The read was stopped.")


def _code(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Error).errorCode
    except msgspec.MsgspecError:
        return ""


def _scope(path: str) -> str:
    if "group-push" in path:
        return "okta.apps.read and okta.groups.read"
    heads = (
        ("users", "users"),
        ("groups", "groups"),
        ("apps", "apps"),
        ("logs", "logs"),
        ("meta/schemas", "schemas"),
    )
    for head, scope in heads:
        if path.startswith(f"/api/v1/{head}"):
            return f"okta.{scope}.read"
    return "okta.userTypes.read"
