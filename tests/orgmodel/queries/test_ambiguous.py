"""A name that fits several is never decided in silence: the candidates are listed, in commands too."""

import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.models import Person
from orgmodel.queries.history.compare_subjects import find_sides
from orgmodel.queries.moments import now
from orgmodel.queries.people import Ambiguous, find_person
from orgmodel.queries.rehearsal.proposal import read_proposal
from orgmodel.queries.targets import find_target, find_unit
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, opens, unit

pytestmark = pytest.mark.django_db

ANTON = account("anton1", "Anton Falk", team="radish", title="Gardener")
OTHER = account(
    "anton2", "Anton Falk", team="kale", title="Cook", login="af2", email="a.falk@nordwind.example"
)
DESK = account("desk", "Front Desk", login="desk", email="anton1@nordwind.example")
ADMIN = account("xadmin", "Lena (admin)", login="x.admin", email="lena@nordwind.example")
LENA = account("lena", "Lena Osei", login="lena@nordwind.example")
COMPANY: list[Fact] = [
    ANTON,
    OTHER,
    LENA,
    ADMIN,
    group("00g1", "team-radish"),
    app("0oa1", "My Web App"),
    app("0oa2", "My Web App", status="inactive"),
    app("0oa3", "Figma"),
    group("00g2", "Figma"),
    member("anton1", "00g1"),
    opens("00g1", "0oa1"),
]


