"""Any date: what the pages say of many random moments equals a replay of the change log from nothing.

Okta is read whole or in parts, and HR beside it.

The replay knows only `Change` rows; the pages know only rows with a beginning and an end.
"""

import random
from datetime import datetime, timedelta

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact, GrantFact
from orgmodel.marks import Covered
from orgmodel.models import Change, Person, Resource
from orgmodel.queries.access.holdings import access, who
from orgmodel.queries.history.diff import diff
from orgmodel.queries.moments import Moment
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, opens, seat

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, GROUPS, APPS = ("ada", "ben", "cleo", "dan"), ("g1", "g2", "g3", "g4"), ("a1", "a2", "a3")
RUNS, MOMENTS = 14, 70
Held = dict[str, dict[str, str]]
"""Person → group or app → level."""


def some_read(chosen: random.Random) -> FactsReader:
    """Any read: of all of Okta, of the members of one of its groups, or of HR."""
    facts = some_facts(chosen)
    share = chosen.random()
    if share < 0.6:
        return FactsReader(facts)
    if share < 0.8:
        group_read = chosen.choice(GROUPS)
        listed = [
            each for each in facts if isinstance(each, GrantFact) and each.target.native_id == group_read
        ]
        return FactsReader(listed, marks=[Covered("grant", group_read)])
    records = [account(one, status="active", team=chosen.choice("xyz")) for one in (*PEOPLE, "zed")]
    return FactsReader(records, "hris")


def some_facts(chosen: random.Random) -> list[Fact]:
    """Any company: who is in which group, what groups open, what is given directly, who is switched off."""

    def maybe(share: float) -> bool:
        return chosen.random() < share

    def status() -> str:
        return "DEPROVISIONED" if maybe(0.1) else "ACTIVE"

    pairs = [(one, what) for one in PEOPLE for what in APPS]
    return [
        *(account(one, status=status(), team=chosen.choice("xyz")) for one in PEOPLE),
        *(group(one) for one in GROUPS),
        *(app(one) for one in APPS),
        *(member(one, where) for one in PEOPLE for where in GROUPS if maybe(0.5)),
        *(
            opens(where, what, chosen.choice(("Viewer", "Editor")), place)
            for place, where in enumerate(GROUPS)
            for what in APPS
            if maybe(0.4)
        ),
        *(seat(one, what, level=chosen.choice(("assigned", "Admin"))) for one, what in pairs if maybe(0.15)),
        # Somebody for whom nothing changes, so that no answer is empty.
        account("zed"),
        member("zed", "g1"),
        seat("zed", "a1"),
    ]


class Replay:
    """What everybody held, from the change log alone."""

    def __init__(self, until: datetime) -> None:
        self.grants: dict[tuple[str, str], str] = {}
        self.edges: dict[tuple[str, str], tuple[int, str]] = {}
        self.off: set[str] = set()
        names = dict(Resource.objects.values_list("pk", "native_id"))
        for change in Change.objects.filter(at__lte=until).order_by("at", "pk").select_related("person"):
            person = change.person.name.lower() if change.person else ""
            resource, opened = names.get(change.resource_id or 0, ""), names.get(change.app_id or 0, "")
            if change.kind == "grant":
                self._grant((person, resource or opened), change)
            elif change.kind == "edge":
                self._edge((resource, opened), change)
            elif change.kind == "attribute" and change.attribute == "status":
                (self.off.add if change.after == "DEPROVISIONED" else self.off.discard)(person)

    def _grant(self, key: tuple[str, str], change: Change) -> None:
        # Another level is another fact: one ends and one begins in the same run, in either order.
        if change.verb != "ended":
            self.grants[key] = change.level
        elif self.grants.get(key) == change.level:
            del self.grants[key]

    def _edge(self, key: tuple[str, str], change: Change) -> None:
        if change.verb != "ended":
            self.edges[key] = (int(str(change.after)), change.level)
        elif self.edges.get(key, (0, ""))[1] == change.level:
            del self.edges[key]

    def held(self) -> Held:
        found: Held = {one: {} for one in (*PEOPLE, "zed")}
        ways: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for (person, thing), level in self.grants.items():
            if thing in GROUPS:
                found[person][thing] = "member"
                for (source, opened), way in self.edges.items():
                    if source == thing:
                        ways.setdefault((person, opened), []).append(way)
            else:
                ways.setdefault((person, thing), []).append((-1, level))
        for (person, opened), given in ways.items():
            if person not in self.off:
                found[person][opened] = min(given)[1]
        return found


def held_at(at: Moment) -> Held:
    """What everybody held, as the person pages say it."""
    found: Held = {}
    for person in Person.objects.all():
        held = access(person.pk, at, OPERATOR)
        apps = {each.app.native_id: each.level for each in held.apps}
        found[person.name.lower()] = {**{each.group.native_id: "member" for each in held.groups}, **apps}
    return found


def of_things(at: Moment) -> Held:
    """The same from the other end: the pages of groups and apps."""
    found: Held = {one: {} for one in (*PEOPLE, "zed")}
    for name in (*GROUPS, *APPS):
        for holder in who(find_target(name, OPERATOR), at, OPERATOR):
            found[holder.person.name.lower()][name] = holder.level
    return found


@pytest.mark.parametrize("seed", [5, 8, 13])
def test_every_moment_is_what_the_change_log_makes_of_it(seed: int) -> None:
    chosen = random.Random(seed)
    conventions = Conventions(shrink_share=1.0)
    read_and_apply(FactsReader(some_facts(chosen)), conventions, "okta", now=moment(0))
    for day in range(1, RUNS):
        outcome = read_and_apply(some_read(chosen), conventions, "okta", now=moment(day))
        # What looks implausible is held back, and then nothing has changed.
        assert outcome.outcome != "failed", f"day {day}: {outcome.reason}"
    before: tuple[Moment, Held] | None = None
    for _ in range(MOMENTS):
        at = moment(0) + timedelta(seconds=chosen.randrange((RUNS - 1) * 86_400))
        now = Moment(at, live=False)
        expected = Replay(at).held()
        assert held_at(now) == expected, f"seed {seed}, of people at {at.isoformat()}"
        assert of_things(now) == expected, f"seed {seed}, of groups and apps at {at.isoformat()}"
        if before:
            _same_difference(*before, now, expected)
        before = (now, expected)


def _same_difference(one: Moment, had: Held, other: Moment, has: Held) -> None:
    """Two dates: what was gained and lost follows from the two replays."""
    person = Person.objects.order_by("pk")[int(other.at.timestamp()) % len(PEOPLE)]
    (since, before), (until, after) = sorted(((one, had), (other, has)), key=lambda each: each[0].at)
    name = person.name.lower()
    moments = f"{name} between {since.at.isoformat()} and {until.at.isoformat()}"
    found = diff(person.pk, since, until, OPERATOR)
    old, new = before[name], after[name]
    apps = {name: level for name, level in new.items() if name in APPS and name not in old}
    gone = {name: level for name, level in old.items() if name in APPS and name not in new}
    both = [name for name in APPS if name in old and name in new and old[name] != new[name]]
    assert {each.app.native_id: each.level for each in found.gained} == apps, moments
    assert {each.app.native_id: each.level for each in found.lost} == gone, moments
    levels = {each.app.native_id: (each.before, each.now.level) for each in found.level_changed}
    assert levels == {name: (old[name], new[name]) for name in both}, moments
