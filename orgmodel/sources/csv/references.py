"""Whom and what the rows refer to: nobody, themselves, or a circle is a problem of the row."""

from typing import Literal

from orgmodel.reports import Problem, Reference

MOST = 1000
"""Problems of one kind that are reported one by one."""


class Register:
    """The records of one file, by everything that may name them, and whom each of them names."""

    def __init__(self, file: str, column: str, kind: Literal["manager", "unit"]) -> None:
        self._file, self._column, self._kind = file, column, kind
        self._records: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._emails: dict[str, str] = {}
        self._above: dict[str, tuple[int, str]] = {}
        self._spelt: dict[str, tuple[int, str]] = {}
        self._alike: list[Problem] = []

    def add(self, line: int, record: str, above: str, *, number: str = "", email: str = "") -> None:
        """A record, the reference in its row (empty: none), and what else it may be called by."""
        self._records[record] = record
        self._numbers.setdefault(number, record)
        self._emails.setdefault(email.casefold(), record)
        if above:
            self._above[record] = (line, above)
        first, spelling = self._spelt.setdefault(record.casefold(), (line, record))
        if spelling != record:
            reason = f"id differs from that of line {first} in capital letters alone: two records"
            self._alike.append(Problem(f"{self._file} line {line}", record, reason))

    def __contains__(self, record: str) -> bool:
        return record in self._records

    def problems(self) -> list[Problem]:
        """Rows that name themselves, or lead back to themselves through others; ids that are nearly one."""
        found = self._alike[:MOST]
        for record, size in self._circles().items():
            line = self._above[record][0]
            reason = (
                "is the record itself" if size == 1 else f"leads back to the record, through {size - 1} more"
            )
            found.append(Problem(f"{self._file} line {line}", record, f"{self._column} {reason}"))
        return sorted(found, key=lambda each: int(each.where.rsplit(" ", 1)[1]))[:MOST]

    def unknown(self) -> list[Reference]:
        """References to records that this file does not hold; others may know them."""
        found = []
        for record, (line, above) in self._above.items():
            if self._resolved(above) is None:
                found.append(Reference(f"{self._file} line {line}", record, self._column, self._kind, above))
        return found[:MOST]

    def _resolved(self, name: str) -> str | None:
        """The record that is meant; ids and numbers are taken to the letter, as the sync takes them."""
        return self._records.get(name) or self._numbers.get(name) or self._emails.get(name.casefold())

    def _circles(self) -> dict[str, int]:
        """Records that stand in a circle → how many are in it."""
        seen: set[str] = set()
        circles: dict[str, int] = {}
        for first in self._above:
            path: dict[str, int] = {}
            at: str | None = first
            while at is not None and at not in seen:
                seen.add(at)
                path[at] = len(path)
                above = self._above.get(at)
                at = self._resolved(above[1]) if above else None
            if at is not None and at in path:
                size = len(path) - path[at]
                circles.update((each, size) for each, place in path.items() if place >= path[at])
        return circles
