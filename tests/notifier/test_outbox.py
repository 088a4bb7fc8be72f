"""The outbox: nothing twice, older versions give way, humans hold and release."""

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from notifier import acts, outbox
from notifier.acts import Actor
from notifier.models import Outbox
from notifier.outbox import Draft
from orgmodel.models import Person

from .conftest import NOW, move, person
from .examples import STORIES

pytestmark = pytest.mark.django_db


def draft(to: Person, key: str, **more: object) -> Draft:
    return replace(
        Draft(
            kind="mover",
            to=to.email,
            recipient_id=to.pk,
            story=STORIES["mover"],
            dedupe_key=key,
            not_before=NOW,
            deadline=NOW + timedelta(days=2),
        ),
        **more,  # type: ignore[arg-type]  # each test names fields of Draft
    )


def states() -> dict[str, tuple[str, str]]:
    return {row.dedupe_key: (row.state, row.reason) for row in Outbox.objects.all()}


def test_the_same_key_is_planned_once_even_within_one_call() -> None:
    ada = person("ada")
    first = outbox.enqueue([draft(ada, "one"), draft(ada, "one")])
    again = outbox.enqueue([draft(ada, "one"), draft(ada, "two")])

    assert (len(first), len(again)) == (1, 1)
    assert states() == {"one": ("planned", ""), "two": ("planned", "")}


def test_a_newer_version_takes_the_place_of_unsent_ones() -> None:
    ada, bo = person("ada"), person("bo")
    case, other = move(ada), move(ada)
    outbox.enqueue(
        [
            draft(ada, "r1", move_id=case.pk, revision=1),
            draft(bo, "bo r1", move_id=case.pk, revision=1),
            draft(ada, "other", move_id=other.pk, revision=1),
            draft(ada, "manager", kind="old_manager", move_id=case.pk, revision=1),
        ]
    )
    outbox.enqueue([draft(ada, "r2", move_id=case.pk, revision=2)])

    assert states() == {
        "r1": ("suppressed", "superseded by a newer version"),
        "bo r1": ("planned", ""),
        "other": ("planned", ""),
        "manager": ("planned", ""),
        "r2": ("planned", ""),
    }


def test_a_newer_version_of_a_held_message_is_held() -> None:
    ada = person("ada")
    case = move(ada)
    outbox.enqueue([draft(ada, "r1", move_id=case.pk, revision=1, held="too many people at once")])
    outbox.enqueue([draft(ada, "r2", move_id=case.pk, revision=2)])

    assert states() == {
        "r1": ("suppressed", "superseded by a newer version"),
        "r2": ("held", "too many people at once"),
    }


def test_held_messages_are_released_and_dropped_with_who_and_why() -> None:
    ada = person("ada")
    outbox.enqueue([draft(ada, "one", held="wait"), draft(ada, "two", held="wait")])
    one, two = (Outbox.objects.get(dedupe_key=key).pk for key in ("one", "two"))
    tomas = Actor("Tomas Okafor")

    assert outbox.due(NOW) == []
    assert acts.release([one], tomas) == 1
    with pytest.raises(acts.Refused, match="A reason is needed"):
        acts.drop([two], tomas, " ")
    assert acts.drop([two], tomas, "sent to the wrong people") == 1
    assert acts.drop([two], tomas, "once more") == 0
    assert [each.id for each in outbox.due(NOW)] == [one]
    assert [(each.act, each.who, each.reason, each.count) for each in acts.acts()] == [
        ("drop", "Tomas Okafor", "sent to the wrong people", 1),
        ("release", "Tomas Okafor", "", 1),
    ]
    assert [each.act for each in acts.acts(one)] == ["release"]
    assert states() == {
        "one": ("planned", "released by an admin"),
        "two": ("suppressed", "dropped by an admin"),
    }
    assert outbox.counts() == {
        "planned": 1,
        "held": 0,
        "sending": 0,
        "sent": 0,
        "uncertain": 0,
        "failed": 0,
        "suppressed": 1,
    }


def test_due_means_between_the_two_times_the_longest_waiting_first() -> None:
    ada = person("ada")
    outbox.enqueue(
        [
            draft(ada, "later", not_before=NOW + timedelta(seconds=1)),
            draft(ada, "now"),
            draft(ada, "long ago", not_before=NOW - timedelta(days=1)),
            draft(ada, "too late", not_before=NOW - timedelta(days=3), deadline=NOW),
        ]
    )
    assert [each.dedupe_key for each in outbox.due(NOW)] == ["long ago", "now"]


def test_the_json_of_the_contract() -> None:
    ada = person("ada")
    case = move(ada)
    [one] = outbox.enqueue([draft(ada, "one", move_id=case.pk, revision=3, story=STORIES["admin"])])

    [message] = outbox.outbox_json(outbox.messages())

    text, blocks = message.pop("text"), message.pop("blocks")
    assert text.startswith("212 people would hear of one change")
    assert blocks[0]["type"] == "header"
    assert message == {
        "id": str(one),
        "kind": "mover",
        "to": "ada@nordwind.example",
        "state": "planned",
        "reason": "",
        "not_before": "2026-03-03T10:00:00+00:00",
        "dedupe_key": "one",
        "move": case.pk,
        "revision": 3,
        "corrects": None,
    }


def test_messages_can_be_narrowed() -> None:
    ada, bo = person("ada"), person("bo")
    case = move(ada)
    [one] = outbox.enqueue([draft(ada, "one", move_id=case.pk)])
    [two] = outbox.enqueue([draft(bo, "two", held="wait")])

    assert [each.id for each in outbox.messages(["held"])] == [two]
    assert [each.id for each in outbox.messages(move=case.pk)] == [one]
    assert [each.id for each in outbox.messages(recipient=bo.pk)] == [two]
    assert len(outbox.messages(most=1)) == 1
    found = outbox.message(one)
    assert found is not None
    assert found.dedupe_key == "one"


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost in the post"},
        {"state": "sent"},
        {"state": "sent", "sent_at": NOW},
        {"state": "sending"},
        {"claim_token": "0d9f6c1e-5f0e-4a4e-9a52-6a6f1b0a7c11"},
    ],
)
def test_the_database_refuses_impossible_states(wrong: dict[str, object]) -> None:
    outbox.enqueue([draft(person("ada"), "one")])
    with pytest.raises(IntegrityError), transaction.atomic():
        Outbox.objects.update(**wrong)


def test_the_command_shows_state_reason_and_text() -> None:
    outbox.enqueue([draft(person("ada"), "one", held="wait")])
    output, as_json = StringIO(), StringIO()
    call_command("outbox", stdout=output)
    call_command("outbox", "--json", "--state", "planned", stdout=as_json)

    assert output.getvalue().startswith(
        "held (wait) · mover · to ada@nordwind.example · due 2026-03-03 10:00\n    You moved"
    )
    assert output.getvalue().endswith("1 message\n")
    assert json.loads(as_json.getvalue()) == []
