"""A small base for the tests of its reader: the units of Nordwind, read over real connections."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from orgmodel.conventions import Conventions, parse_conventions
from orgmodel.facts import UnitFact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import SourceFailed
from orgmodel.sources.airtable import AirtableReader, AirtableSettings
from sandbox.airtable.server import BASE, AirtableServer
from sandbox.hris.records import HrPerson, HrUnit, Records

from .organisation import Clock

ENGINEERING, VEGETABLES = "recEngineering000", "recVegetables0000"
RADISH, FENNEL, CRESS = "recRadish00000000", "recFennel00000000", "recCress000000000"


def someone(number: str, email: str) -> HrPerson:
    return HrPerson(number, email, email.title(), "", "", number, date(2024, 1, 1), "", "", "", "")


def nordwind() -> Records:
    """A department with an area, two teams in it, and one that went into the first."""
    records = Records()
    for person in (someone("7", "lena@nordwind.example"), someone("8", "radovan@nordwind.example")):
        records.add(person)
    units = (
        HrUnit(ENGINEERING, "department", "Engineering", "engineering"),
        HrUnit(VEGETABLES, "team_group", "Vegetables area", "vegetables", ENGINEERING, "7"),
        HrUnit(RADISH, "team", "Radish", "radish", VEGETABLES, "8", active_from=date(2024, 7, 1)),
        HrUnit(FENNEL, "team", "Fennel", "fennel", VEGETABLES),
        HrUnit(
            CRESS,
            "team",
            "Cress",
            "cress",
            VEGETABLES,
            active=False,
            active_to=date(2026, 7, 1),
            merged_into=RADISH,
        ),
    )
    records.units = {unit.id: unit for unit in units}
    return records


@contextmanager
def airtable(records: Records | None = None) -> Iterator[AirtableServer]:
    with AirtableServer(records or nordwind()) as server:
        yield server


def settings_of(server: AirtableServer, **more: Any) -> AirtableSettings:
    known = {"url": server.origin, "token": server.token, "base": BASE, "table": "Units"}
    return AirtableSettings(**(known | more))


def reader_of(
    server: AirtableServer, conventions: dict[str, Any] | None = None, **more: Any
) -> AirtableReader:
    clock = Clock()
    found: Conventions = parse_conventions(conventions or {})
    return AirtableReader(settings_of(server, **more), found, sleep=clock.sleep, clock=clock, jitter=0.0)


def read(
    server: AirtableServer, conventions: dict[str, Any] | None = None, **more: Any
) -> tuple[dict[str, UnitFact], AirtableReader]:
    """Units by id, once everything was seen whole."""
    reader = reader_of(server, conventions, **more)
    facts = [fact for batch in reader.batches() for fact in batch]
    assert Covered("unit") in facts
    units = [fact for fact in facts if isinstance(fact, UnitFact)]
    marks = [fact for fact in facts if isinstance(fact, Unreadable)]
    assert marks == reader.report.unreadable()
    assert len({unit.native_id for unit in units}) == len(units)
    return {unit.native_id: unit for unit in units}, reader


def failure(server: AirtableServer, conventions: dict[str, Any] | None = None, **more: Any) -> str:
    """Why nothing may be applied; nothing was given before."""
    given = []
    with pytest.raises(SourceFailed) as refusal:
        given += list(reader_of(server, conventions, **more).batches())
    assert given == []
    return str(refusal.value)


def problems(reader: AirtableReader) -> list[tuple[str, str, str]]:
    """Record, reason and kind of each problem; all are of the table Units."""
    assert {each.where for each in reader.report.problems} <= {"Airtable Units"}
    return [(each.record, each.reason, each.kind) for each in reader.report.problems]
