"""Rehearsals that are kept: two charts, told anew, and the plan against what came."""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgmodel.facts import AccountFact, Fact
from orgmodel.models import Foreseen, Rehearsal
from orgmodel.queries.pages.lists import ListRequest
from orgmodel.queries.people import NotFound
from orgmodel.queries.rehearsal.kept import list_rehearsals, rehearsal_page
from orgmodel.queries.rehearsal.outcome import outcome
from orgmodel.sync.rehearsals import forget, rehearse_again
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, app, member, moment, opens, rule, seat

from .plans import COMPANY, CONVENTIONS, found, kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(transactional_db: None) -> None:
    found(COMPANY)


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


def outcome_of(key: UUID) -> dict[str, tuple[int, list[tuple[str, str, str]]]]:
    found = outcome(rehearsal_page(key, ListRequest()).forecast)
    return {
        each.name: (each.as_planned, [(one.name, one.what, one.why) for one in each.differences])
        for each in found.people
    }


def test_a_rehearsal_is_kept_with_what_it_foresaw(company: None) -> None:
    key = kept()
    assert [(row.name, row.people, row.changed) for row in list_rehearsals()] == [("Summer", 2, 2)]
    page = rehearsal_page(key, ListRequest())
    assert [
        (one.name, [app["app"] for app in one.gains], [app["app"] for app in one.loses])
        for one in page.people.rows
    ] == [
        ("Nadia Brandt", ["Crew room"], []),
        ("Ola Nord", ["Crew room", "Figma"], ["Radish staging"]),
    ]
    (figma,) = page.people.rows[0].level_changed
    assert (figma["app"], figma["level_before"], figma["level"], figma["direction"]) == (
        *("Figma", "Viewer", "Editor", "raised"),
    )
    assert page.people.rows[1].gains[1] == {
        "id": page.people.rows[1].gains[1]["id"],
        "app": "Figma",
        "native_id": "0oafigma",
        "source": "okta",
        "level": "Editor",
        "cause": "Because their team would be Cucumber (rule “Cucumber team”).",
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
    assert [one.name for one in rehearsal_page(key, ListRequest(text="ola")).people.rows] == ["Ola Nord"]


def test_told_anew_it_keeps_what_it_said_before(company: None) -> None:
    key = kept()
    read_and_apply(FactsReader(moved()), CONVENTIONS, "okta", now=moment(2))
    rehearse_again(key, CONVENTIONS, moment(3))
    page = rehearsal_page(key, ListRequest())
    assert (page.row.changed, page.people.total) == (0, 2)
    assert [at for _, at in page.others] == [moment(1)]
    assert rehearsal_page(key, ListRequest(), page.others[0][0]).row.changed == 2
    forget(key)
    assert not Rehearsal.objects.exists()
    assert not Foreseen.objects.exists()
    with pytest.raises(NotFound):
        rehearsal_page(key, ListRequest())
    for act in (forget, lambda gone: rehearse_again(gone, CONVENTIONS, moment(3))):
        with pytest.raises(NotFound):
            act(uuid4())


def test_what_came_as_planned_differs_in_nothing(company: None) -> None:
    key = kept()
    assert outcome_of(key) == {
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
    read_and_apply(FactsReader(moved()), CONVENTIONS, "okta", now=moment(2))
    assert outcome_of(key) == {"Nadia Brandt": (2, []), "Ola Nord": (3, [])}


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
            [CUCUMBER._replace(status="inactive")],
            ("Figma", "not gained", "The rule “Cucumber team” is inactive."),
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
        (
            [],
            [seat("ola", "0oastag")],
            ("Radish staging", "not lost", "It is assigned to them directly."),
        ),
    ],
    ids=lambda each: each[2] if isinstance(each, tuple) else "",
)
def test_why_it_came_otherwise(
    company: None, gone: list[Fact], added: list[Fact], expected: tuple[str, str, str]
) -> None:
    key = kept()
    read_and_apply(FactsReader([*moved(*gone), *added]), CONVENTIONS, "okta", now=moment(2))
    assert expected in outcome_of(key)["Ola Nord"][1]


def test_an_app_that_nobody_foresaw_to_go_says_what_ended() -> None:
    vault = member("ola", "00gsec")
    found([*COMPANY, vault])
    key = kept()
    read_and_apply(
        FactsReader([*moved(opens("00gsec", "0oasec")), vault]), CONVENTIONS, "okta", now=moment(2)
    )
    assert outcome_of(key)["Ola Nord"][1] == [("Vault", "lost", "secret does not open it any more.")]


def test_an_app_whose_level_changed_for_another_reason() -> None:
    engineer = member("ola", "00geng")
    found([*COMPANY, engineer])
    key = kept()
    after = [*moved(opens("00geng", "0oadog")), engineer, opens("00geng", "0oadog", "Admin")]
    read_and_apply(FactsReader(after), CONVENTIONS, "okta", now=moment(2))
    assert outcome_of(key)["Ola Nord"][1] == [("Datadog", "other level", "It is held at another level.")]


@pytest.mark.parametrize(
    "way", [[member("ola", "00gsec")], [seat("ola", "0oasec")]], ids=("group", "directly")
)
@pytest.mark.parametrize(
    ("before", "after", "what"), [("inactive", "active", "gained"), ("active", "inactive", "lost")]
)
def test_an_app_is_active_or_not_as_it_was_at_each_of_the_two_moments(
    way: list[Fact], before: str, after: str, what: str
) -> None:
    then, today = app("0oasec", "Vault", before), app("0oasec", "Vault", after)
    vault = app("0oasec", "Vault")
    found([*(each for each in COMPANY if each != vault), *way, then])
    key = kept()
    others = moved(vault)
    read_and_apply(FactsReader([*others, *way, today]), CONVENTIONS, "okta", now=moment(2))
    planned, differ = outcome_of(key)["Ola Nord"]
    assert (planned, [(name, was) for name, was, _ in differ]) == (3, [("Vault", what)])


def test_whoever_left_in_the_meantime_has_no_app_though_they_are_in_groups(company: None) -> None:
    key = kept()
    left = [
        fact._replace(status="DEPROVISIONED")
        if isinstance(fact, AccountFact) and fact.native_id == "ola"
        else fact
        for fact in moved()
    ]
    read_and_apply(FactsReader(left), CONVENTIONS, "okta", now=moment(2))
    planned, differ = outcome_of(key)["Ola Nord"]
    assert planned == 1
    assert [(name, what) for name, what, _ in differ] == [
        ("Crew room", "not gained"),
        ("Figma", "not gained"),
    ]


def test_how_often_the_database_is_asked(company: None) -> None:
    key = kept()
    with CaptureQueriesContext(connection) as queries:
        page = rehearsal_page(key, ListRequest())
    assert len(queries) == 4
    with CaptureQueriesContext(connection) as queries:
        outcome(page.forecast)
    assert len(queries) == 5
