"""Rehearsals that are kept: two charts, told anew, and the plan against what came."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgmodel.conventions import Conventions, UnitKind
from orgmodel.facts import AccountFact, Fact
from orgmodel.models import Foreseen, Rehearsal
from orgmodel.queries.lists import Wanted
from orgmodel.queries.outcome import outcome
from orgmodel.queries.people import NotFound
from orgmodel.queries.proposal import BadProposal
from orgmodel.queries.rehearsals import list_rehearsals, rehearsal_page
from orgmodel.sync.rehearsals import Plan, forget, keep, rehearse_again
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import Said, account, member, moment, opens, rule, unit

from .rule_company import FACTS

pytestmark = pytest.mark.django_db
KINDS = (UnitKind("team", "team", "team-<slug>"),)
CONVENTIONS = Conventions(unit_kinds=KINDS)
UNITS = [unit("team", "recCUC", "Cucumber", "cucumber"), unit("team", "recRAD", "Radish", "radish")]
OLA: list[Fact] = [account("ola", "Ola Nord", team="radish"), member("ola", "00grad", "0prrad")]
COMPANY: list[Fact] = [*FACTS, *OLA]
PLAN = "person,team\nnadia,cucumber\nola,cucumber\n"


@pytest.fixture
def company(transactional_db: None) -> None:
    for source in (Said(UNITS, "control"), Said(COMPANY)):
        assert read_and_apply(source, CONVENTIONS, "okta", now=moment(0)).outcome == "applied"


def kept(changes: str = PLAN, **more: Any) -> UUID:
    return keep(Plan("Summer", changes, **more), KINDS, moment(1))


def moved(*gone: Fact, **new: Fact) -> list[Fact]:
    """The company after Nadia and Ola moved to Cucumber and Okta's rules ran."""
    left = [
        member("nadia", "00grad", "0prrad"),
        member("ola", "00grad", "0prrad"),
    ]
    there = [
        fact._replace(attributes={**fact.attributes, "team": "cucumber"})
        if isinstance(fact, AccountFact) and fact.native_id in {"nadia", "ola"}
        else fact
        for fact in COMPANY
        if fact not in left
    ]
    came = [member(who, "00gcuc", "0prcuc") for who in ("nadia", "ola")]
    came += [member(who, "00gcrew", "0prcrew") for who in ("nadia", "ola")]
    return [fact for fact in [*there, *came] if fact not in gone]


def told(key: UUID) -> dict[str, tuple[int, list[tuple[str, str, str]]]]:
    found = outcome(rehearsal_page(key, Wanted()).forecast)
    return {
        each.name: (each.as_planned, [(one.name, one.what, one.why) for one in each.differences])
        for each in found.people
    }


def test_a_rehearsal_is_kept_with_what_it_foresaw(company: None) -> None:
    key = kept()
    assert [(row.name, row.people, row.changed) for row in list_rehearsals()] == [("Summer", 2, 2)]
    page = rehearsal_page(key, Wanted())
    assert [
        (one.name, [app["app"] for app in one.gains], [app["app"] for app in one.loses])
        for one in page.people.rows
    ] == [
        ("Nadia Brandt", ["Crew room", "Figma"], ["Figma"]),
        ("Ola Nord", ["Crew room", "Figma"], ["Radish staging"]),
    ]
    assert page.people.rows[1].gains[1] == {
        "id": page.people.rows[1].gains[1]["id"],
        "app": "Figma",
        "native_id": "0oafigma",
        "level": "Editor",
        "cause": "Because team would be cucumber (rule “Cucumber team”).",
        "group": "00gcuc",
        "through": "team-cucumber",
        "rules": ["0prcuc"],
    }
    assert page.answer["per_unit"] == [
        {"kind": "team", "unit": "Cucumber", "comes": 2, "goes": 0, "gains": 3, "loses": 1},
        {"kind": "team", "unit": "Radish", "comes": 0, "goes": 2, "gains": 0, "loses": 0},
    ]
    assert {each["app"]: (each["seats"], each["seats_then"]) for each in page.answer["per_app"]} == {
        "Crew room": (0, 2),
        "Figma": (2, 3),
        "Radish staging": (3, 2),
    }
    assert [one.name for one in rehearsal_page(key, Wanted(text="ola")).people.rows] == ["Ola Nord"]


def test_told_anew_it_keeps_what_it_said_before(company: None) -> None:
    key = kept()
    read_and_apply(Said(moved()), CONVENTIONS, "okta", now=moment(2))
    rehearse_again(key, KINDS, moment(3))
    page = rehearsal_page(key, Wanted())
    assert (page.row.changed, page.people.total) == (0, 2)
    assert [at for _, at in page.others] == [moment(1)]
    assert rehearsal_page(key, Wanted(), page.others[0][0]).row.changed == 2
    forget(key)
    assert not Rehearsal.objects.exists()
    assert not Foreseen.objects.exists()
    with pytest.raises(NotFound):
        rehearsal_page(key, Wanted())
    for act in (forget, lambda gone: rehearse_again(gone, KINDS, moment(3))):
        with pytest.raises(NotFound):
            act(uuid4())


def test_what_came_as_planned_differs_in_nothing(company: None) -> None:
    key = kept()
    assert told(key) == {
        "Nadia Brandt": (
            0,
            [
                ("Crew room", "not gained", "Okta says that team is radish, not cucumber."),
                ("Figma", "level not changed", "Okta says that team is radish, not cucumber."),
            ],
        ),
        "Ola Nord": (
            0,
            [
                ("Crew room", "not gained", "Okta says that team is radish, not cucumber."),
                ("Figma", "not gained", "Okta says that team is radish, not cucumber."),
                ("Radish staging", "not lost", "Okta says that team is radish, not cucumber."),
            ],
        ),
    }
    read_and_apply(Said(moved()), CONVENTIONS, "okta", now=moment(2))
    assert told(key) == {"Nadia Brandt": (2, []), "Ola Nord": (3, [])}


