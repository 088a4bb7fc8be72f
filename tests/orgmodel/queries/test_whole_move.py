"""A move takes the whole move: what follows from the structure, whatever says it; values by hand."""

import json
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from orgmodel.conventions import Conventions, UnitKind
from orgmodel.facts import AccountFact, Fact
from orgmodel.queries.people import find_person
from orgmodel.queries.rehearsal.proposal import read_proposal
from orgmodel.queries.rehearsal.rehearse import rehearse
from orgmodel.queries.rehearsal.supposition import CannotSuppose, WhatIfQuestion
from orgmodel.queries.rehearsal.whatif import WhatIf, what_if
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, opens, rule, unit
from tests.snapshots import once

pytestmark = pytest.mark.django_db
KINDS = (
    UnitKind("team", "team", "team-<slug>", "AUTO team", "airtableId", "parentId", "active"),
    UnitKind("area", None, "area-<slug>", None, "airtableId", "parentId"),
    UnitKind("department", "department", "dept-<slug>", None, "airtableId"),
    UnitKind("specialisation", "specialisation"),
)
RECORDS = Conventions(unit_kinds=KINDS)
ATTRIBUTES = Conventions(unit_kinds=(UnitKind("team", "team"), UnitKind("department", "department")))
UNITS: list[Fact] = [
    unit("department", "dep1", "Engineering", "engineering"),
    unit("department", "dep2", "People", "people"),
    unit("area", "are1", "Product area", "product", parent="dep1"),
    unit("area", "are2", "People area", "people", parent="dep2"),
    unit("team", "recCUC", "Cucumber", "cucumber", parent="are1", lead="lena"),
    unit("team", "recLEE", "Leek", "leek", parent="are2", lead="milan"),
    unit("specialisation", "spe1", "Backend", "backend", parent="dep1"),
]


def person(key: str, name: str, team: str, boss: str = "", **more: object) -> AccountFact:
    department, area = {"cucumber": ("Engineering", "product"), "leek": ("People", "people")}[team]
    number = str(100 + len(key))
    values: dict[str, object] = {"team": team, "department": department, "area": area} | more
    manager = {"managerId": boss} if boss else {}
    return account(key, name, employee_number=number, manager_ref=boss, **values, **manager)


PEOPLE: list[Fact] = [
    person("lena", "Lena Osei", "cucumber"),
    # Numbers are 100 and the letters of the key: 104 is Lena, 105 is Milan.
    person("nadia", "Nadia Brandt", "cucumber", "104", specialisation="Backend")._replace(
        employee_number="777"
    ),
    person("pia", "Pia Lund", "cucumber", "104"),
    person("milan", "Milan Khan", "leek"),
    person("gretaa", "Greta Moss", "leek", "105"),
    person("oskarrr", "Oskar Lind", "leek", "105"),
]
OKTA: list[Fact] = [
    *PEOPLE,
    group("00gcuc", "team-cucumber", "AUTO team Cucumber", airtableId="recCUC", parentId="are1"),
    group("00glee", "team-leek", "AUTO team Leek", airtableId="recLEE", parentId="are2"),
    group("00gare1", "area-product", airtableId="are1", parentId="dep1"),
    group("00gare2", "area-people", airtableId="are2", parentId="dep2"),
    group("00gdep1", "dept-engineering", airtableId="dep1"),
    group("00gdep2", "dept-people", airtableId="dep2"),
    app("0oagit", "GitHub"),
    app("0oagre", "Greenhouse"),
    app("0oafig", "Figma"),
    opens("00gdep1", "0oagit"),
    opens("00gdep1", "0oafig", "Editor"),
    opens("00gdep2", "0oagre"),
    opens("00gare2", "0oafig", "Viewer", 1),
    rule("0prcuc", "Cucumber team", 'user.team == "cucumber"', "00gcuc"),
    rule("0prlee", "Leek team", 'user.team == "leek"', "00glee"),
    rule("0prare1", "Product area", 'user.area == "product"', "00gare1"),
    rule("0prare2", "People area", 'user.area == "people"', "00gare2"),
    rule("0prdep1", "Engineering", 'user.department == "Engineering"', "00gdep1"),
    rule("0prdep2", "People", 'user.department == "People"', "00gdep2"),
    *(member("nadia", native, by) for native, by in (("00gcuc", "0prcuc"), ("00gare1", "0prare1"))),
    member("nadia", "00gdep1", "0prdep1"),
]
EVERYONE = group("00gall", "Everyone")
FOLLOWS = {"area": "people", "department": "People", "managerId": "105"}


