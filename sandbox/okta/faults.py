"""What can go wrong on demand: each fault is switched on by a test or by the controller."""

import random
from dataclasses import dataclass, field
from typing import Any


@dataclass
class _Failure:
    pattern: str
    status: int
    times: int
    cut: int = -1
    after: int = 0


@dataclass
class Faults:
    """The faults that are on. Patterns are parts of a path below /api/v1."""

    seconds: float = 0.0
    revoked: bool = False
    _empty: set[tuple[str, str]] = field(default_factory=set)
    _forbidden: set[str] = field(default_factory=set)
    _failures: list[_Failure] = field(default_factory=list)
    _garbled: dict[str, Any] = field(default_factory=dict)
    _shuffled: bool = False

    def empty(self, what: str, group: str = "") -> None:
        """200 with [] for users, groups, or the members of all groups or one."""
        self._empty.add((what, group))

    def fail(self, pattern: str, status: int = 500, times: int = 1, *, after: int = 0) -> None:
        """Refuse the next calls, once `after` calls have passed."""
        self._failures.append(_Failure(pattern, status, times, after=after))

    def cut(self, pattern: str, after_bytes: int = 40, times: int = 1, *, after: int = 0) -> None:
        """Close the connection in the middle of the answer."""
        self._failures.append(_Failure(pattern, 200, times, after_bytes, after))

    def slow(self, seconds: float) -> None:
        """Every answer takes this long."""
        self.seconds = seconds

    def forbid(self, pattern: str) -> None:
        """403 E0000006."""
        self._forbidden.add(pattern)

    def revoke_token(self) -> None:
        """401 for everything."""
        self.revoked = True

    def garble(self, native_id: str, **values: Any) -> None:
        """Replace fields of the row with this id, by values that cannot be read."""
        self._garbled[native_id] = values or {"status": ["not", "text"]}

    def shuffle(self) -> None:
        """Rows come in another order, some of them twice."""
        self._shuffled = True

    def clear(self) -> None:
        """Everything is well again."""
        self.__init__()  # type: ignore[misc]  # back to the defaults

    def failure(self, path: str) -> _Failure | None:
        """The failure that this call meets, if any."""
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

    def twist(self, rows: list[Any]) -> list[Any]:
        """The rows of a page as the faults leave them."""
        if self._garbled:
            rows = [
                {**row, **self._garbled[row["id"]]} if row.get("id") in self._garbled else row for row in rows
            ]
        if self._shuffled:
            rows = [*rows, *rows[:3]]
            random.Random(len(rows)).shuffle(rows)  # noqa: S311  # any order will do
        return rows

    @property
    def on(self) -> list[str]:
        """What is switched on, for the controller's page."""
        found = [f"{what} {group}".strip() + " come empty" for what, group in sorted(self._empty)]
        found += [f"{pattern} is forbidden" for pattern in sorted(self._forbidden)]
        found += [f"{each.pattern} fails {each.times} times" for each in self._failures if each.times > 0]
        return (
            found
            + (["the token is revoked"] if self.revoked else [])
            + (["answers are slow"] if self.seconds else [])
        )
