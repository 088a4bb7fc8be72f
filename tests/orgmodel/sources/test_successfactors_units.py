"""Foundation objects of SuccessFactors as units: dated rows, states, codes and what they refer to."""

from datetime import date
from typing import Any

import pytest

from orgmodel.facts import UnitFact

from .hr_reads import Read
from .successfactors import conventions, department, job, on, read, reader, served

PAYMENTS = "FODepartment:5000001"


def test_many_dated_rows_of_one_code_are_one_unit_as_it_is_today() -> None:
    rows = [
        department(endDate=on("2025-12-31"), name="Billing", headOfUnit=None),
        department(startDate=on("2026-01-01"), endDate=on("2026-12-31"), parent="1"),
        department(startDate=on("2027-01-01"), name="Money Out"),
        department("1", name="Company", headOfUnit=None),
    ]
    found = read(departments=rows)
    assert found.units[PAYMENTS] == UnitFact(
        kind="department",
        native_id=PAYMENTS,
        name="Payments",
        slug="payments",
        parent="FODepartment:1",
        lead="P0",
        active=True,
        active_from=date(2016, 1, 1),
        active_to=None,
        merged_into="",
    )
    assert found.accounts["P1"].attributes["department"] == "Payments"


@pytest.mark.parametrize(
    ("rows", "active", "until"),
    [
        ([department(status="I")], False, date(2016, 1, 1)),
        ([department(endDate=on("2026-06-30"))], False, date(2026, 7, 1)),
        (
            [department(endDate=on("2026-12-31")), department(startDate=on("2027-01-01"), status="I")],
            True,
            date(2027, 1, 1),
        ),
        (
            [
                department(endDate=on("2020-12-31"), status="I"),
                department(startDate=on("2021-01-01")),
            ],
            True,
            None,
        ),
    ],
    ids=["inactive", "over", "will be inactive", "active again"],
)
def test_whether_a_unit_is_active_follows_from_its_rows(rows: Any, active: bool, until: date | None) -> None:
    unit = read(departments=rows).units[PAYMENTS]
    assert (unit.active, unit.active_to) == (active, until)


def test_a_code_is_unique_within_its_kind_only() -> None:
    found = read(jobs=[job(department="7", division="7")], departments=[department("7")],
                 divisions=[department("7", name="Seven")])  # fmt: skip
    assert sorted(found.units) == ["FODepartment:7", "FODivision:7"]
    assert found.accounts["P1"].attributes["division"] == "Seven"


def test_further_kinds_of_units_are_read_where_reports_name_them() -> None:
    found = conventions(reports={"business_unit": "FOBusinessUnit"})
    with served(jobs=[job(businessUnit="B1")]) as server:
        server.tables["FOBusinessUnit"] = [department("B1", name="Retail")]
        reads = Read(reader(server, found))
    assert reads.units["FOBusinessUnit:B1"].kind == "business_unit"
    assert ("P1", "FOBusinessUnit:B1", "primary", "2024-03-18", "None") in reads.places


def test_managers_heads_parents_and_units_that_nobody_knows_are_references() -> None:
    rows = [department("9", headOfUnit="404", parent="405")]
    found = read(jobs=[job(managerId="406", department="8", division=None)], departments=rows)
    assert {(each.record, each.kind, each.named) for each in found.report.unknown} == {
        ("FODepartment:9", "lead", "404"),
        ("FODepartment:9", "unit", "FODepartment:405"),
        ("P1", "manager", "406"),
        ("P1", "unit", "FODepartment:8"),
        ("P0", "unit", PAYMENTS),
    }
