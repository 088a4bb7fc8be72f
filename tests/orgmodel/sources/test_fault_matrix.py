"""Every kind of source and all that may go wrong with it: what is known afterwards is what was, or true.

The table below says how each kind meets each fault. Whatever it is: no change is noted that did not happen
(changes are all that messages are planned from), the run says why and what to do, and it holds neither a
secret nor a name.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from orgmodel.conventions import Conventions
from orgmodel.models import Account, Change, ManagerLine, OrgUnit
from orgmodel.sources import registry
from orgmodel.sync.runs import SyncOutcome, read_and_apply
from tests.orgmodel.sync.test_faults import read_model

from . import fault_systems as systems
from .fault_kinds import HOSTILE, Files, spoil
from .fault_systems import CHARD, IDA, INES, NOW, PERSONAL, RADISH, SECRET, System

SYSTEMS: dict[tuple[str, str], Callable[[Path], System]] = {
    ("okta", "okta"): lambda _: systems.okta(),
    ("hris", "csv"): lambda folder: Files(folder=folder),
    ("control", "csv"): lambda folder: Files(folder=folder, file="units.csv", keeps_units=True),
    ("control", "airtable"): lambda _: systems.airtable(),
    ("hris", "hibob"): lambda _: systems.hibob(),
    ("hris", "bamboohr"): lambda _: systems.bamboohr(),
    ("hris", "humaans"): lambda _: systems.humaans(),
    ("hris", "personio"): lambda _: systems.personio(),
    ("hris", "scim"): lambda _: systems.scim(),
    ("hris", "successfactors"): lambda _: systems.successfactors(),
    ("hris", "workday"): lambda _: systems.workday(),
}
# F: the read fails. Q: the guard holds it back. T: the truth is applied. K: what was known is kept, and the
# run says why. P: the record is a problem of the run and stays as it was, the rest is applied. A dot: it
# cannot happen there, see CANNOT.
MATRIX = """
                okta csv  units air  bob  bam  hum  per  scim sf   wd
