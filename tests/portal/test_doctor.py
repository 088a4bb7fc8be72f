"""The doctor: what it finds, and what it says to do."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from notifier.models import Outbox
from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions, Visibility
from orgmodel.models import Run
from orgmodel.queries import database
from portal.heartbeat import woke
from portal.management.commands import doctor
from sandbox.okta.server import OktaServer
from tests.configurations import okta_at
from tests.flows.conftest import Clock, found_company

pytestmark = pytest.mark.django_db


def examined() -> tuple[dict[str, bool | None], int]:
    out = StringIO()
    code = 0
    try:
        call_command("doctor", "--json", stdout=out)
    except SystemExit as end:
        code = int(str(end.code))
    return {line["what"]: line["ok"] for line in json.loads(out.getvalue())}, code


def test_a_good_organisation_is_well(settings: Any) -> None:
    tenant, _, _ = found_company(Clock())
    with OktaServer(tenant) as okta:
        settings.SIGHTLINE = Configuration(entrance="demo", sources=okta_at(okta))
        found, code = examined()
    assert code == 0
    assert found["Okta people can be read"] is True
    assert found["The database can be used"] is True
    assert found["Okta tells which rule put a member into a group"] is True
    assert found["No Slack is set up"] is None
    assert found["No worker has run yet"] is None  # before the first sync, it is started last


def test_a_worker_that_does_not_run_after_the_first_sync_is_a_fault(settings: Any) -> None:
    settings.SIGHTLINE = Configuration(entrance="demo")
    Run.objects.create(source="okta", started=timezone.now(), outcome="failed")
    assert examined()[0]["No worker has run yet"] is False
    woke("notify")
    assert [ok for what, ok in examined()[0].items() if what.startswith("The worker last woke")] == [True]


def test_what_a_source_does_not_show_and_what_waits_is_said_with_what_it_costs(settings: Any) -> None:
    settings.SIGHTLINE = Configuration(entrance="demo")
    now = timezone.now()
    Run.objects.create(
        source="okta",
        started=now,
        finished=now,
        applied_at=now,
        outcome="applied",
        not_visible={"owner": "403 /groups/{id}/owners"},
        problems=[{"where": "/api/v1/users", "record": "00ubad", "reason": "unreadable", "kind": "account"}],
    )
    found, code = examined()
    assert code == 1
    assert (
        found["Okta: group owners cannot be read; who owns a group is not known (403 /groups/{id}/owners)"]
        is None
    )
    assert found["Okta: 1 record could not be read; what was known of them stays"] is None
    Run.objects.create(
        source="okta", started=now, finished=now, outcome="quarantined", reason="4 of 5 would vanish."
    )
    assert examined()[0]["Okta: an answer is held back. 4 of 5 would vanish."] is False


def test_what_is_wrong_is_named(settings: Any) -> None:
    tenant, _, _ = found_company(Clock())
    with OktaServer(tenant) as okta:
        okta.faults.forbid("/groups/rules")
        okta.faults.empty("users")
        settings.SIGHTLINE = Configuration(sources=okta_at(okta))
        found, code = examined()
    assert code == 1
    assert found["Okta rules cannot be read"] is False
    assert found["Okta gives no people at all"] is False
    assert found["No login is set up"] is False


def test_what_is_wrong_with_the_database_is_named(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SIGHTLINE = Configuration()
    monkeypatch.setattr(database, "shares_sessions", lambda: True)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    found, code = examined()
    assert code == 1
    assert found["The database takes no writes (default_transaction_read_only is on)"] is False
    lent = "DATABASE_URL leads through a pooler that lends out its sessions by transaction or by statement,"
    assert found[f"{lent} where locks and temporary tables get lost"] is False


def test_a_database_that_cannot_be_reached_is_no_traceback(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SIGHTLINE = Configuration()

    def unreachable(*_: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(doctor, "database_faults", unreachable)
    monkeypatch.setattr(doctor, "sources_read", unreachable)
    found, code = examined()
    assert (code, found["The database cannot be reached"]) == (1, False)


def test_a_role_that_may_not_read_the_tables_is_no_server_that_does_not_run(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SIGHTLINE = Configuration()

    def forbidden(*_: Any) -> None:
        raise ProgrammingError("permission denied for table django_migrations")

    monkeypatch.setattr(doctor, "MigrationExecutor", forbidden)
    found, code = examined()
    assert (code, found["Its tables cannot be read"]) == (1, False)
    assert "The database cannot be reached" not in found


def test_a_sync_that_failed_says_why(settings: Any) -> None:
    settings.SIGHTLINE = Configuration()
    at = timezone.now() - timedelta(seconds=20)
    Run.objects.create(source="hris", started=at, finished=at, applied_at=at, outcome="applied")
    at = timezone.now()
    why = "people.csv is not in the folder that HRIS_CSV_DIR names; check the setting and the export."
    Run.objects.create(source="hris", started=at, finished=at, outcome="failed", reason=why)
    lines = {what: ok for what, ok in examined()[0].items() if "last sync failed" in what}
    assert lines == {f"HR synced just now; the last sync failed: {why}": False}


@pytest.mark.parametrize(
    ("minute", "sentence"),
    [(4, "HR: next sync 2026-03-01 09:05 UTC"), (6, "HR: a sync has been due since 2026-03-01 09:05 UTC")],
)
def test_a_sync_that_did_not_come_is_called_due(settings: Any, minute: int, sentence: str) -> None:
    settings.SIGHTLINE = Configuration()
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    Run.objects.create(source="hris", started=at, finished=at, applied_at=at, outcome="applied")
    with time_machine.travel(at + timedelta(minutes=minute), tick=False):
        assert sentence in examined()[0]


def test_without_settings_it_says_what_to_set(settings: Any) -> None:
    settings.SIGHTLINE = Configuration()
    found, code = examined()
    assert (found["No Okta is set up"], code) == (False, 1)


@pytest.mark.django_db
def test_before_the_first_migrate_it_says_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: Any) -> Any:
        raise ProgrammingError('relation "orgmodel_run" does not exist')

    monkeypatch.setattr("portal.management.commands.doctor.sources_read", missing)
    MigrationRecorder(connection).flush()
    found, code = examined()
    assert (found["The database is not up to date"], code) == (False, 1)
    assert "The database can be used" not in found


def seen(**settings_of_it: Any) -> Configuration:
    return Configuration(entrance="demo", **settings_of_it)


@pytest.mark.parametrize(
    ("address", "listed"),
    [
        ("http://sightline.nordwind.example", True),
        ("https://sightline.nordwind.example", False),
        ("http://127.0.0.1:8000", False),
    ],
)
def test_a_portal_on_plain_http_is_pointed_out(settings: Any, address: str, listed: bool) -> None:
    settings.SIGHTLINE = seen(base_url=address)
    line = f"BASE_URL is {address}: links in messages are plain http, and cookies are not marked secure"
    found = examined()[0]
    assert (line in found, found.get(line)) == (listed, None)


def test_without_a_group_of_admins_it_says_that_nobody_is_one(settings: Any) -> None:
    line = "visibility.admins_group is not set: nobody is an admin"
    settings.SIGHTLINE = Configuration(entrance="oidc")
    assert line in examined()[0]
    conventions = Conventions(visibility=Visibility(admins_group="it-admins"))
    settings.SIGHTLINE = Configuration(entrance="oidc", conventions=conventions)
    assert line not in examined()[0]


def test_a_confidential_name_that_matches_nothing_is_a_fault(settings: Any) -> None:
    tenant, _, groups = found_company(Clock())
    known = groups["radish"]
    with OktaServer(tenant) as okta:
        hidden = Visibility(
            confidential_groups=(known.id, "team-cucumber", "team-radisch"),
            confidential_apps=("Figma", "Figna", "team-cucumber"),
        )
        settings.SIGHTLINE = seen(sources=okta_at(okta), conventions=Conventions(visibility=hidden))
        assert [line for line in examined()[0] if "it hides nothing" in line] == []  # Nothing was read yet.
        call_command("sync", stdout=StringIO())
        found, code = examined()
    groups_line = (
        "visibility.confidential_groups: no group has, or had, the name or id “{}”: it hides nothing"
    )
    apps_line = "visibility.confidential_apps: no app has, or had, the name or id “{}”: it hides nothing"
    assert {line: ok for line, ok in found.items() if "hides nothing" in line} == {
        groups_line.format("team-radisch"): False,
        apps_line.format("Figna"): False,
        apps_line.format("team-cucumber"): False,
    }
    assert code == 1


def test_what_admins_do_not_hear_while_messages_are_held_is_counted(settings: Any) -> None:
    settings.SIGHTLINE = seen(notify="hold")
    Run.objects.create(source="okta", started=timezone.now(), outcome="failed")
    line = "2 messages to admins are not sent: NOTIFY is hold"
    assert line not in examined()[0]
    for state in ("planned", "held", "suppressed"):
        now = timezone.now()
        Outbox.objects.create(
            kind="admin", to="tomas@nordwind.example", state=state, dedupe_key=state,
            not_before=now, deadline=now + timedelta(days=1), payload={}, text="", blocks=[],
        )  # fmt: skip
    assert examined()[0][line] is None
    settings.SIGHTLINE = seen(notify="on")
    assert line not in examined()[0]
