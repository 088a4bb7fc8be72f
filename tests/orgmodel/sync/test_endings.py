"""However a run ends, its row says so: bad values, errors nobody foresaw, a clock that goes back."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import connection

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.models import Account, Run
from orgmodel.queries.pages.freshness import freshness
from orgmodel.queries.pages.numbers import last_runs
from orgmodel.queries.pages.source_page import sources, waiting
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sync.decisions import Decider
from orgmodel.sync.run_decisions import release
from orgmodel.sync.runs import SyncOutcome, last_applied, read_and_apply

from .world import FactsReader, account, group, member, moment

CROWD: list[Fact] = [account(f"p{number}") for number in range(20)]
COMPANY: list[Fact] = [*CROWD, group("00g0"), *(member(f"p{number}", "00g0") for number in range(20))]
SECRET = "nadia@nordwind.example"


def sync(facts: Sequence[Fact], day: float, **options: Any) -> SyncOutcome:
    preview = options.pop("preview", False)
    return read_and_apply(
        FactsReader(facts, **options), Conventions(), "okta", now=moment(day), preview=preview
    )


def left_over() -> int:
    """Staging tables of this session, and locks that it still holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_class WHERE relname LIKE 'stage%%' AND relpersistence = 't')"
            " + (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())"
        )
        return int(cursor.fetchone()[0])


UNSTORABLE: dict[str, tuple[Fact, str]] = {
    "NUL": (account("nadia", email=f"{SECRET}\x00"), "(DataError among the account records)"),
    "half a surrogate pair": (
        account("nadia", email=f"{SECRET}\ud800"),
        "(UnicodeEncodeError among the account records)",
    ),
    "no date": (account("nadia", start_date=SECRET), "(DataError among the account records)"),
    "a number too large": (group("00g9")._replace(members=10**30), "(DataError among the resource records)"),
    "a value without a type": (account("nadia", email=object()), "(ProgrammingError"),
}


@pytest.mark.django_db(transaction=True)
def test_a_value_that_cannot_be_stored_fails_the_run_and_the_next_one_works(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sync(COMPANY, 0)
    for name, (fact, says) in UNSTORABLE.items():
        with caplog.at_level(logging.DEBUG):
            outcome = sync([*COMPANY, fact], 1)
        run = Run.objects.latest("pk")
        assert (outcome.outcome, run.outcome) == ("failed", "failed"), name
        assert says in run.reason, name
        assert run.reason.endswith("nothing was applied."), name
        assert (run.applied_at, run.baseline) == (None, False), name
        assert left_over() == 0, name
        assert SECRET not in run.reason + caplog.text, name
    assert sync(COMPANY, 2).outcome == "unchanged"
    assert Account.objects.filter(ended=None).count() == 20
    assert Run.objects.filter(outcome="failed").count() == 5


class Broken(FactsReader):
    """Gives its facts, then meets an error that nobody foresaw."""

    def batches(self) -> Iterator[Sequence[Fact]]:
        yield from super().batches()
        raise RuntimeError(SECRET)


@pytest.mark.django_db
def test_an_error_nobody_foresaw_leaves_a_failed_run_and_logs_no_value(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outcome = read_and_apply(Broken(COMPANY), Conventions(), "okta", now=moment(0))
    run = Run.objects.get()
    assert (outcome.outcome, run.outcome) == ("failed", "failed")
    assert run.reason == "The sync stopped on an error (RuntimeError); nothing was applied."
    assert f"run {run.pk} of okta failed: RuntimeError at" in caplog.text
    assert SECRET not in caplog.text
    assert sync(COMPANY, 1).outcome == "applied"


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [[account("nadia", name="a"), account("nadia", name="b")], []])
def test_a_preview_of_a_bad_answer_leaves_no_trace(facts: list[Fact]) -> None:
    sync(COMPANY, 0)
    assert sync(facts, 1, preview=True).outcome == "quarantined"
    assert sync([*COMPANY, account("p0", name="Other")], 1, preview=True).problems[0]["record"] == "p0"
    assert read_and_apply(Broken(COMPANY), Conventions(), "okta", preview=True).outcome == "failed"
    assert Run.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_lost_while_the_source_is_read_leaves_a_failed_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Cut(FactsReader):
        def batches(self) -> Iterator[Sequence[Fact]]:
            yield from super().batches()
            own, other = connection, connection.copy()
            with own.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                process = cursor.fetchone()[0]
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
            other.close()

    outcome = read_and_apply(Cut(COMPANY), Conventions(), "okta", now=moment(0))
    assert outcome.reason == (
        "The connection to the database was lost in the middle of the sync; nothing was applied. Sync again."
    )
    run = Run.objects.get()
    assert run.outcome == "failed"
    logged = [each.getMessage() for each in caplog.records if each.name == "orgmodel.sync.runs"]
    assert logged == [f"run {run.pk} of okta failed: OperationalError: no connection"]
    assert sync(COMPANY, 1).outcome == "applied"


HOUR = 1 / 24


@pytest.mark.django_db
def test_with_the_clock_an_hour_back_a_failed_sync_is_seen() -> None:
    sync(COMPANY, 1)
    sync(COMPANY, 1 - HOUR, breaks_after=1)
    (okta,) = freshness(moment(1))
    assert (okta.stale, okta.trouble) == (True, "the last sync failed")
    (row,) = sources(moment(1), (), OPERATOR)
    assert [run.outcome for run in row.runs] == ["failed", "applied"]
    (last,) = last_runs()
    assert last.outcome == "failed"


@pytest.mark.django_db
def test_with_the_clock_an_hour_back_a_release_counts() -> None:
    sync(COMPANY, 1)
    sync(COMPANY[5:], 1 - HOUR)
    held = Run.objects.get(outcome="quarantined")
    assert waiting(held.pk) == held
    release(held, Decider(None, moment(1 - HOUR), "True."))
    assert sync(COMPANY[5:], 1 - HOUR / 2).outcome == "applied"
    newest = last_applied("okta")
    assert newest is not None
    assert (newest.outcome, newest.applied_at) == ("applied", moment(1).replace(microsecond=2))
    assert sync(COMPANY[10:], 1 - HOUR / 3).outcome == "quarantined", "the release is spent"


@pytest.mark.django_db
def test_with_the_clock_an_hour_back_what_was_believed_later_settles_a_held_answer() -> None:
    sync(COMPANY, 1)
    sync([], 1)
    sync(COMPANY, 1 - HOUR)
    assert waiting(Run.objects.get(outcome="quarantined").pk) is None
    (okta,) = freshness(moment(1))
    assert (okta.stale, okta.trouble) == (False, "")
