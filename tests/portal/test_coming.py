"""What is planned stands on the pages, for those whom it concerns, and only since it was known."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from orgmodel.facts import Fact, PlannedFact
from orgmodel.marks import Covered
from orgmodel.models import Change, Move
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import WHOLE, FactsReader, moment
from tests.portal.company import CONVENTIONS, founded, nadia
from tests.portal.conftest import SignIn
from tests.portal.keys import NADIA
from tests.portal.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]
APRIL, MAY, LATER = date(2026, 4, 1), date(2026, 5, 1), date(2027, 1, 1)
MOVE = "Coming on 1 April: moves from Cucumber to Radish and reports to Tomas Okafor"
BACK = "Coming on 1 May: moves from Radish to Cucumber"
LEAVES = "Leaves on 31 December"
PLANS = [
    PlannedFact("nadia", "team", "radish", APRIL),
    PlannedFact("nadia", "manager", "tomas", APRIL),
    PlannedFact("nadia", "team", "cucumber", MAY),
    PlannedFact("nadia", "status", "ended", LATER),
]


def sync(day: float, *planned: Fact) -> None:
    marks = [*map(Covered, (*WHOLE["okta"], "planned"))]
    reader = FactsReader([*nadia("cucumber"), *founded(), *planned], size=500, marks=marks)
    outcome = read_and_apply(reader, CONVENTIONS, "okta", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


@pytest.fixture(autouse=True)
def plans(nordwind: None) -> None:
    """Known since 7 March; it is 10 March."""
    sync(6, *PLANS)


def page(as_person: SignIn, who: str, address: str) -> str:
    return words(as_person(who).get(address).content)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("tomas", [MOVE, BACK, LEAVES]),
        ("lena", [MOVE, BACK, LEAVES]),
        (
            "nadia",
            [
                "Coming on 1 April: you move from Cucumber to Radish and you report to Tomas Okafor",
                "Coming on 1 May: you move from Radish to Cucumber",
            ],
        ),
        ("quinn", []),
    ],
    ids=["an admin", "the manager", "the person, but not the last day", "a colleague"],
)
def test_a_persons_page_says_what_is_coming_to_whom_it_concerns(
    who: str, sees: list[str], as_person: SignIn
) -> None:
    text = page(as_person, who, f"/people/{NADIA}/")
    assert [each for each in sees if each not in text] == []
    data = as_person(who).get(f"/people/{NADIA}.json").json()
    assert [each["sentence"] for each in data["coming"]] == sees


def test_my_access_says_what_is_coming(as_person: SignIn) -> None:
    text = page(as_person, "nadia", "/")
    assert "Coming on 1 May: you move from Radish to Cucumber" in text
    assert "You leave" not in text
    assert len(as_person("nadia").get("/me.json").json()["coming"]) == 2
    assert "Coming on" not in page(as_person, "quinn", "/")


def test_the_team_page_tells_its_lead(as_person: SignIn) -> None:
    assert f"Nadia Brandt – {MOVE}" in page(as_person, "lena", "/teams/cucumber/")
    assert "Coming on" not in page(as_person, "quinn", "/teams/cucumber/")
    assert f"Nadia Brandt – {MOVE}" in page(as_person, "tomas", "/teams/radish/"), "who is to join"


def test_the_page_of_moves_begins_with_what_is_coming(as_person: SignIn) -> None:
    assert f"Nadia Brandt – {MOVE}" in page(as_person, "tomas", "/moves/")


def test_at_an_earlier_date_nothing_is_planned_that_was_not_known(as_person: SignIn) -> None:
    assert "Coming on" not in page(as_person, "tomas", f"/people/{NADIA}/?at=2026-03-06")
    assert MOVE in page(as_person, "tomas", f"/people/{NADIA}/?at=2026-03-08")


def test_what_is_planned_is_no_change() -> None:
    assert not Change.objects.filter(at__gte=moment(6)).exists()
    assert not Move.objects.filter(opened__gte=moment(6)).exists()


def test_what_was_called_off_is_gone_without_a_word_and_stays_in_the_past(as_person: SignIn) -> None:
    sync(8)
    assert "Coming on" not in page(as_person, "tomas", f"/people/{NADIA}/")
    assert "April" not in page(as_person, "tomas", f"/people/{NADIA}/?tab=history")
    assert MOVE in page(as_person, "tomas", f"/people/{NADIA}/?at=2026-03-08")


def test_the_command_says_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("access", "nadia", "--json")
    assert json.loads(capsys.readouterr().out)["coming"][0] == {
        "valid_from": "2026-04-01",
        "sentence": MOVE,
        "changes": [
            {"attribute": "team", "value": "Radish", "instead_of": "Cucumber"},
            {"attribute": "manager", "value": "Tomas Okafor", "instead_of": None},
        ],
    }
    call_command("access", "nadia")
    assert LEAVES in capsys.readouterr().out
