"""Who gets in: every page as its owner, as somebody signed in who is no person, and as nobody."""

from dataclasses import replace

import pytest
from django.conf import LazySettings
from django.test import Client

from orgmodel.models import Person
from tests.portal.conftest import SignIn
from tests.portal.keys import LENA, NADIA, QUINN
from tests.portal.reading import read, words

pytestmark = pytest.mark.django_db

PAGES = (
    "/",
    "/teams/",
    "/teams/cucumber/",
    "/people/",
    f"/people/{NADIA}/",
    f"/people/{NADIA}/?tab=groups",
    f"/people/{NADIA}/?tab=reports",
    f"/people/{NADIA}/?tab=history",
    f"/people/{NADIA}/why/figma-3cc92972d4/",
    f"/people/{NADIA}/why/radish-staging-3ea1735a81/",
    f"/people/{QUINN}/why/team-cucumber-bcda84a3ba/",
    "/apps/",
    "/apps/figma-3cc92972d4/",
    "/groups/",
    "/groups/team-cucumber-bcda84a3ba/",
    "/rules/",
    "/rules/1728d577b2/",
    "/attributes/team/",
    f"/people/{NADIA}/what-if/?team=radish",
    "/compare/",
    "/compare/?a=nadia&b=quinn",
    "/people/?since=2026-03-01",
    f"/people/{NADIA}/?since=2026-03-01",
    "/apps/figma-3cc92972d4/?since=2026-03-01",
    "/search/?q=cuc",
    "/search/?q=cuc&partial=palette",
)


@pytest.mark.parametrize("address", PAGES)
def test_an_employee_sees_every_page(address: str, nordwind: None, as_person: SignIn) -> None:
    answer = as_person("nadia").get(address)
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"].startswith("default-src 'self'")


@pytest.mark.parametrize("address", PAGES)
def test_nobody_is_asked_to_sign_in(address: str, nordwind: None) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/?next=/")


def test_before_the_first_sync_nobody_is_told_that_their_account_is_at_fault(as_person: SignIn) -> None:
    page = words(as_person("stranger").get("/").content)
    assert "Sightline has not synced anybody yet, so it does not know you" in page
    assert "your account is suspended" not in page


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_told_what_to_do(address: str, nordwind: None, as_person: SignIn) -> None:
    answer = as_person("stranger").get(address)
    assert answer.status_code == 403
    assert "no person of the company has your address" in answer.content.decode()
    assert "Cucumber" not in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/?at=yesterday", "Give a date such as 2026-03-01"),
        ("/teams/?at=2999-01-01", "2999-01-01 is in the future; choose today or an earlier date."),
        (f"/people/{NADIA}/?at=2026-13-01", "Give a date such as 2026-03-01"),
        ("/apps/figma-3cc92972d4.csv?at=x", "Give a date such as 2026-03-01"),
    ],
)
def test_a_date_that_cannot_be_is_told_kindly(
    address: str, sentence: str, nordwind: None, as_person: SignIn
) -> None:
    answer = as_person("nadia").get(address)
    assert answer.status_code == 400
    assert sentence in words(answer.content)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/people/nadja/", "No person is known as “nadja”."),
        ("/teams/cucumbr/", "No team or unit is known as “cucumbr”. Nearest: Cucumber."),
        ("/apps/00gcuc/", "No app is known as “00gcuc”."),
        ("/groups/0oafigma/", "No group is known as “0oafigma”."),
        (f"/people/{NADIA}/why/Fgma/", "No app or group is known as “Fgma”. Nearest: Figma."),
        ("/nowhere/", "There is nothing at this address"),
    ],
)
def test_a_name_that_leads_nowhere_offers_the_nearest(
    address: str, sentence: str, nordwind: None, as_person: SignIn
) -> None:
    answer = as_person("nadia").get(address)
    assert answer.status_code == 404
    assert sentence in words(answer.content)


def test_what_is_confidential_exists_for_those_who_hold_it_and_for_admins(
    nordwind: None, as_person: SignIn
) -> None:
    why, group = f"/people/{LENA}/why/works-council-e5e40af171/", "/groups/works-council-e5e40af171/"
    assert as_person("lena").get(why).status_code == 200
    assert as_person("tomas").get(group).status_code == 200
    for address in (why, group, f"/people/{NADIA}/why/works-council-e5e40af171/"):
        assert as_person("nadia").get(address).status_code == 404
    assert "works-council" not in as_person("nadia").get(f"/people/{LENA}/?tab=groups").content.decode()
    assert "works-council" not in as_person("nadia").get("/search/?q=works").content.decode()
    assert "works-council" not in as_person("nadia").get("/groups.csv").getvalue().decode()
    assert "No one you are allowed to see" in words(
        as_person("nadia").get("/apps/council-files-f4e058a86e/").content
    )
    assert "Lena Osei" in words(as_person("tomas").get("/apps/council-files-f4e058a86e/").content)


