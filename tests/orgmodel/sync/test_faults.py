"""A run is whole or nothing: cut at any statement, killed at once, or with records nobody can read."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.models import Account, Change, Edge, Finding, Grant, Resource, RuleVersion, Run, Seat
from orgmodel.reports import Problem, Report
from orgmodel.sync.findings import refresh_findings
from orgmodel.sync.runs import SyncOutcome, read_and_apply

from .test_merge import AFTER, BEFORE
from .world import FactsReader, account, app, group, member, moment, opens, rule, seat

TABLES = (
    *("account", "assignment", "attribute", "change", "edge", "entitlement", "grant", "logevent"),
    *("managerline", "move", "orgunit", "person", "reach", "resource", "rule", "ruleversion", "seat"),
    *("unitlink", "plannedchange"),
)
MERGE_BEGINS = "pg_advisory_xact_lock"


def sync(facts: list[Fact], day: float, **options: Any) -> SyncOutcome:
    return read_and_apply(FactsReader(facts, **options), Conventions(), "okta", now=moment(day))


def read_model() -> dict[str, list[str]]:
    """Every row of the read model as text."""
    rows = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT t::text FROM orgmodel_{table} t ORDER BY 1")
            rows[table] = [row for (row,) in cursor.fetchall()]
    return rows


@contextmanager
def counting(reached: Callable[[int], None]) -> Iterator[list[str]]:
    """Call `reached` with the number of each statement from the merge's first on; the statements so far."""
    seen: list[str] = []

    def wrap(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if seen or MERGE_BEGINS in sql:
            seen.append(sql)
            reached(len(seen))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrap):
        yield seen


def nothing(_: int) -> None:
    """Only count."""


def cut_at(wanted: int) -> Callable[[int], None]:
    def reached(number: int) -> None:
        if number == wanted:
            raise DatabaseError("cut")

    return reached


@pytest.mark.no_cover
@pytest.mark.django_db(transaction=True)
def test_a_merge_cut_at_any_statement_leaves_everything_as_it_was() -> None:
    sync(BEFORE, 0)
    before = read_model()
    # The last statements close the run's row and its tables, after the merge has been committed.
    with counting(nothing) as statements:
        read_and_apply(FactsReader(AFTER), Conventions(), "okta", now=moment(1), preview=True)
    merge = next(n for n, sql in enumerate(statements) if sql.startswith("DROP TABLE IF EXISTS stage_"))
    assert merge > 60
    cuts = range(1, merge + 1, 4)
    for number in cuts:
        with counting(cut_at(number)):
            outcome = sync(AFTER, 1 + number / 1000)
        assert (outcome.outcome, outcome.reason) == (
            "failed",
            "The database refused the run (DatabaseError); nothing was applied.",
        ), statements[number - 1]
        assert read_model() == before, statements[number - 1]
    assert sync(AFTER, 2).outcome == "applied"
    assert read_model() != before
    assert Run.objects.filter(outcome="failed").count() == len(cuts)


KILLED = """
import os, signal, sys
import django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from tests.orgmodel.sync.test_faults import AFTER, counting, sync

def kill(number):
    if number == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

with counting(kill):
    sync(AFTER, 1)
"""


def wait_for_its_lock() -> None:
    """The server learns of a killed client a little later; until then the client's lock is held."""
    ends = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < ends:
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                " WHERE l.locktype = 'advisory' AND d.datname = current_database()"
                " AND l.pid <> pg_backend_pid()"
            )
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_leaves_everything_as_it_was() -> None:
    sync(BEFORE, 0)
    before = read_model()
    for statement in (2, 30, 60):
        process = subprocess.run(
            [sys.executable, "-c", KILLED, connection.settings_dict["NAME"], str(statement)],
            cwd=Path(__file__).parents[3],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
            check=False,
            capture_output=True,
            timeout=60,
        )
        assert process.returncode == -signal.SIGKILL, process.stderr.decode()
        wait_for_its_lock()
        assert Run.objects.get(outcome="running").started == moment(1)
        assert read_model() == before
        assert sync(BEFORE, 2).outcome == "unchanged"
        cut = Run.objects.filter(outcome="failed").latest("pk")
        assert cut.reason == "The run was cut off; nothing was applied."
    assert not Run.objects.filter(outcome="running").exists()
    assert sync(AFTER, 3).outcome == "applied"


COMPANY: list[Fact] = [
    account("alma", team="kale"),
    account("bo", team="fennel"),
    group("00g1"),
    group("00g2"),
    app("0oa1"),
    opens("00g1", "0oa1"),
    rule("0pr1", "Kale", 'user.team == "kale"', "00g1"),
    member("alma", "00g1", "0pr1"),
    member("bo", "00g1"),
    member("bo", "00g2"),
    seat("alma", "0oa1"),
    seat("bo", "0oa1"),
]


def after(*left_out: Fact, **options: Any) -> SyncOutcome:
    """The second sync, without these facts, and with what the reader reports."""
    sync(COMPANY, 0)
    return sync([fact for fact in COMPANY if fact not in left_out], 1, report=Report(**options))


def unread(kind: str, record: str) -> list[Problem]:
    return [Problem("/api/v1", record, "A field is missing.", kind)]