def sync(facts: Sequence[Fact], day: float = 0, source: str = "okta") -> None:
    outcome = read_and_apply(FactsReader(facts, source=source), Conventions(), "okta", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, what was printed, and the error of a command."""
    out = StringIO()
    try:
        call_command(*arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), ""


# What `printf 'okta anton1' | sha256sum` begins with, and so on.
ANTON_KEY, OTHER_KEY, DESK_KEY = "45db12c41a46aa53", "d831e32d1d394488", "0c7b7655b4710968"
ANTONS = [
    {
        "kind": "person",
        "key": ANTON_KEY,
        "name": "Anton Falk",
        "hint": "Radish · Gardener · anton1@nordwind.example",
    },
    {
        "kind": "person",
        "key": OTHER_KEY,
        "name": "Anton Falk",
        "hint": "kale · Cook · a.falk@nordwind.example",
    },
]
WEB_APPS = [
    {"kind": "app", "name": "My Web App", "hint": "app · 0oa1"},
    {"kind": "app", "name": "My Web App", "hint": "app · 0oa2 · inactive"},
]


@pytest.mark.parametrize(
    "arguments",
    [
        ("access", "Anton Falk"),
        ("why", "anton falk", "Figma"),
        ("diff", "Anton Falk", "--since", "2026-03-01"),
        ("whatif", "Anton Falk", "--set", "team=kale"),
        ("whatif", "lena", "--like", "Anton Falk"),
        ("evidence", "Anton Falk", "--out", "/nowhere.zip"),
        ("rule", 'user.team == "kale"', "--person", "Anton Falk"),
    ],
)
def test_commands_list_the_people_who_may_be_meant(arguments: tuple[str, ...]) -> None:
    sync(COMPANY)
    name = next(each for each in arguments if each.casefold() == "anton falk")
    code, out, error = run(*arguments)
    assert (code, out) == (1, "")
    assert error == (
        f"“{name}” is the name of more than one person. Name one of them by what stands first:"
        f"\n  {ANTON_KEY}  Anton Falk (Radish · Gardener · anton1@nordwind.example)"
        f"\n  {OTHER_KEY}  Anton Falk (kale · Cook · a.falk@nordwind.example)"
    )
    code, out, _ = run(*arguments, "--json")
    assert code == 1
    assert json.loads(out) == {
        "error": f"“{name}” is the name of more than one person.",
        "candidates": ANTONS,
    }


@pytest.mark.parametrize("arguments", [("who", "My Web App"), ("why", "lena", "my web app")])
def test_commands_list_the_apps_that_may_be_meant(arguments: tuple[str, ...]) -> None:
    sync(COMPANY)
    code, out, _ = run(*arguments, "--json")
    assert code == 1
    found = json.loads(out)["candidates"]
    assert [{name: each[name] for name in ("kind", "name", "hint")} for each in found] == WEB_APPS
    assert [json.loads(run("who", each["key"], "--json")[1])["target"]["native_id"] for each in found] == [
        "0oa1",
        "0oa2",
    ]
    assert f"{found[1]['key']}  My Web App (app · 0oa2 · inactive)" in run(*arguments)[2]
    assert run("who", "0oa1")[0] == 0


def test_people_mean_the_app_and_not_the_group_of_its_name() -> None:
    sync(COMPANY)
    assert find_target("figma", OPERATOR).native_id == "0oa3"


def test_what_is_hidden_is_no_candidate() -> None:
    sync(COMPANY)
    hidden = frozenset({find_target("0oa2", OPERATOR).pk})
    assert find_target("My Web App", Viewer(None, hidden=hidden)).native_id == "0oa1"


def test_an_app_that_there_is_goes_before_one_that_was() -> None:
    sync(COMPANY)
    sync([each for each in COMPANY if each[1:2] != ("0oa2",)], 1)
    assert find_target("My Web App", OPERATOR).native_id == "0oa1"


def test_who_is_here_goes_before_who_has_left() -> None:
    sync(COMPANY)
    sync([each if each != OTHER else OTHER._replace(status="DEPROVISIONED") for each in COMPANY], 1)
    assert find_person("Anton Falk") == Person.objects.get(accounts__native_id="anton1").pk
    sync([each for each in COMPANY if each != OTHER], 2)
    assert find_person("anton falk") == Person.objects.get(accounts__native_id="anton1").pk
    # An id still means whom it meant.
    assert find_person("anton2") == Person.objects.get(accounts__native_id="anton2").pk


def test_of_one_address_the_login_decides_and_else_nobody() -> None:
    sync([*COMPANY, DESK])
    assert find_person("LENA@nordwind.example") == Person.objects.get(accounts__native_id="lena").pk
    assert find_person("anton1@nordwind.example") == Person.objects.get(accounts__native_id="anton1").pk
    sync([ANTON._replace(login="af1"), *COMPANY[1:], DESK], 1)
    with pytest.raises(Ambiguous) as several:
        find_person("anton1@nordwind.example")
    assert [each.key for each in several.value.candidates] == [ANTON_KEY, DESK_KEY]


def test_units_of_one_name_are_listed_and_a_team_goes_before_others() -> None:
    sync(
        [
            unit("team", "t1", "Radish", "radish"),
            unit("area", "a1", "Radish", "radish"),
            unit("team", "t2", "Data", "data-one"),
            unit("team", "t3", "Data", "data-two", active=False),
        ],
        source="control",
    )
    assert find_unit("Radish").native_id == "t1"
    assert find_unit("area:radish").native_id == "a1"
    code, out, _ = run("team", "data", "--json")
    assert (code, json.loads(out)["candidates"]) == (
        1,
        [
            {"kind": "team", "key": "data-one", "name": "Data", "hint": "team · t2"},
            {"kind": "team", "key": "data-two", "name": "Data", "hint": "team · t3 · inactive"},
        ],
    )
    with pytest.raises(Ambiguous):
        find_sides(("Data", "radish"), (now(), now()))


def test_a_comparison_asks_which_and_takes_who_is_here() -> None:
    sync(COMPANY)
    with pytest.raises(Ambiguous) as several:
        find_sides(("lena", "Anton Falk"), (now(), now()))
    assert several.value.as_json() == {
        "error": "“Anton Falk” is the name of more than one person or team.",
        "candidates": ANTONS,
    }
    sync([each if each != OTHER else OTHER._replace(status="DEPROVISIONED") for each in COMPANY], 1)
    assert [side.ref.pk for side in find_sides(("lena", "Anton Falk"), (now(), now()))] == [
        Person.objects.get(accounts__native_id="lena").pk,
        Person.objects.get(accounts__native_id="anton1").pk,
    ]


def test_a_name_of_many_lists_the_first_of_them() -> None:
    sync([*(account(f"a{number:02}", "Anton Falk") for number in range(25)), group("00g1")])
    with pytest.raises(Ambiguous, match="The first 20 of 25 are named") as several:
        find_person("Anton Falk")
    assert len(several.value.candidates) == 20


def test_letters_are_composed_in_questions() -> None:
    sync([account("zoe", "Zo\u00eb Brandt"), group("00g1")])
    assert find_person("Zoe\u0308 Brandt") == Person.objects.get(accounts__native_id="zoe").pk


def test_a_plan_lists_whom_a_name_may_mean_and_finds_whom_every_question_finds(tmp_path: Path) -> None:
    sync([*COMPANY, DESK])
    plan = tmp_path / "plan.csv"
    plan.write_text("person,team\nAnton Falk,kale\nanton1@nordwind.example,kale\n")
    assert run("rehearse", str(plan))[2] == (
        f"{plan}: nothing was rehearsed.\n"
        "line 2: “Anton Falk” is the name of more than one person. Write one of these:"
        " anton1@nordwind.example (Radish · Gardener);"
        " a.falk@nordwind.example (kale · Cook)."
    )
    plan.write_text("person,team\nanton1@nordwind.example,kale\nlena@nordwind.example,kale\nlena osei,kale\n")
    rows = read_proposal(plan.read_text().splitlines(), Conventions()).values
    names = {Person.objects.get(pk=person).name: values for person, values in rows.items()}
    # Each address means whoever signs in with it.
    assert names == {"Anton Falk": {"team": "kale"}, "Lena Osei": {"team": "kale"}}
