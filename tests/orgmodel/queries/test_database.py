"""Whether the database can be used: poolers, rights, versions, standbys; each with its sentence."""

import re
from collections.abc import Callable
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.queries import database
from orgmodel.queries.database import database_faults, role_faults, shares_sessions
from orgmodel.sync.configured import NotConfigured, require_usable_database
from orgmodel.sync.runs import read_and_apply
from tests.configurations import feed_in
from tests.orgmodel.sync.world import FactsReader, account, group, member, moment

pytestmark = pytest.mark.django_db

OPERATING = Path(__file__).parents[3] / "docs" / "operating.md"
POOLER = (
    "DATABASE_URL leads through a pooler that lends out its sessions by transaction or by statement, where"
    " locks and temporary tables get lost: connect to PostgreSQL directly, or set pool_mode = session for"
    " this database."
)


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def own_sessions() -> Callable[[Any], int]:
    """Who answers where every connection has its own session."""
    numbers = count(1)
    known: dict[int, int] = {}
    return lambda database: known.setdefault(id(database), next(numbers))


def lent(*processes: int) -> Callable[[Any], int]:
    """Who answers where sessions are lent out, in this order."""
    order = cycle(processes)
    return lambda database: next(order)


@pytest.mark.parametrize(
    ("ask", "shared"),
    [
        (own_sessions(), False),
        (lent(1), True),
        (lent(1, 2), True),
        (lent(1, 2, 3), True),
        (lent(1, 1, 1, 2), True),
        (lent(1, 2, 1, 1, 3), True),
    ],
    ids=["own", "the one that was free last", "two in turn", "three", "busy", "busier"],
)
def test_sessions_that_are_lent_out_are_told_from_own_ones(ask: Callable[[Any], int], shared: bool) -> None:
    assert shares_sessions(ask) is shared


def test_this_database_can_be_used() -> None:
    assert (database_faults(), role_faults()) == ((), ())
    require_usable_database()
    call_command("check", databases=["default"])


def test_a_pooler_is_refused_by_every_door(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(database, "shares_sessions", lambda: True)
    settings.SIGHTLINE = Configuration(entrance="demo", hris="csv", sources=feed_in(tmp_path, units=False))
    with pytest.raises(CommandError) as refusal:
        call_command("sync")
    assert str(refusal.value) == POOLER
    with pytest.raises(SystemCheckError, match=r"sightline\.E004\) DATABASE_URL leads through a pooler"):
        call_command("check", databases=["default"])


def test_an_old_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST", 99)
    (fault,) = database_faults()
    assert re.fullmatch(
        r"PostgreSQL 1\d is too old: let DATABASE_URL name a server of version 99 or newer\.", fault.sentence
    )


def test_a_database_that_takes_no_writes_is_refused() -> None:
    execute("SET LOCAL transaction_read_only = on")
    (fault,) = database_faults()
    assert fault.sentence == (
        "The database takes no writes (default_transaction_read_only is on): switch it off for the database"
        " and role that DATABASE_URL names."
    )


def test_a_standby_is_refused() -> None:
    execute(
        "CREATE SCHEMA pretence",
        "CREATE FUNCTION pretence.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "SET LOCAL search_path = pretence, pg_catalog, public",
    )
    (fault,) = database_faults()
    assert fault.sentence == (
        "The database is a standby, which takes no writes: let DATABASE_URL name the primary."
    )


def documented_grants() -> list[str]:
    """The statements of the documentation, for this database and the roles of these tests."""
    section = OPERATING.read_text().partition("\n## Database\n")[2]
    block = section.split("```sql\n")[3].partition("```")[0]
    assert block.count(";") == 6
    name = connection.settings_dict["NAME"]
    return [
        line.replace("DATABASE sightline ", f'DATABASE "{name}" ').replace("sightline_owner", "CURRENT_USER")
        for line in block.strip().splitlines()
    ]


@pytest.fixture
def restricted() -> None:
    """A role that may do nothing yet, and a database that gives nothing to everybody; undone by rollback."""
    execute(
        "CREATE ROLE sightline_run LOGIN",
        f'REVOKE ALL ON DATABASE "{connection.settings_dict["NAME"]}" FROM PUBLIC',
    )


@pytest.mark.usefixtures("restricted")
def test_the_documented_grants_are_enough_for_a_role_of_its_own() -> None:
    execute(*documented_grants(), "CREATE TABLE of_a_later_version (id bigserial PRIMARY KEY)")
    execute("SET LOCAL SESSION AUTHORIZATION sightline_run")
    assert role_faults() == ()
    facts: list[Fact] = [
        account("p1", team="kale"),
        account("p2", team="fennel"),
        group("00g1"),
        member("p1", "00g1"),
    ]
    outcomes = [
        read_and_apply(FactsReader(each), Conventions(), "okta", now=moment(day)).outcome
        for day, each in enumerate([facts, facts, [*facts, member("p2", "00g1")]])
    ]
    assert outcomes == ["applied", "unchanged", "applied"]
    execute("INSERT INTO of_a_later_version DEFAULT VALUES")


@pytest.mark.usefixtures("restricted")
def test_a_role_without_temporary_tables_is_refused_before_anything_is_read() -> None:
    execute(*documented_grants()[1:], "SET LOCAL SESSION AUTHORIZATION sightline_run")
    name = connection.settings_dict["NAME"]
    with pytest.raises(NotConfigured) as refusal:
        require_usable_database()
    assert str(refusal.value) == (
        "The role sightline_run may not create temporary tables, which every sync needs:"
        f' GRANT TEMPORARY ON DATABASE "{name}" TO "sightline_run".'
    )


@pytest.mark.usefixtures("restricted")
@pytest.mark.parametrize(
    ("taken", "says"),
    [
        (
            "DELETE ON orgmodel_run",
            "may not read and write 1 of Sightline's tables, orgmodel_run among them:",
        ),
        ("USAGE ON SEQUENCE orgmodel_person_id_seq", "may not read and write 1 of Sightline's tables:"),
    ],
)
def test_a_role_without_its_tables_is_refused(taken: str, says: str) -> None:
    execute(*documented_grants(), f"REVOKE {taken} FROM sightline_run")
    execute("SET LOCAL SESSION AUTHORIZATION sightline_run")
    (fault,) = role_faults()
    assert (
        fault.sentence == f"The role sightline_run {says} grant it the rights that docs/operating.md lists."
    )
