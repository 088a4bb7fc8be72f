"""Why access ended, or came back, although no membership did: what `diff` says of it."""

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import EventFact, Fact
from orgmodel.queries.history.diff import Diff, diff
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import find_person
from orgmodel.queries.visibility import OPERATOR
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
    removed,
    rule,
)

pytestmark = pytest.mark.django_db

NADIA, GONE = account("nadia", "Nadia Brandt"), account("nadia", "Nadia Brandt", status="DEPROVISIONED")
PAINT, DULL = app("0oapaint", "Paint"), app("0oapaint", "Paint", status="inactive")
EDGE = opens("00gred", "0oapaint")
FIXED: list[Fact] = [
    group("00gred", "team-red"),
    group("00gcrew", "crew"),
    app("0oaother", "Other"),
    opens("00gcrew", "0oaother"),
    account("lena", "Lena Osei"),
    member("lena", "00gred"),
    rule("0prno", "No", "false", "00gelse"),
]


def sync(day: float, *facts: Fact, red: bool = True) -> None:
    """`red`: Nadia is in team-red."""
    hers = [member("nadia", "00gred")] if red else []
    reader = FactsReader([*facts, *FIXED, *hers], size=50)
    outcome = read_and_apply(reader, Conventions(shrink_share=1.0), "okta", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def line(
    kind: str, day: float, *, app: str = "", group: str = "", account: str = "", token_id: str = ""
) -> EventFact:
    made = added(f"{kind}{day}", account, group, moment(day), token_id=token_id)
    return made._replace(type=kind, app=app)


def between(first: float, second: float) -> Diff:
    since, until = (Moment(moment(at), live=False) for at in (first, second))
    return diff(find_person("nadia"), since, until, OPERATOR)


def lost(first: float = 0.5, second: float = 9.0) -> str:
    (only,) = between(first, second).lost
    return only.cause.sentence()


def gained(first: float = 0.5, second: float = 9.0) -> str:
    (only,) = between(first, second).gained
    return only.cause.sentence()


def test_an_app_that_was_made_inactive_and_active_again() -> None:
    sync(0, NADIA, PAINT, EDGE)
    sync(1, NADIA, DULL, EDGE, line("application.lifecycle.deactivate", 0.9, app="0oapaint"))
    assert lost() == "Because Paint was made inactive in Okta by Tomas Okafor."
    sync(2, NADIA, PAINT, EDGE)
    assert gained(1.5) == "Because Paint became active in Okta."
    sync(3, NADIA, PAINT)
    assert lost(0.5, 3.5) == "team-red no longer opens it. What made it happen is not known."


def test_a_group_that_was_taken_from_an_app() -> None:
    sync(0, NADIA, PAINT, EDGE)
    taken = line("group.application_assignment.remove", 0.9, app="0oapaint", group="00gred")
    sync(1, NADIA, PAINT, taken)
    assert lost() == "team-red no longer opens it. Removed by hand by Tomas Okafor."


def test_a_person_who_was_deactivated_and_came_back() -> None:
    sync(0, NADIA, PAINT, EDGE)
    sync(1, GONE, PAINT, EDGE, line("user.lifecycle.deactivate", 0.9, account="nadia"))
    assert lost() == "Because the Okta account was deactivated by Tomas Okafor."
    sync(2, NADIA, PAINT, EDGE, line("user.lifecycle.reactivate", 1.9, account="nadia", token_id="00T1"))
    assert gained(1.5) == "Because the Okta account was activated again by the automation Tomas Okafor."


def test_of_two_ways_the_one_that_ended_last_is_the_end() -> None:
    both: list[Fact] = [member("nadia", "00gcrew"), opens("00gcrew", "0oapaint")]
    sync(0, NADIA, PAINT, EDGE, *both)
    sync(1, NADIA, PAINT, *both)
    sync(2, NADIA, PAINT, both[1], removed("e1", "nadia", "00gcrew", moment(1.9)))
    paint = next(each for each in between(0.5, 9).lost if each.app.name == "Paint")
    assert paint.cause.sentence() == "Removed by hand by Tomas Okafor."


def test_an_edge_at_another_level_is_another_edge() -> None:
    viewer = opens("00gcrew", "0oapaint", "Viewer", 1)
    sync(0, NADIA, PAINT, opens("00gred", "0oapaint", "Editor"), viewer)
    sync(1, NADIA, PAINT, viewer)
    assert lost() == "team-red no longer opens it. What made it happen is not known."


def test_a_way_that_came_and_went_in_between_is_the_last_one() -> None:
    """Moved from red to the crew, which opens it as well; then it is made inactive."""
    crew = opens("00gcrew", "0oapaint")
    sync(0, NADIA, PAINT, EDGE, crew)
    left = removed("e1", "nadia", "00gred", moment(0.9))
    sync(1, NADIA, PAINT, EDGE, crew, member("nadia", "00gcrew"), left, red=False)
    off = line("application.lifecycle.deactivate", 1.9, app="0oapaint")
    sync(2, NADIA, DULL, EDGE, crew, member("nadia", "00gcrew"), off, red=False)
    assert lost() == "Because Paint was made inactive in Okta by Tomas Okafor."


def test_a_membership_that_came_again_is_lost_by_its_last_end() -> None:
    sync(0, NADIA, PAINT, EDGE)
    sync(1, NADIA, PAINT, EDGE, removed("e1", "nadia", "00gred", moment(0.9)), red=False)
    sync(2, NADIA, PAINT, EDGE)
    again = removed("e2", "nadia", "00gred", moment(2.9), actor_name="Bo Bremer")
    sync(3, NADIA, PAINT, EDGE, again, red=False)
    assert lost() == "Removed by hand by Bo Bremer."
    (group,) = between(0.5, 9).groups_lost
    assert group.cause.sentence() == "Removed by hand by Bo Bremer."


def test_what_ended_later_elsewhere_did_not_take_it() -> None:
    sync(0, NADIA, PAINT, EDGE, member("nadia", "00gcrew"))
    sync(1, NADIA, PAINT, member("nadia", "00gcrew"))
    sync(2, NADIA, PAINT, removed("e1", "nadia", "00gcrew", moment(1.9), actor_name="Bo Bremer"))
    paint = next(each for each in between(0.5, 9).lost if each.app.name == "Paint")
    assert paint.cause.sentence() == "team-red no longer opens it. What made it happen is not known."


def test_a_closed_account_leaves_a_group_when_that_is_deleted() -> None:
    crew = member("nadia", "00gcrew2")
    sync(0, NADIA, PAINT, EDGE, group("00gcrew2", "crew 2"), crew)
    sync(
        1,
        GONE,
        PAINT,
        EDGE,
        group("00gcrew2", "crew 2"),
        crew,
        line("user.lifecycle.deactivate", 0.9, account="nadia"),
    )
    sync(2, GONE, PAINT, EDGE, line("group.lifecycle.delete", 1.9, group="00gcrew2"))
    found = next(each for each in between(0.5, 9).groups_lost if each.group.name == "crew 2")
    assert found.cause.sentence() == "Because the group crew 2 was deleted by Tomas Okafor."
