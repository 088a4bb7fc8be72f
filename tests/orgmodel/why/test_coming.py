"""What is planned, in the words of whoever reads it."""

from collections.abc import Sequence
from datetime import date

import pytest

from orgmodel.why.coming import Plan, planned_days
from orgmodel.why.voice import YOU, Voice

TODAY = date(2026, 2, 10)
MARCH, NOVEMBER, OCTOBER = date(2026, 3, 1), date(2026, 11, 1), date(2026, 10, 1)
INES = Voice("Inès Roy")
MOVES = Plan(MARCH, "unit", "team", "Payments", "Ledger")
BOSS = Plan(NOVEMBER, "manager", "manager", "Mei Tan")
ALL = "Coming on 1 March: moves from Ledger to Payments, reports to Mei Tan and "
TITLE = Plan(MARCH, "value", "title", "Senior engineer", "Engineer")


def lines(*plans: Plan, voice: Voice = INES) -> list[str]:
    return [each.sentence for each in planned_days(plans, voice, TODAY)]


CASES: dict[str, tuple[Sequence[Plan], str, str]] = {
    "a move": (
        [MOVES],
        "Coming on 1 March: moves from Ledger to Payments",
        "Coming on 1 March: you move from Ledger to Payments",
    ),
    "a first unit": (
        [Plan(MARCH, "unit", "team", "Payments")],
        "Coming on 1 March: joins Payments",
        "Coming on 1 March: you join Payments",
    ),
    "no unit any more": (
        [Plan(MARCH, "unit", "team", "", "Ledger")],
        "Coming on 1 March: leaves Ledger",
        "Coming on 1 March: you leave Ledger",
    ),
    "a manager": (
        [BOSS],
        "Reports to Mei Tan from 1 November",
        "You report to Mei Tan from 1 November",
    ),
    "a manager whom nobody knows": (
        [Plan(NOVEMBER, "manager", "manager", "", unknown=True)],
        "Reports to somebody else from 1 November",
        "You report to somebody else from 1 November",
    ),
    "no manager any more": (
        [Plan(NOVEMBER, "manager", "manager", "")],
        "Has no manager from 1 November",
        "You have no manager from 1 November",
    ),
    "a title": (
        [TITLE],
        "Coming on 1 March: the title changes from Engineer to Senior engineer",
        "Coming on 1 March: your title changes from Engineer to Senior engineer",
    ),
    "a first day": (
        [Plan(OCTOBER, "status", "status", "active")],
        "Starts on 1 October",
        "You start on 1 October",
    ),
    "a last day is the last one worked, and in another year says so": (
        [Plan(date(2028, 1, 1), "status", "status", "ended")],
        "Leaves on 31 December 2027",
        "You leave on 31 December 2027",
    ),
    "leave": (
        [Plan(OCTOBER, "status", "status", "leave")],
        "Goes on leave on 1 October",
        "You go on leave on 1 October",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_one_thing_is_one_plain_sentence(case: str) -> None:
    plans, of_them, to_them = CASES[case]
    assert lines(*plans) == [of_them]
    assert lines(*plans, voice=YOU) == [to_them]


def test_what_begins_on_a_first_day_stands_in_its_line() -> None:
    first, boss = Plan(MARCH, "status", "status", "active"), Plan(MARCH, "manager", "manager", "Mei Tan")
    joins = Plan(MARCH, "unit", "team", "Payments")
    assert lines(first, joins) == ["Starts on 1 March: joins Payments"]
    assert lines(joins, boss, first, voice=YOU) == [
        "You start on 1 March: you join Payments and you report to Mei Tan"
    ]
    assert lines(first, BOSS) == [
        "Starts on 1 March",
        "Reports to Mei Tan from 1 November",
    ]


def test_two_on_one_day_are_one_line_and_leave_stands_by_itself() -> None:
    boss = Plan(MARCH, "manager", "manager", "Mei Tan")
    assert lines(MOVES, boss, TITLE, Plan(MARCH, "status", "status", "leave")) == [
        "Goes on leave on 1 March",
        f"{ALL}the title changes from Engineer to Senior engineer",
    ]


def test_the_nearest_day_comes_first() -> None:
    back = Plan(OCTOBER, "unit", "team", "Ledger", "Payments")
    assert lines(BOSS, back, MOVES) == [
        "Coming on 1 March: moves from Ledger to Payments",
        "Coming on 1 October: moves from Payments to Ledger",
        "Reports to Mei Tan from 1 November",
    ]


def test_what_would_begin_after_the_last_day_is_not_coming() -> None:
    leaves = Plan(OCTOBER, "status", "status", "ended")
    assert lines(MOVES, leaves, BOSS) == [
        "Coming on 1 March: moves from Ledger to Payments",
        "Leaves on 30 September",
    ]
    back = Plan(date(2026, 10, 20), "status", "status", "active")
    assert lines(leaves, back, BOSS) == [
        "Leaves on 30 September",
        "Starts on 20 October",
        "Reports to Mei Tan from 1 November",
    ]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("Engineer", "", "Coming on 1 March: the title is no longer Engineer"),
        ("", "", "Coming on 1 March: the title becomes empty"),
        ("", "Lead", "Coming on 1 March: the title becomes Lead"),
        ("Engineer", "Lead", "Coming on 1 March: the title changes from Engineer to Lead"),
    ],
)
def test_a_value_that_comes_goes_or_changes(before: str, after: str, sentence: str) -> None:
    assert lines(Plan(MARCH, "value", "title", after, before)) == [sentence]


def test_what_a_plan_and_its_day_are_in_json() -> None:
    [found] = planned_days([Plan(MARCH, "unit", "team", "", "Ledger")], INES, TODAY)
    assert found.as_json() == {
        "valid_from": "2026-03-01",
        "sentence": "Coming on 1 March: leaves Ledger",
        "changes": [{"attribute": "team", "value": None, "instead_of": "Ledger"}],
    }
