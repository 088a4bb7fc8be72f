"""What-if as a page: its form, its answer, its refusals, for people and for machines."""

import pytest

from tests.portal.conftest import SignIn
from tests.portal.reading import read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]
PAGE = "/people/nadia/what-if/"


def test_nothing_is_asked_yet(as_person: SignIn) -> None:
    answer = as_person("quinn").get(PAGE)
    said = words(answer.content)
    assert "What would change for Nadia Brandt?" in said
    assert "Nothing is asked yet" in said
    page = answer.content.decode()
    assert '<option value="radish"></option>' in page
    assert '<option value="engineering"></option>' in page


def test_fields_pairs_and_sets_ask_the_same(as_person: SignIn) -> None:
    client = as_person("quinn")
    for query in (
        "team=radish&department=design",
        "set=team%3Dradish&set=department%3Ddesign",
        "team=radish&attribute=user.department&value=design",
    ):
        told = client.get(f"/people/nadia/what-if.json?{query}").json()
        assert told["set"] == {"team": "radish", "department": "design"}
        assert [each["app"] for each in told["gains"]] == ["Radish staging"]
        assert [each["app"] for each in told["loses"]] == ["Datadog", "Figma"]
        assert [each["app"] for each in told["keeps"]] == ["Radish on-call", "Slack"]
        assert told["groups_gained"] == ["team-radish"]
        assert told["groups_lost"] == ["dept-engineering", "team-cucumber"]


def test_the_answer_in_words(as_person: SignIn) -> None:
    said, links = read(as_person("quinn").get(f"{PAGE}?team=radish&department=design").content)
    assert "Nadia Brandt would gain 1 app, lose 2 apps and keep 2 apps." in said
    assert "Would come 1 Radish staging – Admin Because team would be radish (rule “Radish team”)." in said
    assert "Groups that would take them in 1 team-radish" in said
    assert "Groups that would let them go 2 dept-engineering team-cucumber" in said
    assert "Would stay: 2 apps Radish on-call Slack" in said
    assert links["JSON"] == "/people/nadia/what-if.json?team=radish&department=design"


def test_what_no_field_shows_stays_in_the_form(as_person: SignIn) -> None:
    page = as_person("quinn").get(f"{PAGE}?set=team%3D&set=title%3D").content.decode()
    assert 'name="attribute" value="team"' in page
    assert '<input type="hidden" name="set" value="title=">' in page


def test_a_value_that_nobody_has_is_doubted(as_person: SignIn) -> None:
    said = words(as_person("quinn").get(f"{PAGE}?team=radishh").content)
    assert "Look again Nobody has team radishh now. Nearest: radish." in said


def test_a_date_says_that_the_question_is_about_today(as_person: SignIn) -> None:
    client = as_person("quinn")
    said = words(client.get(f"{PAGE}?team=radish&at=2026-03-01").content)
    assert "This question is about today" in said
    assert "lose 0 apps" in said
    assert "This question is about today" not in words(client.get(f"{PAGE}?team=radish").content)


def test_somebody_who_is_not_there(as_person: SignIn) -> None:
    answer = as_person("quinn").get("/people/nadja/what-if/?team=radish")
    assert answer.status_code == 404
    assert "No person is known as 'nadja'." in words(answer.content)


def test_hostile_values_stay_text(as_person: SignIn) -> None:
    hostile = "%3Cscript%3Ealert(1)%3C/script%3E"
    for query in (f"team={hostile}", f"attribute=title&value={hostile}", f"title=a&set=title%3D{hostile}"):
        page = as_person("hostile").get(f"/people/hostile/what-if/?{query}").content.decode()
        assert "<script>alert" not in page
        assert "x" * 5000 not in page


def test_a_person_s_page_leads_here(as_person: SignIn) -> None:
    _, links = read(as_person("quinn").get("/people/nadia/").content)
    assert links["What would change with another team or title"] == PAGE


def test_like_a_colleague(as_person: SignIn) -> None:
    client = as_person("quinn")
    assert client.get(f"{PAGE}?like=tomas")["Location"] == f"{PAGE}?set=team%3Dradish"
    told = client.get("/people/nadia/what-if.json?like=tomas&team=fennel", follow=True).json()
    assert told["set"] == {"team": "fennel"}
    page = client.get(f"{PAGE}?like=tomas", follow=True).content.decode()
    assert 'name="team" value="radish"' in page
    alike = words(client.get(f"{PAGE}?like=nadia", follow=True).content)
    assert "No rule sees a difference between the two." in alike
    assert client.get(f"{PAGE}?like=nobody").status_code == 404
