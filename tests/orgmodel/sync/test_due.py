"""Which sources are read when the worker wakes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.marks import Covered
from orgmodel.models import Run
from orgmodel.sync.due import due, lengthy
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


def read(source: str, outcome: str, minutes: float) -> None:
    at = NOW - timedelta(minutes=minutes)
    Run.objects.create(source=source, outcome=outcome, started=at, finished=at, applied_at=at)


@pytest.mark.parametrize(
    ("outcome", "minutes", "is_due"),
    [
        ("unchanged", 0.5, False),
        ("unchanged", 0.9, True),  # not left to the wake after this one
        ("applied", 1, True),
        ("failed", 4, False),
        ("failed", 5, True),
        ("quarantined", 4, False),
        ("running", 0.1, True),  # its process died
    ],
)
def test_okta_is_read_every_minute_and_what_refuses_every_five(
    outcome: str, minutes: float, is_due: bool
) -> None:
    read("okta", outcome, minutes)
    assert due(["okta"], NOW) == (["okta"] if is_due else [])


def test_each_source_has_its_own_time_and_the_clock_reads_nothing() -> None:
    read("hris", "applied", 4)
    read("okta", "applied", 2)
    read("okta", "passed", 0)
    assert due(["control", "hris", "okta"], NOW) == ["control", "okta"]
    assert due(["hris"], NOW + timedelta(minutes=1)) == ["hris"]


def test_a_run_whose_time_is_over_says_so_lets_go_and_is_repeated_at_once_with_more_time() -> None:
    class Ended(FactsReader):
        def batches(self) -> Iterator[Any]:
            yield from super().batches()
            raise SystemExit("Task exceeded maximum timeout value (60 seconds)")

    with pytest.raises(SystemExit):
        read_and_apply(Ended([account("mara")]), Conventions(), "okta", now=NOW)
    cut = Run.objects.get()
    assert (cut.outcome, cut.reason) == ("failed", "The run was cut off; nothing was applied.")
    assert (due(["okta"], NOW), lengthy(["okta"], 50)) == (["okta"], True)
    mara = FactsReader([account("mara")], marks=[Covered("account")])
    whole = read_and_apply(mara, Conventions(), "okta", now=NOW)
    assert (whole.outcome, lengthy(["okta"], 50)) == ("applied", False)
