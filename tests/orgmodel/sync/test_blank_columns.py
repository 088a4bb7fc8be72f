"""A column that goes blank for many at once is a permission that was lost, or a mapping that broke."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgmodel.facts import AccountFact, UnitFact
from orgmodel.sync.measures import COLUMNS

from .twelve import sync
from .world import account, unit

DAY = date(2024, 1, 1)
FILLED: dict[str, Any] = {
    "employee_number": "7",
    "manager_ref": "p0",
    "worker_type": "Employee",
    "time_zone": "Europe/Lisbon",
    "start_date": DAY,
    "end_date": date(2090, 1, 1),
}
PEOPLE = [account(f"p{number}", status="active")._replace(**FILLED) for number in range(15)]
LASTING: dict[str, Any] = {"active_from": DAY, "active_to": date(2090, 1, 1), "merged_into": "u0"}
UNITS = [
    unit("team", f"u{number}", f"Team {number}", f"t{number}", **(LASTING if number else {}))
    for number in range(16)
]
BLANK: list[tuple[str, Any, str]] = [
    ("login", "", "logins"),
    ("email", "", "e-mail addresses"),
    ("employee_number", "", "employee numbers"),
    ("manager_ref", "", "manager references"),
    ("worker_type", "", "worker types"),
    ("time_zone", "", "time zones"),
    ("start_date", None, "first days"),
    ("end_date", None, "last days"),
]
BLANK_OF_UNITS: list[tuple[str, Any, str]] = [
    ("active_from", None, "first days of units"),
    ("active_to", None, "last days of units"),
    ("merged_into", "", "successors of units"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("column", "nothing", "words"), BLANK)
def test_a_column_of_people_that_goes_blank_is_held_back(column: str, nothing: Any, words: str) -> None:
    sync(PEOPLE, 0, "hris")
    most = [*(each._replace(**{column: nothing}) for each in PEOPLE[:11]), *PEOPLE[11:]]
    assert f"11 of 15 {words} would vanish" in sync(most, 1, "hris").reason
    few = [*(each._replace(**{column: nothing}) for each in PEOPLE[:3]), *PEOPLE[3:]]
    assert sync(few, 2, "hris").outcome == "applied"


@pytest.mark.django_db
@pytest.mark.parametrize("instead", ["email", "native_id"])
def test_names_in_whose_place_addresses_or_ids_come_are_held_back(instead: str) -> None:
    sync(PEOPLE, 0, "hris")
    nameless = [each._replace(name=getattr(each, instead)) for each in PEOPLE[:11]]
    assert "11 of 15 names would vanish" in sync([*nameless, *PEOPLE[11:]], 1, "hris").reason
    assert sync([*nameless[:3], *PEOPLE[3:]], 2, "hris").outcome == "applied"


@pytest.mark.django_db
@pytest.mark.parametrize(("column", "nothing", "words"), BLANK_OF_UNITS)
def test_a_column_of_units_that_goes_blank_is_held_back(column: str, nothing: Any, words: str) -> None:
    sync(UNITS, 0, "control")
    most = [*UNITS[:1], *(each._replace(**{column: nothing}) for each in UNITS[1:12]), *UNITS[12:]]
    assert f"11 of 15 {words} would vanish" in sync(most, 1, "control").reason
    few = [*UNITS[:1], *(each._replace(**{column: nothing}) for each in UNITS[1:4]), *UNITS[4:]]
    assert sync(few, 2, "control").outcome in {"applied", "unchanged"}


def test_no_column_of_a_record_goes_blank_unjudged() -> None:
    """A new column of a fact is judged here, or has its reason not to be."""
    people, units = ({known for known, _ in each.filled.values()} for each in COLUMNS)
    judged_as_values = {"native_id", "status", "state", "title", "attributes"}
    of_no_consequence = {"created", "updated", "dated", "jobs"}
    assert {*AccountFact._fields} - people <= judged_as_values | of_no_consequence
    judged_or_never_blank = {"kind", "native_id", "name", "slug", "parent", "lead", "active"}
    assert {*UnitFact._fields} - {each.removesuffix("_id") for each in units} == judged_or_never_blank


@pytest.mark.django_db
@pytest.mark.parametrize(("facts", "kinds"), [(PEOPLE, {"account"}), (UNITS, {"unit"})])
def test_only_columns_of_what_was_given_are_looked_at(facts: list[Any], kinds: set[str]) -> None:
    with CaptureQueriesContext(connection) as queries:
        sync(facts, 0, "hris")
    sql = [each["sql"] for each in queries]
    counted = [each for each in sql if "count(*) FILTER" in each and "::text <> ''" in each]
    assert {
        kind for kind in ("account", "unit") for each in counted if f"JOIN stage_{kind} s" in each
    } == kinds
