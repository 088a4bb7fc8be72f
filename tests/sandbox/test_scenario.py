"""Each scene in a fresh Nordwind: what HR, Okta and its log say afterwards."""

from datetime import UTC, date, datetime

import pytest

from sandbox.company import Company
from sandbox.okta.faults import Faults
from sandbox.okta.state import User
from sandbox.scenario import NADIA, SCENES

from .nordwind import kinds

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def nordwind() -> Company:
    return Company(7, "demo", lambda: NOW)


def play(company: Company, scene: str, **args: str) -> list[str]:
    """Play it; the event types that came of it."""
    before = len(company.tenant.log.events)
    SCENES[scene].play(company, **args)
    return kinds(company.tenant)[before:]


def user(company: Company, email: str = NADIA) -> User:
    return company.tenant.user(email)


def holds(company: Company, group: str, email: str = NADIA) -> bool:
    return user(company, email).id in company.tenant.group(group).members


MEMBERSHIPS = {"group.user_membership.add", "group.user_membership.remove"}
SEATS = {"application.user_membership.add", "application.user_membership.remove"}
PROFILE = {"user.account.update_profile"}
LOGGED: dict[str, set[str]] = {
    "move": PROFILE | MEMBERSHIPS | SEATS,
    "joiner": {"user.lifecycle.create", "group.user_membership.add", "application.user_membership.add"},
    "manager_change": PROFILE,
    "title_change": PROFILE,
    "rename_unit": PROFILE | {"group.profile.update"},
    "reparent_unit": PROFILE | MEMBERSHIPS | SEATS | {"group.profile.update"},
    "reorg": PROFILE | MEMBERSHIPS | SEATS | {"group.profile.update"},
    "leaver": {"user.lifecycle.deactivate", "application.user_membership.remove"},
    "leaver_forgotten": set(),
    "add_by_hand": {"group.user_membership.add", "application.user_membership.add"},
    "remove_by_hand": {"group.user_membership.remove", "application.user_membership.remove"},
    "burst_and_revert": PROFILE | MEMBERSHIPS | SEATS,
    "open_app": {"group.application_assignment.add", "application.user_membership.add"},
    "spoil": PROFILE,
}
"""Scene → what Okta's log says of it, played as its form stands."""


def test_every_scene_is_played_as_its_form_stands() -> None:
    logged = {}
    for name, scene in SCENES.items():
        if scene.over != "faults":
            company = Company(7, "demo", lambda: NOW)
            before = len(company.tenant.log.events)
            scene.play(company, **scene.sample)
            logged[name] = set(kinds(company.tenant)[before:])
    assert logged == LOGGED


def test_scenes_over_faults() -> None:
    faults = Faults()
    SCENES["okta_answers_nothing"].play(faults)
    assert faults.on == ["users come empty"]
    SCENES["okta_recovers"].play(faults)
    assert faults.on == []
    assert {name for name, scene in SCENES.items() if scene.over == "faults"} == {
        "okta_answers_nothing",
        "okta_recovers",
    }


def test_move(nordwind: Company) -> None:
    events = play(nordwind, "move", person=NADIA, team="cucumber")
    assert events[0] == "user.account.update_profile"
    assert {"group.user_membership.add", "group.user_membership.remove"} <= set(events)
    record = nordwind.person(NADIA)
    assert (record.team, nordwind.people[record.manager_id].name) == ("cucumber", "Lena Osei")
    assert (holds(nordwind, "team-cucumber"), holds(nordwind, "team-radish")) == (True, False)
    assert holds(nordwind, "radish-oncall")  # Made by hand: it stays.
    apps = nordwind.tenant.apps
    seats = {apps[each].label: apps[each].seats[user(nordwind).id].profile for each in user(nordwind).apps}
    assert seats["Figma"] == {"role": "Editor"}
    assert "Radish staging" not in seats
    assert "Cucumber dashboards" in seats


def test_a_lead_who_moves_home_keeps_the_manager(nordwind: Company) -> None:
    lena = nordwind.person("lena.osei@nordwind.example")
    manager = lena.manager_id
    play(nordwind, "move", person=lena.email, team="cucumber")
    assert lena.manager_id == manager


def test_joiners_now_and_later(nordwind: Company) -> None:
    play(nordwind, "joiner", name="Edda Holm", team="radish")
    assert user(nordwind, "edda.holm@nordwind.example").status == "ACTIVE"
    assert holds(nordwind, "team-radish", "edda.holm@nordwind.example")
    play(nordwind, "joiner", name="Edda Holm", team="radish", days="3")
    later = nordwind.person("edda.holm2@nordwind.example")
    assert (later.status, later.start_date) == ("pending", date(2026, 3, 5))
    assert nordwind.account(later).status == "STAGED"
    nordwind.resume(lambda: datetime(2026, 3, 5, 9, tzinfo=UTC))
    nordwind.start_due()
    assert (later.status, nordwind.account(later).status) == ("active", "ACTIVE")


