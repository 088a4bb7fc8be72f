"""What-if as a page: its form, its answer, its refusals, for people and for machines."""

from html import escape

import pytest

from orgmodel.models import Person, ProfileAttribute, Run
from portal.templatetags.sightline import choices_of
from tests.orgmodel.sync.world import moment
from tests.portal.conftest import SignIn
from tests.portal.keys import MALLORY, NADIA
from tests.portal.reading import read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]
PAGE = f"/people/{NADIA}/what-if/"


def test_nothing_is_asked_yet(as_person: SignIn) -> None:
    answer = as_person("quinn").get(PAGE)
    text = words(answer.content)
    assert "What would change for Nadia Brandt?" in text
    assert "Nothing is asked yet" in text
    page = answer.content.decode()
    assert '<option value="Radish">team Radish</option>' in page
    assert '<option value="Engineering">department Engineering</option>' in page


def test_fields_pairs_and_sets_ask_the_same(as_person: SignIn) -> None:
    client = as_person("quinn")
    for query in (
        "team=radish&department=design",
        "set=team%3Dradish&set=department%3Ddesign",
        "team=radish&attribute=user.department&value=design",
    ):
        data = client.get(f"/people/{NADIA}/what-if.json?{query}").json()
        assert data["set"] == {"team": "radish", "department": "design"}
        assert [each["app"] for each in data["gains"]] == ["Radish staging"]
        assert [each["app"] for each in data["loses"]] == ["Datadog", "Figma"]
        assert [each["app"] for each in data["keeps"]] == ["Radish on-call", "Slack"]
        assert (data["follows"], data["level_changed"]) == ({}, [])
        assert data["groups_gained"] == ["team-radish"]
        assert data["groups_lost"] == ["dept-engineering", "team-cucumber"]


def test_the_answer_in_words(as_person: SignIn) -> None:
    text, links = read(as_person("quinn").get(f"{PAGE}?team=radish&department=design").content)
    assert "Nadia Brandt would gain 1 app, lose 2 apps and keep 2 apps." in text
    assert "New 1 R Radish staging comes with the team Radish Admin" in text
    assert "Gone 2 D Datadog came with the department Engineering" in text
    assert "F Figma came with the team Cucumber Editor" in text
    assert "Into team-radish . Out of dept-engineering , team-cucumber ." in text
    assert "Unchanged 2 The apps that stay the same Radish on-call Slack" in text
    assert links["JSON"] == f"/people/{NADIA}/what-if.json?team=radish&department=design"


def test_what_no_field_shows_stays_in_the_form(as_person: SignIn) -> None:
    page = as_person("quinn").get(f"{PAGE}?set=team%3D&set=title%3D").content.decode()
    assert 'name="attribute" value="team"' in page
    assert '<input type="hidden" name="set" value="title=">' in page


def test_a_move_is_the_whole_move(as_person: SignIn) -> None:
    client = as_person("quinn")
    data = client.get(f"/people/{NADIA}/what-if.json?move=Fennel").json()
    assert (data["set"], data["follows"]) == ({"team": "fennel"}, {"department": "design"})
    answer = client.get(f"{PAGE}?move=Fennel")
    text, links = read(answer.content)
    assert "What if Nadia Brandt moved to Fennel?" in text
    assert "Department Fennel belongs to Design." in text
    assert "The manager does not follow:" in text
    assert links["Change only the team"] == "?move=Fennel&keep=department"
    page = answer.content.decode()
    assert 'name="follow-department" value="Design"' in page
    assert 'name="brought-department" value="Design"' in page


def test_what_follows_may_be_edited_and_left_out(as_person: SignIn) -> None:
    client = as_person("quinn")
    form = f"{PAGE}?move=Fennel&brought-department=Design&follow-department="
    assert client.get(f"{form}Design")["Location"] == f"{PAGE}?move=Fennel"
    assert client.get(form)["Location"] == f"{PAGE}?move=Fennel&keep=department"
    edited = client.get(f"{form}Engineering")["Location"]
    assert edited == f"{PAGE}?move=Fennel&set=department%3DEngineering"
    # What was brought for one unit and not edited follows the next.
    assert client.get(f"{form}Design&move=Radish")["Location"] == f"{PAGE}?move=Radish"
    text = words(client.get(edited).content)
    assert "The department is set by you: the move would bring Design." in text
    kept = words(client.get(f"{PAGE}?move=Fennel&keep=department").content)
    assert "The department stays as it is, as you asked: the move would bring Design." in kept


def test_to_oneself_it_says_you(as_person: SignIn) -> None:
    text = words(as_person("nadia").get(f"{PAGE}?move=Radish").content)
    assert "What if you moved to Radish?" in text
    assert "You would gain 1 app, lose 0 apps and keep 3 apps. 1 app would be held at another level." in text
    assert "Lowered 1 F Figma came with the team Cucumber Viewer instead of Editor" in text


