"""Causes that take other things along, and what the log's lines prove: the exact sentences."""

import pytest

from orgmodel.facts import EventFact, Fact
from orgmodel.models import Grant

from .test_causes import RED, cause, nadia, red, sync
from .world import added, app, group, member, moment, opens, profile_changed, removed, seat

pytestmark = pytest.mark.django_db


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


def test_a_group_that_was_deleted_while_it_was_read() -> None:
    """It is still listed, but opens nothing and has no members any more."""
    old = group("00gold", "old crew")
    sync(0, nadia(), old, opens("00gold", "0oapaint"), member("nadia", "00gold"), RED)
    line = lifecycle("group.lifecycle.delete", "00gold")
    sync(0.906, nadia(), RED, old, line)
    assert cause("ended", "edge") == "What made it happen is not known. (none)"
    sync(1, nadia(), RED, line)
    assert cause("ended", "edge") == "Because the group old crew was deleted by Tomas Okafor. (log)"
    assert cause("ended") == "Because the group old crew was deleted by Tomas Okafor. (log)"


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


def test_a_person_deactivated_during_the_sync_that_saw_the_membership_gone() -> None:
    sync(0, nadia(), member("nadia", "00gcrew"), RED)
    off = lifecycle("user.lifecycle.deactivate", "nadia")._replace(published=moment(0.999))
    sync(1, nadia(), RED, off)
    assert cause("ended") == "What made it happen is not known. (none)"
    sync(1.1, nadia(status="DEPROVISIONED"), RED)
    assert cause("ended") == "Because the Okta account was deactivated by Tomas Okafor. (log)"


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
        app("0oadull", "Dull", status="inactive"),
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
    assert cause("ended") == "Because their team changed from red to blue (rule “Red team”). (okta)"
    assert cause("changed", "attribute") == "Changed by hand by Tomas Okafor. (log)"
    assert not Grant.objects.filter(account__native_id="nadia", ended=None).exists()