empty           Q    Q    Q     Q    F    F    F    Q    Q    F    F
partial         Q    Q    Q     Q    F    F    F    Q    T    F    Q
blank column    Q    Q    Q     Q    Q    Q    Q    Q    Q    Q    T
truncated       F    T    T     F    F    F    F    F    F    F    F
duplicated      T    T    T     T    T    T    F    T    T    T    T
reordered       T    T    T     T    T    T    T    T    T    T    T
401             F    .    .     F    F    F    F    F    F    F    F
403             F    F    F     F    F    F    F    F    F    F    F
404             F    F    F     F    F    F    F    F    F    F    F
429 storm       F    .    .     F    F    F    F    F    F    F    F
5xx             F    .    .     F    F    F    F    F    F    F    F
slow            F    .    .     F    F    F    F    F    F    F    F
cut             F    .    .     F    F    F    F    F    F    F    F
HTML with 200   F    F    F     F    F    F    F    F    F    F    F
wrong charset   F    F    F     F    F    F    F    F    F    F    F
19-digit ids    .    P    .     .    T    T    T    T    T    T    T
hostile text    T    T    T     T    T    T    T    T    T    T    T
clock skew      T    T    T     T    T    T    T    T    T    T    T
cursor expired  F    .    .     F    F    F    F    F    F    F    .
paging loop     F    .    .     F    F    F    F    F    F    F    .
duplicate ids   P    P    P     P    P    P    F    P    P    P    P
id reuse        .    P    .     .    P    P    P    P    .    P    P
"""
COLUMNS, *LINES = MATRIX.strip().splitlines()
WIDTH = len("cursor expired") + 1
CELLS = {line[:WIDTH].strip(): dict(zip(SYSTEMS, line[WIDTH:].split(), strict=True)) for line in LINES}
OKTA, PEOPLE, UNITS, AIRTABLE, *_ = SYSTEMS
CANNOT = [
    (("401", "429 storm", "5xx", "slow", "cut"), (PEOPLE, UNITS), "a file takes no login and no line"),
    (("cursor expired", "paging loop"), (PEOPLE, UNITS, ("hris", "workday")), "it has no pages"),
    (("19-digit ids",), (OKTA, AIRTABLE, UNITS), "its ids begin with letters"),
    (("id reuse",), (OKTA, ("hris", "scim")), "it knows no first day, and a marriage looks the same"),
    (("id reuse",), (UNITS, AIRTABLE), "a unit is known by its id alone"),
]
WHAT_TO_DO = re.compile(
    r"(?i)\b(check|export|sync (again|when)|run the sync again|give|grant|let|make|set|save|add|share)\b"
)


def test_every_kind_of_source_says_how_it_meets_every_fault() -> None:
    """A new source has its column, and a dot in it has its reason."""
    assert {(each.name, each.kind) for each in registry.every_kind()} == {*SYSTEMS}
    explained = {(fault, each) for faults, kinds, _ in CANNOT for fault in faults for each in kinds}
    dots = {(fault, each) for fault, cells in CELLS.items() for each, how in cells.items() if how == "."}
    assert dots == explained


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One transaction around all: each system is read once, and every fault begins from there."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module", params=SYSTEMS, ids="-".join)
def known(
    request: pytest.FixtureRequest, database: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """The company as it was read once."""
    point = transaction.savepoint()
    first = sync(SYSTEMS[request.param](tmp_path_factory.mktemp("feed")), 0)
    assert (first.outcome, first.problems, first.not_visible) == ("applied", [], {})
    assert seen() == expected(request.param, *BEFORE)
    yield request.param
    transaction.savepoint_rollback(point)


def sync(system: System, days: float) -> SyncOutcome:
    now = NOW + timedelta(days=days)
    return read_and_apply(system.reader(now), Conventions(), "hris", now=now)


def seen() -> dict[str, Any]:
    """What is known of the people and units that matter here, and how many there are."""
    accounts = Account.objects.filter(ended=None)
    units = OrgUnit.objects.filter(ended=None, source="control")
    managers = ManagerLine.objects.filter(ended=None, person__accounts__native_id=INES)
    return {
        "people": accounts.count(),
        "ines": set(accounts.filter(native_id=INES).values_list("name", "email", "title", "state")),
        "ida": set(accounts.filter(native_id=IDA).values_list("name", "title")),
        "led by": set(managers.values_list("manager__name", flat=True)),
        "units": units.count(),
        "radish": set(units.filter(native_id=RADISH).values_list("name", "active")),
        "chard": set(units.filter(native_id=CHARD).values_list("name", flat=True)),
    }


BEFORE = ("Engineer", "Engineer", "Radish", "Grønkål 0")
AFTER = ("Staff Engineer", "Architect", "Red Radish", "Chard")


def expected(kind: tuple[str, str], title: str, idas: str, unit: str, other: str) -> dict[str, Any]:
    people = kind[0] != "control"
    return {
        "people": 13 if people else 0,
        "ines": {("Inès Ørsted", f"{INES}@nordwind.example", title, "active")} if people else set(),
        "ida": {("Ida Holm", idas)} if people else set(),
        "led by": {"Bo Lind"} if people else set(),
        "units": 0 if people else 8,
        "radish": set() if people else {(unit, True)},
        "chard": set() if people else {other},
    }


@pytest.mark.django_db
@pytest.mark.parametrize("fault", CELLS)
def test_whatever_goes_wrong_what_is_known_is_what_was_or_true(
    known: tuple[str, str], fault: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    how = CELLS[fault][known]
    if how == ".":
        return
    system = SYSTEMS[known](tmp_path)
    before, changes = read_model(), {*Change.objects.values_list("pk", flat=True)}
    system.happens()
    spoil(system, fault)
    outcome = sync(system, -1 if fault == "clock skew" else 1)
    explanation = [outcome.reason, outcome.problems, outcome.not_visible]
    text = json.dumps(explanation, ensure_ascii=False) + caplog.text
    assert outcome.outcome == {"F": "failed", "Q": "quarantined"}.get(how, "applied"), text
    if how in "FQ":
        assert read_model() == before
        assert WHAT_TO_DO.search(outcome.reason), outcome.reason
    else:
        (_, idas, _, other), kept = AFTER, BEFORE if how == "P" else AFTER
        title, unit = (HOSTILE, HOSTILE) if fault == "hostile text" else (kept[0], kept[2])
        assert seen() == expected(known, title, idas, unit, other), text
        changed = Change.objects.exclude(pk__in=changes).values_list("account__native_id", "unit__native_id")
        assert {*changed} <= {(INES, None), (IDA, None), (None, RADISH), (None, CHARD)}
    if how == "P":
        records = [each["record"] for each in outcome.problems]
        assert {INES, RADISH, ""} & {*records}, text
    assert not [each for each in (SECRET, *PERSONAL) if each in text], text
