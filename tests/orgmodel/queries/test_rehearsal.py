"""A reorganisation rehearsed: what comes and goes, what the plan forgets, and plans that cannot be read."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from orgmodel.conventions import Conventions, UnitKind
from orgmodel.facts import Fact
from orgmodel.queries.rehearsal.org_charts import between_charts
from orgmodel.queries.rehearsal.plan_rows import BadProposal
from orgmodel.queries.rehearsal.proposal import read_proposal
from orgmodel.queries.rehearsal.rehearse import Rehearsal, rehearse
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, member, moment, seat, unit
from tests.snapshots import once

from .rule_company import FACTS

pytestmark = pytest.mark.django_db
KINDS = (UnitKind("team", "team", "team-<slug>"),)
CONVENTIONS = Conventions(unit_kinds=KINDS)
UNITS = [
    unit("team", "recCUC", "Cucumber", "cucumber"),
    unit("team", "recRAD", "Radish", "radish"),
    unit("team", "recFEN", "Fennel", "fennel"),
]


OLA: list[Fact] = [account("ola", "Ola Nord", team="radish"), member("ola", "00grad", "0prrad")]


@pytest.fixture
def company(transactional_db: None) -> None:
    once(_synced)


def _synced() -> None:
    for source in (
        FactsReader(UNITS, "control"),
        FactsReader([*FACTS, *OLA, seat("nadia", "0oafigma")]),
    ):
        outcome = read_and_apply(source, CONVENTIONS, "okta", now=moment(0))
        assert outcome.outcome == "applied", outcome.reason


def rehearsed(*lines: str) -> Rehearsal:
    return rehearse(read_proposal(lines, CONVENTIONS), KINDS)


def brief(found: Rehearsal) -> dict[str, tuple[list[str], list[str], list[str]]]:
    return {
        each.person.name: (
            [access.app.name for access in each.gains],
            [access.app.name for access in each.loses],
            [access.app.name for access in each.keeps],
        )
        for each in found.per_person
    }


def test_people_who_move(company: None) -> None:
    found = rehearsed(
        "person,team", "nadia@nordwind.example,cucumber", "ola,cucumber", "quinn,radish", "tomas,radish"
    )
    assert found.people == 4
    assert brief(found) == {
        # Figma is assigned to Nadia directly, whatever she does; Radish staging stays by hand.
        "Nadia Brandt": (["Crew room"], [], ["Datadog", "Radish staging"]),
        "Ola Nord": (["Crew room", "Figma"], ["Radish staging"], []),
        "Tomas Okafor": ([], [], ["Datadog", "Figma"]),
    }
    assert [(each.app.name, each.gains, each.loses) for each in found.per_app] == [
        ("Crew room", 2, 0),
        ("Figma", 1, 0),
        ("Radish staging", 0, 1),
    ]
    nadia = next(each for each in found.per_person if each.person.name == "Nadia Brandt")
    assert (nadia.comes, nadia.goes) == (("crew", "team-cucumber"), ("team-radish",))
    assert [each.rule for each in nadia.unknown] == ["Secret"]
    ola = next(each for each in found.per_person if each.person.name == "Ola Nord")
    assert [each.cause.sentence() for each in (*ola.gains, *ola.loses)] == [
        "Because rule “Crew” would match.",
        "Because their team would be cucumber (rule “Cucumber team”).",
        (
            "It comes with team-radish, and the rule “Radish team” would no longer match:"
            " their team would be cucumber."
        ),
    ]
    assert found.rules_without_people == ()
    assert found.notes == ("1 person has no active Okta account, so no rule looks at them.",)


def test_units_that_change(company: None) -> None:
    found = rehearsed(
        "action,person,team,unit,kind,name,into",
        "merge,,,radish,,,Cucumber",
        "create,,,,team,Parsnip,",
        "move,tomas,parsnip,,,,",
        "split,,,fennel,,,Chard;Leek",
    )
    assert {name: lists[0] for name, lists in brief(found).items() if lists[0]} == {
        "Nadia Brandt": ["Crew room"],
        "Ola Nord": ["Crew room", "Figma"],
    }
    assert found.units_without_group == ("Chard", "Leek", "Parsnip")
    assert found.rules_without_people == ("Radish team",)
    assert found.groups_to_retire == ("team-radish",)
    assert found.groups_without_rule == ()


def test_a_unit_that_is_renamed_or_retired_leaves_its_rule_behind(company: None) -> None:
    renamed = rehearsed("action,unit,name", "rename,Radish,Red Radish")
    assert {each.person.name: dict(each.set) for each in renamed.per_person} == {
        name: {"team": "red-radish"} for name in ("Nadia Brandt", "Ola Nord")
    }
    assert renamed.units_without_group == ("red-radish",)
    retired = rehearsed("action,unit", "retire,recRAD")
    assert {name: lists[1] for name, lists in brief(retired).items()} == {
        "Nadia Brandt": [],
        "Ola Nord": ["Radish staging"],
    }


def test_a_group_that_no_rule_feeds_is_told(company: None) -> None:
    facts = [each for each in FACTS if each[0] != "0prrad"]
    read_and_apply(FactsReader(facts), CONVENTIONS, "okta", now=moment(1))
    assert rehearsed("person,attribute,value", "tomas,team,radish").groups_without_rule == ("team-radish",)


def test_a_cell_may_take_an_attribute_away(company: None) -> None:
    plan = read_proposal(["email,department,title", "nadia@nordwind.example,-,Lead"], CONVENTIONS)
    assert list(plan.values.values()) == [{"department": None, "title": "Lead"}]


NOBODY = "line 1: a column person, email or id is missing, or a column action."
COMMAS = "They are expected to be comma-separated."


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        (["name,team", "a,b"], [f"{NOBODY} Columns found: “name”, “team”. {COMMAS}"]),
        ([], [f"{NOBODY} The first line names no columns."]),
        (
            ["person,team", "nobody,radish", "nadia,", ",radish", "nadia,radish,more", "tomas,radish"],
            [
                "line 2: no person is known as “nobody”.",
                "line 3: nothing is changed.",
                "line 4: nobody is named.",
                "line 5: there are more cells than columns.",
            ],
        ),
        (
            [
                "action,unit,name,into",
                "dance,,,",
                "create,,,",
                "rename,nothing,x,",
                "rename,radish,,",
                "rename,,x,",
            ],
            [
                "line 2: “dance” is no action; there are move, create, rename, merge, split, retire.",
                "line 3: a new unit needs a name.",
                "line 4, column unit: No team or unit is known as “nothing”.",
                "line 5: the new name is missing.",
                "line 6, column unit: a unit is missing.",
            ],
        ),
        (
            [
                *("action,unit,into", "merge,nothing,radish", "merge,radish,nothing", "split,nothing,a"),
                *("split,radish,", "retire,x,"),
            ],
            [
                "line 2, column unit: No team or unit is known as “nothing”.",
                "line 3, column into: No team or unit is known as “nothing”.",
                "line 4, column unit: No team or unit is known as “nothing”.",
                "line 5: the new units are missing: write their names into the column into, with ; between.",
                "line 6, column unit: No team or unit is known as “x”.",
            ],
        ),
        (
            [
                *("person,team,userType,move_to", "nadia,Cucumbr,,", "nadi,cucumber,,"),
                *("ola,,Contracter,", "ola,,,Radsh", "ola,Cucumber,,"),
            ],
            [
                "line 2, column team: No person, rule or unit has the team “Cucumbr”. Nearest: Cucumber.",
                "line 3: no person is known as “nadi”. Nearest: nadia, nadia@nordwind.example.",
                (
                    "line 4, column userType: No person, rule or unit has the userType “Contracter”."
                    " Nearest: Contractor."
                ),
                "line 5: No team or unit is known as “Radsh”. Nearest: Radish.",
            ],
        ),
        (["person,team", '"nadia'], ["line 1: this is no CSV (unexpected end of data)."]),
    ],
)
def test_every_bad_row_is_told_and_nothing_is_taken(
    company: None, lines: list[str], problems: list[str]
) -> None:
    with pytest.raises(BadProposal) as refused:
        read_proposal(lines, CONVENTIONS)
    assert list(refused.value.problems) == problems


def test_a_unit_goes_by_the_name_that_people_use(company: None) -> None:
    by_name, by_id = (
        rehearsed("person,team", "ola,Cucumber"),
        rehearsed("person,attribute,value", "ola,team,recCUC"),
    )
    assert [dict(each.set) for each in (*by_name.per_person, *by_id.per_person)] == [{"team": "cucumber"}] * 2


def test_values_of_a_chart_are_read_as_those_of_a_plan(company: None) -> None:
    chart = ["person,team", "ola,radish", "nadia,radish"]
    found = between_charts(chart, ["person,team", "ola,Cucumber", "nadia,radish"], CONVENTIONS)
    assert list(found.values.values()) == [{"team": "cucumber"}]
    with pytest.raises(BadProposal) as refused:
        between_charts(chart, ["person,team", "ola,radish", "nadia,Cucumbr"], CONVENTIONS)
    (problem,) = refused.value.problems
    assert problem == (
        "the second chart, line 3, column team: No person, rule or unit has the team “Cucumbr”."
        " Nearest: Cucumber."
    )


def test_a_long_list_of_problems_is_cut(company: None) -> None:
    with pytest.raises(BadProposal, match=r" … and 10 more\.$"):
        read_proposal(["person,team", *(f"nobody{number},x" for number in range(60))], CONVENTIONS)


def rehearsed_file(path: Path) -> Any:
    out = StringIO()
    call_command("rehearse", str(path), "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_command_prints_the_contract(company: None, tmp_path: Path, settings: Any) -> None:
    plan = tmp_path / "plan.csv"
    plan.write_text("\ufeffperson,team\nola,cucumber\n", encoding="utf-8")
    found = rehearsed_file(plan)
    assert {
        key: found[key] for key in ("people", "changed", "groups_without_rule", "units_without_group")
    } == {
        "people": 1,
        "changed": 1,
        "groups_without_rule": [],
        "units_without_group": [],
    }
    assert [(each["app"], each["gains"], each["loses"]) for each in found["per_app"]] == [
        ("Crew room", 1, 0),
        ("Figma", 1, 0),
        ("Radish staging", 0, 1),
    ]
    assert set(found["per_person"][0]) >= {"person", "set", "gains", "loses", "keeps", "unknown"}
    chart = tmp_path / "chart.csv"
    chart.write_text("person,team,desk\nola,radish,7\nnadia,radish,7\n", encoding="utf-8")
    charted = StringIO()
    call_command("rehearse", str(plan), "--chart", str(chart), stdout=charted)
    assert "1 person stands in the first chart only" in " ".join(charted.getvalue().split())
    out = StringIO()
    call_command("rehearse", str(plan), stdout=out)
    assert "1 person is named; access changes for 1." in out.getvalue()


def test_a_file_that_cannot_be_used_is_refused(company: None, tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    for content, message in (
        (
            b"person,team\nnobody,x\n",
            f"{plan}: nothing was rehearsed.\nline 2: no person is known as “nobody”.",
        ),
        (b"person,team\n\xff\n", f"{plan} is not UTF-8."),
        (None, f"{plan} cannot be read: No such file or directory."),
    ):
        plan.unlink(missing_ok=True)
        if content is not None:
            plan.write_bytes(content)
        with pytest.raises(CommandError) as refused:
            rehearsed_file(plan)
        assert (str(refused.value), refused.value.returncode) == (message, 1)
