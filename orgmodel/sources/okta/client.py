"""Asking Okta: one page at a time, within the rate budget, with retries, never beyond the configured host."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from orgmodel.facts import SourceFailed

from .answers import BAD_CURSOR, PASSING, Answer, Refused, Unreachable, next_page, require_good
from .auth import Credentials, NotNow, OktaAuth
from .budget import LONGEST_WAIT, Budget, bucket_of, is_concurrency, seconds_to_retry
from .lanes import Lanes

TRIES = 4
PATIENCE = 8
"""How many times a refusal for rate is waited out before the run gives up."""
LANES = 4
MAX_BODY = 64 * 1024 * 1024
LONGEST_ANSWER = 300.0
"""Seconds after which an answer that still trickles in is given up."""
SMALLEST_PAGE = 25
USER_AGENT = "Sightline/0.1.0"
CURSORS = frozenset({"after"})
MOST_PAGES = 5_000
"""Pages of one list: a million people at 200 a page, ten times the largest company that is built for."""
MOST_EMPTY = 20
"""Empty pages one after another of a list that still names a next one."""


@dataclass(frozen=True)
class OktaConnection:
    """Where Okta is and how we may ask. `budget`: share of each rate bucket, above 0, at most 1."""

    url: str
    credentials: Credentials
    budget: float = 0.5


class OktaClient:
    """Reads pages. Safe to use from several threads; `close` makes all of them give up soon.

    `sleep`, `clock` (monotonic seconds) and `jitter` (0 to 1, how much waits are spread) are for tests.
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
        self._base = connection.url.rstrip("/")
        self._budget = Budget(connection.budget)
        self._lanes = Lanes(LANES)
        self._tries, self._patience = tries, patience
        self._stopped = threading.Event()
        self._sleep_for = sleep or self._stopped.wait
        self._clock, self._jitter = clock, jitter
        self._lock = threading.Lock()
        self.calls = 0
        self.skew: float | None = None
        """Seconds by which Okta's clock is ahead of ours, as of the last answer."""
        self.auth = OktaAuth(self._base, connection.credentials)
        self._http = httpx.Client(
            auth=self.auth,
            headers={"Accept": "application/json", "User-Agent": USER_AGENT},
            timeout=httpx.Timeout(60, connect=10),
            follow_redirects=False,
            transport=transport,
            limits=httpx.Limits(max_connections=LANES),
        )

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._stopped.set()
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

    def log_pages(self, path: str, params: Mapping[str, str]) -> Iterator[tuple[bytes, str]]:
        """Pages of the log with the cursor after each; the log's `next` never ends, so the caller stops."""
        for answer, cursor in self._walk(path, dict(params), {}, endless=True):
            yield answer.body, cursor

    def _walk(
        self, path: str, params: dict[str, str], headers: dict[str, str], *, endless: bool
    ) -> Iterator[tuple[Answer, str]]:
        kept = {key: value for key, value in params.items() if key not in {*CURSORS, "since"}}
        asked = (path, params)
        ends = _Ends(path)
        while True:
            if not endless:
                ends.expect(*asked)
            answer = self._get(*asked, headers)
            following = next_page(path, answer)
            if not endless and following is not None:
                ends.given(answer.body)
            yield answer, following[1].get("after", "") if following else ""
            if following is None:
                return
            # Okta's next link sometimes loses what was asked for (expand above all).
            asked = (following[0], {**kept, **following[1]})

    def _get(self, path: str, params: dict[str, str], headers: dict[str, str]) -> Answer:
        bucket = bucket_of(path)
        failures = refusals = 0
        while True:
            self._hold(bucket)
            try:
                answer = self._send(path, params, headers)
            except (httpx.RequestError, NotNow) as error:
                failures += 1
                if failures >= self._tries:
                    raise self._unreachable(error) from error
                self._sleep(self._backoff(failures))
                continue
            self._budget.heard(bucket, answer.headers, self._clock())
            if answer.status == httpx.codes.TOO_MANY_REQUESTS:
                refusals += 1
                self._wait_out(path, answer, refusals)
            elif answer.status in PASSING and failures + 1 < self._tries:
                failures += 1
                params = _smaller(path, params)
                self._sleep(self._backoff(failures))
            else:
                require_good(path, answer)
                return answer

    def _send(self, path: str, params: dict[str, str], headers: dict[str, str]) -> Answer:
        with self._lanes.lane(self._stopped.is_set):
            self._raise_if_stopped()
            with self._lock:
                self.calls += 1
            with self._http.stream("GET", self._base + path, params=params, headers=headers) as response:
                body = self._read(path, response)
        self._note_clock(response)
        following = response.links.get("next", {}).get("url", "")
        return Answer(response.status_code, response.headers, body, following)

    def _read(self, path: str, response: httpx.Response) -> bytes:
        parts, size, latest = [], 0, self._clock() + LONGEST_ANSWER
        for part in response.iter_bytes():
            self._raise_if_stopped()
            size += len(part)
            if size > MAX_BODY:
                raise SourceFailed(f"Okta's answer to {path} is larger than {MAX_BODY >> 20} MB; refused.")
            if self._clock() > latest:
                raise httpx.ReadTimeout("still trickling in")
            parts.append(part)
        return b"".join(parts)

    def _note_clock(self, response: httpx.Response) -> None:
        try:
            self.skew = parsedate_to_datetime(response.headers["date"]).timestamp() - time.time()
        except (KeyError, ValueError):
            return

    def _unreachable(self, error: Exception) -> Unreachable:
        return Unreachable(
            f"Okta could not be reached at {urlsplit(self._base).netloc} ({type(error).__name__});"
            " check OKTA_URL and the network, then sync again."
        )

    def _hold(self, bucket: str) -> None:
        while (wait := self._budget.wait_for(bucket, self._clock())) > 0:
            self._sleep(wait + 0.05)

    def _wait_out(self, path: str, answer: Answer, refusals: int) -> None:
        if refusals > self._patience:
            raise SourceFailed(
                f"Okta still refuses calls to {path} for their rate (429); nothing was applied."
                " Lower OKTA_BUDGET, or sync when less is going on."
            )
        if is_concurrency(answer.headers):
            self._lanes.narrow()
            self._sleep(min(5.0, 2.0 ** (refusals - 1) * self._spread(1, 1.5)))
        else:
            self._sleep(min(LONGEST_WAIT, seconds_to_retry(answer.headers) + self._spread(1, 3)))

    def _backoff(self, failures: int) -> float:
        return 2.0 ** (failures - 1) * self._spread(0.5, 1.5)

    def _spread(self, least: float, most: float) -> float:
        """Somewhere between, so that many callers do not come back at once; without jitter the least."""
        return least + (most - least) * random.random() * self._jitter  # noqa: S311  # no secret

    def _sleep(self, seconds: float) -> None:
        self._sleep_for(seconds)
        self._raise_if_stopped()

    def _raise_if_stopped(self) -> None:
        if self._stopped.is_set():
            raise SourceFailed("The read was stopped.")


