"""Sentences of answers: each with a person, a thing and the exact words."""

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, Fact
from orgmodel.queries.access.holdings import access
from orgmodel.queries.access.target import Target
from orgmodel.queries.history.diff import diff
from orgmodel.queries.moments import Moment
from orgmodel.queries.pages.details import integration
from orgmodel.queries.people import find_person
from orgmodel.queries.rehearsal.whatif import NoAccount, what_if
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR
from orgmodel.queries.why.answer import Why, why
from orgmodel.reports import Report
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, opens, rule, seat

pytestmark = pytest.mark.django_db

FACTS: list[Fact] = [
    account("nadia", "Nadia Brandt", team="red"),
    account("quinn", "Quinn Abe", status="DEPROVISIONED"),
    account("ida", "Ida Lund", status="SUSPENDED"),
    group("00gred", "team-red"),
    group("00gblue", "team-blue"),
    app("0oapaint", "Paint"),
    app("0oaold", "Old thing", status="inactive"),
    app("0oalone", "Lone"),
    opens("00gred", "0oapaint", "Editor"),
    opens("00gblue", "0oapaint", "Viewer", 1),
    opens("00gred", "0oaold"),
    rule("0pred", "Red team", 'user.team == "red"', "00gred"),
    member("nadia", "00gred", "0pred"),
    member("ida", "00gblue"),
    seat("quinn", "0oapaint"),
]


