"""Questions that are asked together: one message for each step, and everybody gets their own rows."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from orgmodel.queries.together import FEW, Lasting, Question, ask, at_hand, rows, together

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


def test_what_is_asked_again_is_prepared_and_takes_the_values_of_each_time() -> None:
    doubled = Lasting("SELECT %(n)s::int * 2, %(text)s::text, '100%%' -- doubled")
    hostile = "'); DROP TABLE orgmodel_person; --; $1 %s"
    with CaptureQueriesContext(connection) as seen:
        found = [ask(rows(doubled, {"n": n, "text": hostile, "unused": None})) for n in (1, 2, 3)]
    assert found == [[(2, hostile, "100%")], [(4, hostile, "100%")], [(6, hostile, "100%")]]
    assert [query["sql"].split()[0] for query in seen] == ["SELECT", "PREPARE", "EXECUTE"]


def test_each_of_several_gets_the_rows_of_its_own_when_they_are_prepared() -> None:
    one, two = Lasting("SELECT 1 WHERE %(here)s -- one"), Lasting("SELECT 2 -- two")
    for here, expected in ((True, [(1,)]), (False, []), (True, [(1,)])):
        assert together(rows(one, {"here": here}), rows("SELECT 0", {}), rows(two, {})) == (
            expected,
            [(0,)],
            [(2,)],
        )


def test_many_values_are_planned_for_as_many() -> None:
    known = Lasting("SELECT id FROM orgmodel_person WHERE id = ANY(%(ids)s) -- known")
    with CaptureQueriesContext(connection) as seen:
        for many in (FEW, FEW, FEW + 1, FEW):
            ask(rows(known, {"ids": list(range(many))}))
    assert [query["sql"].split()[0] for query in seen] == ["SELECT", "PREPARE", "SELECT", "EXECUTE"]


def test_what_failed_when_it_was_prepared_is_asked_again_all_the_same() -> None:
    shared = Lasting("SELECT 6 / %(n)s::int -- shared")
    assert ask(rows(shared, {"n": 3})) == [(2,)]
    for _ in range(2):
        with pytest.raises(DatabaseError), transaction.atomic():
            ask(rows(shared, {"n": 0}))
    assert ask(rows(shared, {"n": 2})) == [(3,)]
    assert ask(rows(shared, {"n": 1})) == [(6,)]
