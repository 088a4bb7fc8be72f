"""HR systems through the database: one sync gives people, team and manager; what is hidden does not end."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from orgmodel.configuration import Configuration
from orgmodel.conventions import parse_conventions
from orgmodel.models import Assignment, Attribute, ManagerLine, Move, OrgUnit, Person, PlannedChange
from orgmodel.sync.configured import sync
from orgmodel.sync.runs import SyncOutcome
from portal.configure import load_configuration
from portal.environment import Environment
from sandbox.hris.bamboohr import BambooServer
from sandbox.hris.humaans import HumaansServer
from tests.orgmodel.sources.hr_company import INES, NOON, company, row

pytestmark = pytest.mark.django_db
BAMBOO = {"people": {"fields": {"team": "customTeam"}}}


@pytest.fixture
def bamboo() -> Iterator[BambooServer]:
    with BambooServer(company()) as found:
        yield found


@pytest.fixture
def humaans() -> Iterator[HumaansServer]:
    with HumaansServer(company()) as found:
        yield found


def configured(server: BambooServer | HumaansServer, toml: dict[str, Any]) -> Configuration:
    return load_configuration(Environment(server.settings()), parse_conventions(toml))


def synced(server: BambooServer | HumaansServer, toml: dict[str, Any], day: int = 0) -> SyncOutcome:
    now = NOON + timedelta(days=day)
    server.records.now = lambda: now
    with time_machine.travel(now, tick=False):
        (outcome,) = sync(configured(server, toml), now=now)
    return outcome


def people() -> dict[str, tuple[str, str, date | None]]:
    return {
        name: (status, title, start)
        for name, status, title, start in Person.objects.filter(ended=None).values_list(
            "name", "status", "title", "start_date"
        )
    }


def belongs() -> set[tuple[str, str, str]]:
    held = Assignment.objects.filter(ended=None)
    return set(held.values_list("person__name", "unit__kind", "unit__name"))


def managers() -> set[tuple[str, str]]:
    return set(ManagerLine.objects.filter(ended=None).values_list("person__name", "manager__name"))


def values(name: str) -> dict[str, Any]:
    held = Attribute.objects.filter(ended=None, name=name, account__source="hris")
    return dict(held.values_list("account__native_id", "value"))


EVERYBODY = {
    "Bo Lind": ("active", "Lead", date(2024, 3, 18)),
    "Inès Ørsted": ("active", "Engineer", date(2024, 3, 18)),
}
PLACES = {
    ("Bo Lind", "team", "Payments Core"),
    ("Bo Lind", "department", "Engineering"),
    ("Inès Ørsted", "team", "Payments Core"),
    ("Inès Ørsted", "department", "Engineering"),
}


def test_one_sync_of_bamboohr_gives_people_team_and_manager(bamboo: BambooServer) -> None:
    outcome = synced(bamboo, BAMBOO)
    assert (outcome.outcome, outcome.problems) == ("applied", [])
    assert (people(), belongs(), managers()) == (EVERYBODY, PLACES, {("Inès Ørsted", "Bo Lind")})
    assert synced(bamboo, BAMBOO, 1).outcome == "unchanged"


def test_one_sync_of_humaans_gives_people_team_and_manager(humaans: HumaansServer) -> None:
    outcome = synced(humaans, {})
    assert (outcome.outcome, outcome.problems) == ("applied", [])
    assert (people(), belongs(), managers()) == (EVERYBODY, PLACES, {("Inès Ørsted", "Bo Lind")})
    assert synced(humaans, {}, 1).outcome == "unchanged"


def test_a_move_ahead_is_planned_and_comes_true_on_its_day(bamboo: BambooServer) -> None:
    ines = bamboo.records.people[INES]
    bamboo.records.add(ines, row(ines, "2024-03-18", "2026-09-20"), row(ines, "2026-09-20", team="Ledger"))
    synced(bamboo, BAMBOO)
    planned = PlannedChange.objects.filter(ended=None)
    assert list(planned.values_list("account__native_id", "attribute", "value", "valid_from")) == [
        (INES, "team", "Ledger", date(2026, 9, 20))
    ]
    synced(bamboo, BAMBOO, 6)
    assert not planned.exists()
    assert ("Inès Ørsted", "team", "Ledger") in belongs()


def test_a_move_that_is_entered_late_began_on_the_day_that_its_row_names(humaans: HumaansServer) -> None:
    synced(humaans, {})
    ines = humaans.records.people[INES]
    humaans.records.add(
        ines, row(ines, "2024-03-18", "2026-09-10"), row(ines, "2026-09-10", department="Finance")
    )
    synced(humaans, {}, 2)
    held = Attribute.objects.get(ended=None, name="department", account__native_id=INES)
    assert (held.value, held.began.date()) == ("Finance", date(2026, 9, 16))
    assert held.true_began is not None
    assert held.true_began.date() == date(2026, 9, 10)


def test_what_bamboohr_hides_stays_as_it_was_known(bamboo: BambooServer) -> None:
    synced(bamboo, BAMBOO)
    bamboo.hidden[INES] = {"reportsToId", "reportsTo", "jobTitleName", "jobTitle", "customTeam", "department"}
    bamboo.hidden[INES] |= {"departmentName"}
    outcome = synced(bamboo, BAMBOO, 1)
    assert set(outcome.not_visible) == {"attribute", "manager"}
    assert (people(), belongs(), managers()) == (EVERYBODY, PLACES, {("Inès Ørsted", "Bo Lind")})
    # What can be seen of the same person goes on.
    bamboo.records.people[INES].email = "ines.orsted@nordwind.example"
    synced(bamboo, BAMBOO, 2)
    assert Person.objects.get(name="Inès Ørsted").email == "ines.orsted@nordwind.example"
    assert managers() == {("Inès Ørsted", "Bo Lind")}


def test_a_department_that_is_renamed_in_the_list_stays_the_same_unit(bamboo: BambooServer) -> None:
    bamboo.lists = {"department": {"17": "Engineering"}}
    synced(bamboo, BAMBOO)
    unit = OrgUnit.objects.get(kind="department", ended=None)
    assert (unit.native_id, unit.name) == ("list:department:17", "Engineering")
    bamboo.lists = {"department": {"17": "Product Engineering"}}
    for each in bamboo.records.people.values():
        each.department = "Product Engineering"
    synced(bamboo, BAMBOO, 1)
    assert OrgUnit.objects.get(kind="department", ended=None).pk == unit.pk
    assert {each for each in belongs() if each[1] == "department"} == {
        ("Bo Lind", "department", "Product Engineering"),
        ("Inès Ørsted", "department", "Product Engineering"),
    }
    assert not Move.objects.exists()


def test_what_is_empty_and_not_hidden_ends(bamboo: BambooServer) -> None:
    synced(bamboo, BAMBOO)
    bamboo.records.people[INES].manager_id = ""
    bamboo.records.people[INES].team = ""
    synced(bamboo, BAMBOO, 1)
    assert (managers(), INES in values("team")) == (set(), False)


def test_a_token_of_humaans_that_lost_a_scope_ends_nothing(humaans: HumaansServer) -> None:
    synced(humaans, {})
    humaans.scopes = {"public:read"}
    outcome = synced(humaans, {}, 1)
    assert (outcome.outcome, set(outcome.not_visible)) == ("unchanged", {"attribute", "manager", "planned"})
    assert (people(), belongs(), managers()) == (EVERYBODY, PLACES, {("Inès Ørsted", "Bo Lind")})


def test_a_leaver_and_who_comes_back_are_one_person(humaans: HumaansServer) -> None:
    synced(humaans, {})
    ines = humaans.records.people[INES]
    ines.status, ines.end_date = "ended", date(2026, 9, 15)
    synced(humaans, {}, 2)
    assert Person.objects.get(name="Inès Ørsted").status == "ended"
    assert Person.objects.get(name="Bo Lind").status == "active"
    ines.status, ines.start_date = "active", date(2026, 9, 20)
    humaans.records.rows[INES] = [row(ines, "2024-03-18", "2026-09-15"), row(ines, "2026-09-20")]
    synced(humaans, {}, 7)
    assert Person.objects.get(name="Inès Ørsted").status == "active"
    assert Person.objects.count() == 2


def test_an_hr_system_on_a_bad_day_changes_nothing(bamboo: BambooServer) -> None:
    synced(bamboo, BAMBOO)
    before = (people(), belongs(), managers(), values("department"))
    bamboo.faults.cut("tables", times=1)
    bamboo.faults.refuse(500, "tables", times=100)
    outcome = _failed(bamboo, NOON + timedelta(days=1))
    assert outcome.outcome == "failed"
    assert (people(), belongs(), managers(), values("department")) == before


def _failed(server: BambooServer, now: datetime) -> SyncOutcome:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("orgmodel.sources.http.HttpClient.pause", lambda *_: None)
        (outcome,) = sync(configured(server, BAMBOO), now=now)
    return outcome
