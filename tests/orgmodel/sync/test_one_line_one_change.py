"""A line of the log explains one change: of the next nothing is known until its own line comes."""

import pytest

from orgmodel.facts import Fact

from .test_causes import RED, cause, nadia, sync
from .test_causes_of_the_log import SYSTEM, lifecycle
from .world import added, group, moment, opens, profile_changed, seat

pytestmark = pytest.mark.django_db
UNKNOWN = "What made it happen is not known. (none)"


def test_who_changed_the_level_of_a_group_is_not_who_deleted_it() -> None:
    old = group("00gold", "old crew")
    sync(0, nadia(), old, opens("00gold", "0oapaint", "Viewer"), RED)
    line = lifecycle("group.application_assignment.update", "00gold")
    line = line._replace(app="0oapaint", published=moment(0.999))
    sync(1, nadia(), old, opens("00gold", "0oapaint", "Editor"), RED, line)
    assert cause("began", "edge") == "Added by hand by Tomas Okafor. (log)"
    gone = lifecycle("group.lifecycle.delete", "00gold", actor_name="Quinn Abe")
    sync(2, nadia(), RED, gone._replace(published=moment(1.5)))
    assert cause("ended", "edge", level="Editor") == (
        "Because the group old crew was deleted by Quinn Abe. (log)"
    )


def test_a_line_older_than_the_one_that_began_it_ends_nothing() -> None:
    old = group("00gold", "old crew")
    sync(0, nadia(), old, opens("00gold", "0oapaint", "Editor"), RED)
    line = lifecycle("group.application_assignment.update", "00gold")._replace(app="0oapaint")
    first = line._replace(uuid="u1", published=moment(0.998))
    second = line._replace(uuid="u2", published=moment(0.999), actor_name="Quinn Abe")
    sync(1, nadia(), old, opens("00gold", "0oapaint", "Viewer"), RED, first, second)
    assert cause("began", "edge") == "Added by hand by Quinn Abe. (log)"
    gone = lifecycle("group.lifecycle.delete", "00gold", actor_name="Ada Abe")
    sync(1.003, nadia(), RED, gone._replace(published=moment(1.002)))
    assert cause("ended", "edge", level="Viewer") == (
        "Because the group old crew was deleted by Ada Abe. (log)"
    )


def test_a_line_that_changed_no_level_is_not_who_deleted_the_group_later() -> None:
    old = group("00gold", "old crew")
    here: list[Fact] = [old, opens("00gold", "0oapaint", "Editor")]
    line = lifecycle("group.application_assignment.update", "00gold")
    sync(0, nadia(), *here, RED)
    sync(1, nadia(), *here, RED, line._replace(app="0oapaint", published=moment(0.5)))
    gone = lifecycle("group.lifecycle.delete", "00gold", actor_name="Quinn Abe")
    sync(2, nadia(), RED, gone._replace(published=moment(1.5)))
    assert cause("ended", "edge") == "Because the group old crew was deleted by Quinn Abe. (log)"


def test_who_changed_the_priority_before_the_group_was_deleted_did_not_take_the_app() -> None:
    old = group("00gold", "old crew")
    line = lifecycle("group.application_assignment.update", "00gold")
    sync(0, nadia(), old, opens("00gold", "0oapaint", "Editor"), RED)
    gone = lifecycle("group.lifecycle.delete", "00gold", actor_name="Quinn Abe")
    changed = line._replace(app="0oapaint", published=moment(0.8))
    sync(1, nadia(), RED, changed, gone._replace(published=moment(0.9)))
    assert cause("ended", "edge") == "Because the group old crew was deleted by Quinn Abe. (log)"


