"""What a worker's stretches come to on a day: what holds, since when, and what is planned."""

from datetime import UTC, date, datetime

from orgmodel.facts import AccountFact, PlannedFact
from orgmodel.sources.hr_records import Stretch, Worker, facts_of, status_of, today_in

TODAY = date(2026, 9, 14)
OLD = Stretch(date(2024, 3, 18), date(2026, 3, 1), {"team": "Ledger", "title": "Engineer"}, "7")
NOW = Stretch(date(2026, 3, 1), date(2026, 11, 1), {"team": "Payments", "title": "Engineer"}, "8")
NEXT = Stretch(date(2026, 11, 1), None, {"team": "Cards", "title": "Engineer"}, "8")


def account(worker: Worker, today: date = TODAY) -> AccountFact:
    first, *_ = facts_of(worker, "active", today)
    assert isinstance(first, AccountFact)
    return first


def planned(worker: Worker, today: date = TODAY) -> list[tuple[str, str, str]]:
    _, *rest = facts_of(worker, "active", today)
    return [
        (each.attribute, each.value, str(each.valid_from)) for each in rest if isinstance(each, PlannedFact)
    ]


def ines(*stretches: Stretch, start: date | None = None, end: date | None = None) -> Worker:
    return Worker(native_id="1", name="Inès", stretches=stretches, start=start, end=end)


def test_what_holds_today_counts_with_the_day_since_when_it_does() -> None:
    found = account(ines(NEXT, OLD, NOW))
    assert (found.attributes["team"], found.manager_ref, found.title) == ("Payments", "8", "Engineer")
    assert found.dated == {"team": "2026-03-01", "title": "2024-03-18", "manager": "2026-03-01"}


def test_what_is_to_come_is_planned_and_only_where_it_differs() -> None:
    assert planned(ines(NEXT, OLD, NOW)) == [("team", "Cards", "2026-11-01")]


def test_on_its_first_day_it_is_no_longer_planned() -> None:
    worker, day = ines(NEXT, OLD, NOW), date(2026, 11, 1)
    assert account(worker, day).attributes["team"] == "Cards"
    assert planned(worker, day) == []
    assert account(worker, date(2026, 10, 31)).attributes["team"] == "Payments"


def test_a_way_there_and_back_is_planned_as_two() -> None:
    back = Stretch(date(2026, 12, 1), None, {"team": "Payments"})
    assert planned(ines(NOW, NEXT, back)) == [
        ("team", "Cards", "2026-11-01"),
        ("team", "Payments", "2026-12-01"),
    ]


def test_of_two_stretches_of_one_day_the_later_one_counts() -> None:
    correction = Stretch(date(2026, 6, 1), None, {"team": "Risk"})
    assert account(ines(correction, NOW)).attributes == {"team": "Risk", "title": "Engineer"}


def test_nobody_to_report_to_is_told_apart_from_a_table_that_keeps_no_managers() -> None:
    alone = Stretch(date(2026, 9, 1), None, {}, "")
    silent = Stretch(date(2026, 9, 1), None, {"site": "Lisbon"})
    assert account(ines(NOW, alone)).manager_ref == ""
    assert account(ines(NOW, silent)).manager_ref == "8"


def test_first_and_last_days_are_planned_as_the_status_they_bring() -> None:
    assert planned(ines(start=date(2026, 10, 1), end=date(2027, 1, 1))) == [
        ("status", "active", "2026-10-01"),
        ("status", "ended", "2027-01-01"),
    ]
    assert planned(ines(start=date(2026, 1, 1), end=TODAY)) == []


def test_words_for_a_status() -> None:
    assert status_of("Garden Leave", {}) == "garden_leave"
    assert status_of("Parental-leave", {}) == "leave"
    assert status_of("Sabbatical II", {}) is None
    assert status_of("Sabbatical II", {"sabbatical ii": "leave"}) == "leave"


def test_today_is_the_day_where_the_person_is() -> None:
    late = datetime(2026, 9, 14, 23, 30, tzinfo=UTC)
    assert today_in("Pacific/Auckland", late, UTC) == date(2026, 9, 15)
    assert today_in("America/Lima", late, UTC) == date(2026, 9, 14)
    assert today_in("Nowhere/Else", late, UTC) == date(2026, 9, 14)


def test_of_two_plans_for_one_day_the_later_row_counts() -> None:
    first = Stretch(date(2026, 11, 1), None, {"team": "Cards", "title": "Engineer"})
    second = Stretch(date(2026, 11, 1), None, {"team": "Risk"}, "9")
    assert planned(ines(NOW, first, second)) == [
        ("manager", "9", "2026-11-01"),
        ("team", "Risk", "2026-11-01"),
    ]


def test_what_a_system_does_not_date_has_no_day() -> None:
    found = account(ines(Stretch(None, None, {"team": "Ledger"})))
    assert (found.attributes, found.dated) == ({"team": "Ledger"}, {})
