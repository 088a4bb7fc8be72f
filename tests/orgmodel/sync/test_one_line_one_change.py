"""A line of the log explains one change: of the next nothing is known until its own line comes."""

import pytest

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


def test_who_changed_an_attribute_before_is_not_who_changes_it_again() -> None:
    sync(0, nadia(team="red"), RED)
    sync(1, nadia(team="blue"), RED, profile_changed("p1", "nadia", moment(0.999), "team"))
    sync(1.002, nadia(team="green"), RED)
    assert cause("changed", "attribute", after="green") == UNKNOWN
    second = profile_changed("p2", "nadia", moment(1.001), "team", actor_name="Quinn Abe")
    sync(1.004, nadia(team="green"), RED, second)
    assert cause("changed", "attribute", after="green") == "Changed by hand by Quinn Abe. (log)"


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
