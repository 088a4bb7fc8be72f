"""What can go wrong on demand: each fault is switched on by a test or by the controller."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from re import fullmatch
from typing import Any

Json = dict[str, Any]


@dataclass
class Failure:
    """How the next calls whose path holds `pattern` end. `cut`: bytes sent before the line breaks, or -1.

    `kind`: content type of a page that is no JSON, as a portal in between sends it.
    """

    pattern: str
    status: int
    times: int
    cut: int = -1
    after: int = 0
    reset: int | None = None
    """Seconds until the rate limit's window ends, as the headers tell."""
    kind: str = ""


class Faults:
    """The faults that are on. Patterns are parts of a path, such as "/groups/rules"."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Everything is well again."""
        self.seconds = 0.0
        self.revoked = False
        self.forgets_expand = False
        self._empty: set[tuple[str, str]] = set()
        self._forbidden: set[str] = set()
        self._failures: list[Failure] = []
        self._garbled: dict[tuple[str, str], Json] = {}
        self._shuffled = False
        self._left_out: set[tuple[str, str]] = set()
        self._acts: list[tuple[str, Callable[[], object]]] = []

    def before(self, path: str, act: Callable[[], object]) -> None:
        """Something happens once, before the next call of a path that this expression matches whole."""
        self._acts.append((path, act))

    def happen(self, path: str) -> None:
        """What was to happen before this call."""
        due = [each for each in self._acts if fullmatch(each[0], path)]
        self._acts = [each for each in self._acts if each not in due]
        for _, act in due:
            act()

    @property
    def to_happen(self) -> bool:
        """Something waits for a call that has not come."""
        return bool(self._acts)

    def forget_acts(self) -> None:
        """What has not happened will not."""
        self._acts = []

    def leave_out(self, listing: str, native_id: str) -> None:
        """The row with this id is missing in one listing ("/users"); by itself it can be asked for."""
        self._left_out.add((listing, native_id))

    def empty(self, what: str, group: str | None = None) -> None:
        """200 with [] for "users", "groups", or the "members" of all groups or of the one with this id."""
        if what not in {"users", "groups", "members"}:
            raise LookupError(what)
        self._empty.add((what, group or ""))

    def refuse(self, times: int, status: int = 429, reset: int = 1) -> None:
        """Refuse the next calls, whatever they ask; a 429 says that the window ends in `reset` seconds."""
        self._failures.append(Failure("", status, times, reset=reset))

    def fail(self, pattern: str, status: int = 500, times: int = 1, *, after: int = 0) -> None:
        """Refuse the next calls of a path, once `after` of them have passed."""
        self._failures.append(Failure(pattern, status, times, after=after))

    def cut(self, pattern: str, after_bytes: int = 40, times: int = 1, *, after: int = 0) -> None:
        """Close the connection in the middle of the answer, so many bytes into its body."""
        self._failures.append(Failure(pattern, 200, times, after_bytes, after))

    def mistype(
        self, pattern: str, kind: str = "text/html; charset=utf-8", times: int = 1, *, after: int = 0
    ) -> None:
        """200 with a page that is no JSON and says so."""
        self._failures.append(Failure(pattern, 200, times, after=after, kind=kind))

    def lose_expand(self) -> None:
        """`expand` is ignored everywhere, also on first pages; next links lose it in any case."""
        self.forgets_expand = True

    def slow(self, seconds: float) -> None:
        """Every answer takes this long."""
        self.seconds = seconds

    def forbid(self, pattern: str) -> None:
        """403 E0000006 for every path that holds the pattern."""
        self._forbidden.add(pattern)

    def revoke_token(self) -> None:
        """401 for everything."""
        self.revoked = True

    def garble(self, what: str, native_id: str, **values: Any) -> None:
        """Spoil the row with this id in the listings that end in `what` ("users", "groups", "apps" …).

        Without values the row loses its id and its status and profile get wrong types; else only the
        given keys are replaced.
        """
        self._garbled[what, native_id] = values or {"id": None, "status": ["not", "text"], "profile": 7}

    def shuffle(self) -> None:
        """Rows come in another order, some of them twice."""
        self._shuffled = True

    def failure(self, path: str) -> Failure | None:
        """The failure that this call meets, if any; each call uses it up by one."""
        with self._lock:
            for failure in self._failures:
                if failure.pattern in path and failure.times > 0:
                    if failure.after > 0:
                        failure.after -= 1
                        continue
                    failure.times -= 1
                    return failure
        return None

    def forbidden(self, path: str) -> bool:
        """Whether this part is closed to the token."""
        return any(pattern in path for pattern in self._forbidden)

    def is_empty(self, what: str, group: str = "") -> bool:
        """Whether this listing answers []."""
        return (what, "") in self._empty or (what, group) in self._empty

    def twist(self, what: str, rows: list[Json], listing: str = "") -> list[Json]:
        """The rows of a page as the faults leave them. `listing`: the path of the whole list."""
        listed = [row for row in rows if (listing, str(row.get("id"))) not in self._left_out]
        found = [{**row, **self._garbled.get((what, str(row.get("id"))), {})} for row in listed]
        if self._shuffled:
            found = [*found, *found[:3]]
            random.Random(len(found)).shuffle(found)  # noqa: S311  # any order will do
        return found

    @property
    def on(self) -> list[str]:
        """What is switched on, in words."""
        switches = {
            "the token is revoked": self.revoked,
            f"every answer takes {self.seconds:g} s": self.seconds > 0,
            "rows are shuffled": self._shuffled,
            "expand is ignored": self.forgets_expand,
        }
        return [
            *(f"{what} {group}".strip() + " come empty" for what, group in sorted(self._empty)),
            *(f"{pattern} is forbidden" for pattern in sorted(self._forbidden)),
            *(
                f"{each.pattern or 'everything'} fails {each.times} times"
                for each in self._failures
                if each.times
            ),
            *(f"{native} is left out of {what}" for what, native in sorted(self._left_out)),
            *(f"{native} of {what} is garbled" for what, native in sorted(self._garbled)),
            *(f"something happens before {path}" for path, _ in self._acts),
            *(words for words, switched in switches.items() if switched),
        ]