CUCUMBER = rule(
    "0prcuc", "Cucumber team", 'user.team == "cucumber" AND user.userType != "Contractor"', "00gcuc"
)
OLA_IN_CREW = member("ola", "00gcrew", "0prcrew")
OLA_IN_CUCUMBER = member("ola", "00gcuc", "0prcuc")


@pytest.mark.parametrize(
    ("gone", "added", "expected"),
    [
        (
            [OLA_IN_CREW],
            [],
            ("Crew room", "not gained", "What the rule looks at is as planned, and they are not in crew."),
        ),
        (
            [OLA_IN_CUCUMBER, CUCUMBER],
            [CUCUMBER._replace(expression='user.team == "leek"')],
            ("Figma", "not gained", "The rule “Cucumber team” was changed since."),
        ),
        (
            [OLA_IN_CUCUMBER, CUCUMBER],
            [CUCUMBER._replace(status="INACTIVE")],
            ("Figma", "not gained", "The rule “Cucumber team” is switched off."),
        ),
        (
            [OLA_IN_CUCUMBER, CUCUMBER],
            [],
            ("Figma", "not gained", "The rule “Cucumber team” is gone."),
        ),
        (
            [opens("00gcuc", "0oafigma", "Editor")],
            [],
            (
                "Figma",
                "not gained",
                "They are in team-cucumber, which does not open it at this level any more.",
            ),
        ),
        (
            [],
            [member("ola", "00grad")],
            ("Radish staging", "not lost", "They are still in team-radish; no rule keeps them there."),
        ),
        (
            [],
            [member("ola", "00grad", "0prrad")],
            (
                "Radish staging",
                "not lost",
                "They are still in team-radish; the rule “Radish team” keeps them there.",
            ),
        ),
        (
            [],
            [member("ola", "00gonc")],
            ("Radish staging", "not lost", "They have it through radish-oncall now."),
        ),
        (
            [],
            [member("ola", "00gsec")],
            ("Vault", "gained", "It comes with secret. What made it happen is not known."),
        ),
        (
            [],
            [opens("00gcuc", "0oasec")],
            ("Vault", "gained", "team-cucumber opens it now."),
        ),
    ],
    ids=lambda each: each[2] if isinstance(each, tuple) else "",
)
def test_why_it_came_otherwise(
    company: None, gone: list[Fact], added: list[Fact], expected: tuple[str, str, str]
) -> None:
    key = kept()
    read_and_apply(Said([*moved(*gone), *added]), CONVENTIONS, "okta", now=moment(2))
    assert expected in told(key)["Ola Nord"][1]


def test_two_charts(company: None) -> None:
    chart = (
        "id,name,team,department,desk\nnadia,Nadia,radish,Engineering,1\ntomas,Tomas,cucumber,Engineering,2\n"
    )
    to_be = "id,name,team,department,floor\nnadia,Nadia,cucumber,Engineering,1\nola,Ola,cucumber,,3\n"
    page = rehearsal_page(kept(to_be, chart=chart), Wanted())
    assert {one.name: dict(one.values) for one in page.people.rows} == {
        "Nadia Brandt": {"team": "cucumber"},
        "Ola Nord": {"team": "cucumber"},
    }
    assert page.answer["notes"] == [
        "Columns that were not compared: desk, floor.",
        "1 person stands in the first chart only; what becomes of them is not rehearsed.",
    ]


@pytest.mark.parametrize(
    ("changes", "chart", "problem"),
    [
        ("person,taem\nnadia,x\n", "", "line 1: the Okta profile has no attribute 'taem'. Nearest: team."),
        (
            "person,attribute,value\nnadia,taem,x\n",
            "",
            "line 2: the Okta profile has no attribute 'taem'.",
        ),
        (
            "id,team\nnobody,x\n",
            "id,team\nnadia,x\n",
            "the second chart, line 2: no person is known as 'nobody'.",
        ),
        (
            "id,team\nnadia,x\n",
            "team\nx\n",
            "the first chart, line 1: a column person, email or id is missing.",
        ),
        (
            "id,desk\nnadia,x\n",
            "id,team\nnadia,x\n",
            "the second chart, line 1: no column is an attribute of the Okta profile.",
        ),
        (
            "id,team\nnadia,x\nnadia,y\n",
            "id,team\nnadia,x\n",
            "the second chart, line 3: 'nadia' stands there twice.",
        ),
        (
            "id,team\nnadia,x,y\n",
            "id,team\nnadia,x\n",
            "the second chart, line 2: there are more cells than columns.",
        ),
        ("id,team\n,x\n", "id,team\nnadia,x\n", "the second chart, line 2: nobody is named."),
    ],
)
def test_a_plan_that_cannot_be_read_is_not_kept(
    company: None, changes: str, chart: str, problem: str
) -> None:
    with pytest.raises(BadProposal) as refused:
        kept(changes, chart=chart)
    assert refused.value.problems == (problem,)
    assert not Rehearsal.objects.exists()


def test_a_rehearsal_needs_a_name(company: None) -> None:
    with pytest.raises(BadProposal, match="needs a name"):
        keep(Plan("  ", PLAN), KINDS, moment(1))


def test_how_often_the_database_is_asked(company: None) -> None:
    key = kept()
    with CaptureQueriesContext(connection) as asked:
        page = rehearsal_page(key, Wanted())
    assert len(asked) == 4
    with CaptureQueriesContext(connection) as asked:
        outcome(page.forecast)
    assert len(asked) == 5
