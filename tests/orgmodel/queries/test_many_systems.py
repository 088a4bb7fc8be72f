"""Access over a graph of several systems: mirrors, trees, shares with caps, cycles; and why."""

from collections.abc import Iterator
from random import Random

import pytest

from orgmodel.facts import GrantFact
from orgmodel.models import Account
from orgmodel.queries.access.holdings import access, who
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import find_person
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR
from orgmodel.queries.why.answer import why
from tests.orgmodel.sync.world import account, app, group, member, moment

from .forge import ADA, begin, edge, made_up, model, okta, registered, repo, say, team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forge() -> Iterator[None]:
    """The second system is known."""
    with registered():
        yield


def holds(day: float = 9) -> dict[str, str]:
    """What Ada has at the moment: app → level."""
    found = access(find_person("ada"), Moment(moment(day), live=day == 9), OPERATOR)
    return {each.app.name: each.level for each in found.apps}


def test_a_mirrored_group_opens_what_its_mirror_opens() -> None:
    begin("team-cucumber")
    say(
        1,
        group("t1", "cucumber"),
        app("r1", "api"),
        edge(okta("team-cucumber"), team("t1"), "mirrors", ("member", "member")),
        edge(team("t1"), repo("r1"), levels=("member", "write")),
    )
    assert holds() == {"api": "write"}
    found = why(find_person("ada"), find_target("api", OPERATOR), Moment(moment(9), live=True), OPERATOR)
    assert found.paths[0].sentence == (
        "Ada Lund was added to the Okta group team-cucumber directly, which Forge mirrors as cucumber,"
        " which opens api as write; who did it is not known."
    )
    held = access(find_person("ada"), Moment(moment(9), live=True), OPERATOR)
    assert [each.group.name for each in held.groups] == ["cucumber", "team-cucumber"]
    (holder,) = who(find_target("api", OPERATOR), Moment(moment(9), live=True), OPERATOR)
    assert (holder.person.name, holder.level) == ("Ada Lund", "write")
    # Okta reads again: what another source says of its group goes on.
    say(2, ADA, group("team-cucumber"), member("ada", "team-cucumber"), source="okta")
    assert holds() == {"api": "write"}
    assert holds(0.5) == {}


def test_a_level_goes_down_a_tree_and_no_higher_than_the_cap_of_a_share() -> None:
    begin("crew")
    say(
        1,
        *(app(name, name) for name in ("campus", "lab", "vault", "guest-room")),
        edge(okta("crew"), repo("campus"), levels=("member", "steward")),
        edge(repo("campus"), repo("lab"), "cascades"),
        edge(repo("lab"), repo("vault"), "cascades", cap="member"),
        edge(repo("vault"), repo("guest-room"), "cascades", cap="steward"),
        edge(repo("guest-room"), repo("campus"), "cascades"),
    )
    assert holds() == {"campus": "steward", "guest-room": "member", "lab": "steward", "vault": "member"}
    found = why(find_person("ada"), find_target("vault", OPERATOR), Moment(moment(9), live=True), OPERATOR)
    assert found.paths[0].sentence == (
        "Ada Lund was added to the Okta group crew directly, which opens campus as steward, which passes on"
        " to lab as steward, which passes on to vault as member, the most that is passed on;"
        " who did it is not known."
    )


def test_the_highest_of_several_levels_counts_and_that_is_said() -> None:
    begin("crew", "guests")
    say(
        1,
        app("door", "Door"),
        edge(okta("crew"), repo("door"), levels=("member", "visitor")),
        edge(okta("guests"), repo("door"), levels=("member", "steward")),
    )
    assert holds() == {"Door": "visitor"}
    say(2, ADA, group("crew"), group("guests"), member("ada", "crew"), member("ada", "guests"), source="okta")
    assert (holds(), holds(1.5)) == ({"Door": "steward"}, {"Door": "visitor"})
    found = why(find_person("ada"), find_target("Door", OPERATOR), Moment(moment(9), live=True), OPERATOR)
    assert found.level_because == "steward counts: of several levels, Door gives the highest."
    assert found.access is not None
    assert (found.access.since, found.access.had and found.access.had.at) == (moment(2), moment(1))


@pytest.mark.parametrize("seed", range(6))
def test_random_graphs_are_what_brute_force_makes_of_them(seed: int) -> None:
    chance = Random(seed)  # a drawn case, no secret
    begin("g0", "g1")
    things = [group(f"t{n}") for n in range(3)] + [app(f"r{n}") for n in range(4)]
    before, after = made_up(chance), made_up(chance)
    say(1, *things, *before)
    say(2, *things, *after)
    given = {(okta("g0"), "member")}
    assert holds(1.5) == model(given, before)
    assert holds() == model(given, after)
    for name, level in holds().items():
        (holder,) = who(find_target(name, OPERATOR), Moment(moment(9), live=True), OPERATOR)
        assert holder.level == level


def test_a_grant_says_its_level() -> None:
    begin("crew")
    own = account("ada-f", "Ada Lund", email="ada@nordwind.example")
    say(1, own, app("door", "Door"))
    Account.objects.filter(source="forge", native_id="ada-f").update(person=find_person("ada"))
    say(2, own, app("door", "Door"), GrantFact("ada-f", repo("door"), "steward", "unknown", (), "none"))
    assert holds() == {"Door": "steward"}


def test_why_lost_looks_back_along_the_whole_way() -> None:
    begin("crew")
    things = (group("t1", "cucumber"), app("r1", "api"))
    mirror = edge(okta("crew"), team("t1"), "mirrors", ("member", "member"))
    say(1, *things, mirror, edge(team("t1"), repo("r1"), levels=("member", "write")))
    say(2, *things, mirror)
    found = why(find_person("ada"), find_target("api", OPERATOR), Moment(moment(9), live=True), OPERATOR)
    assert found.lost is not None
    assert (found.has, found.lost.what, found.lost.at) == (False, "cucumber opens api", moment(2))
    say(3, *things, mirror, edge(team("t1"), repo("r1"), levels=("member", "write")))
    say(4, ADA, group("crew"), group("rest"), member("bo", "rest"), account("bo"), source="okta")
    again = why(find_person("ada"), find_target("api", OPERATOR), Moment(moment(9), live=True), OPERATOR)
    assert again.lost is not None
    assert (again.lost.what, again.lost.at) == ("crew", moment(4))
