"""Any date, page by page: lists, teams, the tree, attributes and rules equal a replay of the change log.

The replay knows only `Change` rows; the pages know only rows with a beginning and an end. Everything
changes: who is in which team, units move, apps are renamed and switched off, people leave and come back.
"""

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from orgmodel.conventions import Conventions, UnitKind
from orgmodel.facts import Fact
from orgmodel.models import Change, Person, Resource, Rule
from orgmodel.queries.access.team import team
from orgmodel.queries.access.turnover import turnover
from orgmodel.queries.history.compare import compare
from orgmodel.queries.moments import Moment
from orgmodel.queries.pages.lists import ListRequest, list_people, list_resources
from orgmodel.queries.pages.tree import Node, tree
from orgmodel.queries.rules.attributes import attribute_page
from orgmodel.queries.rules.listing import list_rules, rule_page
from orgmodel.queries.targets import find_target, find_unit
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import (
    FactsReader,
    account,
    app,
    group,
    member,
    moment,
    opens,
    rule,
    seat,
    unit,
)

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, GROUPS, APPS, TEAMS = ("ada", "ben", "cleo", "dan", "eve"), ("g1", "g2"), ("a1", "a2", "a3"), "xyz"
RUNS, MOMENTS = 20, 100
EVERYTHING = ListRequest(everything=True)
CONVENTIONS = Conventions(
    shrink_share=1.0,
    unit_kinds=(UnitKind("team", "team", "team-<slug>"), UnitKind("area", "area", "area-<slug>")),
)


def some_units(chosen: random.Random) -> list[Fact]:
    """Two areas, and teams that lie in either, under changing names."""
    areas = [unit("area", f"rec{area}", f"Area {area}", f"area-{area}") for area in "pq"]
    return [
        *areas,
        *(
            unit(
                "team",
                f"rec{one}",
                f"Team {one}{chosen.choice('12')}",
                one,
                parent=chosen.choice(("recp", "recq")),
            )
            for one in TEAMS
        ),
    ]


def some_facts(chosen: random.Random) -> list[Fact]:
    def maybe(share: float) -> bool:
        return chosen.random() < share

    return [
        *(
            account(one, team=chosen.choice(TEAMS), status="DEPROVISIONED" if maybe(0.15) else "ACTIVE")
            for one in PEOPLE
        ),
        *(group(one, f"{one} {chosen.choice('ab')}") for one in GROUPS),
        *(
            app(one, f"{one} {chosen.choice('ab')}", status="inactive" if maybe(0.2) else "active")
            for one in APPS
        ),
        *(member(one, where) for one in PEOPLE for where in GROUPS if maybe(0.5)),
        *(opens(where, what) for where in GROUPS for what in APPS[1:] if maybe(0.4)),
        *(seat(one, what) for one in PEOPLE for what in APPS if maybe(0.15)),
        rule(
            "r1",
            chosen.choice(("One", "Two")),
            f'user.team == "{chosen.choice(TEAMS)}"',
            "g1",
            status="active" if maybe(0.7) else "inactive",
        ),
        # Somebody for whom nothing changes, so that no answer is empty.
        account("zed", team="x"),
        member("zed", "g1"),
        opens("g1", "a1"),
        seat("zed", "a1"),
    ]


class Replay:
    """The company at a moment, from the change log alone."""

    def __init__(self, until: datetime) -> None:
        self.attributes: dict[str, dict[str, Any]] = {}
        self.units: dict[int, dict[str, Any]] = {}
        self.teams: set[tuple[str, int]] = set()
        self.grants: set[tuple[str, str]] = set()
        self.edges: set[tuple[str, str]] = set()
        self.labels: dict[str, dict[str, str]] = {}
        self.rules: dict[int, dict[str, Any]] = {}
        native = dict(Resource.objects.values_list("pk", "native_id"))
        log = Change.objects.filter(at__lte=until).order_by("at", "pk").select_related("person")
        # Of one run, what ended comes before what began: another version of one fact is both.
        for change in sorted(log, key=lambda each: (each.at, each.verb != "ended")):
            person = change.person.name.lower() if change.person else ""
            group, app = native.get(change.resource_id or 0, ""), native.get(change.app_id or 0, "")
            if change.kind == "attribute":
                self.attributes.setdefault(person, {})[change.attribute] = change.after
            elif change.kind == "unit":
                self.units.setdefault(change.unit_id or 0, {})[change.attribute] = change.after
            elif change.kind == "rule":
                self.rules[change.rule_id or 0] = dict(change.after or {})
            elif change.kind == "resource":
                self.labels[group or app] = dict(change.after or {})
            else:
                self._fact(change, person, group, app)

    def _fact(self, change: Change, person: str, group: str, app: str) -> None:
        kinds: dict[str, tuple[set[Any], Any]] = {
            "assignment": (self.teams, (person, change.unit_id)),
            "grant": (self.grants, (person, group or app)),
            "edge": (self.edges, (group, app)),
        }
        if change.kind in kinds:
            held, key = kinds[change.kind]
            (held.discard if change.verb == "ended" else held.add)(key)

    @property
    def present(self) -> set[str]:
        return {who for who, values in self.attributes.items() if values["status"] != "DEPROVISIONED"}

    def inside(self, key: int) -> set[int]:
        below = [each for each, values in self.units.items() if values.get("parent") == key]
        return {key}.union(*(self.inside(each) for each in below))

    def members(self, key: int) -> set[str]:
        units = self.inside(key)
        return {who for who, of in self.teams if of in units} & self.present

    def holders(self, what: str) -> set[str]:
        if what in GROUPS:
            return {who for who, held in self.grants if held == what}
        ways = {what} | {source for source, opened in self.edges if opened == what}
        if self.labels[what]["status"] == "inactive":
            return set()
        return {who for who, held in self.grants if held in ways} & self.present


