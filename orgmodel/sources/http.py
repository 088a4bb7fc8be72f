"""Requests to another system over HTTP: within its limits, with retries, bounded, to one host only.

What is a system's own (how fast it may be asked, what its answers mean, where a list goes on) is given by its
folder; this module sees to it that every question ends.

SourceFailed      nothing may be applied; the text says what to do
└── Unreachable   no answer at all, after all tries
"""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from orgmodel.reports import RateRefused, SourceFailed

from .certificates import trusted
from .concurrency import Lanes
from .http_headers import NoCookies, moment_of

TRIES = 4
PATIENCE = 8
"""How many times a refusal for rate is waited out before the run gives up."""
LANES = 4
MAX_BODY = 64 * 1024 * 1024
LONGEST_ANSWER = 300.0
"""Seconds after which an answer that still trickles in is given up."""
LONGEST_WAIT = 90.0
"""Seconds that a refusal may ask to wait."""
USER_AGENT = "Sightline/0.1.0"
PASSING = frozenset({500, 502, 503, 504})
"""Server errors that are worth another try."""


class Unreachable(SourceFailed):
    """No answer, after all tries."""


class NotNow(Exception):
    """Whoever gives the tokens is out of order, or asked too often: worth another try."""


@dataclass(frozen=True)
class Answer:
    """One answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes
    following: str
    """The address of the next page as the system gives it, or empty."""


@dataclass(frozen=True)
class Bounds:
    """How long one answer may take, in seconds, and how large it may be, in bytes."""

    silence: float = 60
    """Until the first byte, and between two."""
    whole: float = LONGEST_ANSWER
    body: int = field(default_factory=lambda: MAX_BODY)


@dataclass(frozen=True)
class Host:
    """Whom is asked: the origin, what people call it, and which setting holds its address."""

    origin: str
    label: str
    setting: str


class Rates(Protocol):
    """How fast one system may be asked. Used by several threads at once."""

    advice: str
    """What an operator may do about refusals, as a sentence."""

    def wait_for(self, path: str, now: float) -> float:
        """Seconds to wait before asking at `now` (monotonic); 0 counts as asked."""

    def heard(self, path: str, headers: Mapping[str, str], now: float) -> None:
        """Learn from an answer."""

    def crowded(self, headers: Mapping[str, str]) -> bool:
        """Whether a refusal complains of too many questions at the same time."""

    def refused(self, headers: Mapping[str, str]) -> float:
        """Seconds that a refusal asks to wait."""


class RetryAfter:
    """The rates of a system that says no more than Retry-After."""

    advice = "Sync when less is going on."

    def wait_for(self, path: str, now: float) -> float:
        return 0.0

    def heard(self, path: str, headers: Mapping[str, str], now: float) -> None:
        return

    def crowded(self, headers: Mapping[str, str]) -> bool:
        return False

    def refused(self, headers: Mapping[str, str]) -> float:
        value = headers.get("retry-after", "").strip()
        if value.isdecimal():
            return min(float(value), LONGEST_WAIT)
        try:
            until = moment_of(value) - time.time()
        except ValueError:
            return 1.0
        return min(max(until, 0.0), LONGEST_WAIT)


Params = dict[str, str]


class HttpClient:
    """Gets answers. Safe to use from several threads; `close` makes all of them give up soon.

    `crowded`: statuses beside 429 by which the system refuses for rate.
    `smaller`: the parameters to try again with after a server error, or where no answer came in time.
    `sleep`, `clock` (monotonic seconds) and `jitter` (0 to 1, how much waits are spread) are for tests.
    """

    def __init__(
        self,
        host: Host,
        *,
        auth: httpx.Auth | None = None,
        rates: Rates | None = None,
        crowded: frozenset[int] = frozenset(),
        smaller: Callable[[str, Params], Params] = lambda _path, params: params,
        tries: int = TRIES,
        patience: int = PATIENCE,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        jitter: float = 1.0,
        transport: httpx.BaseTransport | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        self._host, self._smaller, self._bounds = host, smaller, bounds or Bounds()
        self._rates: Rates = rates or RetryAfter()
        self._refusals = {httpx.codes.TOO_MANY_REQUESTS.value, *crowded}
        self._lanes = Lanes(LANES)
        self._tries, self._patience = tries, patience
        self._stopped = threading.Event()
        self._sleep_for = sleep or self._stopped.wait
        self._clock, self._jitter = clock, jitter
        self._lock = threading.Lock()
        self.calls = 0
        self.skew: float | None = None
        """Seconds by which the other clock is ahead of ours, as of the last answer."""
        self._http = httpx.Client(
            auth=auth,
            headers={"Accept": "application/json", "User-Agent": USER_AGENT},
            timeout=httpx.Timeout(self._bounds.silence, connect=10),
            follow_redirects=False,
            transport=transport,
            limits=httpx.Limits(max_connections=LANES),
            cookies=NoCookies(),
            verify=trusted(),
        )

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._stopped.set()
        self._http.close()

    def pause(self, seconds: float) -> None:
        """Wait, unless closed. Raises SourceFailed."""
        self._sleep_for(seconds)
        self._raise_if_stopped()

    def get(self, path: str, params: Params, headers: Mapping[str, str]) -> Answer:
        """The answer, whatever it is, once all that may pass was waited out. Raises SourceFailed.

        A name that is asked for several times (`fields[]`) stands in the query of the path, without params.
        """
        return self._ask("GET", path, params, headers, b"")

    def search(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Like get, where a system takes its questions by POST: for what reads, and never for what writes."""
        return self._ask("POST", path, {}, headers, body)

    def _ask(self, method: str, path: str, params: Params, headers: Mapping[str, str], body: bytes) -> Answer:
        failures = refusals = 0
        while True:
            self._hold(path)
            try:
                answer = self._send(method, path, params, headers, body)
            except (httpx.RequestError, NotNow) as error:
                failures += 1
                if failures >= self._tries:
                    raise self._unreachable(error) from error
                if isinstance(error, httpx.ReadTimeout):
                    params = self._smaller(path, params)
                self.pause(self._backoff(failures))
                continue
            self._rates.heard(path, answer.headers, self._clock())
            if answer.status in self._refusals:
                refusals += 1
                self._wait_out(path, answer, refusals)
            elif answer.status in PASSING and failures + 1 < self._tries:
                failures += 1
                params = self._smaller(path, params)
                self.pause(self._backoff(failures))
            else:
                return answer

    def _send(
        self, method: str, path: str, params: Params, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        with self._lanes.lane(self._stopped.is_set):
            self._raise_if_stopped()
            with self._lock:
                self.calls += 1
            address = self._host.origin + path
            content = body or None
            # None and not {}: with that, httpx drops a query that the path has of its own.
            with self._http.stream(
                method, address, params=params or None, headers=dict(headers), content=content
            ) as response:
                found = self._read(path, response)
        given = dict(response.headers.items())
        self._note_clock(given.get("date", ""))
        following = response.links.get("next", {}).get("url", "")
        return Answer(response.status_code, given, found, following)

    def _read(self, path: str, response: httpx.Response) -> bytes:
        parts, size, latest = [], 0, self._clock() + self._bounds.whole
        for part in response.iter_bytes():
            self._raise_if_stopped()
            size += len(part)
            if size > self._bounds.body:
                whose = f"{self._host.label}'s answer to {_bare(path)}"
                raise SourceFailed(f"{whose} is larger than {self._bounds.body >> 20} MB; refused.")
            if self._clock() > latest:
                raise httpx.ReadTimeout("still trickling in")
            parts.append(part)
        return b"".join(parts)

    def _note_clock(self, date: str) -> None:
        try:
            self.skew = moment_of(date) - time.time()
        except ValueError:
            return

    def _unreachable(self, error: Exception) -> Unreachable:
        return Unreachable(
            f"{self._host.label} could not be reached at {urlsplit(self._host.origin).netloc}"
            f" ({type(error).__name__}); check {self._host.setting} and the network, then sync again."
        )

    def _hold(self, path: str) -> None:
        while (wait := self._rates.wait_for(path, self._clock())) > 0:
            self.pause(wait + 0.05)

    def _wait_out(self, path: str, answer: Answer, refusals: int) -> None:
        if refusals > self._patience:
            raise RateRefused(
                f"{self._host.label} still refuses calls to {_bare(path)} for their rate ({answer.status});"
                f" nothing was applied. {self._rates.advice}"
            )
        if self._rates.crowded(answer.headers):
            self._lanes.narrow()
            self.pause(min(5.0, 2.0 ** (refusals - 1) * self._spread(1, 1.5)))
        else:
            self.pause(min(LONGEST_WAIT, self._rates.refused(answer.headers) + self._spread(1, 3)))

    def _backoff(self, failures: int) -> float:
        return 2.0 ** (failures - 1) * self._spread(0.5, 1.5)

    def _spread(self, least: float, most: float) -> float:
        """Somewhere between, so that many callers do not come back at once; without jitter the least."""
        return least + (most - least) * random.random() * self._jitter  # noqa: S311  # no secret

    def _raise_if_stopped(self) -> None:
        if self._stopped.is_set():
            raise SourceFailed("The read was stopped.")


def _bare(path: str) -> str:
    return path.partition("?")[0]


def require_json(answer: Answer, path: str, host: Host) -> None:
    """Raises SourceFailed for a page of HTML, as proxies and login pages give it, in place of JSON."""
    if "json" not in answer.headers.get("content-type", ""):
        instead = f"{host.label} answered {_bare(path)} with a page instead of JSON"
        raise SourceFailed(f"{instead}; check that {host.setting} is the organisation's own.")