def test_who_took_an_app_away_and_gave_it_again_is_not_who_deleted_the_group_later() -> None:
    old = group("00gold", "old crew")
    here: list[Fact] = [old, opens("00gold", "0oapaint", "Editor")]
    line = lifecycle("group.application_assignment.remove", "00gold")._replace(app="0oapaint")
    taken = line._replace(uuid="u1", published=moment(0.5))
    given = line._replace(uuid="u2", published=moment(0.6), type="group.application_assignment.add")
    sync(0, nadia(), *here, RED)
    sync(1, nadia(), *here, RED, taken, given)
    gone = lifecycle("group.lifecycle.delete", "00gold", actor_name="Quinn Abe")
    sync(2, nadia(), RED, gone._replace(published=moment(1.5)))
    assert cause("ended", "edge") == "Because the group old crew was deleted by Quinn Abe. (log)"


def test_who_changed_an_attribute_before_is_not_who_changes_it_again() -> None:
    sync(0, nadia(team="red"), RED)
    sync(1, nadia(team="blue"), RED, profile_changed("p1", "nadia", moment(0.999), "team"))
    sync(1.002, nadia(team="green"), RED)
    assert cause("changed", "attribute", after="green") == UNKNOWN
    second = profile_changed("p2", "nadia", moment(1.001), "team", actor_name="Quinn Abe")
    sync(1.004, nadia(team="green"), RED, second)
    assert cause("changed", "attribute", after="green") == "Changed by hand by Quinn Abe. (log)"


def test_a_line_older_than_one_that_explained_a_change_explains_no_later_change() -> None:
    # Of two lines between two reads the newer one explains what was seen; the other one is over.
    sync(0, nadia(team="red"), RED)
    first = profile_changed("p1", "nadia", moment(0.996), "team")
    second = profile_changed("p2", "nadia", moment(0.997), "team", actor_name="Quinn Abe")
    sync(1, nadia(team="blue"), RED, first, second)
    sync(1.002, nadia(team="green"), RED)
    assert cause("changed", "attribute", after="green") == UNKNOWN


def test_a_late_line_of_the_change_before_is_not_of_this_one() -> None:
    sync(0, nadia(team="red"), RED)
    sync(1, nadia(team="blue"), RED)
    first = profile_changed("p1", "nadia", moment(0.999), "team")
    sync(1.002, nadia(team="green"), RED, first)
    assert cause("changed", "attribute", after="blue") == "Changed by hand by Tomas Okafor. (log)"
    assert cause("changed", "attribute", after="green") == UNKNOWN
    second = profile_changed("p2", "nadia", moment(1.001), "team", actor_name="Quinn Abe")
    sync(1.004, nadia(team="green"), RED, second)
    assert cause("changed", "attribute", after="green") == "Changed by hand by Quinn Abe. (log)"


def test_what_gave_an_app_by_a_second_group_is_not_who_assigns_it_later() -> None:
    sync(0, nadia(), RED, seat("nadia", "0oapaint", "GROUP"))
    line = added("e0", "nadia", "", moment(0.9), **SYSTEM)
    line = line._replace(app="0oapaint", type="application.user_membership.add")
    sync(1, nadia(), RED, seat("nadia", "0oapaint", "GROUP"), line)
    sync(2, nadia(), RED, seat("nadia", "0oapaint"))
    assert cause("began") == UNKNOWN.replace("none", "okta")


def test_what_gave_an_app_by_a_group_is_not_who_assigns_it() -> None:
    line = added("e0", "nadia", "", moment(-1), **SYSTEM)
    line = line._replace(app="0oapaint", type="application.user_membership.add")
    sync(0, nadia(), RED, seat("nadia", "0oapaint", "GROUP"), line)
    sync(1, nadia(), RED, seat("nadia", "0oapaint"))
    assert cause("began") == UNKNOWN.replace("none", "okta")
    put = added("e1", "nadia", "", moment(0.999), actor_name="Quinn Abe")
    put = put._replace(app="0oapaint", type="application.user_membership.update")
    sync(1.004, nadia(), RED, seat("nadia", "0oapaint"), put)
    assert cause("began") == "Added by hand by Quinn Abe. (log)"
