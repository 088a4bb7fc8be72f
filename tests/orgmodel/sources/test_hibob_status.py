"""Who is there, on leave, gone, back or to come, and whom they report to, as HiBob's lifecycle says."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from orgmodel.reports import Reference
from sandbox.hris.hibob import HiBobServer
from sandbox.hris.records import Records

from .hibob_company import BO, INES, MEI, company, conventions, read, row


@pytest.fixture
def records() -> Records:
    return company()


@pytest.fixture
def hibob(records: Records) -> Iterator[HiBobServer]:
    with HiBobServer(records) as server:
        yield server


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("employed", "active"),
        ("Employed", "active"),
        ("hired", "pending"),
        ("Garden Leave", "garden_leave"),
        ("gardenLeave", "garden_leave"),
        ("leave", "leave"),
        ("Parental leave", "leave"),
        ("terminated", "ended"),
    ],
)
def test_lifecycle_words_in_any_case(hibob: HiBobServer, word: str, status: str) -> None:
    hibob.lifecycles[MEI] = [(date(2021, 6, 1), word)]
    assert read(hibob).accounts[MEI].status == status


def test_a_leave_of_the_company_s_own_making_is_said_in_the_settings(hibob: HiBobServer) -> None:
    hibob.lifecycles[MEI] = [(date(2021, 6, 1), "employed"), (date(2026, 8, 1), "Sabbatical II")]
    found = read(hibob)
    assert found.unreadable == {("account", MEI)}
    known = conventions(hibob, '[csv]\nstatus_words = {"sabbatical ii" = "leave"}\n')
    assert read(hibob, known).accounts[MEI].status == "leave"


def test_a_leave_that_is_to_come_is_none_yet(hibob: HiBobServer) -> None:
    hibob.lifecycles[MEI] = [(date(2021, 6, 1), "employed"), (date(2026, 12, 1), "leave")]
    assert read(hibob).accounts[MEI].status == "active"


def test_a_leaver_and_the_day_after_the_last_one(hibob: HiBobServer, records: Records) -> None:
    mei = records.people[MEI]
    mei.status, mei.end_date = "ended", date(2026, 9, 1)
    found = read(hibob).accounts[MEI]
    assert (found.status, found.end_date) == ("ended", date(2026, 9, 1))
    mei.status, mei.end_date = "active", date(2026, 12, 1)
    later = read(hibob)
    assert (later.accounts[MEI].status, later.accounts[MEI].end_date) == ("active", date(2026, 12, 1))
    assert (MEI, "status", "ended", "2026-12-01") in later.planned


@pytest.mark.parametrize(
    ("last_day", "status"), [(date(2026, 9, 13), "ended"), (date(2026, 9, 14), "active")]
)
def test_the_last_day_counts_though_its_lifecycle_row_ends_on_it(
    hibob: HiBobServer, records: Records, last_day: date, status: str
) -> None:
    mei = records.people[MEI]
    mei.end_date = date(2026, 9, last_day.day + 1)
    hibob.lifecycles[MEI] = [(date(2021, 6, 1), "employed"), (last_day, "terminated")]
    assert read(hibob).accounts[MEI].status == status


def test_who_came_back_has_a_second_first_day(hibob: HiBobServer) -> None:
    hibob.lifecycles[MEI] = [
        (date(2021, 6, 1), "employed"),
        (date(2023, 1, 31), "terminated"),
        (date(2025, 2, 1), "employed"),
    ]
    found = read(hibob).accounts[MEI]
    assert (found.status, found.start_date, found.end_date) == ("active", date(2025, 2, 1), None)


def test_who_will_come_back_is_pending(hibob: HiBobServer) -> None:
    hibob.lifecycles[MEI] = [
        (date(2021, 6, 1), "employed"),
        (date(2023, 1, 31), "terminated"),
        (date(2026, 12, 1), "hired"),
    ]
    found = read(hibob)
    assert (found.accounts[MEI].status, found.accounts[MEI].start_date) == ("pending", date(2026, 12, 1))
    assert (MEI, "status", "active", "2026-12-01") in found.planned


def test_nobody_reports_to_themselves_and_unknown_managers_are_named(
    hibob: HiBobServer, records: Records
) -> None:
    records.people[MEI].manager_id = MEI
    records.rows[MEI] = [row(date(2021, 6, 1), manager_id=MEI)]
    records.people[BO].manager_id = "42"
    records.rows[BO] = [row(date(2020, 1, 1), manager_id="42")]
    found = read(hibob)
    assert found.accounts[MEI].manager_ref == ""
    assert found.report.unknown == [Reference("/people/search", BO, "work.reportsTo", "manager", "42")]


def test_today_is_the_day_where_the_person_is(hibob: HiBobServer, records: Records) -> None:
    late = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    records.people[INES].time_zone = "Pacific/Auckland"
    assert read(hibob, now=late).accounts[INES].attributes["team"] == "Ledger"
    records.people[INES].time_zone = "America/Lima"
    assert read(hibob, now=late).accounts[INES].attributes["team"] == "Payments Core"
