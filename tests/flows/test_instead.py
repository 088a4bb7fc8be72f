"""Who hears where the manager, or the lead, has left: the next who is still here, and why it is them."""

import json
from dataclasses import replace
from typing import Any

import pytest

from notifier import acts
from notifier.models import Outbox
from orgmodel.conventions import Ask
from orgmodel.models import Move, Person
from orgmodel.queries.pages.move_page import move_story
from orgmodel.queries.visibility import Viewer

from .conftest import Nordwind
from .feed import Feed
from .hearing import today
from .test_last_look import ADMIN, settings_with
from .test_readers import structured as structured  # noqa: PLC0414  # a fixture
from .test_waiting import received

pytestmark = pytest.mark.django_db(transaction=True)


def leave(nordwind: Nordwind, *names: str) -> None:
    for name in names:
        nordwind.tenant.deactivate(nordwind.users[name])


def reasons(nordwind: Nordwind, name: str) -> list[str]:
    """The line of every message to somebody that says why they get it."""
    rows = Outbox.objects.filter(to=f"{name}@nordwind.example").order_by("created", "pk")
    return [
        text
        for row in rows
        for text in json.dumps(row.blocks, ensure_ascii=False).split('"')
        if text.startswith("You get this")
    ]


def test_who_leaves_together_with_the_manager(nordwind: Nordwind) -> None:
    leave(nordwind, "nadia", "radovan")
    nordwind.sync()
    heard = received(nordwind)
    assert list(heard) == ["lena"]
    assert sorted(heard["lena"]) == [
        f"Nadia Brandt left on {today()} (Okta profile).",
        f"Radovan Osei left on {today()} (Okta profile).",
    ]
    assert sorted(reasons(nordwind, "lena")) == [
        "You get this because Radovan Osei has left.",
        "You get this because you were the manager.",
    ]


def test_who_leaves_after_the_manager_is_told_of_once_and_the_page_opens(nordwind: Nordwind) -> None:
    leave(nordwind, "radovan")
    nordwind.sync()
    nordwind.notify()
    before = len(nordwind.slack.posts)
    leave(nordwind, "nadia")
    nordwind.sync()
    assert received(nordwind, after=before) == {"lena": [f"Nadia Brandt left on {today()} (Okta profile)."]}
    nordwind.sync()
    assert received(nordwind, after=before) == {"lena": [f"Nadia Brandt left on {today()} (Okta profile)."]}
    case = Move.objects.get(person__name="Nadia Brandt")
    lena = Person.objects.get(name="Lena Osei")
    assert move_story(case.pk, Viewer(lena.pk)).row.person.name == "Nadia Brandt"


def test_who_moves_after_the_manager_has_left(nordwind: Nordwind, structured: Feed) -> None:
    for unit in structured.units:
        unit["lead_id"] = "3" if unit["name"] == "Cucumber" else ""
    structured.write()
    leave(nordwind, "radovan")
    structured.set("radovan", status="left")
    nordwind.sync()
    nordwind.notify()
    before = len(nordwind.slack.posts)
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber"})
    structured.set("nadia", team="Cucumber")
    nordwind.sync()
    assert received(nordwind, after=before) == {
        "nadia": [f"You moved from Radish to Cucumber on {today()} (HR)."],
        "lena": [f"Nadia Brandt left the team Radish on {today()} (HR)."],
        "tomas": [f"Nadia Brandt joined your team Cucumber, from Radish, on {today()} (HR)."],
    }
    assert reasons(nordwind, "tomas") == ["You get this because Radovan Osei has left."]


def test_who_joins_when_the_manager_has_left(nordwind: Nordwind) -> None:
    leave(nordwind, "radovan")
    nordwind.sync()
    nordwind.notify()
    before = len(nordwind.slack.posts)
    nordwind.users["ada"] = nordwind.tenant.add_user(
        "ada@nordwind.example",
        firstName="Ada",
        lastName="Lind",
        employeeNumber="5",
        team="radish",
        managerId="2",
    )
    nordwind.sync()
    heard = received(nordwind, after=before)
    assert heard["lena"] == [f"Ada Lind joined the team Radish on {today()}."]


def test_a_lead_who_has_left(nordwind: Nordwind, structured: Feed) -> None:
    """Nadia has no manager; Radovan, who leads Radish, leaves with her, and Tomas leads Engineering."""
    leads = {"Radish": "2", "Engineering": "3"}
    for unit in structured.units:
        unit["lead_id"] = leads.get(unit["name"], "")
    structured.set("nadia", manager_id="")
    nordwind.sync()
    nordwind.notify()
    before = len(nordwind.slack.posts)
    leave(nordwind, "nadia", "radovan")
    structured.set("nadia", status="left")
    structured.set("radovan", status="left")
    nordwind.sync()
    assert received(nordwind, after=before) == {
        "tomas": [f"Nadia Brandt left on {today()} (HR)."],
        "lena": [f"Radovan Osei left on {today()} (HR)."],
    }


def test_where_nobody_is_left_the_contact_hears(nordwind: Nordwind, settings: Any) -> None:
    conventions = replace(
        settings.SIGHTLINE.conventions, ask=Ask(contact="IT <Tomas@nordwind.example>", request_url="")
    )
    settings.SIGHTLINE = replace(settings.SIGHTLINE, conventions=conventions)
    nordwind.tenant.set_profile(nordwind.users["radovan"], {"managerId": None})
    nordwind.sync()
    nordwind.notify()
    leave(nordwind, "nadia", "radovan")
    nordwind.sync()
    assert received(nordwind) == {"tomas": [f"Nadia Brandt left on {today()} (Okta profile)."]}


def test_a_message_that_waits_for_somebody_who_leaves_goes_to_the_next(
    nordwind: Nordwind, settings: Any
) -> None:
    settings_with(settings, notify="hold")
    leave(nordwind, "nadia")
    nordwind.sync()
    nordwind.notify()
    assert list(Outbox.objects.values_list("to", "state")) == [("radovan@nordwind.example", "held")]
    settings_with(settings, notify="on")
    leave(nordwind, "radovan")
    nordwind.sync()
    acts.release(Outbox.objects.filter(state="held").values_list("pk", flat=True), ADMIN)
    nordwind.notify()
    nordwind.notify()
    heard = received(nordwind)
    assert list(heard) == ["lena"]
    assert sorted(heard["lena"]) == [
        f"Nadia Brandt left on {today()} (Okta profile).",
        f"Radovan Osei left on {today()} (Okta profile).",
    ]


def test_whoever_was_heard_instead_is_told_when_they_become_the_manager(nordwind: Nordwind) -> None:
    """Lena leads Radovan, and hears of his reports once he has left; leading one of them is news to her."""
    leave(nordwind, "radovan")
    nordwind.sync()
    nordwind.notify()
    lena = nordwind.users["lena"].profile["employeeNumber"]
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"managerId": lena})
    nordwind.sync()
    heard = received(nordwind, after=len(nordwind.slack.posts))
    assert heard == {"lena": [f"Nadia Brandt started reporting to you on {today()} (Okta profile)."]}
