"""Whom and what records refer to: nobody, themselves, or a circle is a problem of the record."""

from typing import Literal

from orgmodel.reports import Problem, Reference

MOST = 1000
"""Problems of one kind that are reported one by one."""


class Register:
    """The records of one source, by everything that may name them, and whom each of them names."""

    def __init__(self, column: str, kind: Literal["manager", "unit"]) -> None:
        self._column, self._kind = column, kind
        self._records: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._emails: dict[str, str] = {}
        self._above: dict[str, tuple[str, str]] = {}
        self._spelt: dict[str, tuple[str, str]] = {}
        self._places: dict[str, int] = {}
        self._alike: list[Problem] = []

    def add(self, where: str, record: str, above: str, *, number: str = "", email: str = "") -> None:
        """A record, the reference in it (empty: none), and what else it may be called by.

        `where`: the file or system in one word, then the line or table.
        """
        self._places.setdefault(where, len(self._places))
        self._records[record] = record
        self._numbers.setdefault(number, record)
        self._emails.setdefault(email.casefold(), record)
        if above:
            self._above[record] = (where, above)
        first, spelling = self._spelt.setdefault(record.casefold(), (where, record))
        if spelling != record:
            place = first.partition(" ")[2]
            reason = f"id differs from that of {place} in capital letters alone: two records"
            self._alike.append(Problem(where, record, reason))

    def __contains__(self, record: str) -> bool:
        return record in self._records

    def problems(self) -> list[Problem]:
        """Records that name themselves, or lead back to themselves; ids that are nearly one."""
        found = self._alike[:MOST]
        for record, size in self._circles().items():
            where = self._above[record][0]
            reason = (
                "is the record itself" if size == 1 else f"leads back to the record, through {size - 1} more"
            )
            found.append(Problem(where, record, f"{self._column} {reason}"))
        return sorted(found, key=lambda each: self._places[each.where])[:MOST]

    def unknown(self) -> list[Reference]:
        """References to records that this source does not hold; others may know them."""
        found = []
        for record, (where, above) in self._above.items():
            if self._resolved(above) is None:
                found.append(Reference(where, record, self._column, self._kind, above))
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
