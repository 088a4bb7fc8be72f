"""What the statements of one merge are given, by the names that they have in SQL."""

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta

import pytest

from orgmodel.sync.parameters import MergeParameters

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GIVEN = MergeParameters(
    run=7,
    source="okta",
    now=NOON,
    today=date(2026, 3, 2),
    since=NOON,
    recent=NOON,
    baseline=False,
    seen=("account", "grant"),
    automation=("Sprout",),
)


def test_one_statement_may_need_more_than_all_of_them() -> None:
    assert GIVEN.sql(apart="team", run=8) == {
        "run": 8,
        "source": "okta",
        "now": NOON,
        "today": date(2026, 3, 2),
        "since": NOON,
        "recent": NOON,
        "baseline": False,
        "seen": ["account", "grant"],
        "automation": ["Sprout"],
        "slices": None,
        "clocks": timedelta(minutes=10),
        "apart": "team",
    }
    assert GIVEN.run == 7


def test_no_step_of_the_merge_changes_them_for_the_next() -> None:
    with pytest.raises(FrozenInstanceError):
        GIVEN.run = 8  # type: ignore[misc]
