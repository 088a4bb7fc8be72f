"""Whatever people call a thing, it is looked up and not searched for: no lookup reads a whole table."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

from orgmodel.conventions import Visibility
from orgmodel.queries.history.compare_subjects import find_sides
from orgmodel.queries.moments import now
from orgmodel.queries.people import NotFound, find_person
from orgmodel.queries.targets import find_target, find_unit
from orgmodel.queries.visibility import OPERATOR, viewer_by_email

pytestmark = pytest.mark.django_db

LARGE = ("account", "attribute", "grant", "person", "resource")
"""Tables that grow with the company; units are few."""


def plan_of_the_first_question(ask: Callable[[], object]) -> str:
    statements: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note), suppress(NotFound):
        ask()
    sql, params = statements[0]
    last = sql.rpartition(";\n")[2]  # after what prepares it
    with connection.cursor() as cursor:
        # Small tables are read whole whatever indexes they have, unless that is forbidden.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("DISCARD PLANS")
        cursor.execute(f"EXPLAIN {last}", params)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize(
    "ask",
    [
        lambda: find_person("nadia"),
        lambda: find_target("Figma", OPERATOR),
        lambda: find_unit("Cucumber"),
        lambda: find_sides(("nadia", "quinn"), (now(), now())),
        lambda: viewer_by_email("nadia@nordwind.example", Visibility(confidential_groups=("works-council",))),
    ],
    ids=["person", "group or app", "unit", "sides", "viewer"],
)
def test_no_lookup_reads_a_whole_table(ask: Callable[[], object]) -> None:
    plan = plan_of_the_first_question(ask)
    assert "Scan" in plan
    assert [table for table in LARGE if f"Seq Scan on orgmodel_{table} " in plan] == []
