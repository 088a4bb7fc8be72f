"""The outbox: what is there, how it is narrowed, and what an admin releases or drops."""

import json
from uuid import UUID

import pytest

from notifier.models import MassChange, Outbox
from orgmodel.models import Move, Person
from tests.orgmodel.sync.world import moment
from tests.portal.conftest import SignIn
from tests.portal.keys import LENA, NADIA
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
    text = words(client.post("/outbox/decide/", {"do": "release", "id": str(one.pk)}, follow=True).content)
    assert "Released 1 message; what is released goes out at the next delivery." in text
    response = client.post("/outbox/decide/", {"do": "drop", "id": str(two.pk)})
    assert "1 message will never be sent" in words(response.content)
    assert f'name="id" value="{two.pk}"' in response.content.decode()
    assert states()["lost:two"] == "held"
    blank = client.post("/outbox/decide/", {"do": "drop", "id": str(two.pk), "reason": " "})
    assert "Say why: the reason is kept with your name." in words(blank.content)
    why = {"do": "drop", "id": str(two.pk), "reason": "a mistake of HR"}
    text = words(client.post("/outbox/decide/", why, follow=True).content)
    assert "Tomas Okafor dropped, " in text
    assert "a mistake of HR" in text
    assert "Dropped 1 message; what is dropped is never sent." in text
    assert states() == {"lost:one": "planned", "lost:two": "suppressed"}
    two.refresh_from_db()
    assert two.reason == "dropped by an admin"


def test_all_that_is_held_for_a_move_goes_together(as_person: SignIn) -> None:
    move = Move.objects.get(person__key=NADIA)
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
        {"do": "burn", "all": "yes"},
        {"do": "drop"},
        {"do": "drop", "id": "x"},
        {"do": "drop", "move": "x"},
        {"all": "yes"},
    ):
        text = words(client.post("/outbox/decide/", nothing, follow=True).content)
        assert "Choose which messages" in text
    assert states() == {"lost:one": "held", "lost:two": "held", "lost:planned": "planned"}
    client.post("/outbox/decide/", {"do": "drop", "all": "yes", "reason": "a mistake of HR"})
    assert states() == {"lost:one": "suppressed", "lost:two": "suppressed", "lost:planned": "planned"}


def test_the_release_of_all_asks_how_many_people_are_meant_and_why(as_person: SignIn) -> None:
    for key in ("one", "two", "three"):
        message(key)
    lena = Person.objects.get(key=LENA)
    Outbox.objects.filter(dedupe_key="lost:three").update(to=lena.email, recipient=lena)
    client, form = as_person("tomas"), {"do": "release", "all": "yes"}
    page = client.post("/outbox/decide/", form).content
    assert "3 messages to 2 people will go out at the next delivery. Only what is still true" in words(page)
    assert 'name="all" value="yes"' in page.decode()
    assert 'name="named" value="3"' in page.decode()
    blank = client.post("/outbox/decide/", form | {"reason": " "}).content
    assert "Say why: the reason is kept with your name." in words(blank)
    assert 'aria-invalid="true" aria-describedby="error-1"' in blank.decode()
    assert set(states().values()) == {"held"}
    assert client.get("/outbox/decide/").status_code == 405
    assert client.get("/outbox/decide/?do=release&all=yes&reason=x").status_code == 405
    client.post("/outbox/decide/", form | {"reason": "looked at a few", "named": "3"})
    assert set(states().values()) == {"planned"}


def test_what_is_held_since_the_question_is_asked_about_again(as_person: SignIn) -> None:
    message("one")
    message("two")
    form = {"do": "release", "all": "yes", "named": "1", "reason": "looked at it"}
    page = words(as_person("tomas").post("/outbox/decide/", form).content)
    assert "More messages are meant by now than you were asked about." in page
    assert "2 messages to 1 person will go out" in page
    assert states() == {"lost:one": "held", "lost:two": "held"}


def test_a_long_outbox_is_paged(as_person: SignIn) -> None:
    for number in range(60):
        message(str(number))
    page, links = read(as_person("tomas").get("/outbox/?state=held").content)
    assert "Page 1 of 2" in page
    assert links["Next"] == "?state=held&page=2"