def test_a_value_that_nobody_has_is_refused_and_kept(as_person: SignIn) -> None:
    client = as_person("quinn")
    answer = client.get(f"{PAGE}?set=team%3Dradishh&title=Boss")
    text = words(answer.content)
    assert answer.status_code == 400
    assert "No person, rule or unit has the team “radishh”. Nearest: Radish." in text
    page = answer.content.decode()
    assert 'name="attribute" value="team"' in page
    assert 'name="value" value="radishh"' in page
    assert 'name="title" value="Boss"' in page
    assert '<a href="#field-value">' in page
    assert page.index('id="error-1"') < page.index('id="field-move"'), "errors stand above the form"
    refused = client.get(f"/people/{NADIA}/what-if.json?move=Nowhere")
    assert refused.status_code == 400
    assert refused.json()["refusal"] == "No team or unit is known as “Nowhere”."


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("move=Nowhere", "field-move"),
        ("title=Boss&attribute=team&value=radishh", "field-value"),
        ("like=nobody", "field-like"),
    ],
)
def test_an_error_is_tied_to_its_field(query: str, field: str, as_person: SignIn) -> None:
    page = as_person("quinn").get(f"{PAGE}?{query}").content.decode()
    (tag,) = (each for each in page.split("<") if f'id="{field}"' in each)
    assert 'aria-invalid="true" aria-describedby="error-' in tag
    assert f'<a href="#{field}">' in page


def test_a_date_says_that_the_question_is_about_today(as_person: SignIn) -> None:
    client = as_person("quinn")
    text = words(client.get(f"{PAGE}?team=radish&at=2026-03-01").content)
    assert "This question is about today" in text
    assert "lose 0 apps" in text
    assert "This question is about today" not in words(client.get(f"{PAGE}?team=radish").content)


def test_somebody_who_is_not_there(as_person: SignIn) -> None:
    answer = as_person("quinn").get("/people/nadja/what-if/?team=radish")
    assert answer.status_code == 404
    assert "No person is known as “nadja”." in words(answer.content)


def test_hostile_values_stay_text(as_person: SignIn) -> None:
    hostile = "%3Cscript%3Ealert(1)%3C/script%3E"
    for query in (f"team={hostile}", f"attribute=title&value={hostile}", f"title=a&set=title%3D{hostile}"):
        page = as_person("hostile").get(f"/people/{MALLORY}/what-if/?{query}").content.decode()
        assert "<script>alert" not in page
        assert "x" * 5000 not in page


def test_a_person_s_page_leads_here(as_person: SignIn) -> None:
    _, links = read(as_person("quinn").get(f"/people/{NADIA}/").content)
    assert links["What would change with another team or title"] == PAGE


def test_like_a_colleague(as_person: SignIn) -> None:
    client = as_person("quinn")
    assert client.get(f"{PAGE}?like=tomas")["Location"] == f"{PAGE}?set=team%3Dradish"
    data = client.get(f"/people/{NADIA}/what-if.json?like=tomas&team=fennel", follow=True).json()
    assert data["set"] == {"team": "fennel"}
    page = client.get(f"{PAGE}?like=tomas", follow=True).content.decode()
    assert 'name="attribute" value="team"' in page
    alike = words(client.get(f"{PAGE}?like=nadia", follow=True).content)
    assert "No rule sees a difference between the two." in alike
    assert client.get(f"{PAGE}?like=nobody").status_code == 404


@pytest.mark.parametrize(
    ("query", "sentence", "kept"),
    [
        (
            "move=radish&title=Boss&attribute=teem&value=<b>",
            "No attribute is known as “teem”. Nearest: team. Correct it and ask again.",
            {"move": "radish", "title": "Boss", "attribute": "teem", "value": "<b>"},
        ),
        (
            "like=nobody+at+all&title=Boss&attribute=team&value=radish&keep=department",
            "No person is known as “nobody at all”. Correct it and ask again.",
            {
                "like": "nobody at all",
                "title": "Boss",
                "attribute": "team",
                "value": "radish",
                "keep": "department",
            },
        ),
        (
            "move=radish&follow-department=nowhere&brought-department=x&like=nobody",
            "No person is known as “nobody”. Correct it and ask again.",
            {"move": "radish", "like": "nobody", "attribute": "department", "value": "nowhere"},
        ),
        ("value=radish", "Choose a team to move to, or write any attribute", {"value": "radish"}),
    ],
)
def test_what_was_typed_is_never_lost(
    query: str, sentence: str, kept: dict[str, str], as_person: SignIn
) -> None:
    run = Run.objects.earliest("pk")
    for name in ("team", "title", "department"):
        ProfileAttribute.objects.create(
            source="okta", name=name, type="string", began=moment(0), run_began=run
        )
    answer = as_person("quinn").get(f"{PAGE}?{query}")
    assert answer.status_code == (404 if "Correct it" in sentence else 200)
    assert sentence in words(answer.content)
    page = answer.content.decode()
    for name, value in kept.items():
        assert f'name="{name}" value="{escape(value)}"' in page
    if "Correct it" in sentence:
        assert as_person("quinn").get(f"{PAGE[:-1]}.json?{query}").status_code == 404


def test_of_several_colleagues_one_is_chosen(as_person: SignIn) -> None:
    """A choice keeps the address as it was."""
    Person.objects.filter(name="Lena Osei").update(name="Quinn Abe")
    answer = as_person("quinn").get(f"{PAGE}?like=Quinn+Abe&title=Boss")
    assert answer.status_code == 300
    assert "title=Boss" in answer.content.decode()


def test_the_units_that_the_form_offers_are_harmless_text() -> None:
    places = [("<b>leek</b>", "team <script>"), ("radish", "team Radish")]
    assert choices_of(places) == (
        '<option value="&lt;b&gt;leek&lt;/b&gt;">team &lt;script&gt;</option>\n'
        '<option value="radish">team Radish</option>'
    )
