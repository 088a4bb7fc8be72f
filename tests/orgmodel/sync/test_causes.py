"""Causes over a hand-made company: one story each, and the exact sentence."""

from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, EventFact, Fact, Report
from orgmodel.models import Change, Grant
from orgmodel.sync.runs import read_and_apply
from orgmodel.why.causes import Cause

from .world import (
    Said,
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
    seat,
)

pytestmark = pytest.mark.django_db

RED = rule("0pred", "Red team", 'user.team == "red"', "00gred")
STAY: list[Fact] = [
    group("00gred", "team-red"),
    group("00gcrew", "crew"),
    app("0oapaint", "Paint"),
    opens("00gred", "0oapaint"),
    account("lena", "Lena Osei", team="red", title="Lead", city="Rome"),
    member("lena", "00gred"),
    member("lena", "00gcrew"),
]
OTHER = rule("0pother", "Other", "false", "00gelse")


def sync(day: float, *facts: Fact, source: str = "okta", report: Report | None = None) -> None:
    said = Said([*facts, *STAY] if source == "okta" else facts, source=source, size=50)
    said.report = report or said.report
    outcome = read_and_apply(said, Conventions(shrink_share=1.0), "okta", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def nadia(**values: object) -> AccountFact:
    return account("nadia", "Nadia Brandt", **values)


def red(*rules: str) -> Fact:
    return member("nadia", "00gred", *(rules or ("0pred",)))


def cause(verb: str, kind: str = "grant", **which: Any) -> str:
    """The sentence of the one such change of Nadia since the first sync, and its proof."""
    changes = Change.objects.filter(kind=kind, verb=verb, baseline=False, **which)
    change = changes.get() if kind in {"edge", "resource"} else changes.get(account__native_id="nadia")
    return f"{Cause.read(change.cause, verb).sentence()} ({change.evidence})"


def test_only_the_attribute_that_turned_a_clause_takes_the_blame() -> None:
    both = rule("0pred", "Red team", 'user.team == "red" AND user.title != "Boss"', "00gred")
    sync(0, nadia(team="red", title="Dev"), red(), both)
    sync(1, nadia(team="blue", title="Lead"), both)
    assert cause("ended") == "Because team changed from red to blue (rule “Red team”). (okta)"


def test_a_rule_whose_answer_did_not_turn_is_named_alone_or_not_at_all() -> None:
    either = rule("0pred", "Red team", 'user.team == "red" OR user.city == "Rome"', "00gred")
    sync(0, nadia(team="blue", city="Rome"), either)
    sync(1, nadia(team="red", city="Rome"), red(), either)
    assert cause("began") == "Because of the rule “Red team”. (okta)"
    sync(2, nadia(team="blue", city="Rome"), either)
    assert cause("ended") == "The rule “Red team” had given it; what ended it is not known. (none)"


def test_an_attribute_that_another_account_changed_is_not_blamed() -> None:
    """HR runs ahead: the rule reads the profile in Okta, which has not changed."""
    sync(0, nadia(team="red"), red(), RED)
    sync(0.5, account("nadia", "Nadia Brandt", team="red"), source="hris")
    sync(0.7, account("nadia", "Nadia Brandt", team="blue"), source="hris")
    sync(1, nadia(team="red"), RED, removed("e1", "nadia", "00gred", moment(0.9)))
    assert cause("ended") == "Removed by hand by Tomas Okafor. (log)"
    sync(2, nadia(team="red"), red(), RED)
    sync(3, nadia(team="red"), RED)
    last = Change.objects.filter(kind="grant", verb="ended").latest("pk")
    assert last.cause == {"kind": "unknown", "rule": "0pred", "rule_name": "Red team"}


def test_an_attribute_seen_in_the_read_before() -> None:
    sync(0, nadia(team="red"), red(), RED)
    sync(1, nadia(team="blue"), red(), RED)
    sync(2, nadia(team="blue"), RED)
    assert cause("ended") == "Because team changed from red to blue (rule “Red team”). (okta)"
    assert Change.objects.get(kind="grant", verb="ended").cause["attribute_at"] == moment(1).isoformat()


def test_a_torn_read_is_made_whole_by_the_next() -> None:
    sync(0, nadia(team="red"), red(), RED)
    sync(1, nadia(team="red"), RED)
    assert cause("ended") == "The rule “Red team” had given it; what ended it is not known. (none)"
    sync(1.1, nadia(team="blue"), RED)
    assert cause("ended") == "Because team changed from red to blue (rule “Red team”). (okta)"


def test_what_changed_two_reads_later_was_not_it() -> None:
    sync(0, nadia(team="red"), red(), RED)
    sync(1, nadia(team="red"), RED)
    sync(1.1, nadia(team="red"), RED)
    sync(1.2, nadia(team="blue"), RED)
    assert cause("ended") == "The rule “Red team” had given it; what ended it is not known. (none)"


def test_an_attribute_that_was_never_read_before_did_not_change() -> None:
    sync(0, nadia(), RED)
    sync(1, nadia(squad="a"), red(), rule("0pred", "Red team", 'user.squad == "a"', "00gred"))
    assert cause("began") == "Because the rule “Red team” was changed. (okta)"


def test_a_group_that_the_rule_asks_for() -> None:
    crew = rule("0pred", "Crew rule", 'isMemberOfGroupName("crew") AND user.team == "red"', "00gred")
    sync(0, nadia(team="red"), crew)
    sync(1, nadia(team="red"), member("nadia", "00gcrew"), red(), crew)
    assert cause("began", what="team-red") == ("Because the person is now in crew (rule “Crew rule”). (okta)")
    sync(2, nadia(team="red"), crew)
    assert cause("ended", what="team-red") == (
        "Because the person is no longer in crew (rule “Crew rule”). (okta)"
    )


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (RED._replace(expression='user.team == "rot"'), "Because the rule “Red team” was changed. (okta)"),
        (RED._replace(targets=("00gelse",)), "Because the rule “Red team” was changed. (okta)"),
        (
            RED._replace(excluded=("nadia",)),
            "Because the person is now excluded from the rule “Red team” by name. (okta)",
        ),
        (OTHER, "Because the rule “Red team” was deleted. (okta)"),
        # Making a rule inactive removes nobody.
        (
            RED._replace(status="INACTIVE"),
            "The rule “Red team” had given it; what ended it is not known. (none)",
        ),
    ],
)
def test_an_edit_of_the_rule(after: Fact, sentence: str) -> None:
    sync(0, nadia(team="red"), red(), RED)
    sync(1, nadia(team="red"), after)
    assert cause("ended") == sentence