def found(conventions: Conventions, units: Sequence[Fact], okta: Sequence[Fact] = OKTA) -> None:
    once(_synced, conventions, units, okta)


def _synced(conventions: Conventions, units: Sequence[Fact], okta: Sequence[Fact]) -> None:
    for source in (FactsReader(units, "control"), FactsReader(okta)) if units else (FactsReader(okta),):
        outcome = read_and_apply(source, conventions, "okta", now=moment(0))
        assert outcome.outcome == "applied", outcome.reason


def ask_what_if(
    move: str, conventions: Conventions = RECORDS, keep: Sequence[str] = (), **values: str
) -> WhatIf:
    return what_if(find_person("nadia"), WhatIfQuestion(values, move, frozenset(keep)), OPERATOR, conventions)


@pytest.mark.parametrize("move", ["Leek", "leek", "LEEK", "recLEE", "team:leek"])
def test_a_move_brings_department_area_and_lead_by_whatever_name(transactional_db: None, move: str) -> None:
    found(RECORDS, UNITS)
    answer = ask_what_if(move)
    assert (answer.set, answer.follows) == ({"team": "leek"}, FOLLOWS)
    assert [each.app.name for each in answer.gains] == ["Greenhouse"]
    assert [each.app.name for each in answer.loses] == ["GitHub"]
    assert [
        (each.app.name, each.before, each.now.level, each.direction) for each in answer.level_changed
    ] == [("Figma", "Editor", "Viewer", "lowered")]
    assert answer.keeps == ()
    assert answer.notes == ("The specialisation stays Backend, which belongs to Engineering.",)
    assert answer.brought
    assert [(each.what, each.shown, each.because) for each in answer.brought.follows] == [
        ("area", "People area", "Leek belongs to People area."),
        ("department", "People", "Leek belongs to People."),
        ("manager", "Milan Khan", "Milan Khan leads Leek."),
    ]


def test_how_profiles_spell_a_unit_that_nobody_names_is_assumed_and_that_is_said(
    transactional_db: None,
) -> None:
    found(RECORDS, [*UNITS, unit("team", "recCHA", "Chard", "chard", parent="are1")])
    answer = ask_what_if("Chard")
    assumed = "Nobody’s profile names Chard and no rule asks for it: that it would be written as “chard” is "
    assert (answer.set, f"{assumed}assumed." in answer.notes) == ({"team": "chard"}, True)
    assert not any("is assumed" in note for note in ask_what_if("Leek").notes)


def test_the_groups_of_okta_say_the_structure_and_its_people_their_manager(transactional_db: None) -> None:
    found(RECORDS, ())
    answer = ask_what_if("Leek")
    assert (answer.set, answer.follows) == ({"team": "leek"}, FOLLOWS)
    assert answer.brought
    assert [each.because for each in answer.brought.follows][
        -1
    ] == "2 of 2 people in Leek report to Milan Khan."


def test_where_only_people_say_it_the_share_is_told(transactional_db: None) -> None:
    found(ATTRIBUTES, (), [EVERYONE, *PEOPLE])
    answer = ask_what_if("leek", ATTRIBUTES)
    assert answer.follows == {"department": "People", "managerId": "105"}
    assert answer.brought
    assert answer.brought.follows[0].because == "3 of 3 people in leek have it."


def test_where_people_differ_nothing_follows_and_that_is_said(transactional_db: None) -> None:
    crowd = [person(f"crowd{'x' * n}", f"Crowd {n}", "cucumber") for n in range(10)]
    torn = [
        person("sunna", "Sunna Ek", "leek", "105", department="Engineering"),
        person("torvald", "Torvald Aas", "leek", "104", department="Engineering"),
    ]
    found(ATTRIBUTES, (), [EVERYONE, *PEOPLE, *crowd, *torn])
    answer = ask_what_if("leek", ATTRIBUTES)
    assert answer.follows == {}
    assert answer.notes == (
        "The department does not follow: people in leek have People (3 of 5) and Engineering (2 of 5).",
        (
            "The manager does not follow: no lead of leek is on record, and its people report to several"
            " managers."
        ),
    )


def test_what_is_left_out_is_a_choice_and_said(transactional_db: None) -> None:
    found(RECORDS, UNITS)
    answer = ask_what_if("Leek", keep=["managerId"], department="Engineering")
    assert (answer.set, answer.follows) == (
        {"team": "leek", "department": "Engineering"},
        {"area": "people"},
    )
    assert answer.notes[:2] == (
        "The department is set by you: the move would bring People.",
        "The manager stays as it is, as you asked: the move would bring Milan Khan.",
    )
    only = ask_what_if("", team="Leek")
    assert (only.set, only.follows) == ({"team": "leek"}, {})
    assert only.notes[0] == (
        "Only what you named changes. Moving to Leek would also bring the area People area, the department"
        " People, the manager Milan Khan: ask for the move to Leek."
    )


