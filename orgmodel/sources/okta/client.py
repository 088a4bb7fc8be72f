"""Requests to Okta: one page at a time, following its links, never beyond the configured host."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import httpx

from orgmodel.sources.http import PATIENCE, TRIES, Answer, Host, HttpClient, require_json
from orgmodel.sources.list_end import ListEnd

from .answers import BAD_CURSOR, Refused, next_page, require_good
from .auth import Credentials, OktaAuth
from .budget import OktaRates, Pace, Use

SMALLEST_PAGE, USUAL_PAGE = 25, 200
LARGE = re.compile(r"/api/v1/groups(?:/[^/]+/users)?")
"""The lists whose pages are dear to build."""
CURSORS = frozenset({"after"})


@dataclass(frozen=True)
class OktaConnection:
    """Where Okta is and how we may ask. `budget`: share of each rate bucket, above 0, at most 1."""

    url: str
    credentials: Credentials
    budget: float = 0.5
    used: Mapping[str, Use] = field(default_factory=dict)
    """What earlier reads used of each bucket."""


class OktaClient:
    """Reads pages. Safe to use from several threads; `close` makes all of them give up soon.

    Further arguments are those of the HttpClient.
    """

    def __init__(
        self,
        connection: OktaConnection,
        *,
        tries: int = TRIES,
        patience: int = PATIENCE,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        jitter: float = 1.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        base = connection.url.rstrip("/")
        self._host = Host(base, "Okta", "OKTA_URL")
        self.auth = OktaAuth(base, connection.credentials)
        self._rates, self._clock = OktaRates(connection.budget, connection.used), clock
        self._http = HttpClient(
            self._host,
            auth=self.auth,
            rates=self._rates,
            smaller=_smaller,
            tries=tries,
            patience=patience,
            sleep=sleep,
            clock=clock,
            jitter=jitter,
            transport=transport,
        )

    @property
    def calls(self) -> int:
        """How often Okta was asked."""
        return self._http.calls

    @property
    def pace(self) -> Pace:
        """What was used of each bucket, by this read and those before."""
        return self._rates.pace

    def take(self, path: str, *, calls: int, spare: bool) -> float:
        """Take the first of so many calls to this path beforehand; or else seconds until the rate has room.

        `spare`: leave some calls to others of ours. When the list was read, `ended` must be called.
        """
        return self._rates.take(path, self._clock(), calls=calls, spare=spare)

    def ended(self, path: str) -> None:
        """The list for which calls were taken was read."""
        self._rates.ended(path)

    def pause(self, seconds: float) -> None:
        """Wait. Raises SourceFailed when closed."""
        self._http.pause(seconds)

    @property
    def skew(self) -> float | None:
        """Seconds by which Okta's clock is ahead of ours, as of the last answer."""
        return self._http.skew

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._http.close()

    def one(self, path: str, params: Mapping[str, str] | None = None) -> bytes:
        """The body of one answer. Raises NotVisible, Gone, SourceFailed."""
        return self._get(path, dict(params or {}), {}).body

    def pages(
        self, path: str, params: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Iterator[bytes]:
        """The bodies of all pages of a listing. One that loses its place begins again, once.

        Rows may so be given twice. Raises NotVisible, Gone, SourceFailed.
        """
        begun = False
        try:
            for answer, _ in self._walk(path, dict(params), dict(headers or {}), endless=False):
                begun = True
                yield answer.body
        except Refused as why:
            if not begun or why.code != BAD_CURSOR:
                raise
        else:
            return
        for answer, _ in self._walk(path, dict(params), dict(headers or {}), endless=False):
            yield answer.body

    def page(self, path: str, params: Mapping[str, str]) -> tuple[bytes, str]:
        """One page of a listing, and the cursor of the next one, empty after the last.

        Raises NotVisible, Gone, SourceFailed.
        """
        return next(self.log_pages(path, params))

    def log_pages(self, path: str, params: Mapping[str, str]) -> Iterator[tuple[bytes, str]]:
        """Pages of the log with the cursor after each; the log's `next` never ends, so the caller stops."""
        for answer, cursor in self._walk(path, dict(params), {}, endless=True):
            yield answer.body, cursor

    def _walk(
        self, path: str, params: dict[str, str], headers: dict[str, str], *, endless: bool
    ) -> Iterator[tuple[Answer, str]]:
        parameters = {key: value for key, value in params.items() if key not in {*CURSORS, "since"}}
        request = (path, params)
        end = ListEnd(path, "Okta")
        while True:
            if not endless:
                end.expect(*request)
            answer = self._get(*request, headers)
            following = next_page(path, answer)
            if not endless and following is not None:
                end.given(answer.body)
            yield answer, following[1].get("after", "") if following else ""
            if following is None:
                return
            # Okta's next link sometimes loses what was asked for (expand above all).
            request = (following[0], {**parameters, **following[1]})

    def _get(self, path: str, params: dict[str, str], headers: dict[str, str]) -> Answer:
        answer = self._http.get(path, params, headers)
        require_good(path, answer)
        require_json(answer, path, self._host)
        return answer


def _smaller(path: str, params: dict[str, str]) -> dict[str, str]:
    """A server error on a list of groups, or of their members, may be a page too large to build in time."""
    size = int(params.get("limit", "0"))
    if not LARGE.fullmatch(path) or size <= SMALLEST_PAGE:
        return params
    return {**params, "limit": str(USUAL_PAGE if size > USUAL_PAGE else size // 2)}
