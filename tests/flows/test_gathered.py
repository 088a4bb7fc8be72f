"""Several people, one reader, one sort of news: one message, looked at again before it leaves."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from notifier.models import Outbox

from .conftest import TOMAS, Nordwind
from .hearing import today

pytestmark = pytest.mark.django_db(transaction=True)
TEAM = ("asha", "ben", "cleo", "dev")


def hire(nordwind: Nordwind, *names: str) -> None:
    """More people in Radish, whom everybody knows already."""
    for number, name in enumerate(names, 20):
        nordwind.users[name] = nordwind.tenant.add_user(
            f"{name}@nordwind.example",
            firstName=name.title(),
            lastName="Vogel",
            employeeNumber=str(number),
            team="radish",
            managerId=nordwind.users["radovan"].profile["employeeNumber"],
        )
    nordwind.sync()
    nordwind.notify()


def news(nordwind: Nordwind, before: int) -> dict[str, list[str]]:
    """Who got what after the first so many posts, by first name."""
    names = {person.user_id: person.email.split("@")[0] for person in nordwind.slack.workspace.people()}
    found: dict[str, list[str]] = {}
    for post in nordwind.slack.posts[before:]:
        found.setdefault(names[post.user_id], []).append(post.text)
    return found


def move(nordwind: Nordwind, *names: str, team: str = "cucumber", manager: str = "1") -> None:
    for name in names:
        nordwind.tenant.set_profile(nordwind.users[name], {"team": team, "managerId": manager})


def test_four_who_join_a_team_are_one_message_to_each_manager(nordwind: Nordwind) -> None:
    hire(nordwind, *TEAM)
    nordwind.tenant.add_member(nordwind.groups["oncall"], nordwind.users["ben"], TOMAS)
    nordwind.sync()
    before = len(nordwind.slack.posts)
    move(nordwind, *TEAM)
    nordwind.sync()
    nordwind.notify()
    messages = news(nordwind, before)
    (lena,), (radovan,) = messages["lena"], messages["radovan"]
    assert lena.splitlines()[:2] == [
        f"Four people joined your team Cucumber, from Radish, on {today()}.",
        "2 apps for all of them; 1 person still holds something from before.",
    ]
    assert radovan.splitlines()[0] == f"Four people left your team Radish on {today()}."
    assert [len(messages[name]) for name in TEAM] == [1, 1, 1, 1]
    told_together = Outbox.objects.filter(to="lena@nordwind.example", kind="new_manager")
    assert {(row.state, row.reason) for row in told_together} == {
        ("suppressed", "told in one message with others")
    }
    nordwind.sync()
    nordwind.notify()
    assert news(nordwind, before) == messages


def test_a_dissolved_team_is_one_line_to_its_lead(nordwind: Nordwind) -> None:
    hire(nordwind, *TEAM)
    before = len(nordwind.slack.posts)
    nordwind.tenant.edit_group(nordwind.groups["radish"], active=False)
    move(nordwind, *TEAM)
    nordwind.sync()
    nordwind.notify()
    (radovan,) = news(nordwind, before)["radovan"]
    assert radovan.splitlines()[0] == "Your team Radish was dissolved: 4 people moved on."


def test_two_are_told_one_by_one(nordwind: Nordwind) -> None:
    hire(nordwind, *TEAM)
    move(nordwind, "asha", "ben")
    nordwind.sync()
    nordwind.notify()
    lena = nordwind.dms()["lena"]
    assert sorted(text.split(" joined")[0] for text in lena) == ["Asha Vogel", "Ben Vogel"]


def test_who_is_back_before_it_leaves_is_not_in_it(nordwind: Nordwind) -> None:
    hire(nordwind, *TEAM)
    before = len(nordwind.slack.posts)
    move(nordwind, *TEAM)
    nordwind.sync()
    call_command("notify", "--plan", stdout=StringIO())
    assert Outbox.objects.filter(kind="digest", state="planned").count() == 2
    move(nordwind, "dev", team="radish", manager=nordwind.users["radovan"].profile["employeeNumber"])
    nordwind.sync()
    Outbox.objects.filter(state="planned").update(not_before=timezone.now() - timedelta(minutes=1))
    nordwind.notify()
    nordwind.notify()
    (lena,) = nordwind.dms()["lena"]
    assert lena.startswith("Three people joined your team Cucumber, from Radish, on ")
    assert "dev" not in news(nordwind, before)


def test_a_correction_about_one_of_them_stands_in_the_thread_of_all(nordwind: Nordwind) -> None:
    hire(nordwind, *TEAM)
    move(nordwind, *TEAM)
    nordwind.sync()
    nordwind.notify()
    (first,) = [
        post for post in nordwind.slack.posts if "Cucumber, from Radish" in post.text and "Four" in post.text
    ]
    before = len(nordwind.slack.posts)
    move(nordwind, "dev", team="radish", manager=nordwind.users["radovan"].profile["employeeNumber"])
    nordwind.sync()
    nordwind.notify()
    (correction,) = news(nordwind, before)["lena"]
    assert correction.startswith("Correction: Dev Vogel is not in your team Cucumber, since ")
    assert "no longer holds" not in correction
    (post,) = [post for post in nordwind.slack.posts[before:] if post.text == correction]
    assert post.thread_ts == first.ts


def test_very_many_to_one_reader_are_one_message_whatever_they_are_about(nordwind: Nordwind) -> None:
    crowd = [f"crowd{number}" for number in range(12)]
    hire(nordwind, *crowd)
    teams = {}
    for number in range(6):
        teams[number] = nordwind.tenant.add_group(
            f"team-unit{number}", f"AUTO team Unit{number}", airtableId=f"recu{number}", active=True
        )
        nordwind.tenant.add_rule(f"Unit{number} team", f'user.team == "unit{number}"', teams[number])
        nordwind.tenant.assign_group(nordwind.tenant.add_app(f"Tool {number}"), teams[number])
    nordwind.sync()
    for number, name in enumerate(crowd):
        move(nordwind, name, team=f"unit{number % 6}")
    nordwind.sync()
    nordwind.notify()
    (lena,) = nordwind.dms()["lena"]
    assert lena.splitlines()[0] == "Access changed for 12 people around your teams today."
    assert "Tool" not in lena


def test_one_message_that_cannot_be_read_stops_no_other(nordwind: Nordwind) -> None:
    hire(nordwind, *TEAM)
    before = len(nordwind.slack.posts)
    move(nordwind, "asha", "ben")
    nordwind.sync()
    call_command("notify", "--plan", stdout=StringIO())
    broken = Outbox.objects.filter(to="lena@nordwind.example", kind="new_manager").earliest("created")
    Outbox.objects.filter(pk=broken.pk).update(payload={"story": "of an older version"})
    nordwind.notify()
    assert len(news(nordwind, before)["lena"]) == 1
    assert Outbox.objects.get(pk=broken.pk).state == "failed"