class _Ends:
    """Sees to it that one list ends: no page is asked for twice, given twice, or one too many."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._asked: set[int] = set()
        self._bodies: set[int] = set()
        self._empty = 0

    def expect(self, path: str, params: Mapping[str, str]) -> None:
        """Before each page. Raises SourceFailed."""
        place = hash((path, frozenset(params.items())))
        if place in self._asked:
            raise self._endless("points at one of its own pages as the next one")
        if len(self._asked) >= MOST_PAGES:
            raise self._endless(f"still goes on after {MOST_PAGES:,} pages")
        self._asked.add(place)

    def given(self, body: bytes) -> None:
        """After each page that names a next one. Raises SourceFailed."""
        if body.strip() == b"[]":
            self._empty += 1
            if self._empty >= MOST_EMPTY:
                raise self._endless(f"gave {MOST_EMPTY} empty pages and still goes on")
            return
        self._empty = 0
        if hash(body) in self._bodies:
            raise self._endless("gives the same page again")
        self._bodies.add(hash(body))

    def _endless(self, what: str) -> SourceFailed:
        return SourceFailed(f"Okta's list {self._path} {what}; nothing was applied. Sync again later.")


def _smaller(path: str, params: dict[str, str]) -> dict[str, str]:
    """A server error on the groups list may be a page too large to build in time."""
    size = int(params.get("limit", "0"))
    if path != "/api/v1/groups" or size <= SMALLEST_PAGE:
        return params
    return {**params, "limit": str(size // 2)}
