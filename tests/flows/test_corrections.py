"""What was sent and turned out wrong: corrected once, in the thread, to each who was told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifier.models import Mute, Outbox
from notifier.plan import plan
from orgmodel.models import Change

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
        f"The message above no longer holds.\nEverything: {link()}"
    )
    rows = {each["dedupe_key"]: each for each in nordwind.outbox()}
    told = next(each for key, each in rows.items() if not key.startswith("correction:"))
    corrected = rows[f"correction:{told['id']}"]
    assert (corrected["kind"], corrected["corrects"], told["corrects"]) == ("lost", told["id"], None)


def test_a_move_taken_back_after_it_was_told_is_a_correction_and_no_new_story(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    nordwind.sync()
    nordwind.notify()
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "radish", "managerId": "2"})
    nordwind.sync()
    nordwind.notify()
    nordwind.notify()
    told = {name: texts[1:] for name, texts in nordwind.dms().items()}
    assert {name: [text.split(", since")[0] for text in texts] for name, texts in told.items()} == {
        "nadia": ["Correction: you are back in Radish"],
        "radovan": ["Correction: Nadia Brandt is back in your team Radish"],
        "lena": ["Correction: Nadia Brandt is not in your team Cucumber"],
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
