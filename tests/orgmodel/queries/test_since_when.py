"""Since when a clause's value is there, what it was, who set it – and the clause behind a gain or a loss."""

from datetime import datetime

import pytest

from orgmodel.conventions import Conventions, UnitKind
from orgmodel.facts import EventFact, Fact
from orgmodel.queries.access.holdings import access
from orgmodel.queries.history.diff import diff
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import find_person
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.queries.why.answer import Why, why
from orgmodel.queries.why.why_not import Peers
from orgmodel.rules.explain import Clause
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import (
    FactsReader,
    account,
    added,
    app,
    group,
    member,
    moment,
    opens,
    profile_changed,
    removed,
    rule,
)

pytestmark = pytest.mark.django_db

RED = rule("0pred", "Red team", 'user.team == "red"', "00gred")
FIXED: list[Fact] = [
    group("00gred", "team-red"),
    app("0oapaint", "Paint"),
    opens("00gred", "0oapaint"),
    account("lena", "Lena Osei", team="red"),
    member("lena", "00gred"),
]
INSIDE: list[Fact] = [account("nadia", "Nadia Brandt", team="red"), member("nadia", "00gred", "0pred")]
OUTSIDE: list[Fact] = [account("nadia", "Nadia Brandt", team="blue")]
BY_HAND = {"actor_name": "Tomas Okafor"}


def say(day: float, *facts: Fact, source: str = "okta", conventions: Conventions | None = None) -> None:
    reader = FactsReader([*facts, *FIXED] if source == "okta" else facts, source=source, size=50)
    outcome = read_and_apply(reader, conventions or Conventions(), source, now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def changed(day: float, **values: str) -> EventFact:
    return profile_changed(f"p{day}", "nadia", moment(day), "team", **values)


def why_answer(target: str = "Paint", day: float = 9) -> Why:
    then = Moment(moment(day), live=day == 9)
    return why(find_person("nadia"), find_target(target, OPERATOR), then, OPERATOR)


def clause(answer: Why) -> Clause:
    steps = (answer.paths or answer.would_take)[0].steps
    return next(step for step in steps if step.kind == "rule").clauses[0]


def set_when(answer: Why) -> tuple[datetime | None, str, str]:
    words = clause(answer)
    return words.since, words.was, words.set_by


def test_a_value_that_was_always_there() -> None:
    say(0, *INSIDE, RED)
    assert set_when(why_answer()) == (None, "", "there before Sightline began")


def test_a_value_that_nobody_is_known_to_have_set() -> None:
    say(0, *OUTSIDE, RED)
    say(1, *INSIDE, RED)
    assert set_when(why_answer()) == (moment(1), "blue", "not known")


@pytest.mark.parametrize(
    ("log", "by"),
    [
        (BY_HAND, "Tomas Okafor, by hand"),
        ({"actor_name": "Sprout", "token_id": "00T1"}, "the automation Sprout"),
        ({"actor_name": "", "token_id": "00T1"}, "an automation"),
        ({"actor_type": "SystemPrincipal", "actor_name": "Okta System"}, "Okta itself"),
    ],
)
def test_a_value_that_the_log_names_the_setter_of(log: dict[str, str], by: str) -> None:
    say(0, *OUTSIDE, RED)
    say(1, *INSIDE, RED, changed(0.9, **log))
    assert set_when(why_answer()) == (moment(0.9), "blue", by)


def test_hr_comes_before_whoever_passed_it_on() -> None:
    say(0, *OUTSIDE, RED)
    say(0.8, account("nadia", "Nadia Brandt", team="red"), source="hris")
    say(1, *INSIDE, RED, changed(0.9, actor_name="HR sync", token_id="00T1"))
    assert set_when(why_answer()) == (moment(0.9), "blue", "the HR record, passed on by HR sync")
    assert set_when(why_answer(day=0.5)) == (None, "", "there before Sightline began")


def test_what_was_before_the_value_of_today_is_todays() -> None:
    say(0, *OUTSIDE, RED)
    say(1, *INSIDE, RED)
    say(2, account("nadia", "Nadia Brandt", team="green"), RED)
    assert set_when(why_answer()) == (moment(2), "red", "not known")
    assert clause(why_answer()).as_json() | {"near": ""} == {
        "text": 'user.team == "red"',
        "words": "team is red",
        "value": "green",
        "holds": False,
        "reason": None,
        "decides": True,
        "near": "",
        "since": "2026-03-03T09:00:00+00:00",
        "was": "red",
        "set_by": "not known",
    }


def test_a_gain_names_the_clause_that_turned() -> None:
    say(0, *OUTSIDE, RED)
    say(1, *INSIDE, RED)
    gain = why_answer().gained
    assert gain is not None
    assert (gain.verb, gain.at, gain.what, gain.evidence) == ("began", moment(1), "team-red", "okta")
    assert gain.sentence == (
        "The rule “Red team” requires that team is red, which is now true:"
        " their team changed from blue to red on 2 March 2026 in Okta."
    )
    assert [each.text for each in gain.clauses] == ['user.team == "red"']


def test_what_was_there_from_the_beginning_was_not_gained() -> None:
    say(0, *INSIDE, RED)
    assert why_answer().gained is None


def test_a_loss_names_the_clause_the_attribute_and_the_log_line() -> None:
    say(0, *INSIDE, RED)
    say(1, *OUTSIDE, RED, removed("e1", "nadia", "00gred", moment(0.95), rule="0pred"))
    lost = why_answer().lost
    assert lost is not None
    data = lost.as_json()
    assert (data["attribute"], data["before"], data["after"]) == ("team", "red", "blue")
    assert (data["attribute_source"], data["event"], data["rule"]) == ("okta", "e1", "0pred")
    assert data["at"] == moment(0.95).isoformat()
    assert data["clauses"][0]["holds"] is False
    assert lost.sentence == (
        "The rule “Red team” requires that team is red, which is no longer true:"
        " their team changed from red to blue on 2 March 2026 in Okta."
    )


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (RED._replace(status="inactive"), "The rule “Red team” had given it; what ended it is not known."),
        (None, "Because the rule “Red team” was deleted."),
        (
            RED._replace(expression='user.team == "rot"'),
            (
                "The rule “Red team” was changed:"
                ' it required user.team == "red" and now requires user.team == "rot".'
            ),
        ),
    ],
)
def test_a_loss_by_a_change_of_the_rule(after: Fact | None, sentence: str) -> None:
    say(0, *INSIDE, RED)
    say(1, INSIDE[0], *((after,) if after else (rule("0pother", "Other", 'user.team == "x"', "00gred"),)))
    lost = why_answer().lost
    assert lost is not None
    assert lost.sentence == sentence