def test_manager_and_title(nordwind: Company) -> None:
    assert play(nordwind, "manager_change", person=NADIA, manager="pia.lund@nordwind.example") == [
        "user.account.update_profile"
    ]
    pia = nordwind.person("pia.lund@nordwind.example")
    assert user(nordwind).profile["managerId"] == pia.employee_number
    play(nordwind, "title_change", person=NADIA, title="Team lead of one")
    assert holds(nordwind, "ROLE-LEADS")


def test_renaming_keeps_everybody_in(nordwind: Company) -> None:
    group = nordwind.tenant.group("team-fennel")
    members, events = set(group.members), play(nordwind, "rename_unit", team="fennel", name="Dill")
    assert (group.name, set(group.members)) == ("team-dill", members)
    assert len(members) > 5
    assert set(events) == {"group.profile.update", "user.account.update_profile"}
    assert nordwind.unit("dill").id == group.profile["airtableId"]
    assert nordwind.person("tomas.okafor@nordwind.example").team == "dill"
    with pytest.raises(ValueError, match="already"):
        play(nordwind, "rename_unit", team="dill", name="Leek")


def test_a_team_can_change_its_area(nordwind: Company) -> None:
    leek = [person.email for person in nordwind.people.values() if person.team == "leek"]
    play(nordwind, "reparent_unit", team="leek", area="platform")
    parent = nordwind.unit("platform", "team_group")
    assert nordwind.unit("leek").parent_id == parent.id
    assert nordwind.tenant.group("team-leek").profile["parentId"] == parent.id
    assert all(holds(nordwind, "area-platform", email) for email in leek)
    assert {nordwind.person(email).department for email in leek} == {"Engineering"}


def test_reorg(nordwind: Company) -> None:
    play(nordwind, "reorg", team="parsnip", into="turnip")
    parsnip, turnip = nordwind.unit("parsnip"), nordwind.unit("turnip")
    assert (parsnip.active, parsnip.active_to, parsnip.merged_into) == (False, date(2026, 3, 2), turnip.id)
    assert nordwind.tenant.group("team-parsnip").members == {}
    assert nordwind.tenant.group("team-parsnip").profile["active"] is False
    with pytest.raises(ValueError, match="into itself"):
        play(nordwind, "reorg", team="turnip", into="turnip")


def test_leavers(nordwind: Company) -> None:
    play(nordwind, "leaver", person="quinn.abe@nordwind.example")
    quinn = nordwind.person("quinn.abe@nordwind.example")
    assert (quinn.status, quinn.end_date) == ("ended", date(2026, 3, 2))
    assert (nordwind.account(quinn).status, nordwind.account(quinn).apps) == ("DEPROVISIONED", set())
    play(nordwind, "leaver_forgotten", person="pia.lund@nordwind.example")
    assert user(nordwind, "pia.lund@nordwind.example").status == "ACTIVE"


def test_hands(nordwind: Company) -> None:
    assert "group.user_membership.add" in play(nordwind, "add_by_hand", person=NADIA, group="tableau-viewers")
    event = [e for e in nordwind.tenant.log.events if e["eventType"] == "group.user_membership.add"][-1]
    assert (event["actor"]["displayName"], event["transaction"]["type"]) == ("Tomas Okafor", "WEB")
    play(nordwind, "remove_by_hand", person=NADIA, group="team-radish")
    assert nordwind.tenant.rule("Radish team").excluded == [user(nordwind).id]


def test_burst_and_revert_ends_where_it_began(nordwind: Company) -> None:
    groups = set(user(nordwind).groups)
    events = play(nordwind, "burst_and_revert", person=NADIA, team="leek")
    assert events.count("user.account.update_profile") == 2
    assert user(nordwind).groups == groups


def test_unknown_names_are_refused(nordwind: Company) -> None:
    for scene, args in (
        ("move", {"person": "nobody@nordwind.example", "team": "leek"}),
        ("move", {"person": NADIA, "team": "carrot"}),
        ("add_by_hand", {"person": NADIA, "group": "carrots"}),
        ("open_app", {"group": "team-leek", "app": "Carrot"}),
    ):
        with pytest.raises(LookupError, match=r"nobody|carrot|Carrot"):
            play(nordwind, scene, **args)