def say(day: float, *facts: Fact, source: str = "okta", report: Report | None = None) -> None:
    reader = FactsReader(facts, source=source, size=50, report=report or Report())
    outcome = read_and_apply(reader, Conventions(), "okta", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def why_answer(person: str, target: str, day: float = 9) -> Why:
    then = Moment(moment(day), live=day == 9)
    return why(find_person(person), find_target(target, OPERATOR), then, OPERATOR)


def answer(person: str, target: str, day: float = 9) -> str:
    return why_answer(person, target, day).sentence


def without(*gone: Fact) -> list[Fact]:
    return [fact for fact in FACTS if fact not in gone]


@pytest.mark.parametrize(
    ("person", "target", "sentence"),
    [
        (
            "nadia",
            "team-red",
            (
                "Nadia Brandt is in team-red. Nadia Brandt’s team is red."
                " The rule “Red team” puts Nadia Brandt into team-red."
            ),
        ),
        (
            "nadia",
            "Paint",
            (
                "Nadia Brandt has Paint as Editor, in one way. Nadia Brandt’s team is red."
                " The rule “Red team” puts Nadia Brandt into team-red, which opens Paint as Editor."
            ),
        ),
        (
            *("nadia", "Old thing"),
            (
                "Nadia Brandt is in team-red, which opens Old thing, but Old thing is inactive in Okta:"
                " nobody can use it."
            ),
        ),
        ("ida", "Old thing", "Old thing is inactive in Okta: nobody can use it."),
        (
            *("quinn", "Old thing"),
            (
                "Old thing is inactive in Okta: nobody can use it."
                " Quinn Abe has left: the Okta account is deactivated and opens nothing."
            ),
        ),
        ("nadia", "team-blue", "Nadia Brandt is not in team-blue."),
        (
            "nadia",
            "Lone",
            "Nadia Brandt does not have Lone, and no group that Sightline can see opens it.",
        ),
        (
            *("quinn", "Paint"),
            "Quinn Abe is assigned to Paint, but the Okta account is deactivated and opens nothing.",
        ),
        ("quinn", "team-red", "Quinn Abe has left: the Okta account is deactivated and opens nothing."),
        (
            *("ida", "Paint"),
            (
                "Ida Lund has Paint as Viewer, in one way. Ida Lund was added to team-blue directly,"
                " which opens Paint as Viewer; who did it is not known."
                " Ida Lund’s Okta account is suspended, so it cannot be used to sign in now."
            ),
        ),
    ],
)
def test_why(person: str, target: str, sentence: str) -> None:
    say(0, *FACTS)
    assert answer(person, target) == sentence


def test_why_not_says_what_it_takes_of_what_stands_in_the_way() -> None:
    say(0, *FACTS)
    takes = {
        (person, target): [path.sentence for path in why_answer(person, target).would_take]
        for person, target in (("nadia", "Old thing"), ("quinn", "Paint"), ("quinn", "team-red"))
    }
    assert takes == {
        ("nadia", "Old thing"): ["Someone must activate Old thing in Okta."],
        ("quinn", "Paint"): ["Someone must reactivate Quinn Abe’s Okta account."],
        ("quinn", "team-red"): [
            "Someone must reactivate Quinn Abe’s Okta account.",
            "The rule “Red team” would match if team is red (now not set).",
        ],
    }
    records = [fact for fact in FACTS if isinstance(fact, AccountFact)]
    say(1, *records, account("only", "Only Hr"), source="hris")
    assert answer("only", "Paint") == "Only Hr does not have Paint: there is no Okta account."


@pytest.mark.parametrize(
    ("status", "sync_state", "but"),
    [
        ("ACTIVE", "SYNCHRONIZED", None),
        ("SUSPENDED", "", "Okta lists the assignment to Lone as suspended, so it may not open."),
        ("DEPROVISIONED", "", "Okta lists the assignment to Lone as deprovisioned, so it may not open."),
        ("PROVISIONED", "ERROR", "Okta reports an error with the account in Lone, so it may not open."),
    ],
)
def test_an_assignment_that_cannot_be_used_is_said(status: str, sync_state: str, but: str | None) -> None:
    say(0, *FACTS, seat("nadia", "0oalone", status=status, sync_state=sync_state))
    found = why_answer("nadia", "Lone")
    assert (found.has, found.as_json()["blocked"]) == (True, but)
    assert found.sentence == " ".join(
        filter(
            None,
            (
                "Nadia Brandt has Lone, in one way.",
                "Nadia Brandt has Lone, assigned directly and not through a group.",
                but,
            ),
        )
    )


def test_why_not_names_the_group_that_it_comes_with() -> None:
    say(0, *FACTS, account("ola", "Ola Nord", team="blue"))
    assert answer("ola", "Paint") == (
        "Ola Nord does not have Paint. It comes with team-red."
        " The rule “Red team” would match if team is red (now blue)."
    )


def test_where_okta_does_not_let_us_see_it_says_so() -> None:
    blind = Report()
    blind.not_visible["grant"] = "403"
    hidden = [fact for fact in FACTS if type(fact) is not type(member("a", "b"))]
    say(0, *hidden, account("ola", "Ola Nord"), report=blind)
    assert answer("ola", "team-blue") == (
        "Sightline cannot read whether Ola Nord is in team-blue: that is unknown, not empty."
    )


def test_what_was_there_before_the_first_read() -> None:
    say(0, *without(member("nadia", "00gred", "0pred")), member("nadia", "00gred"))
    (held,) = access(find_person("nadia"), Moment(moment(9), live=True), OPERATOR).apps
    assert held.cause.sentence() == "Since before Sightline began."


def test_an_app_that_was_made_inactive() -> None:
    say(0, *FACTS)
    off = app("0oapaint", "Paint", status="inactive")
    say(1, *without(app("0oapaint", "Paint")), off)
    since, until = Moment(moment(0.5), live=False), Moment(moment(9), live=True)
    (lost,) = diff(find_person("nadia"), since, until, OPERATOR).lost
    assert (lost.app.name, lost.cause.sentence()) == (
        "Paint",
        "Because Paint was made inactive in Okta.",
    )


def test_what_if_without_an_account_that_rules_look_at() -> None:
    say(0, *FACTS)
    say(0, account("ola", "Ola Nord"), source="hris")
    for person, sentence in (
        ("ola", "Ola Nord has no Okta account, so no rule looks at them."),
        ("quinn", "Quinn Abe’s Okta account is deactivated, so no rule looks at it."),
    ):
        with pytest.raises(NoAccount) as refused:
            what_if(find_person(person), {"team": "red"}, OPERATOR)
        assert str(refused.value) == sentence


SOURCE = "People and their attributes come from it into Okta: it is a source, not a place to sign in to."
BY_HAND = "Someone must close the account manually."


@pytest.mark.parametrize(
    ("features", "type_", "how", "removal"),
    [
        (
            *("PUSH_NEW_USERS PUSH_USER_DEACTIVATION", "figma"),
            "Okta creates and updates accounts in it.",
            "Okta closes the account when access ends.",
        ),
        (
            *("PUSH_NEW_USERS", "figma"),
            "Okta creates and updates accounts in it.",
            "Okta creates accounts, but someone must close them manually.",
        ),
        (
            *("[]SAML_2_0", "figma"),
            "Okta only signs people in.",
            "The account inside stays when access ends; someone must close it manually.",
        ),
        ("[]BROWSER_PLUGIN", "figma", "It is a link with a shared or own password.", BY_HAND),
        ("[]BOOKMARK", "bookmark", "It is only a link.", "Okta knows of no account in it."),
        ('["PROFILE_MASTERING", "PUSH_NEW_USERS"]', "workday", SOURCE, "Okta does not close accounts in it."),
        ("[]", "active_directory", SOURCE, "Okta does not close accounts in it."),
        (
            *("[]", "something"),
            "How Okta is connected with it is not known.",
            "Whether an account is left in it is not known.",
        ),
    ],
)
def test_how_well_an_app_is_connected(features: str, type_: str, how: str, removal: str) -> None:
    shown = integration(Target(1, "app", "Paint", "0oapaint", type=type_, features=features))
    assert (shown.how, shown.removal) == (how, removal)
