"""From a change in HR on the wire to the direct message on the wire: one test per row of the notice table."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from .conftest import TOMAS, Nordwind

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = f"{datetime.now(UTC):%-d %B}"


def test_a_move_tells_the_person_the_old_and_the_new_manager(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    (outcome,) = nordwind.sync()
    assert outcome["counts"]["grant"]["began"] == 1
    nordwind.notify()
    move = nordwind.outbox()[0]["move"]
    link = f"Everything: http://127.0.0.1:8000/moves/{move}/"
    assert nordwind.dms() == {
        "nadia": [
            (
                f"You moved from Radish to Cucumber on {TODAY} (HR).\n"
                "New: Figma – Editor. Because your team is now Cucumber (rule “Cucumber team”).\n"
                "Gone: Radish staging. Came with the team Radish.\n"
                "You keep, though your new team does not give it: Radish on-call – added by hand, held since"
                f" {datetime.now(UTC):%B %Y}; it will not go by itself.\n{link}"
            )
        ],
        "radovan": [
            (
                f"Nadia Brandt left your team Radish on {TODAY} (HR).\n"
                f"1 ended with your team; 1 still kept.\n{link}"
            )
        ],
        "lena": [
            (
                f"Nadia Brandt joined your team Cucumber on {TODAY} (HR), coming from Radish.\n"
                f"2 held now; 1 carried from before.\n{link}"
            )
        ],
    }


def test_the_same_move_is_told_once(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    for _ in range(3):
        nordwind.sync()
        nordwind.notify()
    assert {name: len(texts) for name, texts in nordwind.dms().items()} == {
        "nadia": 1,
        "radovan": 1,
        "lena": 1,
    }


def test_managers_learn_no_app_on_the_lock_screen(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    nordwind.sync()
    nordwind.notify()
    said = nordwind.dms()
    for name in ("radovan", "lena"):
        assert not any(app in said[name][0] for app in ("Figma", "staging", "on-call", "Slack"))


def test_a_new_manager_alone_tells_only_the_new_manager(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"managerId": "3"})
    nordwind.sync()
    nordwind.notify()
    assert list(nordwind.dms()) == ["tomas"]
    assert [message["kind"] for message in nordwind.outbox()] == ["new_manager"]


def test_a_new_title_tells_nobody(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"title": "Senior engineer"})
    (outcome,) = nordwind.sync()
    assert outcome["counts"]["attribute"]["began"] == 1
    nordwind.notify()
    assert nordwind.dms() == {}


def test_a_rename_with_a_stable_id_tells_nobody(nordwind: Nordwind) -> None:
    tenant = nordwind.tenant
    tenant.edit_group(nordwind.groups["radish"], name="team-daikon", description="AUTO team Daikon")
    rule = next(rule for rule in tenant.rules.values() if rule.name == "Radish team")
    tenant.quiet = True
    for name in ("nadia", "radovan"):
        tenant.set_profile(nordwind.users[name], {"team": "daikon"})
    tenant.edit_rule(rule, expression='user.team == "daikon"')
    tenant.quiet = False
    (outcome,) = nordwind.sync()
    assert outcome["counts"]["unit"]["changed"] == 2  # its name and its slug
    nordwind.notify()
    assert nordwind.dms() == {}


def test_a_joiner_and_the_manager_are_welcomed(nordwind: Nordwind) -> None:
    nordwind.users["pia"] = nordwind.tenant.add_user(
        "pia@nordwind.example",
        firstName="Pia",
        lastName="Lund",
        employeeNumber="9",
        team="cucumber",
        managerId="1",
    )
    nordwind.sync()
    nordwind.notify()
    assert sorted(nordwind.dms()) == ["lena", "pia"]
    assert sorted(message["kind"] for message in nordwind.outbox()) == ["joiner", "joiner_manager"]
    assert "Figma – Editor" in nordwind.dms()["pia"][0]


def test_a_leaver_is_told_to_the_manager_alone(nordwind: Nordwind) -> None:
    nordwind.tenant.deactivate(nordwind.users["nadia"])
    nordwind.sync()
    nordwind.notify()
    assert list(nordwind.dms()) == ["radovan"]
    assert [message["kind"] for message in nordwind.outbox()] == ["leaver_manager"]


def test_access_lost_without_a_move_is_told_with_who_removed_it(nordwind: Nordwind) -> None:
    nordwind.tenant.remove_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    nordwind.sync()
    nordwind.notify()
    assert list(nordwind.dms()) == ["nadia"]
    assert nordwind.dms()["nadia"][0].startswith(
        f"Your access to 1 app ended on {TODAY}.\nGone: Radish on-call. Removed by hand by Tomas Okafor.\n"
    )


def test_hr_that_errs_and_corrects_itself_tells_nobody(nordwind: Nordwind) -> None:
    for team in ("cucumber", "radish"):
        nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": team})
        nordwind.sync()
    nordwind.notify()
    assert nordwind.dms() == {}


def test_a_burst_is_one_message(nordwind: Nordwind) -> None:
    for values in ({"team": "it"}, {"title": "Engineer"}, {"team": "cucumber", "managerId": "1"}):
        nordwind.tenant.set_profile(nordwind.users["nadia"], values)
        nordwind.sync()
    nordwind.notify()
    assert {name: len(texts) for name, texts in nordwind.dms().items()} == {
        "nadia": 1,
        "radovan": 1,
        "lena": 1,
    }


def test_a_mass_change_is_held(nordwind: Nordwind, settings: Any) -> None:
    said = settings.SIGHTLINE
    limits = replace(said.conventions.notify, mass_change_people=1)
    settings.SIGHTLINE = replace(said, conventions=replace(said.conventions, notify=limits))
    for name in ("nadia", "radovan"):
        nordwind.tenant.set_profile(nordwind.users[name], {"team": "cucumber"})
    nordwind.sync()
    nordwind.notify()
    assert nordwind.dms() == {}
    held = [message for message in nordwind.outbox() if message["state"] == "held"]
    assert {message["reason"] for message in held} == {"a mass change: 2 people at once"}


@pytest.mark.parametrize("what", ["users", "groups", "members"])
def test_an_empty_answer_tells_nobody_and_changes_nothing(nordwind: Nordwind, what: str) -> None:
    nordwind.okta.faults.empty(what)
    (outcome,) = nordwind.sync()
    assert outcome["outcome"] == "quarantined"
    nordwind.notify()
    assert nordwind.dms() == {}
    nordwind.okta.faults.clear()
    (again,) = nordwind.sync()
    assert again["outcome"] == "unchanged"


def test_hostile_names_arrive_as_plain_text(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(
        nordwind.users["nadia"],
        {"displayName": "<!channel> *Nadia* & @here", "team": "cucumber", "managerId": "1"},
    )
    nordwind.sync()
    nordwind.notify()
    for post in nordwind.slack.posts:
        assert "<!channel>" not in post.text
        assert all(
            "<!channel>" not in str(block) or block["type"] in {"header", "rich_text"}
            for block in post.blocks
        )
    assert len(nordwind.slack.posts) == 3


def test_revoked_token_says_what_to_do_and_keeps_the_old_data(nordwind: Nordwind) -> None:
    nordwind.okta.faults.revoke_token()
    (outcome,) = nordwind.sync()
    assert outcome["outcome"] == "failed"
    assert outcome["reason"].startswith("Okta refused the token (E0000011). Make a new one")
    nordwind.okta.faults.clear()
    assert nordwind.sync()[0]["outcome"] == "unchanged"