def test_everything_is_stopped_and_resumed_by_an_admin_and_every_page_says_so(as_person: SignIn) -> None:
    client = as_person("tomas")
    assert "Say why" not in words(client.post("/outbox/decide/", {"do": "stop"}).content)
    client.post("/outbox/decide/", {"do": "stop", "reason": "wrong data in HR"})
    page = words(client.get("/outbox/").content)
    assert "All sending is stopped Tomas Okafor stopped it, " in page
    assert "wrong data in HR" in page
    assert "Nobody gets a message until an admin resumes sending." in words(client.get("/sources/").content)
    assert "All sending is stopped" not in words(as_person("lena").get("/sources/").content)
    client = as_person("tomas")
    again = words(client.post("/outbox/decide/", {"do": "stop", "reason": "twice"}, follow=True).content)
    assert "Sending is stopped already." in again
    client.post("/outbox/decide/", {"do": "resume", "reason": "HR is right again"})
    page = words(client.get("/outbox/").content)
    assert "All sending is stopped" not in page
    assert "Tomas Okafor resumed sending, " in page


def test_a_failed_message_is_sent_again_with_why(as_person: SignIn) -> None:
    failed, newer = message("one"), message("two")
    Outbox.objects.filter(pk=failed.pk).update(state="failed", reason="Slack refused it: is_archived")
    Outbox.objects.filter(pk=newer.pk).update(state="suppressed", reason="superseded by a newer version")
    client = as_person("tomas")
    assert 'value="again"' in client.get(f"/outbox/{failed.pk}/").content.decode()
    assert 'value="again"' not in client.get(f"/outbox/{newer.pk}/").content.decode()
    for pk in (failed.pk, newer.pk):
        client.post("/outbox/decide/", {"do": "again", "id": str(pk), "reason": "the account is back"})
    assert states() == {"lost:one": "planned", "lost:two": "suppressed"}
    assert "Tomas Okafor sent again, " in words(client.get(f"/outbox/{failed.pk}/").content)


def test_a_mass_change_is_one_decision(as_person: SignIn) -> None:
    batch = MassChange.objects.create(
        opened=moment(9), last_joined=moment(9), people=60, over="more than 50 people"
    )
    for key in ("one", "two", "three"):
        message(key)
    Outbox.objects.exclude(dedupe_key="lost:three").update(mass=batch)
    client = as_person("tomas")
    page = words(client.get("/outbox/").content)
    assert "60 people changed at once: 2 messages are held back More than 50 people, since" in page
    page = words(client.post("/outbox/decide/", {"do": "release", "mass": str(batch.pk)}).content)
    assert "2 messages to 1 person will go out at the next delivery." in page
    assert "What still comes of this change will go out as well." in page
    assert states() == {"lost:one": "held", "lost:two": "held", "lost:three": "held"}
    sure = {"do": "release", "mass": str(batch.pk), "reason": "HR confirmed it", "named": "2"}
    answer = client.post("/outbox/decide/", sure, follow=True)
    assert "Released 2 messages" in words(answer.content)
    assert "Tomas Okafor released 2 messages, " in words(answer.content)
    assert states() == {"lost:one": "planned", "lost:two": "planned", "lost:three": "held"}
    batch.refresh_from_db()
    assert batch.decision == "released"


def test_corrections_are_marked_and_listed_for_admins(as_person: SignIn) -> None:
    first, second = message("one"), message("two")
    Outbox.objects.filter(pk=second.pk).update(corrects=first)
    client = as_person("tomas")
    (only,) = json.loads(client.get("/outbox.json?only=corrections").getvalue())
    assert (only["id"], only["corrects"]) == (str(second.pk), str(first.pk))
    assert "access lost without a move correction" in words(client.get("/outbox/?only=corrections").content)
    assert (
        read(client.get(f"/outbox/{second.pk}/").content)[1]["an earlier message"] == f"/outbox/{first.pk}/"
    )


def test_one_message_is_there_as_json_as_the_list_has_it(as_person: SignIn) -> None:
    one = message("one")
    (row,) = json.loads(as_person("tomas").get("/outbox.json").getvalue())
    found = json.loads(as_person("tomas").get(f"/outbox/{one.pk}.json").content)
    assert (found["id"], found["kind"], found["state"]) == (str(one.pk), "lost", "held")
    assert found == row
    assert as_person("lena").get(f"/outbox/{one.pk}.json").status_code == 403
    assert as_person("tomas").get("/outbox/00000000-0000-4000-8000-000000000000.json").status_code == 404
