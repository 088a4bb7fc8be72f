"""Nothing out of date is sent, whatever a message waited for; and what was sent wrongly is corrected once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifier import acts
from notifier.acts import Actor
from notifier.deliver import deliver
from notifier.models import Outbox
from notifier.options import slack_from_settings
from notifier.plan import plan

from .conftest import TOMAS, Nordwind

pytestmark = pytest.mark.django_db(transaction=True)
ADMIN = Actor("Tomas Okafor")


def settings_with(settings: Any, **values: Any) -> None:
    """Other values of the top level, of [notify] or of [visibility]."""
    known = settings.SIGHTLINE
    notify, visibility = known.conventions.notify, known.conventions.visibility
    inner = {name: value for name, value in values.items() if hasattr(notify, name)}
    seen = {name: value for name, value in values.items() if hasattr(visibility, name)}
    outer = {name: value for name, value in values.items() if name not in {**inner, **seen}}
    conventions = replace(
        known.conventions, notify=replace(notify, **inner), visibility=replace(visibility, **seen)
    )
    settings.SIGHTLINE = replace(known, conventions=conventions, **outer)


@pytest.fixture
def waiting(nordwind: Nordwind, settings: Any) -> Nordwind:
    """Nadia has moved from Radish to Cucumber, and the three messages about it are held."""
    settings_with(settings, notify="hold")
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    nordwind.sync()
    nordwind.notify()
    assert sorted(Outbox.objects.values_list("kind", "state")) == [
        ("mover", "held"),
        ("new_manager", "held"),
        ("old_manager", "held"),
    ]
    settings_with(settings, notify="on")
    return nordwind


def go(nordwind: Nordwind) -> None:
    """Release everything, then plan and deliver."""
    acts.release(Outbox.objects.filter(state="held").values_list("pk", flat=True), ADMIN)
    nordwind.notify()


def states() -> dict[str, tuple[str, str]]:
    """State and reason of the newest message of each kind."""
    return {row.kind: (row.state, row.reason) for row in Outbox.objects.order_by("revision")}


def test_what_is_still_so_is_sent_as_it_was_planned(waiting: Nordwind) -> None:
    planned = {row.to: row.text for row in Outbox.objects.all()}
    waiting.tenant.set_profile(waiting.users["tomas"], {"title": "Somebody else's change"})
    waiting.sync()
    go(waiting)
    assert {f"{name}@nordwind.example": texts for name, texts in waiting.dms().items()} == {
        to: [text] for to, text in planned.items()
    }
    assert Outbox.objects.count() == 3


def test_a_move_taken_back_while_its_messages_wait_is_told_to_nobody(waiting: Nordwind) -> None:
    waiting.tenant.set_profile(waiting.users["nadia"], {"team": "radish", "managerId": "2"})
    waiting.sync()
    go(waiting)
    assert waiting.dms() == {}
    assert set(states().values()) == {("suppressed", "no longer true: it was taken back")}


def test_released_before_the_way_back_settles_it_waits_and_is_told_to_nobody(
    waiting: Nordwind, settings: Any
) -> None:
    settings_with(settings, settle_minutes=30)
    waiting.tenant.set_profile(waiting.users["nadia"], {"team": "radish", "managerId": "2"})
    waiting.sync()
    go(waiting)
    assert set(states().values()) == {
        ("planned", "waits until a newer change of the same person has settled")
    }
    later = datetime.now(UTC) + timedelta(minutes=40)
    plan(settings.SIGHTLINE, later)
    deliver(later, slack_from_settings())
    assert waiting.dms() == {}
    assert set(states().values()) == {("suppressed", "no longer true: it was taken back")}


def test_whoever_moves_on_while_the_messages_wait_is_told_of_one_move(waiting: Nordwind) -> None:
    waiting.tenant.set_profile(waiting.users["nadia"], {"team": "it", "managerId": "3"})
    waiting.sync()
    waiting.notify()
    assert waiting.dms() == {}, "what takes the place of a held message is held as well"
    go(waiting)
    messages = waiting.dms()
    assert sorted(messages) == ["nadia", "radovan", "tomas"], "Lena never had her"
    assert [len(texts) for texts in messages.values()] == [1, 1, 1]
    assert "Gone:\n• Came with your team Radish: Radish staging\n" in messages["nadia"][0]
    assert "Figma" not in messages["nadia"][0], "she was never told that she had it"


def test_a_loss_restored_while_the_message_waits_is_told_to_nobody(nordwind: Nordwind, settings: Any) -> None:
    settings_with(settings, notify="hold")
    nordwind.tenant.remove_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    nordwind.sync()
    nordwind.notify()
    settings_with(settings, notify="on")
    nordwind.tenant.add_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    nordwind.sync()
    go(nordwind)
    assert nordwind.dms() == {}
    assert states() == {"lost": ("suppressed", "no longer true: it was taken back")}


def test_what_differs_meanwhile_is_told_anew_and_at_once(waiting: Nordwind) -> None:
    app = waiting.tenant.add_app("Sentry")
    waiting.tenant.assign_group(app, waiting.groups["cucumber"])
    waiting.sync()
    go(waiting)
    (text,) = waiting.dms()["nadia"]
    assert "Sentry" in text
    old = Outbox.objects.filter(state="suppressed", kind="mover").get()
    assert old.reason == "replaced by a new version: what it said has changed"
    waiting.notify()
    assert len(waiting.dms()["nadia"]) == 1


def test_what_became_confidential_is_told_to_no_manager(waiting: Nordwind, settings: Any) -> None:
    settings_with(settings, confidential_apps=("Figma",))
    go(waiting)
    assert "Figma" in waiting.dms()["nadia"][0], "nobody is kept from their own access"
    for post in waiting.slack.posts:
        assert post.user_id == "UNADIA" or "Figma" not in str(post.blocks)


def test_a_manager_who_is_none_any_more_is_told_nothing(waiting: Nordwind) -> None:
    waiting.tenant.set_profile(waiting.users["nadia"], {"managerId": "3"})
    waiting.sync()
    go(waiting)
    messages = waiting.dms()
    assert "lena" not in messages
    assert messages["tomas"][0].startswith("Nadia Brandt joined the team Cucumber")


def test_admins_are_not_asked_about_what_waits_no_more(nordwind: Nordwind, settings: Any) -> None:
    settings_with(settings, admins_group="radish-oncall")
    nordwind.okta.faults.empty("users")
    nordwind.sync()
    acts.stop(ADMIN, "look first")
    nordwind.notify()
    nordwind.okta.faults.clear()
    nordwind.sync()
    acts.resume(ADMIN, "looked")
    nordwind.notify()
    assert nordwind.dms() == {}
    assert states() == {"admin": ("suppressed", "no longer true: nothing of it waits any more")}
