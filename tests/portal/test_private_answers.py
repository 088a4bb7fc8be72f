"""Nobody keeps a copy of an answer, no cell of a CSV is run, and nobody asks dear questions without end."""

import pytest
from django.test import Client

from orgmodel.management.spreadsheet import harmless
from tests.portal.conftest import SignIn
from tests.portal.keys import NADIA
from tests.portal.reading import words


@pytest.mark.django_db
def test_no_answer_is_kept(nordwind: None, as_person: SignIn) -> None:
    client = as_person("tomas")
    pages = (
        "/",
        f"/people/{NADIA}.json",
        "/people.csv",
        f"/people/{NADIA}/evidence/",
        "/search/?q=c&partial=palette",
    )
    for address in (*pages, "/nowhere/", "/healthz", "/metrics", "/people/?at=x"):
        assert client.get(address)["Cache-Control"] == "no-store", address
    assert client.post("/logout/")["Cache-Control"] == "no-store"
    assert Client().get("/teams/")["Cache-Control"] == "no-store"
    static = Client().get("/static/portal/base.css")
    static.close()
    assert "no-store" not in static["Cache-Control"]


@pytest.mark.parametrize(
    "cell",
    [
        *("=1", "+1", "-1", "@a", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201", " x", "\tx", "\rx", "\nx"),
        *("\ufeffx", "\ufeff=1", " =1", "\u00a0=1", "'=1", '"=1', "' =1", "\u200b=1", "\u3000\uff1d1", " "),
    ],
)
def test_a_cell_that_a_spreadsheet_could_run_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a=1", "a", "'tis", "'", "3", "a b", "Ünal", "\u0660", "a\n=1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_cells_that_are_no_text() -> None:
    assert [harmless(each) for each in (None, 3, -3, True, "a\x00b")] == ["", "3", "'-3", "True", "ab"]


@pytest.mark.django_db
def test_dear_forms_have_to_wait_and_keep_what_was_typed(nordwind: None, as_person: SignIn) -> None:
    client, other = as_person("tomas"), as_person("nadia")
    plan = {"name": "Plan <1>", "text": "person,team\nnadia,radish"}
    answers = [client.post("/rehearsals/new/", plan) for _ in range(11)]
    assert 429 not in {answer.status_code for answer in answers[:10]}
    assert answers[10].status_code == 429
    assert 1 <= int(answers[10]["Retry-After"]) <= 60
    assert "what you typed is kept here" in words(answers[10].content)
    assert '<textarea name="name" hidden>Plan &lt;1&gt;</textarea>' in answers[10].content.decode()
    assert other.post("/rehearsals/new/", plan).status_code == 403
    assert client.get("/search/?q=c").status_code == 200


@pytest.mark.django_db
def test_searches_and_questions_have_limits_of_their_own(nordwind: None, as_person: SignIn) -> None:
    client = as_person("tomas")
    assert {client.get(f"/people/{NADIA}/evidence/").status_code for _ in range(20)} == {200}
    assert client.get(f"/people/{NADIA}/evidence/").status_code == 429
    assert client.get(f"/people/{NADIA}/what-if/").status_code == 200
