"""What turns a raw route into a path with a reason: rules, attribute values, actors, causes."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import connection

from orgmodel.facts import Evidence, Origin
from orgmodel.why.causes import cause_sentence, shown
from orgmodel.why.paths import Path, Step, path_sentence

from .moments import Moment
from .routes import Route
from .rows import json_value

READ = re.compile(r"\buser\.([A-Za-z_]\w*)")
EVERYBODY = "BUILT_IN"
"""Okta's type of the groups that it fills by itself."""
NO_CAUSE = "Since before Sightline began to look."


@dataclass(frozen=True)
class RuleText:
    """What a rule says at the moment."""

    native_id: str
    name: str
    status: str
    expression: str
    targets: tuple[str, ...] = ()

    @property
    def attributes(self) -> tuple[str, ...]:
        """The user attributes its expression reads, in order."""
        return tuple(dict.fromkeys(READ.findall(self.expression)))


@dataclass(frozen=True)
class Reasons:
    """Everything the paths of some routes need, fetched set-wise."""

    names: Mapping[int, str]
    """Person → name."""
    rules: Mapping[str, RuleText]
    values: Mapping[tuple[int, str], Any]
    """Account and attribute → value."""
    causes: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    """Grant → cause of its beginning, and whether it was there from the first run."""
    edges: Mapping[tuple[int, int], dict[str, Any]] = field(default_factory=dict)

    def path(self, route: Route) -> Path:
        """The route as steps and a sentence."""
        cause = self.causes.get(route.grant, {})
        actor = str(cause.get("actor") or "") if not route.rules else ""
        by_itself = route.hops[0].place.type == EVERYBODY
        steps = [*self._rule_steps(route), *self._hops(route)]
        origin = cast(Origin, route.origin)
        evidence = cast(Evidence, "log" if route.evidence == "log" else route.evidence)
        if evidence == "none" and cause.get("event"):
            evidence = "log"
        return Path(
            steps=tuple(steps),
            sentence=path_sentence(
                self.names[route.person], steps, origin, actor, evidence, by_itself=by_itself
            ),
            evidence=evidence,
            origin=origin,
            explained=self._explained(route),
        )

    def cause(self, route: Route) -> str:
        """Why the route is open, by whatever made it so last: the grant, or the edge behind it."""
        newest = max(route.hops, key=lambda hop: hop.since)
        if newest is not route.hops[0]:
            at = route.hops.index(newest)
            cause = self.edges.get((route.hops[at - 1].entitlement, newest.entitlement), {})
            group = route.hops[at - 1].place.name
            opened = f"{group} opens {newest.place.name}"
            if cause and not cause.get("baseline"):
                return f"{opened}: {cause_sentence(cause, 'began')}"
        cause = self.causes.get(route.grant, {})
        known = any(key in cause for key in ("rule", "actor", "attribute"))
        if cause.get("baseline") and not known:
            return NO_CAUSE
        return cause_sentence(cause, "began")

    def _rule_steps(self, route: Route) -> list[Step]:
        steps: list[Step] = []
        for native in route.rules:
            rule = self.rules.get(native, RuleText(native, native, "", ""))
            for name in rule.attributes:
                value = self.values.get((route.account, name))
                steps.append(Step("attribute", name, level=shown(value) if value is not None else ""))
            steps.append(Step("rule", rule.name, rule.native_id, expression=rule.expression))
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

    def _explained(self, route: Route) -> bool | None:
        if route.rules:
            return any(
                self.rules[native].status == "ACTIVE" for native in route.rules if native in self.rules
            )
        if route.origin in {"automation", "app"} or route.hops[0].place.type == EVERYBODY:
            return True
        if route.evidence == "none":
            return None
        return False


def reasons(
    routes: Sequence[Route], names: Mapping[int, str], moment: Moment, *, brief: bool = False
) -> Reasons:
    """What the paths of these routes need: two queries however many there are; `brief`: the rules alone."""
    natives = {native for route in routes for native in route.rules}
    accounts = set() if brief else {route.account for route in routes if route.rules}
    rules, values = _rules_and_values(natives, accounts, moment)
    causes, edges = ({}, {}) if brief else _causes(routes)
    return Reasons(names, rules, values, causes, edges)


_RULES = """
    SELECT DISTINCT ON (r.native_id) r.native_id, v.name, v.status, v.expression, v.targets, NULL::bigint
    FROM orgmodel_rule r JOIN orgmodel_ruleversion v ON v.rule_id = r.id"""


def rule_texts(moment: Moment) -> list[RuleText]:
    """What every rule says at the moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_RULES} WHERE {moment.holds('v')} ORDER BY r.native_id, v.began DESC", {"at": moment.at}
        )
        return [_rule(row) for row in cursor.fetchall()]


def _rules_and_values(
    natives: Collection[str], accounts: Collection[int], moment: Moment
) -> tuple[dict[str, RuleText], dict[tuple[int, str], Any]]:
    """The newest words of these rules up to the moment, and the attributes of these accounts."""
    if not natives:
        return {}, {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            ({_RULES} WHERE r.native_id = ANY(%(natives)s) AND v.began <= %(at)s
             ORDER BY r.native_id, v.began DESC)
            UNION ALL
            SELECT t.name, t.value #>> '{{}}', '', '', NULL, t.account_id FROM orgmodel_attribute t
            WHERE t.account_id = ANY(%(accounts)s) AND {moment.holds("t")}""",
            {"natives": sorted(natives), "accounts": sorted(accounts), "at": moment.at},
        )
        rows = cursor.fetchall()
    rules = {row[0]: _rule(row) for row in rows if row[5] is None}
    return rules, {(row[5], row[0]): row[1] for row in rows if row[5] is not None}


def _rule(row: Sequence[Any]) -> RuleText:
    return RuleText(row[0], row[1], row[2], row[3], tuple(json_value(row[4])))


Causes = dict[int, dict[str, Any]]
EdgeCauses = dict[tuple[int, int], dict[str, Any]]


def _causes(routes: Sequence[Route]) -> tuple[Causes, EdgeCauses]:
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
            said = {**json_value(cause), "baseline": baseline}
            if grant is None:
                edges[source, target] = said
            else:
                causes[grant] = said
        return causes, edges