def test_whoever_has_left_is_out_though_the_session_lives(nordwind: None, as_person: SignIn) -> None:
    client = as_person("quinn")
    assert client.get("/").status_code == 200
    Person.objects.filter(key=QUINN).update(status="ended")
    assert client.get("/").status_code == 403


def test_a_portal_without_a_login_serves_nothing_but_its_health(
    nordwind: None, as_person: SignIn, settings: LazySettings
) -> None:
    settings.SIGHTLINE = replace(settings.SIGHTLINE, entrance="closed")
    for address in ("/", "/people/", "/login/", f"/people/{NADIA}.json"):
        answer = as_person("nadia").get(address)
        assert answer.status_code == 503
        assert "set OIDC_ISSUER" in answer.content.decode()
    assert Client().get("/healthz").status_code == 200


@pytest.fixture
def demo(nordwind: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Client:
    settings.SIGHTLINE = replace(settings.SIGHTLINE, entrance="demo")
    monkeypatch.setattr("portal.requests.default_persona", lambda: "nadia@nordwind.example")
    monkeypatch.setattr("portal.views.entrance.PERSONAS", (("lena@nordwind.example", "Lena"),))
    return Client()


def test_the_demo_looks_with_the_eyes_of_its_personas(demo: Client) -> None:
    assert "What do I have? What if I moved? 4 apps" in words(demo.get("/").content)
    answer = demo.post("/persona/", {"persona": "lena@nordwind.example", "next": "/people/?q=a"})
    assert answer["Location"] == "/people/?q=a"
    assert "What do I have? What if I moved? 5 apps" in words(demo.get("/").content)


def test_the_demo_takes_only_its_personas_and_stays_here(demo: Client) -> None:
    answer = demo.post("/persona/", {"persona": "tomas@nordwind.example", "next": "//evil.example/"})
    assert answer["Location"] == "/"
    assert "What do I have? What if I moved? 4 apps" in words(demo.get("/").content)
    assert demo.get("/persona/").status_code == 405


def test_outside_the_demo_nobody_changes_eyes(nordwind: None, as_person: SignIn) -> None:
    client = as_person("nadia")
    assert client.post("/persona/", {"persona": "lena.osei@nordwind.example"}).status_code == 404
    session = client.session
    session["persona"] = "lena@nordwind.example"
    session.save()
    assert "What do I have? What if I moved? 4 apps" in words(client.get("/").content)


@pytest.mark.parametrize(
    "address",
    [
        *("/search/?q=%00", "/people/?q=a%00", "/apps/?sort=%00", "/teams/%00/", "/people/%00/why/x/"),
        *(f"/people/{NADIA}/why/%00/", "/changes/?text=%00", "/drift/?owner=%00", "/outbox/?q=%00"),
    ],
)
def test_a_nul_character_is_refused_with_a_sentence(address: str, nordwind: None, as_person: SignIn) -> None:
    answer = as_person("nadia").get(address)
    assert answer.status_code == 400
    assert "The address or form contains a NUL character." in words(answer.content)


def test_a_nul_character_in_a_form_is_refused_too(nordwind: None, as_person: SignIn) -> None:
    assert as_person("tomas").post("/outbox/decide/", {"id": "\x00"}).status_code == 400


@pytest.mark.usefixtures("nordwind")
def test_an_endless_text_in_an_address_is_answered_by_a_page_of_ours(as_person: SignIn) -> None:
    for page in ("/search/", "/people/", "/compare/"):
        answer = as_person("nadia").get(page, {"q": "x" * 1001})
        assert answer.status_code == 400
        assert "A text in the address is longer than 1,000 characters." in words(answer.content)
        assert as_person("nadia").get(page, {"q": "x" * 1000}).status_code == 200


@pytest.mark.usefixtures("nordwind")
def test_text_fields_of_an_address_take_200_characters(as_person: SignIn) -> None:
    for page in ("/search/", "/people/", "/compare/", f"/people/{NADIA}/what-if/"):
        text = as_person("nadia").get(page).content.decode()
        fields = [each for each in text.split("<") if each.startswith("input") and is_text(each)]
        assert fields
        assert [each for each in fields if 'maxlength="200"' not in each] == []


def is_text(tag: str) -> bool:
    return not any(f'type="{kind}"' in tag for kind in ("hidden", "date", "radio", "checkbox"))


@pytest.mark.usefixtures("nordwind")
def test_somebody_who_has_left_reads_one_way_out_and_no_dead_links(as_person: SignIn) -> None:
    text, links = read(as_person("stranger").get("/").content)
    assert text.count("ask IT") == 1
    assert "If that is wrong, ask IT to check your Okta profile." in text
    assert set(links.values()) <= {"#main"}