def test_a_rule_that_is_new_and_one_that_became_active() -> None:
    sync(0, nadia(team="red"), RED._replace(status="INACTIVE"), OTHER)
    blue = rule("0pblue", "Blue team", 'user.team == "red"', "00gcrew")
    sync(1, nadia(team="red"), red(), RED, blue, member("nadia", "00gcrew", "0pblue"), OTHER)
    assert cause("began", what="team-red") == "Because the rule “Red team” became active. (okta)"
    assert cause("began", what="crew") == "Because the rule “Blue team” is new. (okta)"


def test_an_admin_who_took_somebody_out_of_one_of_two_targets() -> None:
    two = rule("0pred", "Red team", 'user.team == "red"', "00gred", "00gcrew")
    sync(0, nadia(team="red"), red(), member("nadia", "00gcrew", "0pred"), two)
    sync(1, nadia(team="red"), red(), two, removed("e1", "nadia", "00gcrew", moment(0.9)))
    assert cause("ended") == "Removed by hand by Tomas Okafor. (log)"


def test_a_second_rule_that_still_takes_somebody_removed_nobody() -> None:
    city = rule("0pcity", "City", 'user.city == "Rome"', "00gred")
    sync(0, nadia(team="red", city="Rome"), red("0pred", "0pcity"), RED, city)
    sync(1, nadia(team="blue", city="Rome"), RED, city)
    assert cause("ended") == "The rule “Red team” had given it; what ended it is not known. (none)"