def test_whoever_leads_the_unit_keeps_their_manager(transactional_db: None) -> None:
    found(RECORDS, UNITS)
    answer = what_if(find_person("milan"), WhatIfQuestion(move_to="Leek"), OPERATOR, RECORDS)
    assert "managerId" not in answer.follows
    assert "The manager does not follow: Milan Khan leads Leek." in answer.notes


def test_a_manager_goes_by_the_name_that_people_use(transactional_db: None) -> None:
    found(RECORDS, UNITS)
    for name in ("Milan Khan", "milan@nordwind.example", "105"):
        assert ask_what_if("Leek", managerId=name).set["managerId"] == "105"
    with pytest.raises(CannotSuppose, match=r"No person is known as “Milan Kahn”\. Nearest: Milan Khan"):
        ask_what_if("Leek", managerId="Milan Kahn")


def test_an_attribute_of_several_values_stays_one(transactional_db: None) -> None:
    okta = [
        each._replace(attributes={**each.attributes, "team": ["cucumber", "radish"]})
        if isinstance(each, AccountFact) and each.native_id == "nadia"
        else each
        for each in OKTA
    ]
    found(RECORDS, UNITS, okta)
    answer = ask_what_if("Leek")
    assert answer.set == {"team": ["leek"]}
    assert "team has several values now (cucumber, radish): all are replaced." in answer.notes


def test_a_name_of_several_units_lists_them(transactional_db: None) -> None:
    found(RECORDS, UNITS)
    with pytest.raises(CannotSuppose) as refused:
        ask_what_if("people")
    assert refused.value.problems == {
        "move": (
            "“people” means several units. Write area:people for the area People area in People;"
            " department:people for the department People."
        )
    }
    with pytest.raises(CannotSuppose, match=r"No team or unit is known as “Leak”\. Nearest: Leek\."):
        ask_what_if("Leak")


def test_a_group_that_no_rule_fills_cannot_be_foreseen(transactional_db: None) -> None:
    okta = [each for each in OKTA if each[0] != "0prlee"]
    found(RECORDS, UNITS, [*okta, member("milan", "00glee")._replace(origin="automation")])
    answer = ask_what_if("Leek")
    assert [each.as_json() for each in answer.unknown] == [
        {"rule": "", "reason": "filled by an automation, not by a rule", "group": "team-leek"}
    ]
    plan = rehearse(read_proposal(["person,move_to", "nadia,Leek"], RECORDS), KINDS)
    assert plan.per_person[0].unknown == answer.unknown


def test_a_rehearsal_moves_as_what_if_does(transactional_db: None) -> None:
    found(RECORDS, UNITS)
    alone = ask_what_if("Leek", department="Engineering")
    lines = ["person,move_to,department", "nadia,Leek,Engineering", "milan,Leek,"]
    plan = rehearse(read_proposal(lines, RECORDS), KINDS)
    (nadia,) = (each for each in plan.per_person if each.person.name == "Nadia Brandt")
    assert (nadia.set, nadia.follows) == (alone.set, alone.follows)
    assert (nadia.comes, nadia.goes) == (alone.comes, alone.goes)
    assert [(each.app, each.before) for each in nadia.level_changed] == [
        (each.app, each.before) for each in alone.level_changed
    ]


def test_the_command_asks_for_the_whole_move(transactional_db: None, settings: Any) -> None:
    found(RECORDS, UNITS)
    settings.SIGHTLINE = replace(settings.SIGHTLINE, conventions=RECORDS)
    out, words = StringIO(), StringIO()
    call_command("whatif", "nadia", "--move-to", "Leek", "--json", stdout=out)
    data = json.loads(out.getvalue())
    assert (data["set"], data["follows"]) == ({"team": "leek"}, FOLLOWS)
    call_command("whatif", "nadia", "--move-to", "Leek", "--keep", "managerId", stdout=words)
    printed = " ".join(words.getvalue().split())
    assert "follows: department = People. Leek belongs to People." in printed
    assert "follows: managerId" not in printed
    assert "Viewer instead of Editor (lowered)" in printed
    with pytest.raises(CommandError, match="No team or unit is known as “Leak”") as refused:
        call_command("whatif", "nadia", "--move-to", "Leak")
    assert refused.value.returncode == 1
