"""Lines of the log that come after the change they explain was seen: the same sentence as in time."""

import pytest

from orgmodel.facts import Fact
from orgmodel.models import Change, Grant

from .test_causes import RED, cause, nadia, red, sync
from .test_causes_of_the_log import SYSTEM, lifecycle
from .world import added, group, member, moment, opens, profile_changed, removed, seat

pytestmark = pytest.mark.django_db
EXCLUDING = RED._replace(excluded=("nadia",))


def test_what_was_not_known_is_known_once_the_log_tells_it() -> None:
    sync(0, nadia(), RED)
    sync(1, nadia(), member("nadia", "00gcrew"), opens("00gcrew", "0oapaint"), RED)
    assert cause("began") == "What made it happen is not known. (okta)"
    put = added("e1", "nadia", "00gcrew", moment(0.9), actor_name="Quinn Abe")
    opened = lifecycle("group.application_assignment.add", "00gcrew")._replace(app="0oapaint")
    sync(2, nadia(), member("nadia", "00gcrew"), opens("00gcrew", "0oapaint"), RED, put, opened)
    assert cause("began") == "Added by hand by Quinn Abe. (log)"
    assert cause("began", "edge") == "Added by hand by Tomas Okafor. (log)"
    assert Grant.objects.get(account__native_id="nadia", ended=None).origin == "admin"


def test_a_line_of_a_later_act_explains_no_earlier_change() -> None:
    sync(0, nadia(), RED)
    sync(1, nadia(), member("nadia", "00gcrew"), RED)
    again = added("e1", "nadia", "00gcrew", moment(1.5), actor_name="Quinn Abe")
    sync(2, nadia(), member("nadia", "00gcrew"), RED, again)
    assert cause("began") == "What made it happen is not known. (okta)"


def test_who_took_somebody_out_of_one_target_of_a_rule() -> None:
    sync(0, nadia(team="red"), red(), RED)
    sync(1, nadia(team="red"), EXCLUDING)
    assert cause("ended") == "Because the person is now excluded from the rule “Red team” by name. (okta)"
    sync(2, nadia(team="red"), EXCLUDING, removed("e1", "nadia", "00gred", moment(0.9)))
    assert cause("ended") == "Removed by hand by Tomas Okafor. (log)"
    assert Change.objects.get(kind="grant", verb="ended").rule is None, "an act of somebody is no rule's"


def test_okta_carrying_out_a_rule_late_does_not_take_the_place_of_what_turned_it() -> None:
    sync(0, nadia(team="red"), red(), RED)
    sync(1, nadia(team="blue"), RED)
    sync(2, nadia(team="blue"), RED, removed("e1", "nadia", "00gred", moment(0.9), **SYSTEM))
    assert cause("ended") == "Because their team changed from red to blue (rule “Red team”). (okta)"


def test_what_ended_it_is_not_said_to_be_okta_where_a_rule_still_holds() -> None:
    sync(0, nadia(team="red"), red(), RED)
    sync(1, nadia(team="red"), RED)
    sync(2, nadia(team="red"), RED, removed("e1", "nadia", "00gred", moment(0.9), **SYSTEM))
    assert cause("ended") == "The rule “Red team” had given it; what ended it is not known. (none)"


def test_a_rule_that_turned_while_it_was_read_is_named_by_its_own_late_line() -> None:
    """The members were read after the rule had been changed, the rules and the log before."""
    sync(0, nadia(team="red"), red(), RED)
    sync(1, nadia(team="red"), RED)
    line = removed("e1", "nadia", "00gred", moment(0.9), **SYSTEM, rule="0pred")
    sync(2, nadia(team="red"), RED._replace(expression="false"), line)
    assert cause("ended") == "Because the rule “Red team” was changed. (log)"
    assert Change.objects.get(kind="grant", verb="ended").rule is not None


def changed_by(uuid: str, name: str, day: float) -> Fact:
    return profile_changed(uuid, "nadia", moment(day), "team", actor_name=name)


def test_who_changed_a_profile_last_while_it_was_read() -> None:
    """From red to blue, and to green: the log had told of the first only when the profile was read."""
    sync(0, nadia(team="red"), RED)
    sync(1, nadia(team="green"), RED, changed_by("e1", "Bo Bremer", 0.99))
    assert cause("changed", "attribute", attribute="team") == "Changed by hand by Bo Bremer. (log)"
    sync(2, nadia(team="green"), RED, changed_by("e2", "Quinn Abe", 0.995))
    assert cause("changed", "attribute", attribute="team") == "Changed by hand by Quinn Abe. (log)"


def test_a_late_line_of_what_a_later_read_saw_is_of_that() -> None:
    sync(0, nadia(team="red"), RED)
    sync(1, nadia(team="blue"), RED, changed_by("e1", "Bo Bremer", 0.99))
    sync(2, nadia(team="green"), RED, changed_by("e2", "Quinn Abe", 0.995))
    blue, green = Change.objects.filter(attribute="team", verb="changed").order_by("pk")
    assert (blue.cause["actor"], green.cause["actor"]) == ("Bo Bremer", "Quinn Abe")


def test_who_added_somebody_while_it_was_read_and_took_them_out_again_before_the_next_read() -> None:
    sync(0, nadia(), RED)
    sync(1, nadia(), member("nadia", "00gcrew"), RED)
    put = added("e1", "nadia", "00gcrew", moment(0.999), actor_name="Quinn Abe")
    taken = removed("e2", "nadia", "00gcrew", moment(1.5), actor_name="Bo Bremer")
    sync(2, nadia(), RED, put, taken)
    assert cause("began") == "Added by hand by Quinn Abe. (log)"
    assert cause("ended") == "Removed by hand by Bo Bremer. (log)"


