"""What was sent and turned out wrong: corrected once, in the thread, to each who was told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F

from notifier import acts
from notifier.models import MassChange, Mute, Outbox
from notifier.plan import plan
from orgmodel.models import Change, Move
from sandbox.okta.state import Group

from .conftest import TOMAS, Nordwind
from .hearing import link, today

pytestmark = pytest.mark.django_db(transaction=True)


def lose_and_tell(nordwind: Nordwind) -> None:
    nordwind.tenant.remove_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    nordwind.sync()
    nordwind.notify()
    assert [text.splitlines()[1:3] for text in nordwind.dms()["nadia"]] == [
        ["Gone:", "• Removed by Tomas Okafor: Radish on-call"]
    ]


def restore(nordwind: Nordwind) -> None:
    nordwind.tenant.add_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    nordwind.sync()


def seen() -> str:
    """When the newest membership was seen, as messages say it."""
    at = Change.objects.filter(kind="grant", verb="began").latest("pk").at
    return f"{at:%H:%M} on {at.day} {at:%B}"


def test_a_loss_that_a_later_sync_takes_back_is_corrected_once_in_the_thread(nordwind: Nordwind) -> None:
    lose_and_tell(nordwind)
    restore(nordwind)
    for _ in range(3):
        nordwind.notify()
    first, second = nordwind.slack.posts
    assert (second.user_id, second.channel, second.thread_ts) == ("UNADIA", first.channel, first.ts)
    assert second.text == (
        f"Correction: you have Radish on-call again, since {seen()}.\n"
        "The message above said that your access to Radish on-call had ended. That is no longer true.\n"
        "Back:\n• Added by Tomas Okafor: Radish on-call\n"
        f"Everything: {link()}"
    )
    rows = {each["dedupe_key"]: each for each in nordwind.outbox()}
    original = next(each for key, each in rows.items() if not key.startswith("correction:"))
    corrected = rows[f"correction:{original['id']}"]
    assert (corrected["kind"], corrected["corrects"], original["corrects"]) == ("lost", original["id"], None)


def test_a_correction_about_somebody_of_a_mass_change_waits_with_it(
    nordwind: Nordwind, settings: Any
) -> None:
    lose_and_tell(nordwind)
    Move.objects.update(settled=F("settled") - timedelta(hours=2))
    known = settings.SIGHTLINE
    limits = replace(known.conventions.notify, mass_change_people=1)
    settings.SIGHTLINE = replace(known, conventions=replace(known.conventions, notify=limits))
    nordwind.tenant.set_profile(nordwind.users["radovan"], {"team": "cucumber"})
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"managerId": "1"})
    restore(nordwind)
    for _ in range(2):
        nordwind.notify()
        nordwind.sync()
    assert len(nordwind.slack.posts) == 1, "the first message, and no word of what is held back"
    batch = MassChange.objects.get()
    acts.decide_mass(batch.pk, acts.Actor("Tomas Okafor"), "planned by HR", let_go=True)
    nordwind.notify()
    assert [text.split(", since")[0] for text in nordwind.dms()["nadia"][1:]] == [
        "Correction: you have Radish on-call again"
    ]


def lowered(nordwind: Nordwind) -> Group:
    """Lena is an Editor in Figma through Cucumber, until a group of better priority gives less."""
    tenant, groups = nordwind.tenant, nordwind.groups
    figma = next(each for each in tenant.apps.values() if each.label == "Figma")
    viewers = tenant.add_group("figma-viewers", "Reviewers")
    tenant.unassign_group(figma, groups["cucumber"])
    tenant.assign_group(figma, viewers, priority=0, role="Viewer")
    tenant.assign_group(figma, groups["cucumber"], priority=1, role="Editor")
    nordwind.sync()
    nordwind.notify()
    before = len(nordwind.slack.posts)
    tenant.add_member(viewers, nordwind.users["lena"], TOMAS)
    nordwind.sync()
    nordwind.notify()
    assert [post.text.splitlines()[0] for post in nordwind.slack.posts[before:]] == [
        f"Your access to Figma was lowered on {today()}."
    ]
    return viewers


def test_a_lowered_level_that_a_later_sync_takes_back_is_corrected_in_the_thread(nordwind: Nordwind) -> None:
    viewers = lowered(nordwind)
    messages = nordwind.slack.posts[-1]
    nordwind.tenant.remove_member(viewers, nordwind.users["lena"], TOMAS)
    nordwind.sync()
    for _ in range(3):
        nordwind.notify()
    ended = Change.objects.filter(kind="grant", verb="ended").latest("pk").at
    since = f"{ended:%H:%M} on {ended.day} {ended:%B}"
    page = f"http://127.0.0.1:8000/moves/{Move.objects.earliest('pk').pk}/"
    last = nordwind.slack.posts[-1]
    assert (last.user_id, last.thread_ts) == ("ULENA", messages.ts)
    assert last.text == (
        f"Correction: your level of Figma is Editor again, since {since}.\n"
        "The message above said that your level of Figma had been lowered. That is no longer true.\n"
        "At the former level:\n• Comes with your team Cucumber: Figma – Editor\n"
        f"Everything: {page}"
    )


def test_a_level_that_goes_up_only_part_of_the_way_is_no_correction(nordwind: Nordwind) -> None:
    lowered(nordwind)
    figma = next(each for each in nordwind.tenant.apps.values() if each.label == "Figma")
    before = len(nordwind.slack.posts)
    nordwind.tenant.assign_user(figma, nordwind.users["lena"], TOMAS, role="Commenter")
    nordwind.sync()
    nordwind.notify()
    assert nordwind.slack.posts[before:] == []


def test_a_move_taken_back_after_it_was_told_is_a_correction_and_no_new_story(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    nordwind.sync()
    nordwind.notify()
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "radish", "managerId": "2"})
    nordwind.sync()
    nordwind.notify()
    nordwind.notify()
    messages = {name: texts[1:] for name, texts in nordwind.dms().items()}
    assert {name: [text.split(", since")[0] for text in texts] for name, texts in messages.items()} == {
        "nadia": ["Correction: you are back in Radish"],
        "radovan": ["Correction: Nadia Brandt is back in your team Radish"],
        "lena": ["Correction: Nadia Brandt is not in your team Cucumber"],
    }
    claims = {
        "nadia": "you had left Radish",
        "radovan": "Nadia had left your team Radish",
        "lena": "Nadia had joined your team Cucumber",
    }
    assert {name: texts[0].splitlines()[1] for name, texts in messages.items()} == {
        name: f"The message above said that {claim}. That is no longer true (Okta profile)."
        for name, claim in claims.items()
    }
    assert all(post.thread_ts for post in nordwind.slack.posts[3:])


def test_a_real_next_move_is_a_new_story(nordwind: Nordwind) -> None:
    for values in ({"team": "cucumber", "managerId": "1"}, {"team": "it", "managerId": "3"}):
        nordwind.tenant.set_profile(nordwind.users["nadia"], values)
        nordwind.sync()
        nordwind.notify()
    assert [text.splitlines()[0] for text in nordwind.dms()["nadia"]] == [
        f"You moved from Radish to Cucumber on {today()} (Okta profile).",
        f"You moved from Cucumber to it on {today()} (Okta profile).",
    ]
    assert not Outbox.objects.filter(corrects__isnull=False).exists()


def test_a_correction_comes_although_the_kind_is_muted_since(nordwind: Nordwind) -> None:
    lose_and_tell(nordwind)
    row = Outbox.objects.get()
    Mute.objects.create(person_id=row.recipient_id or 0, kind="lost")
    restore(nordwind)
    nordwind.notify()
    assert len(nordwind.dms()["nadia"]) == 2


def test_a_correction_that_is_itself_overtaken_is_not_sent(nordwind: Nordwind, settings: Any) -> None:
    lose_and_tell(nordwind)
    known = settings.SIGHTLINE
    settings.SIGHTLINE = replace(known, notify="hold")
    restore(nordwind)
    nordwind.notify()
    assert Outbox.objects.get(corrects__isnull=False).state == "held"
    settings.SIGHTLINE = known
    Outbox.objects.update(released=True)
    Outbox.objects.filter(state="held").update(state="planned")
    nordwind.tenant.remove_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    nordwind.sync()
    nordwind.notify()
    texts = nordwind.dms()["nadia"]
    assert not any(text.startswith("Correction") for text in texts)


def test_what_comes_back_after_the_longest_wait_is_no_correction(nordwind: Nordwind, settings: Any) -> None:
    lose_and_tell(nordwind)
    restore(nordwind)
    late = datetime.now(UTC) + timedelta(hours=25)
    plan(settings.SIGHTLINE, late)
    assert not Outbox.objects.filter(corrects__isnull=False).exists()
