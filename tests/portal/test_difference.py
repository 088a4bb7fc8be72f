"""Rows of one table at two dates, without a page."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from portal.difference import Line, differ

COLUMNS = ["Name", "E-mail", "People"]


def row(key: str, *cells: str) -> Line:
    return Line(key, cells)


ROW = st.builds(row, st.sampled_from("abc"), st.sampled_from("ab"), st.just("x@n"), st.sampled_from("12"))
ROWS = st.lists(ROW, max_size=8)


def test_one_thing_at_both_dates_is_different_and_says_where() -> None:
    found = differ(COLUMNS, [row("1", "Ada", "a@n", "1")], [row("1", "Ada B", "a@n", "2")])
    assert (found.came, found.went) == ((), ())
    assert found.changed[0].cells == (("Name", "Ada", "Ada B"), ("People", "1", "2"))
    assert found.as_json()["changed"][0]["after"] == {"Name": "Ada B", "E-mail": "a@n", "People": "2"}
    assert list(found.rows()) == [("was", "Ada", "a@n", "1"), ("is", "Ada B", "a@n", "2")]


def test_the_key_and_not_the_name_says_which_thing_it_is() -> None:
    ada, other = row("1", "Ada", "", "1"), row("2", "Ada", "", "1")
    assert differ(COLUMNS, [ada], [other]).came == (other,)
    found = differ(COLUMNS, [ada, row("3", "Ben", "", "1")], [row("3", "Ben", "", "2"), other])
    assert (found.went, found.came) == ((ada,), (other,))
    assert [each.before.cells[0] for each in found.changed] == ["Ben"]


def test_several_rows_of_one_thing_are_not_matched_by_guess() -> None:
    found = differ(COLUMNS, [row("1", "Ada", "", "1"), row("1", "Ada", "", "2")], [row("1", "Ada", "", "3")])
    assert len(found.went) == 2
    assert len(found.came) == 1


@given(ROWS)
def test_equals_do_not_differ(rows: list[Line]) -> None:
    assert differ(COLUMNS, rows, reversed(rows)).nothing


@given(ROWS, ROWS)
def test_what_differs_makes_the_one_from_the_other(before: list[Line], after: list[Line]) -> None:
    found = differ(COLUMNS, before, after)
    left = list(before)
    for each in (*found.went, *(change.before for change in found.changed)):
        left.remove(each)
    made = Counter([*left, *found.came, *(change.after for change in found.changed)])
    assert made == Counter(after)
