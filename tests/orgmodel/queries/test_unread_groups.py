"""A group whose members could not be read: what a rule asks of it is unknown, not what was known before."""

import json
from collections.abc import Sequence
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from orgmodel.conventions import Conventions, UnitKind
from orgmodel.facts import Fact, GrantFact
from orgmodel.queries.moments import now
from orgmodel.queries.people import find_person
from orgmodel.queries.rehearsal.proposal import read_proposal
from orgmodel.queries.rehearsal.rehearse import rehearse
from orgmodel.queries.rehearsal.supposition import WhatIfQuestion
from orgmodel.queries.rehearsal.whatif import what_if
from orgmodel.queries.rules.rule_evaluation import proofs
from orgmodel.queries.visibility import OPERATOR
from orgmodel.reports import Problem, Report
from orgmodel.rules.evaluate import UNREAD
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, opens, rule, unit

pytestmark = pytest.mark.django_db
KINDS = (UnitKind("team", "team"),)
CONVENTIONS = Conventions(unit_kinds=KINDS, shrink_share=1.0)
DESK, CREW = 'isMemberOfGroup("00gdesk")', 'isMemberOfGroupNameStartsWith("crew")'
MEMBERS: list[GrantFact] = [member("nadia", "00gdesk"), member("ola", "00gcrew")]
FACTS: list[Fact] = [
    account("nadia", "Nadia Brandt", team="radish"),
    account("ola", "Ola Nord", team="radish"),
    group("00gdesk", "desk"),
    group("00gcrew", "crew-one"),
    group("00gtool", "tools"),
    group("00gteam", "team-cucumber"),
    app("0oatool", "Tools"),
    opens("00gtool", "0oatool"),
    rule("0prdesk", "Desk tools", f'user.team == "cucumber" AND {DESK}', "00gtool"),
    rule("0prteam", "Cucumber team", 'user.team == "cucumber"', "00gteam"),
]


def sync(day: float, members: Sequence[Fact], *unread: str) -> None:
    report = Report(
        problems=[Problem("/groups/…/users", each, "Okta answers 500", "grant") for each in unread]
    )
    read_and_apply(
        FactsReader([*FACTS, *members], size=50, report=report), CONVENTIONS, "okta", now=moment(day)
    )


@pytest.fixture
def company(transactional_db: None) -> None:
    units = [unit("team", f"rec{name}", name.title(), name) for name in ("cucumber", "radish")]
    read_and_apply(FactsReader(units, "control"), CONVENTIONS, "okta", now=moment(0))
    sync(0, MEMBERS)


def value(expression: str, who: str) -> tuple[Any, str | None, list[Any]]:
    out = StringIO()
    call_command("rule", expression, "--person", who, "--json", stdout=out)
    answer = json.loads(out.getvalue())
    return answer["value"], answer["reason"], [clause["holds"] for clause in answer["clauses"]]


def test_a_rule_that_asks_for_a_group_that_was_not_read_has_no_answer(company: None) -> None:
    assert value(DESK, "nadia")[:2] == (True, None)
    assert value(DESK, "ola")[:2] == (False, None)
    sync(1, MEMBERS[1:], "00gdesk")
    for who in ("nadia", "ola"):
        assert value(DESK, who) == (None, UNREAD, [None])
        assert value(f'{DESK} AND user.team == "none"', who)[:2] == (False, None)
        assert value('isMemberOfGroupName("desk")', who)[:2] == (None, UNREAD)
    # Another group answers; and one that is read again has its answer again.
    assert value(CREW, "ola")[:2] == (True, None)
    assert value(CREW, "nadia")[:2] == (False, None)
    assert value(f"{DESK} OR {CREW}", "ola")[:2] == (True, None)
    sync(2, MEMBERS)
    assert value(DESK, "nadia")[:2] == (True, None)


def test_what_if_and_a_rehearsal_say_that_it_is_not_known(company: None) -> None:
    sync(1, MEMBERS[1:], "00gdesk")
    found = what_if(find_person("nadia"), WhatIfQuestion({"team": "cucumber"}), OPERATOR, CONVENTIONS)
    assert [(each.rule, each.reason) for each in found.unknown] == [("Desk tools", UNREAD)]
    assert not found.gains
    plan = rehearse(read_proposal(["person,team", "nadia,cucumber", "ola,cucumber"], CONVENTIONS), KINDS)
    assert [[(each.rule, each.reason) for each in one.unknown] for one in plan.per_person] == [
        [("Desk tools", UNREAD)],
        [("Desk tools", UNREAD)],
    ]
    assert [one.gains for one in plan.per_person] == [(), ()]


def test_why_shows_the_clause_as_unknown_to_those_who_may_see_the_group_alone(company: None) -> None:
    sync(1, MEMBERS[1:], "00gdesk")
    person = find_person("nadia")
    proof = proofs(now(), rules=["0prdesk"], person=person)
    (account_id,) = proof.subjects
    explained = proof.of(account_id, proof.rules["0prdesk"].expression)
    assert explained
    assert [(clause.value, clause.holds, clause.reason) for clause in explained.clauses] == [
        ("radish", False, ""),
        ("not known", None, UNREAD),
    ]
