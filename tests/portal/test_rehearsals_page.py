"""Rehearsals as pages: handing in, refusing with line and reason, reading, rehearsing anew, removing."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orgmodel.models import Forecast, Rehearsal
from tests.portal.company import grow
from tests.portal.conftest import SignIn
from tests.portal.reading import read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]
PLAN = "person,team,department\nnadia@nordwind.example,radish,design\n"


def file(text: str | bytes, name: str = "plan.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode(), "text/csv")


def hand_in(client: Client, **given: Any) -> Any:
    return client.post("/rehearsals/new/", {"name": "Summer", "due": "2027-01-01"} | given)


def table(client: Client, address: str) -> str:
    answer: Any = client.get(address)
    return b"".join(answer.streaming_content).decode()


def kept(client: Client, **given: Any) -> str:
    answer = hand_in(client, **(given or {"changes": file(PLAN)}))
    assert answer.status_code == 302, words(answer.content)
    return str(answer["Location"])


def test_a_plan_is_handed_in_and_read(as_person: SignIn) -> None:
    tomas = as_person("tomas")
    assert "Nothing was rehearsed yet" in words(tomas.get("/rehearsals/").content)
    address = kept(tomas)
    text, links = read(tomas.get(address).content)
    assert "1 person is moved; 1 person gains or loses something." in text
    assert "Nadia Brandt team → Radish, department → Design" in text
    assert "gains Radish staging – Admin Because their team would be Radish (rule “Radish team”)." in text
    assert "loses Figma – Editor" in text
    assert "It is to hold from 1 January 2027" in text
    assert links["Plan against actual"].startswith(f"{address}actual/")
    listed = words(tomas.get("/rehearsals/").content)
    assert "Summer 1 January 2027" in listed
    data = tomas.get(f"{address[:-1]}.json").json()
    assert (data["name"], data["people"], data["changed"]) == ("Summer", 1, 1)
    assert [each["app"] for each in data["per_person"][0]["gains"]] == ["Radish staging"]
    assert "Nadia Brandt,Radish staging," in table(tomas, f"{address[:-1]}.csv")
    assert tomas.get("/rehearsals.json").json()[0]["name"] == "Summer"
    assert "Summer,2027-01-01," in table(tomas, "/rehearsals.csv")


def test_the_plan_against_what_came(as_person: SignIn) -> None:
    tomas = as_person("tomas")
    address = kept(tomas)
    text = words(tomas.get(f"{address}actual/").content)
    assert "What became of the plan?" in text
    assert "not gained Radish staging Okta says that team is Cucumber, not Radish." in text
    data = tomas.get(f"{address}actual.json").json()
    assert (data["people"], data["as_planned"]) == (1, 0)
    assert "Nadia Brandt,0,Radish staging,0oastag,not gained," in table(tomas, f"{address}actual.csv")


def test_two_charts_and_words_in_the_form(as_person: SignIn) -> None:
    tomas = as_person("tomas")
    now, then = "email,team\nnadia@nordwind.example,cucumber\n", "email,team\nnadia@nordwind.example,radish\n"
    charts = kept(tomas, changes=file(then), chart=file(now, "now.csv"))
    assert "team → Radish" in words(tomas.get(charts).content)
    typed = kept(tomas, text=PLAN)
    assert "team → Radish" in words(tomas.get(typed).content)


TO_COMMAS = "They are expected to be comma-separated."


@pytest.mark.parametrize(
    ("given", "title", "problem", "field"),
    [
        ({}, "there are no changes", "Choose a file, or write the changes.", "rehearsal-changes"),
        (
            {"changes": file("person,team\nnobody,radish\n")},
            "1 row is bad",
            "line 2: no person is known as “nobody”.",
            "rehearsal-text",
        ),
        (
            {"text": PLAN, "due": "soon"},
            "the date is not valid",
            "“soon” is not a date. Write the first day on which it holds as 2026-12-31.",
            "rehearsal-due",
        ),
        (
            {"text": PLAN, "due": "2026-03-09"},
            "the date is in the past",
            "“Holds from” is in the past. Choose today or a later day, or leave it empty.",
            "rehearsal-due",
        ),
        ({"text": PLAN, "name": " "}, "the name is missing", "Give the rehearsal a name.", "rehearsal-name"),
        (
            {"changes": file("")},
            "the file is empty",
            "“plan.csv” is empty. Choose a file with a header and at least one row.",
            "rehearsal-changes",
        ),
        (
            {"changes": file(b"\xff\xfe")},
            "the file is not a text file in UTF-8",
            "“plan.csv” is not a text file in UTF-8. Save the spreadsheet as CSV in UTF-8 and choose that.",
            "rehearsal-changes",
        ),
        (
            {"changes": file(b"PK\x00\x01")},
            "the file is not a text file in UTF-8",
            "“plan.csv” is not a text file in UTF-8.",
            "rehearsal-changes",
        ),
        (
            {"changes": file(PLAN), "text": "person,team\nlena,radish\n"},
            "there is both a file and text",
            "There is a file, “plan.csv”, and text. Give one: empty the text field, or choose no file.",
            "rehearsal-text",
        ),
        ({"text": "person,team\n" + "nobody,x\n" * 60}, "60 rows are bad", "And 10 more.", "rehearsal-text"),
        (
            {"text": "<script>,team\n1,2\n"},
            "a column is missing",
            f"or a column action. Columns found: “<script>”, “team”. {TO_COMMAS}",
            "rehearsal-text",
        ),
        (
            {"text": PLAN, "name": "", "due": "31.12.2026"},
            "2 things need correcting",
            "“31.12.2026” is not a date.",
            "rehearsal-due",
        ),
        (
            {"text": f"{PLAN}nadia@nordwind.example,cucumber,design\n"},
            "1 row is bad",
            "line 3: line 2 gives this person another team; keep one of the two.",
            "rehearsal-text",
        ),
    ],
)
def test_a_bad_form_says_what_is_wrong_at_its_field_and_keeps_nothing(
    as_person: SignIn, given: dict[str, Any], title: str, problem: str, field: str
) -> None:
    answer = hand_in(as_person("tomas"), **given)
    assert answer.status_code == 400
    text, links = read(answer.content)
    assert f"Nothing was rehearsed: {title} " in text
    assert problem in text
    assert f"#{field}" in links.values()
    assert 'aria-invalid="true" aria-describedby="error-' in tag_of(answer.content.decode(), field)
    assert not Rehearsal.objects.exists()


def tag_of(page: str, field: str) -> str:
    """The tag of the field with this id."""
    (found,) = (tag for tag in page.split("<") if f' id="{field}"' in f" {' '.join(tag.split())}")
    return found


def test_a_bad_date_stands_in_the_form_again(as_person: SignIn) -> None:
    page = hand_in(as_person("tomas"), text=PLAN, due="31.12.2026").content.decode()
    assert 'value="31.12.2026"' in tag_of(page, "rehearsal-due")
    assert 'type="text"' in tag_of(page, "rehearsal-due")


def test_bytes_of_a_binary_file_are_not_shown(as_person: SignIn) -> None:
    page = hand_in(as_person("tomas"), changes=file(b"PK\x03\x04secret-bytes")).content.decode()
    assert "secret-bytes" not in page
    assert "The file must be chosen again." in page


def test_a_file_beside_text_leaves_the_text_as_it_was(as_person: SignIn) -> None:
    typed = "person,team\nlena,radish\n"
    page = hand_in(as_person("tomas"), changes=file(PLAN), text=typed).content.decode()
    assert typed in page
    assert PLAN not in page


def test_another_file_goes_before_the_text_that_the_form_gave_back(as_person: SignIn) -> None:
    tomas, bad = as_person("tomas"), "person,team\nnobody,radish\n"
    page = hand_in(tomas, changes=file(bad)).content.decode()
    mark = page.partition('name="text_given_back" value="')[2].partition('"')[0]
    sent = bad.replace("\n", "\r\n")
    assert hand_in(tomas, changes=file(PLAN), text=sent, text_given_back=mark).status_code == 302
    assert Rehearsal.objects.get().changes == PLAN


@pytest.mark.parametrize("separator", [";", "\t"])
def test_semicolons_and_tabs_part_columns_where_the_header_has_no_comma(
    as_person: SignIn, separator: str
) -> None:
    tomas = as_person("tomas")
    address = kept(tomas, changes=file(PLAN.replace(",", separator)))
    assert "Nadia Brandt team → Radish, department → Design" in words(tomas.get(address).content)


def test_what_was_uploaded_comes_back_with_the_error(as_person: SignIn) -> None:
    bad, chart = (
        "email,team\nnadia@nordwind.example,radishh\n",
        "email,team\nnadia@nordwind.example,cucumber\n",
    )
    answer = hand_in(as_person("tomas"), changes=file(bad), chart=file(chart, "now.csv"))
    text, page = words(answer.content), answer.content.decode()
    assert "the second chart, line 2, column team: No person, rule or unit has the team “radishh”." in text
    assert "Nearest: Radish." in text
    assert bad in page
    assert chart in page
    assert 'value="Summer"' in page
    mended = hand_in(as_person("tomas"), text=bad.replace("radishh", "Radish"), chart_text=chart)
    assert mended.status_code == 302


def test_a_whole_move_in_a_plan(as_person: SignIn) -> None:
    tomas = as_person("tomas")
    address = kept(tomas, text="person,move_to\nnadia@nordwind.example,Radish\n")
    text = words(tomas.get(address).content)
    assert "Nadia Brandt team → Radish, department → Engineering" in text
    assert "lowered Figma – Viewer instead of Editor" in text


def test_a_file_that_is_too_large_is_not_read(as_person: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.rehearsal_form.LARGEST", 1 << 20)
    answer = hand_in(as_person("tomas"), changes=file(b"x" * ((1 << 20) + 1)))
    assert "“plan.csv” is larger than 1 MB." in words(answer.content)


def test_anew_and_away(as_person: SignIn) -> None:
    tomas = as_person("tomas")
    address = kept(tomas)
    assert tomas.post(f"{address}again/")["Location"] == address
    assert Forecast.objects.count() == 2
    earlier = Forecast.objects.order_by("at").first()
    assert earlier
    text, links = read(tomas.get(address).content)
    assert "What it said at other times" in text
    assert f"{address}?forecast={earlier.pk}" in links.values()
    assert tomas.get(f"{address}?forecast={earlier.pk}").status_code == 200
    assert tomas.get(f"{address}?forecast=999999").status_code == 404
    assert tomas.post(f"{address}remove/")["Location"] == "/rehearsals/"
    assert tomas.get(address).status_code == 404


def test_a_plan_that_fits_no_more_says_so(as_person: SignIn) -> None:
    tomas = as_person("tomas")
    address = kept(tomas)
    Rehearsal.objects.update(changes="person,team\ngone@nordwind.example,radish\n")
    text = words(tomas.post(f"{address}again/", follow=True).content)
    assert "The plan no longer matches what is known: line 2: no person is known as" in text


def test_only_admins_rehearse(as_person: SignIn) -> None:
    address = kept(as_person("tomas"))
    for page in ("/rehearsals/", address, f"{address}actual/", "/rehearsals.json"):
        assert as_person("nadia").get(page).status_code == 403
        assert as_person("stranger").get(page).status_code == 403
        assert Client().get(page).status_code == 302
    for form in ("/rehearsals/new/", f"{address}again/", f"{address}remove/"):
        assert as_person("nadia").post(form).status_code == 403
        assert as_person("tomas").get(form).status_code == 405
        assert Client().post(form).status_code == 302
    assert Rehearsal.objects.count() == 1


def test_many_people_ask_no_more_than_one(as_person: SignIn) -> None:
    tomas = as_person("tomas")
    grow(20)
    rows = "".join(f"crowd{number},radish,design\n" for number in range(20))
    for page in (kept(tomas), kept(tomas, text=PLAN + rows)):
        for address in ("/rehearsals/", page, f"{page}actual/"):
            tomas.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert tomas.get(address).status_code == 200
            statements = [
                q["sql"] for q in seen if "django_session" not in q["sql"] and "auth_user" not in q["sql"]
            ]
            assert len(statements) <= 12, address
