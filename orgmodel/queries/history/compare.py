"""Two people, two units, one of each, or one of them at two dates: what only one has, and what both have."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from orgmodel.queries.access.holdings import Access, apps_of, visible
from orgmodel.queries.access.reasons import Reasons, reasons
from orgmodel.queries.access.routes import Route, of_people
from orgmodel.queries.access.target import Target
from orgmodel.queries.access.team import SOURCES, TeamApp, promises_of, shared_by_all, team_rows
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import PersonRef, UnitRef, people_where
from orgmodel.queries.rules.rule_evaluation import proofs
from orgmodel.queries.together import Lasting, ask
from orgmodel.queries.together import rows as stated
from orgmodel.queries.visibility import Viewer
from orgmodel.why.requirements import BY_HAND, by_hand, requirement

from .compare_subjects import ComparedSubject, find_sides

MOST_WANTS = 10
"""Apps of which it is said what it would take to get them."""
Had = Access | TeamApp


@dataclass(frozen=True)
class Row:
    """An app, and how each side has it; None: not at all. `would_take`: what the first person lacks.

    `where`: a, b or both; few: only some people of a unit hold it, each for themselves.
    """

    app: Target
    a: Had | None
    b: Had | None
    where: str
    would_take: str = ""

    @property
    def differs(self) -> bool:
        """Both have it, at different levels."""
        return bool(self.a and self.b and self.a.level != self.b.level)

    def as_json(self) -> dict[str, Any]:
        app = {"app": self.app.name, "native_id": self.app.native_id, "where": self.where}
        sides = {side: had.as_json() if had else None for side, had in (("a", self.a), ("b", self.b))}
        return {**app, **sides, "would_take": self.would_take or None}


@dataclass(frozen=True)
class Comparison:
    """The answer.

    `people`: of one unit at two moments, who is in it only at the first, and who only at the other.
    """

    a: ComparedSubject
    b: ComparedSubject
    rows: tuple[Row, ...] = ()
    people: tuple[tuple[PersonRef, ...], tuple[PersonRef, ...]] = ((), ())

    @property
    def empty(self) -> bool:
        """Both sides are the same thing at the same moment: there is nothing to compare."""
        return self.a.same(self.b) and self.a.moment == self.b.moment

    @property
    def leavers(self) -> tuple[tuple[str, int], ...]:
        """Who of the two has left: the name, and how many apps are left behind."""
        held = (sum(row.a is not None for row in self.rows), sum(row.b is not None for row in self.rows))
        return tuple((s.ref.name, n) for s, n in zip((self.a, self.b), held, strict=True) if s.has_left)

    def of(self, where: str) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.where == where)

    def as_json(self) -> dict[str, Any]:
        parts = {"only_a": "a", "only_b": "b", "both": "both", "held_by_few": "few"}
        lists = {name: [row.as_json() for row in self.of(where)] for name, where in parts.items()}
        emails = zip(("people_only_a", "people_only_b"), self.people, strict=True)
        people = {name: [ref.email for ref in refs] for name, refs in emails}
        return {"a": self.a.as_json(), "b": self.b.as_json(), **lists, **people}


def compare(a: str, b: str, at: Moment, until: Moment, viewer: Viewer) -> Comparison:
    """What `a` has at the moment `at` beside what `b` has at `until`; at most nine queries.

    People by key, e-mail or name, units by slug, id or name. Raises NotFound.
    """
    sides = find_sides((a, b), (at, at if at.live and until.live else until))
    found = Comparison(*sides)
    if found.empty:
        return found
    same = sides[0].same(sides[1])
    # Beside somebody else even one's own access is told as far as theirs may be: else they seem to have less.
    reader = viewer.about(sides[0].ref.pk) if same and sides[0].is_person else viewer
    grounds = _grounds(sides, reader)
    reasons_at = _reasons([ground for ground in grounds if ground.side.is_person], reader)
    had = [_had(ground, reasons_at, reader) for ground in grounds]
    apps = {key: each.app for one in had for key, each in one.items()}
    pairs = [(app, had[0].get(key), had[1].get(key)) for key, app in apps.items()]
    rows = sorted((Row(app, one, other, _where(one, other, same)) for app, one, other in pairs), key=_order)
    would_take = _wants(rows, sides, viewer)
    rows = [replace(row, would_take=would_take.get(row.app.pk, "")) for row in rows]
    return Comparison(*sides, tuple(rows), _people(*grounds) if same else ((), ()))


def _people(one: "_Ground", other: "_Ground") -> tuple[tuple[PersonRef, ...], tuple[PersonRef, ...]]:
    """The members of each side that the other does not have, by name."""
    members = [{ref.pk for ref in each.members} for each in (other, one)]
    left, came = (
        sorted((ref for ref in each.members if ref.pk not in known), key=lambda ref: (ref.name, ref.pk))
        for each, known in zip((one, other), members, strict=True)
    )
    return tuple(left), tuple(came)


def _where(one: Had | None, other: Had | None, same: bool) -> str:
    if one and other and same:
        return "both"
    a, b = _counts(one), _counts(other)
    return "both" if a and b else "a" if a else "b" if b else "few"


def _counts(had: Had | None) -> bool:
    """A side has it: the person, the unit as such, or at least half of its people."""
    if isinstance(had, TeamApp):
        return had.source != "individual" or (had.held_by > 0 and had.held_by * 2 >= had.of)
    return had is not None


def _order(row: Row) -> tuple[object, ...]:
    """What most people of a unit have first, then by name."""
    shares = [-had.held_by / had.of for had in (row.a, row.b) if isinstance(had, TeamApp) and had.of]
    return not row.differs, min(shares, default=0), row.app.name.casefold(), row.app.native_id


@dataclass(frozen=True)
class _Ground:
    """A side with its people, and what they hold as far as the viewer may see it."""

    side: ComparedSubject
    members: tuple[PersonRef, ...]
    routes: tuple[Route, ...]


def _grounds(sides: Sequence[ComparedSubject], viewer: Viewer) -> list[_Ground]:
    """People and routes of both sides; what is asked of one moment is asked at one go."""
    found: dict[Moment, tuple[list[PersonRef], list[Route]]] = {}
    for moment in {side.moment: side for side in sides}:
        of_moment = [side for side in sides if side.moment == moment]
        units = [unit for side in of_moment for unit in side.below]
        inside = people_where(_INSIDE.format(moment.holds("s")), {"units": units}, moment) if units else {}
        present = [ref for ref in inside.values() if ref.usable]
        everybody = {side.ref.pk for side in of_moment if side.is_person} | {ref.pk for ref in present}
        found[moment] = present, of_people(everybody, moment)
    made = []
    for side in sides:
        present, routes = found[side.moment]
        members = tuple(ref for ref in present if side.below & {unit.pk for unit in ref.units})
        people = {side.ref.pk} if side.is_person else {ref.pk for ref in members}
        own = visible((route for route in routes if route.person in people), viewer.hidden)
        made.append(_Ground(side, members, tuple(own)))
    return made


def _reasons(people: Sequence[_Ground], viewer: Viewer) -> dict[Moment, Reasons]:
    """Why the routes of the people are open, by moment; of an earlier one the same rules, as they were."""
    if not people:
        return {}
    first, *others = sorted({each.side.moment for each in people}, key=lambda one: one.at, reverse=True)
    names = {each.side.ref.pk: each.side.ref.name for each in people}
    late = reasons([route for each in people for route in each.routes], names, first, viewer=viewer)
    rules, accounts = late.proofs.rules, late.proofs.subjects
    proofs_at = {one: proofs(one, rules=rules, accounts=accounts, viewer=viewer) for one in others}
    return {
        first: late,
        **{one: replace(late, moment=one, proofs=proofs) for one, proofs in proofs_at.items()},
    }


def _had(ground: _Ground, reasons_at: dict[Moment, Reasons], viewer: Viewer) -> dict[int, Had]:
    """What a side has; a unit at the level that most of its people have, with how many have it at any."""
    if ground.side.is_person:
        return {each.app.pk: each for each in apps_of(ground.routes, reasons_at[ground.side.moment])}
    unit, above = cast(UnitRef, ground.side.ref), ground.side.above
    units = {each.pk: each for each in (unit, *above, *shared_by_all(ground.members, unit, above))}
    promises = promises_of(list(units), ground.side.moment, viewer)
    by_app: dict[int, list[TeamApp]] = {}
    for each in team_rows(unit, ground.members, ground.routes, promises, units):
        by_app.setdefault(each.app.pk, []).append(each)
    found: dict[int, Had] = {}
    for key, levels in by_app.items():
        main = min(levels, key=lambda each: (SOURCES.index(each.source), -each.held_by))
        found[key] = replace(main, held_by=sum(each.held_by for each in levels), holders=())
    return found


def _wants(rows: Sequence[Row], sides: Sequence[ComparedSubject], viewer: Viewer) -> dict[int, str]:
    """App → what it would take the first person to get what only the other side has; two queries."""
    who = next((side for side in sides if side.is_person), None)
    lacking = "b" if who is sides[0] else "a"
    apps = [row.app.pk for row in rows if row.where == lacking][:MOST_WANTS]
    if who is None or not apps or sides[0].moment != sides[1].moment:
        return {}
    parameters: dict[str, Any] = {"apps": apps, "hidden": sorted(viewer.hidden), "at": who.moment.at}
    groups = ask(stated(Lasting(_INTO.format(who.moment.holds("e"))), parameters))
    natives = {row[1] for row in groups}
    known = proofs(who.moment, groups=natives, person=who.ref.pk, viewer=viewer)
    ways: dict[str, list[tuple[int, int, str]]] = {}
    for account, subject in known.subjects.items():
        for rule in (rule for rule in known.rules.values() if rule.status == "active"):
            explanation = known.of(account, rule.expression)
            far, sentence = requirement(rule.name, explanation, left_out=subject.native_id in rule.excluded)
            for native in rule.targets:
                ways.setdefault(native, []).append(
                    (far, len(explanation.missing) if explanation else 0, sentence)
                )
    found: dict[int, tuple[int, int, str]] = {}
    for app, native, name in groups if known.subjects else ():
        manually = (BY_HAND, 0, by_hand(name))
        found[app] = min(*ways.get(native, ()), manually, found.get(app, manually))
    return {app: way[2] for app, way in found.items()}


_INSIDE = "p.id IN (SELECT s.person_id FROM orgmodel_assignment s WHERE s.unit_id = ANY(%(units)s) AND {})"
# Groups that lead to the apps, but mirrors: what is mirrored says who is in them.
_INTO = """
    WITH RECURSIVE back (app, id) AS (
        SELECT resource_id, id FROM orgmodel_entitlement WHERE resource_id = ANY(%(apps)s)
        UNION SELECT b.app, e.source_id FROM back b JOIN orgmodel_edge e ON e.target_id = b.id AND {0}
        JOIN orgmodel_entitlement s ON s.id = e.source_id AND NOT s.resource_id = ANY(%(hidden)s)
    )
    SELECT DISTINCT b.app, r.native_id, r.name FROM back b
    JOIN orgmodel_entitlement s ON s.id = b.id
    JOIN orgmodel_resource r ON r.id = s.resource_id AND r.kind = 'group'
    WHERE NOT EXISTS (
        SELECT FROM orgmodel_edge e WHERE e.target_id = s.id AND e.sort = 'mirrors' AND {0})"""
