"""What an incremental run did not look at is as visible, and as readable, as the run before it found."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from orgmodel.models import Run

from .coverage import Coverage
from .stage import COVERED, UNREADABLE


def keep_what_is_not_seen(run: Run, before: Run, coverage: Coverage) -> None:
    """Give the run what the one before said could not be seen, where it was not looked at again."""
    run.not_visible = {
        **{kind: why for kind, why in before.not_visible.items() if kind not in coverage},
        **run.not_visible,
    }
    known = [problem for problem in before.problems if problem.get("kind")]
    seen = _looked_at(known) if known else set()
    run.problems = [
        *(each for each in known if each["kind"] not in coverage.whole and _key(each) not in seen),
        *run.problems,
    ]


def _looked_at(problems: Iterable[dict[str, Any]]) -> set[tuple[str, str]]:
    """Those whose record, or list, this run was given or tried to read."""
    kinds, records = zip(*map(_key, problems), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT t.kind, t.record FROM unnest(%s::text[], %s::text[]) t (kind, record)
            WHERE EXISTS (SELECT FROM {COVERED} m WHERE m.kind = t.kind AND m.owner = t.record)
               OR EXISTS (SELECT FROM {UNREADABLE} u WHERE u.kind = t.kind AND u.native_id = t.record)
               OR EXISTS (SELECT FROM {COVERED} m WHERE m.kind = 'resource' AND m.owner = t.record
                          AND NOT EXISTS (SELECT FROM stage_resource s WHERE s.native_id = t.record))""",
            [[*kinds], [*records]],
        )
        return {(kind, record) for kind, record in cursor.fetchall()}


def _key(problem: dict[str, Any]) -> tuple[str, str]:
    return problem["kind"], problem["record"]
