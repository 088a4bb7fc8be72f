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
    member("nadia", "00gred"),
    rule("0prno", "No", "false", "00gelse"),
]


def sync(day: float, *facts: Fact) -> None:
    reader = FactsReader([*facts, *FIXED], size=50)
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