@pytest.mark.django_db
def test_an_unreadable_account_keeps_what_it_has() -> None:
    lost = [fact for fact in COMPANY if fact[0] == "bo"]
    outcome = after(*lost, problems=unread("account", "bo"))
    assert outcome.outcome == "unchanged"
    assert [problem["record"] for problem in outcome.problems] == ["bo"]
    assert Account.objects.get(native_id="bo").ended is None
    assert Grant.objects.filter(account__native_id="bo", ended=None).count() == 3
    assert Seat.objects.filter(account__native_id="bo", ended=None).count() == 1


@pytest.mark.django_db
def test_an_unreadable_account_does_not_shelter_another() -> None:
    lost = [fact for fact in COMPANY if fact[0] == "bo"]
    after(*lost, problems=unread("account", "alma"))
    assert Account.objects.get(native_id="bo").ended == moment(1)
    assert not Grant.objects.filter(account__native_id="bo", ended=None).exists()


@pytest.mark.django_db
def test_an_unreadable_member_list_keeps_the_members() -> None:
    outcome = after(member("bo", "00g2"), problems=unread("grant", "00g2"))
    assert outcome.outcome == "unchanged"
    assert Grant.objects.filter(entitlement__resource__native_id="00g2", ended=None).count() == 1


@pytest.mark.django_db
def test_unreadable_owners_keep_no_member() -> None:
    outcome = after(member("bo", "00g2"), problems=unread("owner", "00g2"))
    assert outcome.outcome == "applied"
    assert Grant.objects.get(entitlement__resource__native_id="00g2").ended == moment(1)


@pytest.mark.django_db
def test_what_could_not_be_seen_of_a_group_or_app_is_noted_until_it_can() -> None:
    problems = [*unread("grant", "00g2"), *unread("owner", "00g2"), *unread("seat", "0oa1")]
    after(member("bo", "00g2"), problems=problems)
    noted = {each.native_id: each.unread for each in Resource.objects.exclude(unread=[])}
    assert noted == {"00g2": ["grant", "owner"], "0oa1": ["seat"]}
    assert sync(COMPANY, 2).outcome == "unchanged"
    assert not Resource.objects.exclude(unread=[]).exists()


@pytest.mark.django_db
def test_an_unread_group_is_neither_found_nor_resolved() -> None:
    def found() -> dict[str, str]:
        refresh_findings(Conventions(), "okta", moment(5), frozenset())
        open_ = Finding.objects.filter(detector="empty-group")
        return {each.sentence.partition(":")[0]: each.state for each in open_}

    groups: list[Fact] = [*COMPANY, group("00g3"), group("00g4")]
    sync(groups, 0)
    assert found() == {"00g3": "open", "00g4": "open"}
    sync([*groups, group("00g5"), member("bo", "00g4")], 1, report=Report(problems=unread("grant", "00g5")))
    assert found() == {"00g3": "open", "00g4": "resolved"}
    sync([*groups, member("bo", "00g4")], 2, report=Report(problems=unread("grant", "00g3")))
    assert found()["00g3"] == "open"
    sync([*groups, member("bo", "00g3"), member("bo", "00g4")], 3)
    assert found() == {"00g3": "resolved", "00g4": "resolved"}


@pytest.mark.django_db
@pytest.mark.parametrize("record", ["0pr1", ""])
def test_an_unreadable_rule_stands(record: str) -> None:
    outcome = after(rule("0pr1", "Kale", 'user.team == "kale"', "00g1"), problems=unread("rule", record))
    assert outcome.outcome == "unchanged"
    assert RuleVersion.objects.get().ended is None


@pytest.mark.django_db
def test_a_rule_that_was_read_no_more_is_deleted() -> None:
    other = rule("0pr2", "Fennel", 'user.team == "fennel"', "00g2")
    sync([*COMPANY, other], 0)
    assert sync(COMPANY, 1).outcome == "applied"
    assert RuleVersion.objects.get(rule__native_id="0pr2").ended == moment(1)
    assert RuleVersion.objects.get(rule__native_id="0pr1").ended is None


@pytest.mark.django_db
def test_an_unreadable_group_stands_with_its_members() -> None:
    outcome = after(group("00g2"), member("bo", "00g2"), problems=unread("resource", "00g2"))
    assert outcome.outcome == "unchanged"
    assert Resource.objects.get(native_id="00g2").ended is None
    assert Grant.objects.filter(entitlement__resource__native_id="00g2", ended=None).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "left_out"),
    [("rule", "RuleFact"), ("edge", "EdgeFact"), ("seat", "SeatFact"), ("grant", "GrantFact")],
)
def test_what_may_not_be_seen_is_left_as_it_is(kind: str, left_out: str) -> None:
    lost = [fact for fact in COMPANY if type(fact).__name__ == left_out]
    outcome = after(*lost, not_visible={kind: "The token may not read it."})
    assert (outcome.outcome, outcome.not_visible) == ("unchanged", {kind: "The token may not read it."})
    standing = (Grant.objects, Edge.objects, Seat.objects, RuleVersion.objects)
    assert [rows.filter(ended=None).count() for rows in standing] == [5, 1, 2, 1]


@pytest.mark.django_db
def test_rows_given_twice_change_nothing() -> None:
    sync(COMPANY, 0)
    changes = Change.objects.count()
    assert sync([*COMPANY, *COMPANY], 1, size=5).outcome == "unchanged"
    assert Change.objects.count() == changes


@pytest.mark.django_db
def test_a_first_answer_with_rows_given_twice() -> None:
    sync([*COMPANY, *COMPANY], 0, size=5)
    counted = (Account.objects.count(), Resource.objects.count(), Grant.objects.count())
    assert counted == (2, 3, 5)
