"""Real tenants are odd: the pretend Okta says odd things on the wire, and the sync says what is known."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from orgmodel.conventions import Conventions
from orgmodel.models import Account, Edge, Grant, Person, ProfileAttribute, PushMapping, Resource, Run, Seat
from orgmodel.sources.okta import OktaConnection, OktaReader
from orgmodel.sources.okta.auth import Credentials
from orgmodel.sync.runs import SyncOutcome, read_and_apply
from sandbox.okta.server import OktaServer
from tests.sandbox.nordwind import TOMAS, small

pytestmark = pytest.mark.django_db
NADIA = "nadia.brandt@nordwind.example"
HUGE = 1234567890123456789


@pytest.fixture
def okta() -> Iterator[OktaServer]:
    tenant = small()
    for number in range(9):
        tenant.add_user(f"person{number}@nordwind.example", displayName=f"Person {number}", team="cucumber")
    with OktaServer(tenant) as server:
        yield server


def sync(okta: OktaServer) -> SyncOutcome:
    reader = OktaReader(
        OktaConnection(okta.url, Credentials(okta.token), 1.0),
        level_keys=Conventions().level_keys,
        keep=frozenset({"team"}),
        sleep=lambda seconds: None,
    )
    return read_and_apply(reader, Conventions(), "okta")


def reasons(outcome: SyncOutcome) -> list[str]:
    return [problem["reason"] for problem in outcome.problems]


@pytest.mark.parametrize("status", [0, 404, 500])
def test_one_user_missing_from_the_list_has_not_left(okta: OktaServer, status: int) -> None:
    assert sync(okta).outcome == "applied"
    nadia = okta.tenant.user(NADIA)
    okta.faults.leave_out("/users", nadia.id)
    if status:
        okta.faults.fail(f"/api/v1/users/{nadia.id}", status, 9)
    outcome = sync(okta)
    assert outcome.outcome == "unchanged"
    stays = "what was known stays" if status else "was asked for by itself"
    assert reasons(outcome) == [
        f"the list of people was not whole: groups or apps name this one; {stays}",
    ]
    assert Person.objects.get(name="Nadia Brandt").status == "active"
    assert Grant.objects.filter(account__native_id=nadia.id, ended=None).count() == 2
    okta.faults.clear()
    okta.tenant.delete(nadia)
    sync(okta)
    assert Person.objects.get(name="Nadia Brandt").status == "ended"


@pytest.mark.parametrize("status", [400, 404, 405, 500])
def test_one_app_that_does_not_say_who_has_it_stops_nothing(okta: OktaServer, status: int) -> None:
    tenant = okta.tenant
    wiki = tenant.add_app("Wiki")
    tenant.assign_group(wiki, tenant.group("team-radish"))
    assert sync(okta).outcome == "applied"
    okta.faults.fail(f"/apps/{wiki.id}/users", status, 99)
    okta.faults.fail(f"/apps/{wiki.id}/groups", status, 99)
    tenant.unassign_group(wiki, tenant.group("team-radish"))
    tenant.set_profile(tenant.user(NADIA), {"team": "cucumber"})
    outcome = sync(okta)
    assert (outcome.outcome, outcome.not_visible) == ("applied", {})
    assert sorted(reason.partition(" cannot")[0] for reason in reasons(outcome)) == [
        "the groups that open Wiki",
        "the people assigned to Wiki",
    ]
    assert Edge.objects.filter(target__resource__native_id=wiki.id, ended=None).count() == 1
    assert Seat.objects.filter(app__native_id=wiki.id, ended=None).count() == 1
    assert Resource.objects.get(native_id=wiki.id).unread == ["edge", "seat"]
    held = Grant.objects.filter(account__login=NADIA, ended=None)
    assert sorted(held.values_list("entitlement__resource__name", flat=True)) == ["Everyone", "team-cucumber"]


def test_a_list_that_fails_as_a_whole_fails_the_run(okta: OktaServer) -> None:
    okta.faults.fail("/api/v1/users", 500, 99)
    outcome = sync(okta)
    assert (outcome.outcome, outcome.reason) == (
        "failed",
        "Okta answered 500 E0000009 to /api/v1/users; nothing was applied, sync again later.",
    )


def test_odd_rows_are_read_or_said(okta: OktaServer) -> None:
    tenant = okta.tenant
    nadia = tenant.user(NADIA)
    tenant.set_profile(nadia, {"displayName": "Rene\u0301e Brandt\x00", "employeeNumber": HUGE, "team": None})
    tenant.add_user("new@nordwind.example", "SOMETHING_NEW", displayName="<!channel> \u202e")
    tenant.types["oscContractor"] = ["agency"]
    tenant.edit_app(tenant.add_app("Handbook"), implicit=True)
    roles = tenant.add_app("Roles", features=["PUSH_NEW_USERS"])
    levels: list[dict[str, Any]] = [{"name": "Editor"}, {"name": "Admin"}]
    tenant.assign_group(
        roles, tenant.group("team-cucumber"), 1, role=levels, licence="Full", profile="https://n.example/me"
    )
    tenant.add_push(roles, tenant.group("team-cucumber"))
    tenant.edit_group(tenant.add_group("imported", "", "ODD_GROUP"), description={"not": "text"})
    outcome = sync(okta)
    assert (outcome.outcome, outcome.problems, outcome.not_visible) == ("applied", [], {})
    account = Account.objects.get(native_id=nadia.id)
    assert (account.name, account.employee_number) == (
        "Ren\u00e9e Brandt",
        str(HUGE),
    )
    assert Account.objects.get(login="new@nordwind.example").status == "SOMETHING_NEW"
    assert ProfileAttribute.objects.filter(name="agency", ended=None).exists()
    assert Resource.objects.get(name="Handbook").profile["implicit"] is True
    assert Edge.objects.get(target__resource__name="Roles").target.level == "Admin, Editor, Full"
    assert PushMapping.objects.get().app.name == "Roles"
    assert Resource.objects.get(name="imported").type == "ODD_GROUP"


def test_what_governance_took_away_is_in_the_log(okta: OktaServer) -> None:
    sync(okta)
    tenant = okta.tenant
    tenant.log.add("certification.campaign.item.remediate", TOMAS, user=tenant.user(NADIA))
    assert sync(okta).counts["event"]["seen"] > 0


@pytest.mark.django_db(transaction=True)
def test_a_database_connection_lost_in_the_middle_of_a_read_is_said(okta: OktaServer) -> None:
    """The server ends our session while Okta is being asked."""
    assert sync(okta).outcome == "applied"
    known = Grant.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()

    def end_session() -> None:
        with connection.cursor() as cursor:  # Each thread has a connection of its own.
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        connection.close()

    def lose_connection() -> None:
        thread = threading.Thread(target=end_session)
        thread.start()
        thread.join()

    okta.faults.before("/api/v1/apps", lose_connection)
    outcome = sync(okta)
    assert (outcome.outcome, outcome.reason) == (
        "failed",
        "The connection to the database was lost in the middle of the sync; nothing was applied. Sync again.",
    )
    assert Run.objects.filter(outcome="failed").count() == 1
    assert Grant.objects.count() == known
    assert sync(okta).outcome in {"applied", "unchanged"}