def test_what_was_taken_and_given_again_in_one_moment_did_not_end_with_that() -> None:
    sync(0, nadia(), member("nadia", "00gcrew"), RED)
    at = moment(0.5)
    twice = (removed("e2", "nadia", "00gcrew", at), added("e1", "nadia", "00gcrew", at))
    sync(1, nadia(), member("nadia", "00gcrew"), RED, *twice)
    sync(2, nadia(), RED)
    assert cause("ended") == "What made it happen is not known. (none)"


OLD = RED._replace(native_id="0pold", name="Old red")


def test_of_two_rules_the_log_says_late_which_one_it_was() -> None:
    sync(0, nadia(team="red"), red("0pold", "0pred"), OLD, RED)
    sync(1, nadia(team="blue"), OLD, RED)
    assert cause("ended") == "Because their team changed from red to blue (rule “Old red”). (okta)"
    line = removed("e1", "nadia", "00gred", moment(0.9), **SYSTEM, rule="0pred")
    sync(2, nadia(team="blue"), OLD, RED, line)
    assert cause("ended") == "Because their team changed from red to blue (rule “Red team”). (log)"


def test_a_rule_that_is_gone_before_is_not_the_one_that_ended_it() -> None:
    """The list of members, with its rules, was not read again when one of them was deleted."""
    sync(0, nadia(team="red"), red("0pold", "0pred"), OLD, RED)
    sync(1, nadia(team="red"), red("0pold", "0pred"), RED)
    sync(2, nadia(team="blue"), RED)
    assert cause("ended") == "Because their team changed from red to blue (rule “Red team”). (okta)"


def test_who_assigned_an_app_that_okta_gave_by_a_group_just_before() -> None:
    sync(0, nadia(), RED)
    given = added("e0", "nadia", "", moment(0.999), **SYSTEM)
    given = given._replace(app="0oapaint", type="application.user_membership.add")
    sync(1, nadia(), RED, seat("nadia", "0oapaint"), given)
    assert cause("began") == "Added by Okta itself. (log)"
    put = added("e1", "nadia", "", moment(0.9995), actor_name="Quinn Abe")
    put = put._replace(app="0oapaint", type="application.user_membership.update")
    sync(2, nadia(), RED, seat("nadia", "0oapaint"), put)
    assert cause("began") == "Added by hand by Quinn Abe. (log)"


def test_who_changed_the_order_of_groups() -> None:
    first = opens("00gcrew", "0oapaint", "Viewer", priority=1)
    sync(0, nadia(), first, RED)
    sync(1, nadia(), first._replace(priority=3), RED)
    assert cause("changed", "edge") == "What made it happen is not known. (none)"
    line = lifecycle("group.application_assignment.update", "00gcrew")._replace(app="0oapaint")
    sync(2, nadia(), first._replace(priority=3), RED, line)
    assert cause("changed", "edge") == "Changed by hand by Tomas Okafor. (log)"


def test_who_deleted_a_group_is_said_of_all_that_went_with_it() -> None:
    gone: list[Fact] = [group("00gold", "old crew"), opens("00gold", "0oapaint")]
    sync(0, nadia(), *gone, member("nadia", "00gold"), RED)
    sync(1, nadia(), RED)
    assert cause("ended") == "Because the group old crew was deleted. (okta)"
    sync(2, nadia(), RED, lifecycle("group.lifecycle.delete", "00gold"))
    assert cause("ended") == "Because the group old crew was deleted by Tomas Okafor. (log)"
    assert cause("ended", "edge") == "Because the group old crew was deleted by Tomas Okafor. (log)"


def test_who_took_somebody_out_before_the_group_was_deleted() -> None:
    sync(0, nadia(), group("00gold", "old crew"), member("nadia", "00gold"), RED)
    sync(1, nadia(), RED)
    sync(2, nadia(), RED, removed("e1", "nadia", "00gold", moment(0.5), actor_name="Quinn Abe"))
    assert cause("ended") == "Removed by hand by Quinn Abe. (log)"


def test_who_deactivated_an_account() -> None:
    sync(0, nadia(), member("nadia", "00gcrew"), RED)
    sync(1, nadia(status="DEPROVISIONED"), RED)
    assert cause("ended", what="crew") == "Because the Okta account was deactivated. (okta)"
    at = moment(0.91)
    left = removed("e1", "nadia", "00gcrew", at)._replace(transaction_id="t1")
    shut = lifecycle("user.lifecycle.deactivate", "nadia")._replace(transaction_id="t1")
    sync(2, nadia(status="DEPROVISIONED"), RED, left, shut)
    assert cause("ended", what="crew") == "Because the Okta account was deactivated by Tomas Okafor. (log)"
    assert cause("changed", "attribute", attribute="status") == "Changed by hand by Tomas Okafor. (log)"


def test_a_late_deactivation_explains_nothing_that_came_after_it() -> None:
    sync(0, nadia(), member("nadia", "00gcrew"), RED)
    sync(1, nadia(status="DEPROVISIONED"), member("nadia", "00gcrew"), RED)
    sync(2, nadia(), member("nadia", "00gcrew"), RED)
    sync(3, nadia(), RED)
    sync(4, nadia(), RED, lifecycle("user.lifecycle.deactivate", "nadia"))
    assert cause("ended") == "What made it happen is not known. (none)"