def flat(nodes: tuple[Node, ...]) -> list[Node]:
    return [one for node in nodes for one in (node, *flat(node.units))]


def check_lists(at: Moment, then: Replay) -> None:
    assert {ref.name.lower() for ref in list_people(EVERYTHING, at).rows} == then.present
    for kind, names in (("app", APPS), ("group", GROUPS)):
        rows = list_resources(kind, EVERYTHING, at, OPERATOR).rows
        assert {row.native_id: (row.name, row.status) for row in rows} == {
            name: (then.labels[name]["name"], then.labels[name]["status"]) for name in names
        }
        opened = Counter(app if kind == "app" else source for source, app in then.edges)
        assert {row.native_id: row.opens for row in rows} == {name: opened[name] for name in names}


def check_units(at: Moment, then: Replay) -> None:
    nodes = {node.name: node.people for node in flat(tree(at, OPERATOR))}
    assert nodes == {values["name"]: len(then.members(key)) for key, values in then.units.items()}
    for slug in (*TEAMS, "area-p"):
        found = team(find_unit(slug), at, OPERATOR)
        members = then.members(found.unit.pk)
        assert {ref.name.lower() for ref in found.members} == members
        held = {
            row.app.native_id: {ref.name.lower() for ref in row.holders} for row in found.apps if row.holders
        }
        expected = {what: then.holders(what) & members for what in APPS}
        assert held == {what: people for what, people in expected.items() if people}
        assert {row.app.name for row in found.apps if row.holders} == {
            then.labels[what]["name"] for what, people in expected.items() if people
        }


def check_rules(at: Moment, then: Replay) -> None:
    ((native, version),) = [
        (Rule.objects.get(pk=key).native_id, version) for key, version in then.rules.items()
    ]
    (row,) = list_rules(EVERYTHING, at, OPERATOR).rows
    assert (row.native_id, row.name, row.status, row.expression) == (
        native,
        version["name"],
        version["status"],
        version["expression"],
    )
    wanted = version["expression"].split('"')[1]
    fitting = {who for who in then.present if then.attributes[who]["team"] == wanted}
    assert {one.name.lower() for one in rule_page(native, at, OPERATOR).fitting} == fitting
    values = Counter(then.attributes[who]["team"] for who in then.present)
    page = attribute_page("team", at, OPERATOR)
    assert {row.value: row.people for row in page.values} == values
    assert page.filled == len(then.present)


def check_compared(at: Moment, then: Replay, chosen: random.Random) -> None:
    one, other = chosen.sample(PEOPLE, 2)
    found = compare(one, other, at, at, OPERATOR)
    for where, kept in (("a", {True: one, False: other}), ("b", {True: other, False: one})):
        shown = {row.app.native_id for row in found.of(where)}
        assert shown == {
            what
            for what in APPS
            if kept[True] in then.holders(what) and kept[False] not in then.holders(what)
        }


def check_turned(one: tuple[Moment, Replay], other: tuple[Moment, Replay]) -> None:
    (since, before), (until, after) = sorted((one, other), key=lambda each: each[0].at)
    for what in (*APPS, *GROUPS):
        found = turnover(find_target(what, OPERATOR, until), since, until, OPERATOR)
        had = before.holders(what)
        assert {each.person.name.lower() for each in found.came} == after.holders(what) - had
        assert {each.person.name.lower() for each in found.went} == had - after.holders(what)


@pytest.mark.parametrize("seed", [11, 29])
def test_every_page_of_every_moment_is_what_the_change_log_makes_of_it(seed: int) -> None:
    chosen = random.Random(seed)
    for day in range(RUNS):
        for reader in (FactsReader(some_units(chosen), "control"), FactsReader(some_facts(chosen))):
            outcome = read_and_apply(reader, CONVENTIONS, "okta", now=moment(day))
            assert outcome.outcome in {"applied", "unchanged"}, f"seed {seed}, day {day}: {outcome.reason}"
    before: tuple[Moment, Replay] | None = None
    for _ in range(MOMENTS):
        at = Moment(moment(0) + timedelta(seconds=chosen.randrange((RUNS - 1) * 86_400)), live=False)
        then = Replay(at.at)
        try:
            check_lists(at, then)
            check_units(at, then)
            check_rules(at, then)
            check_compared(at, then, chosen)
            if before:
                check_turned(before, (at, then))
        except AssertionError as error:
            error.add_note(f"seed {seed}, at {at.at}, before it {before and before[0].at}")
            raise
        before = (at, then)
    assert Person.objects.count() == len(PEOPLE) + 1
