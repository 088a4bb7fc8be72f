"""Since when somebody has something, at its level and at all; which level counts, and why. Dates by hand."""

from datetime import datetime

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import UNRANKED, EdgeFact, Fact
from orgmodel.queries.access.holders import crowd
from orgmodel.queries.access.holdings import access, who
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import find_person
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR
from orgmodel.queries.why.answer import Why, why
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, added, app, group, member, moment, opens, seat

pytestmark = pytest.mark.django_db

ADA = account("ada", "Ada Lund")
FIXED: list[Fact] = [group("00gteam", "team"), group("00gguild", "guild"), member("ivo", "00gteam")]
IVO = account("ivo", "Ivo Berg")
FIGMA = app("0oafigma", "Figma")
TEAM, GUILD = member("ada", "00gteam"), member("ada", "00gguild")
EDITOR, VIEWER = opens("00gteam", "0oafigma", "Editor", 0), opens("00gguild", "0oafigma", "Viewer", 1)


def say(day: float, *facts: Fact) -> None:
    given = {getattr(fact, "native_id", "") for fact in facts}
    usual = [fact for fact in (ADA, FIGMA) if fact.native_id not in given]
    reader = FactsReader([*FIXED, IVO, *usual, *facts], size=50)
    outcome = read_and_apply(reader, Conventions(), "okta", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def at(day: float) -> Moment:
    return Moment(moment(day), live=day == 9)


def held(day: float = 9) -> tuple[str, datetime, bool, datetime]:
    """Level, since when at it, whether since before the first read, and since when at all."""
    (found,) = access(find_person("ada"), at(day), OPERATOR).apps
    assert found.had is not None
    return found.level, found.since, found.before, found.had.at


def test_what_the_first_read_found_began_before() -> None:
    say(0, TEAM, EDITOR)
    assert held() == ("Editor", moment(0), True, moment(0))
    (membership,) = access(find_person("ada"), at(9), OPERATOR).groups
    assert (membership.since, membership.before) == (moment(0), True)


def test_where_the_log_knows_the_day_that_is_it() -> None:
    say(0, EDITOR)
    say(2, TEAM, EDITOR, added("e1", "ada", "00gteam", moment(1.5)))
    assert held() == ("Editor", moment(1.5), False, moment(1.5))


def test_another_level_begins_anew_and_the_access_goes_on() -> None:
    say(0, GUILD, EDITOR, VIEWER)
    say(3, GUILD, TEAM, EDITOR, VIEWER)
    assert held() == ("Editor", moment(3), False, moment(0))
    assert held(2) == ("Viewer", moment(0), True, moment(0))
    holder = who(find_target("Figma", OPERATOR), at(9), OPERATOR)[0]
    assert holder.person.name == "Ada Lund"
    assert (holder.since, holder.before) == (moment(3), False)


def test_a_way_that_takes_over_without_a_gap_goes_on() -> None:
    same = opens("00gguild", "0oafigma", "Editor", 1)
    say(0, GUILD, EDITOR, same)
    say(3, GUILD, TEAM, EDITOR, same)
    say(5, TEAM, EDITOR, same)
    assert held() == ("Editor", moment(0), True, moment(0))
    shown = crowd(find_target("Figma", OPERATOR), at(9), OPERATOR, most=9).first[0]
    assert (shown.since, shown.before) == (moment(0), True)


def test_a_gap_ends_it() -> None:
    say(0, TEAM, EDITOR)
    say(2, EDITOR)
    say(4, TEAM, EDITOR)
    assert held() == ("Editor", moment(4), False, moment(4))
    assert held(1) == ("Editor", moment(0), True, moment(0))


def test_another_priority_is_another_level() -> None:
    say(0, TEAM, GUILD, EDITOR, VIEWER)
    say(2, TEAM, GUILD, EDITOR, VIEWER._replace(priority=-1))
    assert held() == ("Viewer", moment(2), False, moment(0))
    assert held(1) == ("Editor", moment(0), True, moment(0))


def test_while_the_account_or_the_app_was_inactive_nobody_had_it() -> None:
    say(0, TEAM, EDITOR)
    say(1, TEAM, EDITOR, ADA._replace(status="DEPROVISIONED"))
    say(2, TEAM, EDITOR)
    assert held() == ("Editor", moment(2), False, moment(2))
    say(3, TEAM, EDITOR, FIGMA._replace(status="inactive"))
    say(4, TEAM, EDITOR)
    assert held() == ("Editor", moment(4), False, moment(4))


def test_the_account_and_the_app_may_become_inactive_at_once() -> None:
    off = FIGMA._replace(status="inactive")
    say(0, TEAM, EDITOR)
    say(1, TEAM, EDITOR, off, ADA._replace(status="DEPROVISIONED"))
    say(2, TEAM, EDITOR, off)
    assert access(find_person("ada"), at(9), OPERATOR).apps == ()
    say(3, TEAM, EDITOR)
    assert held() == ("Editor", moment(3), False, moment(3))


def test_an_app_may_be_inactive_from_the_beginning_and_again() -> None:
    off = FIGMA._replace(status="inactive")
    say(0, TEAM, EDITOR, off)
    say(1, TEAM, EDITOR)
    assert held() == ("Editor", moment(1), False, moment(1))
    say(2, TEAM, EDITOR, off)
    assert access(find_person("ada"), at(9), OPERATOR).apps == ()


def answer() -> Why:
    return why(find_person("ada"), find_target("Figma", OPERATOR), at(9), OPERATOR)


def edge(group: str, level: str, priority: int) -> EdgeFact:
    return opens(group, "0oafigma", level, priority)


@pytest.mark.parametrize(
    ("team", "guild", "listed", "level", "because"),
    [
        (0, 1, "Viewer", "Editor", "Editor counts: in Figma, team comes before guild (priority 0 before 1)."),
        (
            *(3, 3, "Viewer", "Viewer"),
            (
                "guild (Viewer) and team (Editor) have the same priority in Figma;"
                " the app’s own list in Okta says Viewer."
            ),
        ),
        (
            *(3, 3, "Editor", "Editor"),
            (
                "team (Editor) and guild (Viewer) have the same priority in Figma;"
                " the app’s own list in Okta says Editor."
            ),
        ),
        (
            *(UNRANKED, 5, "", "Viewer"),
            "Viewer counts: in Figma, guild comes before team (priority 5 before none).",
        ),
        (
            *(UNRANKED, 5, "Editor", "Editor"),
            (
                "team (Editor) and guild (Viewer) have no clear order in Figma;"
                " the app’s own list in Okta says Editor."
            ),
        ),
    ],
)
def test_which_level_counts(team: int, guild: int, listed: str, level: str, because: str) -> None:
    list_row = (seat("ada", "0oafigma", "GROUP", listed),) if listed else ()
    say(0, TEAM, GUILD, edge("00gteam", "Editor", team), edge("00gguild", "Viewer", guild), *list_row)
    found = answer()
    assert found.access is not None
    assert (found.access.level, found.level_because) == (level, because)
    assert {each.level for each in who(find_target("Figma", OPERATOR), at(9), OPERATOR)} >= {level}


def test_a_tie_that_nothing_decides_is_said() -> None:
    say(0, TEAM, GUILD, edge("00gteam", "Editor", 3), edge("00gguild", "Viewer", 3))
    assert answer().level_because.endswith(
        "have the same priority in Figma, and Okta does not show which level counts."
    )


def test_a_direct_assignment_counts_before_any_group() -> None:
    say(0, TEAM, EDITOR, seat("ada", "0oafigma", level="Viewer"))
    found = answer()
    assert found.access is not None
    assert (found.access.level, found.level_because) == (
        "Viewer",
        "Viewer counts: Figma is assigned directly, and that comes before any group.",
    )
