"""When a case is told: after a second sync that says so again, and once its other half has come."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as now_set

from notifier.deliver import deliver
from notifier.models import Outbox
from notifier.options import slack_from_settings
from notifier.plan import plan
from notifier.waiting import asking_waits
from orgmodel.models import Move
from orgmodel.queries.pages.move_page import move_story
from orgmodel.queries.together import ask
from orgmodel.queries.visibility import OPERATOR
from tests.configurations import feed_in

from .conftest import TOMAS, Nordwind
from .feed import Feed, feed_of
from .hearing import today

pytestmark = pytest.mark.django_db(transaction=True)


def received(nordwind: Nordwind, *, later: timedelta = timedelta(), after: int = 0) -> dict[str, list[str]]:
    """Plan and deliver at a moment; then the first line that everybody got, by first name.

    `after`: how many messages there were before that are left out.
    """
    at = datetime.now(UTC) + later
    plan(now_set.SIGHTLINE, at)
    deliver(at, slack_from_settings())
    names = {person.user_id: person.email.split("@")[0] for person in nordwind.slack.workspace.people()}
    found: dict[str, list[str]] = {}
    for post in nordwind.slack.posts[after:]:
        found.setdefault(names[post.user_id], []).append(post.text.splitlines()[0])
    return found


def kinds() -> list[tuple[str, str]]:
    return list(Move.objects.order_by("pk").values_list("kind", "state"))


def during_a_read(nordwind: Nordwind, path: str, act: Callable[[], None]) -> None:
    """Read everything; before the first call of this path, something happens in Okta."""
    nordwind.okta.faults.before(path, act)
    nordwind.read("--full")
    assert not nordwind.okta.faults.to_happen


def move(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})


def moved(seen: str = "Okta profile") -> dict[str, list[str]]:
    """Who hears of the move, each once. `seen`: where."""
    return {
        "nadia": [f"You moved from Radish to Cucumber on {today()} ({seen})."],
        "radovan": [f"Nadia Brandt left your team Radish on {today()} ({seen})."],
        "lena": [f"Nadia Brandt joined your team Cucumber, from Radish, on {today()} ({seen})."],
    }


def test_nothing_is_told_of_what_only_one_sync_has_seen(nordwind: Nordwind) -> None:
    move(nordwind)
    nordwind.read()
    assert received(nordwind) == {}
    assert received(nordwind, later=timedelta(days=3)) == {}, "however long"
    nordwind.read()
    assert received(nordwind) == moved()


def test_a_sync_that_fails_confirms_nothing(nordwind: Nordwind) -> None:
    move(nordwind)
    nordwind.read()
    nordwind.okta.faults.revoke_token()
    nordwind.read()
    assert received(nordwind) == {}
    nordwind.okta.faults.clear()
    nordwind.read()
    assert received(nordwind) == moved()


def test_what_the_second_sync_takes_back_is_told_to_nobody(nordwind: Nordwind) -> None:
    nordwind.tenant.remove_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    nordwind.read()
    nordwind.tenant.add_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    nordwind.read()
    nordwind.read()
    assert received(nordwind) == {}
    assert kinds() == [("lost", "reverted")]


def test_memberships_seen_before_the_attribute_behind_them_are_told_as_the_move(nordwind: Nordwind) -> None:
    during_a_read(nordwind, r"/api/v1/groups/[^/]+/users", lambda: move(nordwind))
    assert kinds() == [("lost", "open")]
    assert received(nordwind) == {}
    nordwind.read()
    assert kinds() == [("mover", "open")]
    assert received(nordwind) == {}
    nordwind.read()
    assert received(nordwind) == moved()
    assert (
        "New:\n• Because your team is now Cucumber (rule “Cucumber team”): Figma – Editor"
        in nordwind.dms()["nadia"][0]
    ), "what was gained before the attribute was seen"


def test_a_move_undone_while_something_stays_lost_is_a_loss(nordwind: Nordwind) -> None:
    move(nordwind)
    nordwind.tenant.remove_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    nordwind.read()
    assert kinds() == [("mover", "open")]
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "radish", "managerId": "2"})
    nordwind.read()
    assert kinds() == [("lost", "open")]
    nordwind.read()
    assert received(nordwind) == {"nadia": [f"Your access to Radish on-call ended on {today()}."]}


@pytest.fixture
def hr(nordwind: Nordwind, settings: Any, tmp_path: Path) -> Feed:
    """HR speaks for people, and has been read once."""
    feed = feed_of(nordwind, tmp_path)
    known = settings.SIGHTLINE.sources
    fed = known | feed_in(tmp_path, units=False)
    settings.SIGHTLINE = replace(settings.SIGHTLINE, hris="csv", sources=fed)
    nordwind.sync()
    nordwind.sync()
    assert received(nordwind) == {}
    assert kinds() == []
    return feed


def test_hr_ahead_of_okta_waits_for_okta(hr: Feed, nordwind: Nordwind) -> None:
    hr.set("nadia", team="Cucumber", manager_id="1")
    nordwind.sync()
    assert received(nordwind) == {}
    nordwind.sync()
    assert received(nordwind) == {}
    move(nordwind)
    nordwind.sync()
    assert received(nordwind) == moved("HR")
    assert kinds() == [("mover", "settled")]
    assert "Gone:\n• Came with your team Radish: Radish staging" in nordwind.dms()["nadia"][0]


def test_hr_ahead_past_the_longest_wait_is_told_with_what_is_pending_and_then_completed(
    hr: Feed, nordwind: Nordwind
) -> None:
    hr.set("nadia", team="Cucumber", manager_id="1")
    nordwind.sync()
    assert received(nordwind, later=timedelta(hours=25)) == moved("HR")
    (text,) = nordwind.dms()["nadia"]
    assert "Still pending:\n• Okta has not applied it yet (rule “Cucumber team”): Figma – Editor" in text
    assert "Gone" not in text
    move(nordwind)
    nordwind.sync()
    assert received(nordwind, later=timedelta(hours=26)) == {
        name: sections * 2 for name, sections in moved("HR").items()
    }
    assert (
        "New:\n• Because your team is now Cucumber (rule “Cucumber team”): Figma – Editor"
        in nordwind.dms()["nadia"][1]
    )
    assert "Gone:\n• Came with your team Radish: Radish staging" in nordwind.dms()["nadia"][1]
    nordwind.sync()
    assert len(received(nordwind, later=timedelta(hours=27))["nadia"]) == 2
    assert not Outbox.objects.filter(kind="lost").exists()


def test_okta_ahead_of_hr_waits_for_hr(hr: Feed, nordwind: Nordwind) -> None:
    move(nordwind)
    nordwind.sync()
    assert kinds() == [("lost", "open")]
    assert received(nordwind) == {}
    hr.set("nadia", team="Cucumber", manager_id="1")
    nordwind.sync()
    assert kinds() == [("mover", "open")]
    assert received(nordwind) == moved("HR")


def test_okta_ahead_past_the_longest_wait_is_completed_as_the_move(hr: Feed, nordwind: Nordwind) -> None:
    move(nordwind)
    nordwind.sync()
    ended = f"Your access to Radish staging ended on {today()}."
    assert received(nordwind, later=timedelta(hours=25)) == {"nadia": [ended]}
    hr.set("nadia", team="Cucumber", manager_id="1")
    nordwind.sync()
    assert received(nordwind, later=timedelta(hours=26)) == {
        **moved("HR"),
        "nadia": [ended, *moved("HR")["nadia"]],
    }
    assert "Gone:\n• Came with your team Radish: Radish staging" in nordwind.dms()["nadia"][1]


def test_a_leaver_is_told_once_okta_has_closed_the_account(hr: Feed, nordwind: Nordwind) -> None:
    hr.set("nadia", status="ended")
    nordwind.sync()
    assert received(nordwind) == {}
    nordwind.tenant.deactivate(nordwind.users["nadia"])
    nordwind.sync()
    assert received(nordwind) == {"radovan": [f"Nadia Brandt left on {today()} (HR)."]}


def test_a_joiner_is_welcomed_once_there_is_an_account(hr: Feed, nordwind: Nordwind) -> None:
    hr.rows["pia"] = {**hr.rows["nadia"], "id": "9", "email": "pia@nordwind.example", "name": "Pia Lund"}
    hr.set("pia", team="Cucumber", manager_id="1")
    nordwind.sync()
    assert received(nordwind) == {}
    nordwind.users["pia"] = nordwind.tenant.add_user(
        "pia@nordwind.example", firstName="Pia", lastName="Lund", employeeNumber="9", team="cucumber"
    )
    nordwind.sync()
    assert received(nordwind) == {
        "pia": ["Welcome to Cucumber. Here is what you have, and why."],
        "lena": [f"Pia Lund joined your team Cucumber on {today()}."],
    }
    assert "Figma" in nordwind.dms()["pia"][0]


def test_somebody_rehired_is_welcomed_back_once_okta_has_reopened_the_account(
    hr: Feed, nordwind: Nordwind
) -> None:
    nadia = nordwind.users["nadia"]
    hr.set("nadia", status="ended")
    nordwind.tenant.deactivate(nadia)
    nordwind.sync()
    assert received(nordwind) == {"radovan": [f"Nadia Brandt left on {today()} (HR)."]}
    hr.set("nadia", status="active", team="Cucumber", manager_id="1")
    nordwind.sync()
    assert received(nordwind, after=1) == {}
    nordwind.tenant.activate(nadia)
    move(nordwind)
    nordwind.sync()
    heard = received(nordwind, after=1)
    (corrected,) = heard.pop("radovan")
    assert corrected.startswith("Correction: Nadia Brandt is active again, since")
    assert heard == {
        "nadia": ["Welcome back to Cucumber. Here is what you have now, and why."],
        "lena": [f"Nadia Brandt is back in your team Cucumber, since {today()}."],
    }
    assert kinds() == [("leaver", "settled"), ("back", "settled")]


def test_somebody_whose_account_is_reopened_before_hr_says_so_is_welcomed_back(
    hr: Feed, nordwind: Nordwind
) -> None:
    nadia = nordwind.users["nadia"]
    hr.set("nadia", status="ended")
    nordwind.tenant.deactivate(nadia)
    nordwind.sync()
    assert received(nordwind) == {"radovan": [f"Nadia Brandt left on {today()} (HR)."]}
    nordwind.tenant.activate(nadia)
    nordwind.sync()
    (corrected,) = received(nordwind, after=1)["radovan"]
    assert corrected.startswith("Correction: Nadia Brandt has 3 apps again, since")
    hr.set("nadia", status="active")
    nordwind.sync()
    heard = received(nordwind, after=2)
    assert heard["nadia"] == ["Welcome back to Radish. Here is what you have now, and why."]
    assert kinds() == [("leaver", "settled"), ("back", "settled")]


def test_a_case_says_what_it_waits_for(hr: Feed, nordwind: Nordwind) -> None:
    def waits() -> str:
        case = move_story(Move.objects.get().pk, OPERATOR)
        question = asking_waits(
            case.row.pk, case.row.kind, case.changed, datetime.now(UTC), timedelta(hours=24)
        )
        return ask(question)

    hr.set("nadia", team="Cucumber", manager_id="1")
    nordwind.read()
    assert waits() == "Waiting for a second sync to confirm it."
    nordwind.read()
    assert waits() == "Waiting for Okta to follow: 2 apps."


def test_what_a_group_that_was_left_opens_for_others_holds_nothing_back(nordwind: Nordwind) -> None:
    jira = nordwind.tenant.add_app("Jira")
    nordwind.sync()
    move(nordwind)
    nordwind.read()
    nordwind.tenant.assign_group(jira, nordwind.groups["radish"], priority=1)
    nordwind.read()
    assert received(nordwind) == moved()
