"""Questions that are asked together: one message for each step, and everybody gets their own rows."""

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from orgmodel.queries.together import Question, ask, at_hand, rows, together

pytestmark = pytest.mark.django_db


def counted(numbers: list[int]) -> Question[int]:
    """How many numbers there are; asks once more for their sum where there are any."""
    found = yield "SELECT count(*) FROM unnest(%(all)s::int[])", {"all": numbers}
    if not found[0][0]:
        return 0
    [(total,)] = yield "SELECT sum(n) FROM unnest(%(all)s::int[]) n", {"all": numbers}
    return int(total)


def test_one_message_for_each_step() -> None:
    with CaptureQueriesContext(connection) as seen:
        assert together(counted([1, 2]), at_hand("here"), counted([]), counted([40])) == (3, "here", 0, 40)
    assert [query["sql"].count("SELECT") for query in seen] == [3, 2]


def test_values_are_bound_and_never_read_as_sql() -> None:
    hostile = "'); DROP TABLE orgmodel_person; --; %s"
    parameters = {"text": hostile}
    found = together(rows("SELECT %(text)s::text", parameters), rows("SELECT %(text)s || '%%;'", parameters))
    assert found == ([(hostile,)], [(f"{hostile}%;",)])


def test_no_rows_are_an_answer() -> None:
    assert together(rows("SELECT 1 WHERE false", {}), rows("SELECT 2", {})) == ([], [(2,)])


def test_nothing_to_ask_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as seen:
        assert ask(at_hand(7)) == 7
    assert len(seen) == 0


def test_what_fails_fails_all() -> None:
    with pytest.raises(DatabaseError, match="no_such_table"):
        together(rows("SELECT 1", {}), rows("SELECT 1 FROM no_such_table", {}))
