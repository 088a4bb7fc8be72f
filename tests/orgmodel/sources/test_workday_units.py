"""Workday's organisations as units: kinds, names without managers, states, leads."""

from datetime import date
from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import UnitFact

from .workday import MONEY, PAYMENTS, failure, read, served

LEDGER = {"Organization_ID": "SUPERVISORY_Ledger", "Organization_Name": "Ledger", "Inactive": "0"}


def test_supervisory_organisations_are_units_with_parent_and_lead() -> None:
    found = read()
    assert found.units["SUPERVISORY_Payments_Core"] == UnitFact(
        kind="team",
        native_id="SUPERVISORY_Payments_Core",
        name="Payments Core",
        slug="payments-core",
        parent="SUPERVISORY_Money_Tribe",
        lead="000687",
        active=True,
        active_from=date(2023, 6, 1),
        active_to=None,
        merged_into="",
    )
    assert found.units["SUPERVISORY_Money_Tribe"].kind == "division"


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("Payments Core (Bo Lind)", "Payments Core"),
        ("Payments Core (Bo Lind (Inherited))", "Payments Core"),
        ("Payments Core (Lisbon)", "Payments Core (Lisbon)"),
        ("(Bo Lind)", "(Bo Lind)"),
    ],
)
def test_the_name_of_an_organisation_stands_without_its_manager(shown: str, name: str) -> None:
    found = read(organisations=[{**PAYMENTS, "Organization_Name": shown}, MONEY])
    assert found.units["SUPERVISORY_Payments_Core"].name == name


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"Organization_Type": "Supervisory"}, "team"),
        ({"Organization_Type": "Supervisory", "Organization_Subtype": "Department"}, "department"),
        ({"Organization_Type": "Cost Center"}, "cost_center"),
        ({"Organization_Type": "Matrix", "Organization_Subtype": "Guild"}, "guild"),
        ({}, "team"),
    ],
)
def test_the_kind_of_a_unit_is_its_subtype_else_its_type(row: dict[str, str], kind: str) -> None:
    found = read(organisations=[{**LEDGER, **row}])
    assert found.units["SUPERVISORY_Ledger"].kind == kind


def test_an_inactive_organisation_is_an_inactive_unit_with_its_day() -> None:
    found = read(organisations=[{**LEDGER, "Inactive": "1", "Inactive_Date": "2026-06-30"}])
    unit = found.units["SUPERVISORY_Ledger"]
    assert (unit.active, unit.active_to) == (False, date(2026, 6, 30))


def test_where_a_control_plane_keeps_units_organisations_are_not_read() -> None:
    found = read(units=False)
    assert (found.units, found.places, found.report.calls) == ({}, [], 1)
    assert "unit" in found.covered


def test_of_several_leads_the_first_counts() -> None:
    found = read(organisations=[MONEY, {**PAYMENTS, "Manager_Employee_ID": "000687; 007066"}])
    assert found.units["SUPERVISORY_Payments_Core"].lead == "000687"
    assert found.problems == [("SUPERVISORY_Payments_Core", "has several leads; the first one counts")]


@pytest.mark.parametrize(
    ("row", "record", "reason"),
    [
        ({"Organization_Name": "X"}, "", "Organization_ID is missing"),
        ({"Organization_ID": "X"}, "X", "Organization_Name is missing"),
        ({**LEDGER, "Organization_ID": "X" * 321}, "", "Organization_ID is longer than 320 characters"),
        ("X", "", "is no record"),
    ],
)
def test_an_odd_organisation_is_a_problem_of_its_own(row: Any, record: str, reason: str) -> None:
    found = read(organisations=[PAYMENTS, MONEY, row])
    assert found.problems == [(record, reason)]
    assert ("unit", record) in found.unreadable
    assert len(found.units) == 2


def test_too_many_odd_organisations_stop_the_read() -> None:
    with served(organisations=[PAYMENTS, {}, {}]) as server:
        assert failure(server).startswith("the organisations report: 2 of 3 rows cannot be read")


def test_without_a_report_of_workers_nothing_is_asked_for() -> None:
    with served() as server:
        assert failure(server, Conventions()) == (
            "people.reports.workers is missing in sightline.toml: the path of the report of workers."
        )
        assert server.calls.total() == 0