def test_a_loss_by_hand_stays_by_hand() -> None:
    say(0, INSIDE[0], member("nadia", "00gred"), RED)
    say(1, INSIDE[0], RED, removed("e1", "nadia", "00gred", moment(0.95)))
    lost = why_answer().lost
    assert lost is not None
    assert (lost.sentence, lost.clauses) == ("Removed by hand by Tomas Okafor.", ())


def test_a_way_of_others_that_ended_is_no_cause() -> None:
    def day(number: float, *ways: str) -> None:
        groups = [group(each) for each in ("blue", "green")]
        edges = [opens(each, "0oapaint") for each in ways]
        say(number, *INSIDE[:1], member("nadia", "green"), member("lena", "blue"), *groups, *edges)

    day(0, "blue", "green")
    day(1, "green")
    day(2)
    since, until = (Moment(moment(at), live=False) for at in (0.5, 2.5))
    (lost,) = diff(find_person("nadia"), since, until, OPERATOR).lost
    assert lost.cause.sentence() == "green no longer opens it. What made it happen is not known."


def mates(*names: str, held: int) -> list[Fact]:
    """People of team red beside Lena, the first `held` of them in the group."""
    people: list[Fact] = [account(name, team="red") for name in names]
    return [*people, *(member(name, "00gred") for name in names[:held])]


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        (mates("ola", "pia", held=1), "2 of the 3 others in Red have it."),
        (mates("ola", "pia", held=0), "1 of the 3 others in Red has it."),
        ([], "The only other person in Red has it."),
    ],
)
def test_why_not_says_how_many_teammates_have_it(others: list[Fact], sentence: str) -> None:
    team = Conventions(unit_kinds=(UnitKind("team", "team", "team-<slug>"),))
    nadia, kept = account("nadia", "Nadia Brandt", team="red"), rule("0pkept", "Kept", "false", "00gnone")
    say(0, nadia, *others, kept, rule("0pno", "No", "false", "00gred"))
    say(1, nadia, *others, kept, conventions=team)
    answer = why_answer()
    assert answer.peers is not None
    assert answer.peers.sentence == sentence
    assert answer.as_json()["peers"]["of"] == len([one for one in others if hasattr(one, "login")]) + 1


def test_teammates_of_whom_nobody_has_it() -> None:
    assert Peers("Red", 0, 3).sentence == "None of the 3 others in Red have it."


def test_teammates_are_not_counted_for_who_has_it_or_has_no_team() -> None:
    say(0, *INSIDE, RED)
    assert why_answer().peers is None
    say(1, *OUTSIDE, RED)
    assert why_answer().peers is None


def test_teammates_through_a_hidden_group_do_not_show() -> None:
    team = Conventions(unit_kinds=(UnitKind("team", "team", "team-<slug>"),))
    say(0, account("nadia", "Nadia Brandt", team="red"), RED, conventions=team)
    paint, hidden = find_target("Paint", OPERATOR), find_target("team-red", OPERATOR)
    quinn = Viewer(None, hidden=frozenset({hidden.pk}))
    found = why(find_person("nadia"), paint, Moment(moment(9), live=True), quinn)
    assert found.peers is not None
    assert found.peers.held_by == 0


def together(kind: str, transaction: str, day: float) -> EventFact:
    """A line of the log about a request or an import."""
    line = added(f"{kind}{day}", "", "", moment(day))
    return line._replace(type=kind, transaction_id=transaction, actor_name="Somebody else")


@pytest.mark.parametrize(
    ("kind", "transaction", "cause", "origin"),
    [
        ("access.request.resolve", "t1", "Given on request.", "request"),
        ("access.request.resolve", "t2", "Added by hand by Tomas Okafor.", "admin"),
        ("access.request.resolve", "", "Added by hand by Tomas Okafor.", "admin"),
        ("system.import.start", "t1", "Added by an import.", "unknown"),
    ],
)
def test_a_request_and_an_import_are_known_by_their_transaction(
    kind: str, transaction: str, cause: str, origin: str
) -> None:
    joined = added("e1", "nadia", "00gred", moment(0.9))._replace(transaction_id="t1")
    say(0, INSIDE[0])
    say(1, INSIDE[0], member("nadia", "00gred"), joined, together(kind, transaction, 0.9))
    (held,) = access(find_person("nadia"), Moment(moment(9), live=True), OPERATOR).groups
    assert (held.cause.sentence(), held.origin) == (cause, origin)


def test_a_value_that_an_import_brought() -> None:
    say(0, *OUTSIDE, RED)
    brought = changed(0.9, actor_type="SystemPrincipal")._replace(transaction_id="t9")
    say(1, *INSIDE, RED, brought, together("system.import.complete", "t9", 0.9))
    assert set_when(why_answer()) == (moment(0.9), "blue", "an import")
