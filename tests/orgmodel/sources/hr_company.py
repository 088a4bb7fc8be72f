"""A small company in the records of a pretend HR system, and what one read of it gives."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from orgmodel.conventions import parse_conventions
from orgmodel.sources.source import Reading
from sandbox.hris.records import HrPerson, HrRow, Records, row_of
from sandbox.hris.server import Reply

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
BO, INES = "7", "3332883884017713901"


def person(native_id: str, name: str, **values: Any) -> HrPerson:
    first = name.split(" ", maxsplit=1)[0].lower()
    blank = HrPerson(
        id=native_id,
        email=f"{first}@nordwind.example",
        name=name,
        title="Engineer",
        worker_type="",
        employee_number="",
        start_date=date(2024, 3, 18),
        manager_id="",
        team="Payments Core",
        department="Engineering",
        specialisation="",
        time_zone="",
    )
    return replace(blank, **values)


def company(*more: HrPerson) -> Records:
    """Bo, who leads, and Inès, who reports to him; and whoever else is given."""
    records = Records(now=lambda: NOON)
    records.add(person(BO, "Bo Lind", title="Lead", employee_number="0042"))
    records.add(person(INES, "Inès Ørsted", manager_id=BO))
    for each in more:
        records.add(each)
    return records


def row(of: HrPerson, since: str, until: str = "", **values: str) -> HrRow:
    """A dated row that differs from the record in these values; `until`: the first day it no longer holds."""
    end = date.fromisoformat(until) if until else None
    return replace(row_of(of, date.fromisoformat(since), **values), until=end)


def reading(toml: dict[str, Any] | None = None, now: datetime = NOON) -> Reading:
    return Reading(parse_conventions(toml or {}), now)


def with_body(change: Callable[[Any], Any]) -> Callable[[Reply], Reply]:
    """A fault that changes the body of an answer, before it becomes JSON."""

    def changed(reply: Reply) -> Reply:
        return replace(reply, body=change(reply.body))

    return changed


def with_rows(name: str, change: Callable[[list[Any]], Sequence[Any]]) -> Callable[[Reply], Reply]:
    """A fault that changes the list that stands under a name in the body."""
    return with_body(lambda body: {**body, name: list(change(body[name]))})
