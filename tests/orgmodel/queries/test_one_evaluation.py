"""What-if of one person and a rehearsal of one row are one evaluation, and come true: over two systems."""

from collections.abc import Iterator
from random import Random

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact, GrantFact
from orgmodel.models import Account
from orgmodel.queries.people import find_person
from orgmodel.queries.rehearsal.proposal import read_proposal
from orgmodel.queries.rehearsal.rehearse import rehearse
from orgmodel.queries.rehearsal.whatif import WhatIf, what_if
from orgmodel.queries.visibility import OPERATOR
from tests.orgmodel.sync.world import account, app, group, member, rule

from .forge import LEVELS, made_up, model, okta, registered, repo, say

pytestmark = pytest.mark.django_db
TEAMS = {"red": "g0", "blue": "g1"}
"""Team → the group into which a rule puts its people."""


@pytest.fixture(autouse=True)
def forge() -> Iterator[None]:
    """The second system is known."""
    with registered():
        yield


def differences(answer: WhatIf) -> tuple[set[str], set[str], dict[str, tuple[str, str]], set[str]]:
    """Apps gained, lost, at another level (before and after), and kept."""
    return (
        {each.app.name for each in answer.gains},
        {each.app.name for each in answer.loses},
        {each.app.name: (each.before, each.now.level) for each in answer.level_changed},
        {each.app.name for each in answer.keeps},
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_change_is_foretold_alike_and_as_brute_force_has_it(seed: int) -> None:
    chance = Random(seed)  # a drawn case, no secret
    team, then, edges = (
        chance.choice(["red", "blue"]),
        chance.choice(["red", "blue", "green"]),
        made_up(chance),
    )
    by_hand = chance.choice([[], ["g0"]])
    own = [(repo(chance.choice(["r0", "r1", "r2", "r3"])), chance.choice(LEVELS))] if seed % 2 else []
    in_okta: list[Fact] = [
        account("ada", "Ada Lund", team=team),
        account("bo", team="blue"),
        account("cy", team="green"),
        *(group(name) for name in ("g0", "g1")),
        *(rule(f"0pr{name}", name, f'user.team == "{of}"', name) for of, name in TEAMS.items()),
        member("bo", "g1", "0prg1"),
    ]
    if TEAMS[team] not in by_hand:
        in_okta.append(member("ada", TEAMS[team], f"0pr{TEAMS[team]}"))
    say(0, *in_okta, *(member("ada", name) for name in by_hand), source="okta")
    things: list[Fact] = [*(group(f"t{n}") for n in range(3)), *(app(f"r{n}") for n in range(4))]
    theirs: list[Fact] = [account("ada-f", "Ada Lund", email="ada@nordwind.example"), *things, *edges]
    say(1, *theirs, *(GrantFact("ada-f", thing, level, "unknown", (), "none") for thing, level in own))
    assert Account.objects.get(source="forge", native_id="ada-f").person_id == find_person("ada")

    def apps(of: str) -> dict[str, str]:
        groups = {*by_hand, *([TEAMS[of]] if of in TEAMS else [])}
        return model({*((okta(name), "member") for name in groups), *own}, edges)

    had, has = apps(team), apps(then)
    both = had.keys() & has.keys()
    expected = (
        has.keys() - had.keys(),
        had.keys() - has.keys(),
        {name: (had[name], has[name]) for name in both if had[name] != has[name]},
        {name for name in both if had[name] == has[name]},
    )
    supposed = what_if(find_person("ada"), {"team": then}, OPERATOR)
    assert differences(supposed) == expected
    proposal = read_proposal(["person,team", f"ada@nordwind.example,{then}"], Conventions())
    rehearsed = rehearse(proposal, ()).per_person
    if not supposed.changed:
        assert rehearsed == ()
        return
    (planned,) = rehearsed
    assert differences(planned) == expected
    assert (planned.comes, planned.goes, planned.unknown) == (supposed.comes, supposed.goes, supposed.unknown)
    causes = [
        [(each.app.name, each.cause.sentence()) for each in (*answer.gains, *answer.loses)]
        for answer in (supposed, planned)
    ]
    assert causes[0] == causes[1]
