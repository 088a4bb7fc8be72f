"""What a test lets go wrong at a pretend HR system: refusals, pages of HTML, cut connections, slowness."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .server import Reply

ALWAYS = 1_000_000
PAGE = b"<!doctype html><html><head><title>Sign in</title></head><body>Sign in</body></html>"


class Cut(Exception):
    """The connection ends after so many bytes of the body, though the header promised all of it."""

    def __init__(self, reply: "Reply", after: int) -> None:
        super().__init__(after)
        self.reply, self.after = reply, after


@dataclass
class Fault:
    """What happens to the next `times` calls whose route holds `where`, once `after` have passed."""

    where: str = ""
    times: int = 1
    after: int = 0
    status: int = 0
    """Refused with this, in the system's own form; 0: not refused."""
    headers: Mapping[str, str] = field(default_factory=dict)
    reset: float | None = None
    """Seconds until the moment that the reset header of a refusal names."""
    seconds: float = 0
    """How long the answer takes."""
    cut: int | None = None
    change: Callable[["Reply"], "Reply"] = lambda reply: reply

    def spoil(self, reply: "Reply") -> "Reply":
        """The answer as it goes out. Raises Cut."""
        found = self.change(replace(reply, headers={**reply.headers, **self.headers}))
        if self.cut is not None:
            raise Cut(found, self.cut)
        return found


class HrFaults:
    """The faults that are still to come; `where`, `times` and `after` are those of Fault."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def clear(self) -> None:
        """Every fault is over."""
        with self._lock:
            self._faults.clear()

    def add(self, fault: Fault) -> None:
        """Any other fault."""
        with self._lock:
            self._faults.append(fault)

    def refuse(
        self,
        status: int,
        where: str = "",
        *,
        times: int = 1,
        after: int = 0,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """A status such as 401, 403, 404 or 503."""
        self.add(Fault(where, times, after, status, headers or {}))

    def crowd(
        self,
        where: str = "",
        *,
        times: int = 1,
        after: int = 0,
        retry_after: str = "",
        reset: float | None = None,
    ) -> None:
        """429, with Retry-After (a text: seconds or a date) or with the reset header in so many seconds."""
        headers = {"Retry-After": retry_after} if retry_after else {}
        self.add(Fault(where, times, after, 429, headers, reset))

    def html(self, where: str = "", *, times: int = 1, after: int = 0, status: int = 200) -> None:
        """A page in place of JSON, as proxies and login pages give it."""

        def page(reply: "Reply") -> "Reply":
            return replace(reply, body=PAGE, kind="text/html; charset=utf-8", status=status)

        self.add(Fault(where, times, after, change=page))

    def cut(self, where: str = "", *, times: int = 1, after: int = 0, at: int = 10) -> None:
        """The connection ends after `at` bytes of the body."""
        self.add(Fault(where, times, after, cut=at))

    def slow(self, seconds: float, where: str = "", *, times: int = ALWAYS, after: int = 0) -> None:
        """Answers take so long."""
        self.add(Fault(where, times, after, seconds=seconds))

    def change(
        self, change: Callable[["Reply"], "Reply"], where: str = "", *, times: int = ALWAYS, after: int = 0
    ) -> None:
        """Answers are changed on their way out: rows doubled, a body truncated, another charset …"""
        self.add(Fault(where, times, after, change=change))

    def next(self, route: str) -> Fault | None:
        """The fault that this call meets, if any; each call uses it up by one."""
        with self._lock:
            for fault in self._faults:
                if fault.where not in route or fault.times <= 0:
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                return fault
        return None
