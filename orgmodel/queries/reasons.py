"""What turns a raw route into a path with a reason: rules, attribute values, actors, causes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import connection

from orgmodel.facts import Evidence, Origin
from orgmodel.why.causes import cause_sentence, shown
from orgmodel.why.paths import Path, Step, path_sentence

from .moments import Moment
from .routes import Route, Target, targets
from .rows import json_value

READ = re.compile(r"\buser\.([A-Za-z_]\w*)")
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
    places: Mapping[int, Target]
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
        steps = [*self._rule_steps(route), *self._hops(route)]
        origin = cast(Origin, route.origin)
        evidence = cast(Evidence, "log" if route.evidence == "log" else route.evidence)
        if evidence == "none" and cause.get("event"):
            evidence = "log"
        return Path(
            steps=tuple(steps),
            sentence=path_sentence(self.names[route.person], steps, origin, actor, evidence),
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
            group = self.places[route.hops[at - 1].resource].name
            opened = f"{group} opens {self.places[newest.resource].name}"
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
            place = self.places[hop.resource]
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
        if route.origin in {"automation", "app"}:
            return True
        if route.evidence == "none":
            return None
        return False


def reasons(routes: Sequence[Route], names: Mapping[int, str], moment: Moment) -> Reasons:
    """Fetch what the paths of these routes need: five queries however many there are."""
    rules = rule_texts({native for route in routes for native in route.rules}, moment)
    return Reasons(
        names=names,
        places=targets(hop.resource for route in routes for hop in route.hops),
        rules=rules,
        values=_values(routes, rules, moment),
        causes=_causes("grant", {route.grant for route in routes}),
        edges=_edge_causes(routes),
    )


def rule_texts(natives: Iterable[str] | None, moment: Moment) -> dict[str, RuleText]:
    """What rules say at the moment, by native id; None: all of them."""
    chosen = "" if natives is None else "r.native_id = ANY(%(natives)s) AND "
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT ON (r.native_id) r.native_id, v.name, v.status, v.expression, v.targets
            FROM orgmodel_rule r JOIN orgmodel_ruleversion v ON v.rule_id = r.id
            WHERE {chosen}({moment.holds("v")} OR {"true" if natives is not None else "false"})
            ORDER BY r.native_id, v.began DESC""",
            {"natives": sorted(natives or ()), "at": moment.at},
        )
        return {
            row[0]: RuleText(row[0], row[1], row[2], row[3], tuple(json_value(row[4])))
            for row in cursor.fetchall()
        }


def _values(
    routes: Sequence[Route], rules: Mapping[str, RuleText], moment: Moment
) -> dict[tuple[int, str], Any]:
    names = {name for rule in rules.values() for name in rule.attributes}
    accounts = {route.account for route in routes if route.rules}
    if not names or not accounts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT account_id, name, value #>> '{{}}' FROM orgmodel_attribute t"
            f" WHERE account_id = ANY(%(accounts)s) AND name = ANY(%(names)s) AND {moment.holds('t')}",
            {"accounts": sorted(accounts), "names": sorted(names), "at": moment.at},
        )
        return {(row[0], row[1]): row[2] for row in cursor.fetchall()}


def _causes(kind: str, facts: set[int]) -> dict[int, dict[str, Any]]:
    if not facts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fact, cause, baseline FROM orgmodel_change"
            " WHERE kind = %s AND fact = ANY(%s) AND verb <> 'ended' ORDER BY id",
            [kind, sorted(facts)],
        )
        return {row[0]: {**json_value(row[1]), "baseline": row[2]} for row in cursor.fetchall()}


def _edge_causes(routes: Sequence[Route]) -> dict[tuple[int, int], dict[str, Any]]:
    pairs = {
        (before.entitlement, after.entitlement)
        for route in routes
        for before, after in zip(route.hops, route.hops[1:], strict=False)
    }
    if not pairs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT e.source_id, e.target_id, c.cause, c.baseline FROM orgmodel_edge e
            JOIN orgmodel_change c ON c.kind = 'edge' AND c.fact = e.id AND c.verb = 'began'
            WHERE (e.source_id, e.target_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
            ORDER BY e.began""",
            [[pair[0] for pair in pairs], [pair[1] for pair in pairs]],
        )
        return {(row[0], row[1]): {**json_value(row[2]), "baseline": row[3]} for row in cursor.fetchall()}