def test_a_membership_that_another_rule_keeps_now() -> None:
    city = rule("0pcity", "City", 'user.city == "Rome"', "00gred")
    sync(
        0, nadia(team="red", city="Oslo"), red("0pred"), RED, city, added("e0", "nadia", "00gred", moment(-1))
    )
    sync(1, nadia(team="blue", city="Rome"), red("0pcity"), RED, city)
    assert cause("changed") == "Because city changed from Oslo to Rome (rule “City”). (okta)"


def test_without_attribution_the_rule_is_found_by_evaluation() -> None:
    sync(0, nadia(team="red"), member("nadia", "00gred", attributed=False), RED)
    sync(1, nadia(team="blue"), RED)
    assert cause("ended") == "Because team changed from red to blue (rule “Red team”). (evaluated)"


def test_a_line_about_an_earlier_membership_proves_nothing() -> None:
    hand = member("nadia", "00gred")
    sync(0, nadia(), hand, RED, added("e1", "nadia", "00gred", moment(-1)))
    sync(1, nadia(), RED, removed("e2", "nadia", "00gred", moment(0.9)))
    assert cause("ended") == "Removed by hand by Tomas Okafor. (log)"
    sync(2, nadia(), hand, RED)
    assert cause("began") == "What made it happen is not known. (okta)"


def lifecycle(kind: str, about: str, **actor: str) -> EventFact:
    """A line of the log about an account, a group or an app as a whole."""
    line = added(f"{kind}{about}", "", "", moment(0.9), **actor)._replace(type=kind)
    if kind.startswith("user."):
        return line._replace(account=about)
    return line._replace(app=about) if kind.startswith("application.") else line._replace(group=about)


SYSTEM = {"actor_type": "SystemPrincipal", "actor_name": "Okta System"}


def test_a_deleted_group() -> None:
    gone: list[Fact] = [group("00gold", "old crew"), opens("00gold", "0oapaint")]
    sync(0, nadia(), *gone, member("nadia", "00gold"), RED)
    sync(1, nadia(), RED, lifecycle("group.lifecycle.delete", "00gold"))
    assert cause("ended") == "Because the group old crew was deleted by Tomas Okafor. (log)"
    assert cause("ended", "edge") == "Because the group old crew was deleted by Tomas Okafor. (log)"


def test_a_group_that_is_gone_without_a_word() -> None:
    sync(0, nadia(), group("00gold", "old crew"), member("nadia", "00gold"), RED)
    sync(1, nadia(), RED)
    assert cause("ended") == "Because the group old crew was deleted. (okta)"


def test_somebody_taken_out_before_the_group_was_deleted() -> None:
    sync(0, nadia(), group("00gold", "old crew"), member("nadia", "00gold"), RED)
    out = removed("e1", "nadia", "00gold", moment(0.5), actor_name="Quinn Abe")
    sync(1, nadia(), RED, out, lifecycle("group.lifecycle.delete", "00gold"))
    assert cause("ended") == "Removed by hand by Quinn Abe. (log)"


def test_a_group_taken_from_an_app() -> None:
    sync(0, nadia(), opens("00gcrew", "0oapaint"), RED)
    taken = lifecycle("group.application_assignment.remove", "00gcrew")._replace(app="0oapaint")
    sync(1, nadia(), RED, taken)
    assert cause("ended", "edge") == "Removed by hand by Tomas Okafor. (log)"


def test_a_group_that_opens_an_app_at_another_level() -> None:
    sync(0, nadia(), opens("00gcrew", "0oapaint", "Editor"), RED)
    first = lifecycle("group.application_assignment.remove", "00gcrew")._replace(app="0oapaint")
    again = lifecycle("group.application_assignment.add", "00gcrew")._replace(
        app="0oapaint", published=moment(0.95)
    )
    sync(1, nadia(), opens("00gcrew", "0oapaint", "Viewer"), RED, first, again)
    assert cause("ended", "edge") == "Removed by hand by Tomas Okafor. (log)"
    assert cause("began", "edge") == "Added by hand by Tomas Okafor. (log)"


