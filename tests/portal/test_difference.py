"""Rows of one table at two dates, without a page."""

from hypothesis import given
from hypothesis import strategies as st

from portal.difference import Cells, differ

COLUMNS = ["Name", "E-mail", "People"]
ROW = st.tuples(st.sampled_from("ab"), st.sampled_from(["", "x@n", "y@n"]), st.sampled_from("12"))
ROWS = st.lists(ROW, max_size=8)


def test_one_thing_at_both_dates_is_different_and_says_where() -> None:
    found = differ(COLUMNS, [("Ada", "a@n", "1")], [("Ada B", "a@n", "2")])
    assert (found.came, found.went) == ((), ())
    assert found.changed[0].cells == (("Name", "Ada", "Ada B"), ("People", "1", "2"))
    assert found.as_json()["changed"][0]["after"] == {"Name": "Ada B", "E-mail": "a@n", "People": "2"}
    assert list(found.rows()) == [("was", "Ada", "a@n", "1"), ("is", "Ada B", "a@n", "2")]


def test_without_an_address_the_name_says_who_it_is() -> None:
    found = differ(COLUMNS, [("Ada", "", "1"), ("Ben", "", "1")], [("Ben", "", "2"), ("Cleo", "", "1")])
    assert (found.went, found.came) == ((("Ada", "", "1"),), (("Cleo", "", "1"),))
    assert [each.before[0] for each in found.changed] == ["Ben"]


def test_several_rows_of_one_thing_are_not_matched_by_guess() -> None:
    found = differ(COLUMNS, [("Ada", "", "1"), ("Ada", "", "2")], [("Ada", "", "3")])
    assert len(found.went) == 2
    assert len(found.came) == 1


@given(ROWS)
def test_equals_do_not_differ(rows: list[Cells]) -> None:
    assert differ(COLUMNS, rows, reversed(rows)).nothing


@given(ROWS, ROWS)
def test_what_differs_makes_the_one_from_the_other(before: list[Cells], after: list[Cells]) -> None:
    found = differ(COLUMNS, before, after)
    left = list(before)
    for row in (*found.went, *(each.before for each in found.changed)):
        left.remove(row)
    assert sorted([*left, *found.came, *(each.after for each in found.changed)]) == sorted(after)
