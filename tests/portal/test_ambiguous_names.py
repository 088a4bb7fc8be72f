"""Pages that are given a name which fits several: candidates as links, and nothing typed is lost."""

import pytest

from orgmodel.models import Assignment, Person, Resource
from tests.portal.conftest import SignIn
from tests.portal.keys import LENA, NADIA, QUINN
from tests.portal.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]


@pytest.fixture(autouse=True)
def two_of_a_name(nordwind: None) -> None:
    Person.objects.filter(key__in=[LENA, QUINN]).update(name="Anton Falk")


def test_the_comparison_keeps_its_form_and_asks_which(as_person: SignIn) -> None:
    answer = as_person("nadia").get("/compare/?a=Anton+Falk&b=anton+falk&until=2026-03-05")
    assert answer.status_code == 300
    text, links = read(answer.content)
    assert "“Anton Falk” is the name of more than one person or team." in text
    assert "lena@nordwind.example" in text
    assert "quinn@nordwind.example" in text
    assert f"/compare/?a={LENA}&b=anton+falk&until=2026-03-05" in links.values()
    assert f"/compare/?a={QUINN}&b=anton+falk&until=2026-03-05" in links.values()
    page = answer.content.decode()
    assert 'value="Anton Falk"' in page
    assert 'value="anton falk"' in page
    assert 'value="2026-03-05"' in page
    second = as_person("nadia").get("/compare/?a=quinn&b=Anton+Falk")
    assert f"/compare/?a=quinn&b={LENA}" in read(second.content)[1].values()
    json = as_person("nadia").get("/compare.json?a=quinn&b=Anton+Falk")
    assert (json.status_code, [each["key"] for each in json.json()["candidates"]]) == (300, [LENA, QUINN])


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/people/Anton%20Falk/", f"/people/{QUINN}/"),
        (
            "/people/anton%20falk/why/figma-3cc92972d4/?at=2026-03-05",
            f"/people/{QUINN}/why/figma-3cc92972d4/?at=2026-03-05",
        ),
        (
            f"/people/{NADIA}/what-if/?like=Anton+Falk&title=Cook",
            f"/people/{NADIA}/what-if/?like={QUINN}&title=Cook",
        ),
        ("/changes/?person=Anton+Falk&verb=gained", f"/changes/?person={QUINN}&verb=gained"),
    ],
)
def test_any_page_asks_which_and_goes_on_with_the_rest(address: str, link: str, as_person: SignIn) -> None:
    answer = as_person("nadia").get(address)
    assert answer.status_code == 300
    text, links = read(answer.content)
    assert "Which one do you mean?" in text
    assert link in links.values()


def test_an_app_of_a_name_that_several_have(as_person: SignIn) -> None:
    apps = Resource.objects.filter(kind="app", ended=None).order_by("native_id")[:2]
    first, second = (each.key for each in apps)
    Resource.objects.filter(key__in=[first, second]).update(name="My Web App")
    for page in (f"/people/{NADIA}/why/{{}}/", "/apps/{}/"):
        answer = as_person("tomas").get(page.format("My%20Web%20App"))
        assert answer.status_code == 300
        links = set(read(answer.content)[1].values())
        assert {page.format(first), page.format(second)} <= links
    assert as_person("tomas").get("/apps/my%20web%20app.json").json()["candidates"][0]["key"] == first


def test_the_search_tells_apart_who_and_what_share_a_name(as_person: SignIn) -> None:
    Resource.objects.filter(name__in=["Slack", "Datadog"]).update(name="My Web App")
    text, _ = read(as_person("nadia").get("/search/?q=Anton+Falk").content)
    assert "Anton Falk Cucumber, Engineering · Team lead · lena@nordwind.example" in text
    assert "Anton Falk Fennel, Design" in text
    text, _ = read(as_person("nadia").get("/search/?q=who+has+My+Web+App").content)
    assert "Who has My Web App? app · 0oadog Who has My Web App? app · 0oaslack" in text
    text, _ = read(as_person("nadia").get("/search/?q=why+does+Anton+Falk+have+My+Web+App").content)
    assert "Cucumber, Engineering · Team lead · lena@nordwind.example · app · 0oadog" in text
    text, _ = read(as_person("nadia").get("/search/?q=My+Web+App").content)
    assert "people · 0oadog" in text


def test_who_shares_all_that_is_shown_is_told_apart_by_the_login(as_person: SignIn) -> None:
    lena, quinn = (Person.objects.get(key=key) for key in (LENA, QUINN))
    Assignment.objects.filter(person__in=[lena, quinn]).delete()
    Person.objects.filter(pk__in=[lena.pk, quinn.pk]).update(email="falk@nordwind.example", title="")
    text, _ = read(as_person("nadia").get("/people/Anton%20Falk/").content)
    assert "Anton Falk falk@nordwind.example · signs in as lena@nordwind.example" in text
    assert "Anton Falk falk@nordwind.example · signs in as quinn@nordwind.example" in text


def test_a_comparison_with_nobody_keeps_its_form(as_person: SignIn) -> None:
    answer = as_person("nadia").get("/compare/?a=quinn&b=Nobdy")
    assert answer.status_code == 404
    assert "No person or team is known as “Nobdy”." in read(answer.content)[0]
    page = answer.content.decode()
    assert 'value="quinn"' in page
    assert 'value="Nobdy"' in page