def test_a_deactivated_person() -> None:
    sync(0, nadia(team="red"), red(), member("nadia", "00gcrew"), RED)
    off = lifecycle("user.lifecycle.deactivate", "nadia")
    left = removed("e1", "nadia", "00gred", moment(0.9), **SYSTEM)
    sync(1, nadia(team="blue", status="DEPROVISIONED"), RED, off, left)
    assert cause("ended", what="team-red") == (
        "Because the Okta account was deactivated by Tomas Okafor. (log)"
    )
    assert cause("ended", what="crew") == ("Because the Okta account was deactivated by Tomas Okafor. (log)")
    assert cause("changed", "attribute", attribute="status") == "Changed by hand by Tomas Okafor. (log)"


def test_an_admin_who_deactivates_is_no_admin_who_removes() -> None:
    """Okta writes the removals of one deactivation under the same transaction and the same actor."""
    sync(0, nadia(), member("nadia", "00gcrew"), RED)
    off = lifecycle("user.lifecycle.deactivate", "nadia")._replace(transaction_id="t1")
    left = removed("e1", "nadia", "00gcrew", moment(0.91))._replace(transaction_id="t1")
    sync(1, nadia(status="DEPROVISIONED"), RED, off, left)
    assert cause("ended") == "Because the Okta account was deactivated by Tomas Okafor. (log)"


def test_a_deleted_account() -> None:
    sync(0, nadia(), member("nadia", "00gcrew"), RED)
    sync(1, RED, lifecycle("user.lifecycle.delete.completed", "nadia", **SYSTEM))
    assert cause("ended") == "Because the Okta account was deleted. (log)"


def test_an_app_that_is_gone_or_inactive() -> None:
    old, dull = app("0oaold", "Old"), app("0oadull", "Dull")
    sync(0, nadia(), old, dull, seat("nadia", "0oaold"), seat("nadia", "0oadull"), seat("lena", "0oadull"))
    sync(
        1,
        nadia(),
        app("0oadull", "Dull", status="INACTIVE"),
        seat("lena", "0oadull"),
        lifecycle("application.lifecycle.deactivate", "0oadull"),
        lifecycle("application.lifecycle.delete", "0oaold", token_id="00T1", actor_name="Sprout"),
    )
    assert cause("ended", what="Old") == ("Because Old was deleted from Okta by the automation Sprout. (log)")
    assert cause("ended", what="Dull") == ("Because Dull was made inactive in Okta by Tomas Okafor. (log)")
    assert cause("changed", "resource", what="Dull") == "Changed by hand by Tomas Okafor. (log)"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("certification.campaign.item.remediate", "Removed in an access review. (log)"),
        ("access.review.item.remediate", "Removed in an access review. (log)"),
        ("system.identity_sources.bulk_group_membership_delete", "Removed by an import. (log)"),
        ("governance.remediation", "Removed by access governance. (log)"),
        ("app.access_request.revoke", "Taken back on request. (log)"),
        ("system.import.complete", "Removed by an import. (log)"),
        ("user.session.start", "Removed by hand by Tomas Okafor. (log)"),
    ],
)
def test_who_removed_is_known_by_the_transaction(line: str, sentence: str) -> None:
    sync(0, nadia(), member("nadia", "00gcrew"), RED)
    out = removed("e1", "nadia", "00gcrew", moment(0.9))._replace(transaction_id="t1")
    beside = added("e2", "", "", moment(0.9))._replace(type=line, transaction_id="t1")
    sync(1, nadia(), RED, out, beside)
    assert cause("ended") == sentence


def test_a_log_that_names_the_rule_is_believed() -> None:
    sync(0, nadia(team="red"), red(), RED)
    out = removed("e1", "nadia", "00gred", moment(0.9), rule="0pred", **SYSTEM)
    sync(1, nadia(team="red"), RED, out)
    assert cause("ended") == "Because of the rule “Red team”. (log)"


def test_the_log_line_of_an_attribute_does_not_make_its_setter_the_one_who_removed() -> None:
    sync(0, nadia(team="red"), red(), RED)
    sync(1, nadia(team="blue"), RED, profile_changed("p1", "nadia", moment(0.9), "team"))
    assert cause("ended") == "Because team changed from red to blue (rule “Red team”). (okta)"
    assert cause("changed", "attribute") == "Changed by hand by Tomas Okafor. (log)"
    assert not Grant.objects.filter(account__native_id="nadia", ended=None).exists()
