"""What turns a raw route into a path with a reason: rules, attribute values, actors, causes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from django.db import connection

from orgmodel.facts import Evidence, Origin
from orgmodel.why.causes import Cause, shown
from orgmodel.why.paths import Path, Step, path_sentence

from .moments import Moment
from .proof import Proofs, RuleText, proofs
from .routes import Route
from .rows import json_value
from .visibility import OPERATOR, Viewer

EVERYBODY = "BUILT_IN"
"""Okta's type of the groups that it fills by itself."""


@dataclass(frozen=True)
class Reasons:
    """Everything the paths of some routes need, fetched set-wise."""

    names: Mapping[int, str]
    """Person → name."""
    proofs: Proofs = field(default_factory=Proofs)
    causes: Mapping[int, Cause] = field(default_factory=dict)
    """Grant → cause of its beginning."""
    edges: Mapping[tuple[int, int], Cause] = field(default_factory=dict)
    """Pair of entitlements → cause of the beginning of the edge, if that was seen."""

    def path(self, route: Route) -> Path:
        """The route as steps and a sentence."""
        rules, evidence = self._attribution(route)
        actor = self._began(route).actor if not rules else ""
        by_itself = route.hops[0].place.type == EVERYBODY
        steps = [*self._rule_steps(route, rules), *self._hops(route)]
        origin = cast(Origin, "rule" if rules else route.origin)
        return Path(
            steps=tuple(steps),
            sentence=path_sentence(
                self.names[route.person], steps, origin, actor, evidence, by_itself=by_itself
            ),
            evidence=evidence,
            origin=origin,
            explained=self._explained(route, rules),
        )

    def _began(self, route: Route) -> Cause:
        return self.causes.get(route.grant, Cause())

    def cause(self, route: Route) -> Cause:
        """Why the route is open, by whatever made it so last: the grant, or the edge behind it."""
        newest = max(route.hops, key=lambda hop: hop.since)
        if newest is not route.hops[0]:
            at = route.hops.index(newest)
            before = route.hops[at - 1]
            if cause := self.edges.get((before.entitlement, newest.entitlement)):
                return replace(cause, group=before.place.name, app=newest.place.name)
        return self._began(route)

    def _attribution(self, route: Route) -> tuple[tuple[str, ...], Evidence]:
        """The rules behind a grant and who says so: Okta itself, else its log, else our own evaluation."""
        if route.rules or route.evidence == "okta":
            return route.rules, cast(Evidence, route.evidence)
        cause = self._began(route)
        if cause.event:
            return ((cause.rule,) if cause.rule else ()), "log"
        fitting = tuple(rule.native_id for rule in self._fitting(route))
        return (fitting, "evaluated") if fitting else ((), cast(Evidence, route.evidence))

    def _fitting(self, route: Route) -> Iterator[RuleText]:
        """The live rules into the group that fit the account and do not leave it out."""
        group, subject = route.hops[0].place.native_id, self.proofs.subjects.get(route.account)
        for rule in self.proofs.rules.values() if subject else ():
            if rule.status != "ACTIVE" or group not in rule.targets:
                continue
            if subject and subject.native_id not in rule.excluded:
                said = self.proofs.of(route.account, rule.expression)
                if said and said.value:
                    yield rule

    def _rule_steps(self, route: Route, rules: Sequence[str]) -> list[Step]:
        steps: list[Step] = []
        subject = self.proofs.subjects.get(route.account)
        for native in rules:
            rule = self.proofs.rules.get(native, RuleText(native, native, "", ""))
            for name in rule.attributes:
                value = subject.profile.get(name) if subject else None
                steps.append(Step("attribute", name, level=shown(value) if value is not None else ""))
            said = self.proofs.of(route.account, rule.expression)
            clauses = said.clauses if said else ()
            steps.append(Step("rule", rule.name, native, expression=rule.expression, clauses=clauses))
        return steps

    def _hops(self, route: Route) -> list[Step]:
        steps = []
        for hop in route.hops:
            place = hop.place
            if place.kind == "app" and hop is route.hops[0]:
                steps.append(Step("direct", place.name, place.native_id, hop.level))
            kind = "group" if place.kind == "group" else "app"
            steps.append(
                Step(cast(Any, kind), place.name, place.native_id, hop.level if kind == "app" else "")
            )
        return steps

    def _explained(self, route: Route, rules: Sequence[str]) -> bool | None:
        if rules:
            return any(
                self.proofs.rules[native].status == "ACTIVE"
                for native in rules
                if native in self.proofs.rules
            )
        if route.origin in {"automation", "app"} or route.hops[0].place.type == EVERYBODY:
            return True
        if route.evidence == "none":
            return None
        return False


def reasons(
    routes: Sequence[Route],
    names: Mapping[int, str],
    moment: Moment,
    *,
    viewer: Viewer = OPERATOR,
    brief: bool = False,
) -> Reasons:
    """What the paths of these routes need, in two queries; `brief`: the rules alone, in one."""
    causes, edges = ({}, {}) if brief else _causes(routes, viewer)
    logged = {cause.rule for cause in causes.values() if cause.rule and cause.event}
    natives = {native for route in routes for native in route.rules} | logged
    bare = {} if brief else {route: route.hops[0].place for route in routes if _unattributed(route)}
    groups = {place.native_id for place in bare.values()}
    accounts = set() if brief else {route.account for route in routes if route.rules or route in bare}
    return Reasons(
        names, proofs(moment, rules=natives, groups=groups, accounts=accounts, viewer=viewer), causes, edges
    )


def _unattributed(route: Route) -> bool:
    """A membership of which the source does not say how it came about."""
    place = route.hops[0].place
    return route.evidence == "none" and place.kind == "group" and place.type != EVERYBODY


Causes = dict[int, Cause]
EdgeCauses = dict[tuple[int, int], Cause]


def _causes(routes: Sequence[Route], viewer: Viewer) -> tuple[Causes, EdgeCauses]:
    """Why the grants and the edges of these routes began."""
    grants = {route.grant for route in routes}
    pairs = {
        (before.entitlement, after.entitlement)
        for route in routes
        for before, after in zip(route.hops, route.hops[1:], strict=False)
    }
    if not grants:
        return {}, {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT fact, NULL::bigint, NULL::bigint, cause, baseline FROM orgmodel_change
            WHERE kind = 'grant' AND fact = ANY(%s) AND verb <> 'ended'
            UNION ALL
            SELECT NULL, e.source_id, e.target_id, c.cause, c.baseline FROM orgmodel_edge e
            JOIN orgmodel_change c ON c.kind = 'edge' AND c.fact = e.id AND c.verb = 'began'
            WHERE (e.source_id, e.target_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))""",
            [sorted(grants), [pair[0] for pair in pairs], [pair[1] for pair in pairs]],
        )
        causes: Causes = {}
        edges: EdgeCauses = {}
        for grant, source, target, cause, baseline in cursor.fetchall():
            said = Cause.read(viewer.secrets.cause(json_value(cause)))
            if grant is not None:
                causes[grant] = replace(said, kind="before") if baseline and not said.named else said
            elif not baseline:
                edges[source, target] = said
        return causes, edges
