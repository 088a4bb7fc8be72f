"""Several jobs as one line of time: on every day it says what the rows that hold then say."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orgmodel.sources.hr_records import Stretch
from orgmodel.sources.job_timeline import Job, timeline

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(12)]


def row(since: int, until: int | None, title: str, team: str = "", manager: str = "") -> Stretch:
    end = None if until is None else DAYS[until]
    return Stretch(DAYS[since], end, {"title": title, "team": team}, manager)


def on(stretches: Sequence[Stretch], day: date) -> list[tuple[object, object, str | None]]:
    return [
        (each.attributes["title"], each.attributes["team"], each.manager)
        for each in stretches
        if (each.since or date.min) <= day < (each.until or date.max)
    ]


def test_two_jobs_are_one_line_with_titles_and_teams_of_both_and_the_manager_of_the_first() -> None:
    found = timeline([Job([row(0, None, "A", "x", "m")]), Job([row(3, 6, "B", "y", "n")])], {"team"})
    assert on(found, DAYS[2]) == [("A", "x", "m")]
    assert on(found, DAYS[3]) == [("A / B", ["x", "y"], "m")]
    assert on(found, DAYS[6]) == [("A", "x", "m")]


def test_a_time_between_two_jobs_has_no_values_and_one_behind_the_last_is_not_there() -> None:
    found = timeline([Job([row(0, 2, "A", "x", "m")]), Job([row(5, 7, "A", "x", "m")])], {"team"})
    assert [on(found, DAYS[number]) for number in (1, 3, 5, 8)] == [
        [("A", "x", "m")],
        [("", "", "")],
        [("A", "x", "m")],
        [],
    ]


def test_how_a_job_was_left_counts_only_without_another_one() -> None:
    left = Job([row(2, None, "Gone", "x")], over=True)
    assert on(timeline([Job([row(0, 2, "A")]), left], {"team"}), DAYS[3]) == [("Gone", "x", "")]
    assert on(timeline([Job([row(0, None, "A")]), left], {"team"}), DAYS[3]) == [("A", "", "")]


ROWS = st.builds(
    lambda since, length, title: row(since, min(since + length, 11) if length else None, title),
    st.integers(0, 9),
    st.integers(0, 4),
    st.sampled_from("AB"),
)


@given(st.lists(st.lists(ROWS, min_size=1, max_size=3), min_size=1, max_size=3))
def test_on_every_day_at_most_one_stretch_holds_and_says_what_the_rows_say(jobs: list[list[Stretch]]) -> None:
    if len(jobs) == 1 and len(jobs[0]) == 1:
        return
    found = timeline([Job(rows) for rows in jobs], set())
    for day in DAYS:
        held = [[title for title, _, _ in on(rows, day)] for rows in jobs]
        titles = " / ".join(dict.fromkeys(str(each[-1]) for each in held if each))
        spoken = [str(title) for title, _, _ in on(found, day)]
        assert spoken == [titles] or (not titles and spoken == [])
