"""The outbox: what is there, how it is narrowed, and what an admin releases or drops."""

import json
from uuid import UUID

import pytest

from notifier.models import Outbox
from orgmodel.models import Move
from tests.portal.conftest import SignIn
from tests.portal.operations import message
from tests.portal.reading import read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]


def states() -> dict[str, str]:
    return dict(Outbox.objects.values_list("dedupe_key", "state"))


def test_every_message_is_listed_with_its_state_and_why(as_person: SignIn) -> None:
    held = message()
    page, links = read(as_person("tomas").get("/outbox/").content)
    assert "1 message is held back" in page
    assert "access lost without a move held back NOTIFY is set to hold" in page
    assert links["nadia@nordwind.example"] == f"/outbox/{held.pk}/"
    assert links["Held back 1"] == "/outbox/?state=held"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?state=held", 1),
        ("?state=sent", 0),
        ("?state=nonsense", 2),
        ("?kind=lost", 2),
        ("?kind=mover", 0),
        ("?q=NADIA@", 2),
        ("?q=quinn@", 0),
    ],
)
def test_the_address_narrows_the_list(query: str, count: int, as_person: SignIn) -> None:
    message()
    message("two", held="")
    client = as_person("tomas")
    assert len(json.loads(client.get(f"/outbox.json{query}").getvalue())) == count
    assert f"{count} messages" in words(client.get(f"/outbox/{query}").content).replace(
        "1 message Filter", "1 messages"
    ).replace("1 message ", "1 messages ")


def test_a_message_is_shown_exactly(as_person: SignIn) -> None:
    held = message()
    page = words(as_person("tomas").get(f"/outbox/{held.pk}/").content)
    assert "Your access to" in page
    assert "What a lock screen shows" in page
    assert "Not before 10 March 2026, 09:00 UTC" in page
    assert as_person("tomas").get(f"/outbox/{UUID(int=0)}/").status_code == 404


def test_one_message_is_released_and_another_dropped(as_person: SignIn) -> None:
    one, two = message("one"), message("two")
    client = as_person("tomas")
    said = words(client.post("/outbox/decide/", {"do": "release", "id": str(one.pk)}, follow=True).content)
    assert "Released 1 message; what is released goes out at the next delivery." in said
    said = words(client.post("/outbox/decide/", {"do": "drop", "id": str(two.pk)}, follow=True).content)
    assert "Dropped 1 message; what is dropped is never sent." in said
    assert states() == {"lost:one": "planned", "lost:two": "suppressed"}
    two.refresh_from_db()
    assert two.reason == "dropped by an admin"


def test_all_that_is_held_for_a_move_goes_together(as_person: SignIn) -> None:
    move = Move.objects.get(person__key="nadia")
    message("of the move", move=move.pk)
    message("of none")
    answer = as_person("tomas").post("/outbox/decide/", {"do": "release", "move": str(move.pk)})
    assert answer["Location"] == f"/moves/{move.pk}/"
    assert states() == {"lost:of the move": "planned", "lost:of none": "held"}


def test_all_that_is_held_goes_only_when_all_is_said(as_person: SignIn) -> None:
    message("one")
    message("two")
    message("planned", held="")
    client = as_person("tomas")
    for nothing in (
        {},
        {"do": "drop"},
        {"do": "drop", "id": "x"},
        {"do": "drop", "move": "x"},
        {"all": "yes"},
    ):
        said = words(client.post("/outbox/decide/", nothing, follow=True).content)
        assert "Choose which messages" in said
    assert states() == {"lost:one": "held", "lost:two": "held", "lost:planned": "planned"}
    client.post("/outbox/decide/", {"do": "drop", "all": "yes"})
    assert states() == {"lost:one": "suppressed", "lost:two": "suppressed", "lost:planned": "planned"}


def test_a_long_outbox_is_paged(as_person: SignIn) -> None:
    for number in range(60):
        message(str(number))
    page, links = read(as_person("tomas").get("/outbox/?state=held").content)
    assert "Page 1 of 2" in page
    assert links["Next"] == "?state=held&page=2"
