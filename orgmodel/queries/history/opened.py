"""What a grant opened when it began or ended, over any number of edges, and what else gave the same then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orgmodel.queries.together import Lasting, ask, rows
from orgmodel.why.level_rules import Combine, Given, counting, together
from orgmodel.why.levels import instead, named


@dataclass(frozen=True)
class Opened:
    """An app that came or went with a grant.

    `level`: what this grant gives, or made of the level. `otherwise`: the level that the person's other paths
    give (before what began, after what ended), None without one. `wins`: this path decides the level against
    them.
    """

    app: str
    native_id: str
    key: str
    level: str
    otherwise: str | None
    wins: bool
    holding: str
    """By name: the group or app that was granted, or no longer is."""
    inside: bool = True
    """It is a group, whose member somebody became."""
    source: str = ""
    """Of the app, whose words its levels are."""

    @property
    def counts(self) -> bool:
        """Whether the grant made a difference for the app."""
        return self.otherwise is None or (self.wins and self.otherwise != self.level)

    def levels(self, kind: str) -> tuple[str, str]:
        """The level before and the one after, of an app held on both sides. `kind`: gained or lost."""
        other = self.otherwise or ""
        return (other, self.level) if kind == "gained" else (self.level, other)

    def words(self, kind: str) -> str:
        """The app with what is worth saying of its level. `kind`: gained or lost."""
        if self.otherwise is not None:
            return f"{self.app}: {instead(*self.levels(kind))}"
        return f"{self.app} ({self.level})" if named(self.level) else self.app


@dataclass
class _Ways:
    """The ways to one app: those of the grant, and the person's others on the other side of the change."""

    combine: Combine
    own: list[Given] = field(default_factory=list)
    other: list[Given] = field(default_factory=list)


def opened(keys: Sequence[int], hidden: Iterable[int]) -> dict[int, tuple[Opened, ...]]:
    """Change of a grant → the apps that it opened then, by name; one query."""
    if not keys:
        return {}
    found: dict[int, dict[tuple[Any, ...], _Ways]] = {}
    for key, other, combine, level, rank, direct, priority, *app in ask(
        rows(_OPENED, {"keys": list(keys), "hidden": sorted(hidden)})
    ):
        ways = found.setdefault(key, {}).setdefault(tuple(app), _Ways(combine))
        (ways.other if other else ways.own).append(Given(level, rank, direct, priority))
    return {key: tuple(_opened(*each) for each in apps.items()) for key, apps in found.items()}


def _opened(app: tuple[Any, ...], ways: _Ways) -> Opened:
    name, native_id, key, holding, inside, source = app
    level, otherwise, wins = _levels(ways)
    return Opened(name, native_id, key, level, otherwise, wins, holding, inside, source)


def _levels(ways: _Ways) -> tuple[str, str | None, bool]:
    """What the grant gives or makes of the level, what there is otherwise, and whether the grant decides."""
    if ways.combine != "priority":
        return (
            _together([*ways.own, *ways.other], ways.combine),
            _together(ways.other, ways.combine) if ways.other else None,
            True,
        )
    own = min(ways.own, key=_place)
    if not ways.other:
        return own.level, None, False
    other = min(ways.other, key=_place)
    return own.level, other.level, _place(own)[0] < _place(other)[0]


def _together(ways: Sequence[Given], combine: Combine) -> str:
    return together(ways[at] for at in counting(ways, combine))


def _place(way: Given) -> tuple[int, str]:
    """A direct assignment wins over every group, then the lowest priority."""
    return (-1 if way.direct else way.priority), way.level


_SIDES: Mapping[str, str] = {
    # For what began, the other side is the moment just before; for what ended, the moment itself.
    "other": """CASE c.verb
        WHEN 'began' THEN {0}.began < c.at AND ({0}.ended IS NULL OR {0}.ended >= c.at)
        ELSE {0}.began <= c.at AND ({0}.ended IS NULL OR {0}.ended > c.at) END""",
    "own": """CASE c.verb
        WHEN 'began' THEN {0}.began <= c.at AND ({0}.ended IS NULL OR {0}.ended > c.at)
        ELSE {0}.began < c.at AND ({0}.ended IS NULL OR {0}.ended >= c.at) END""",
}
# A value as it stood on a side is what the next change says was before it.
_THEN = """coalesce((
    SELECT {value} FROM orgmodel_change z
    WHERE z.kind = '{kind}' AND z.fact = {fact} AND z.verb = 'changed'
      AND (z.at > c.at OR (z.at = c.at AND c.verb = '{before}'))
    ORDER BY z.at, z.id LIMIT 1), {now})"""


def _priority(before: str) -> str:
    """SQL: the priority of the edge e on a side, which lies before the changes of the verb `before`."""
    value = "(z.before #>> '{}')::int"
    return _THEN.format(value=value, kind="edge", fact="e.id", before=before, now="e.priority")


def _step(side: str) -> str:
    """SQL: one edge further from a way (alias c), through nothing that is hidden."""
    return f"""
        FROM {side} c JOIN orgmodel_edge e ON e.source_id = c.entitlement AND {_SIDES[side].format("e")}
        JOIN orgmodel_entitlement t ON t.id = e.target_id AND NOT t.resource_id = ANY(%(hidden)s)"""


_STATUS = _THEN.format(
    value="z.before ->> 'status'", kind="resource", fact="a.id", before="ended", now="a.status"
)
_APP = "a.combine, t.level, t.rank"
_OPENED = Lasting(f"""
    WITH RECURSIVE granted AS (
        SELECT c.id, c.at, c.verb, c.person_id, c.what, c.app_id, g.entitlement_id AS entitlement
        FROM orgmodel_change c JOIN orgmodel_grant g ON g.id = c.fact
        WHERE c.id = ANY(%(keys)s) AND c.kind = 'grant' AND c.verb IN ('began', 'ended')
    ), own (id, at, verb, entitlement, edge) AS (
        SELECT id, at, verb, entitlement, NULL::bigint FROM granted
        UNION SELECT c.id, c.at, c.verb, e.target_id, e.id {_step("own")}
    ), apps AS MATERIALIZED (
        SELECT c.id, c.at, c.verb, a.id AS app, {_APP}, {_priority("ended")} AS priority
        FROM own c JOIN orgmodel_edge e ON e.id = c.edge
        JOIN orgmodel_entitlement t ON t.id = c.entitlement
        JOIN orgmodel_resource a ON a.id = t.resource_id AND a.kind = 'app'
        WHERE {_STATUS} <> 'inactive'
    ), wanted AS MATERIALIZED (
        SELECT DISTINCT x.person_id, x.at, x.verb, apps.app
        FROM apps JOIN granted x ON x.id = apps.id WHERE x.app_id IS DISTINCT FROM apps.app
    ), other (person_id, at, verb, entitlement, edge) AS (
        SELECT c.person_id, c.at, c.verb, o.entitlement_id, NULL::bigint
        FROM (SELECT DISTINCT person_id, at, verb FROM wanted) c
        JOIN orgmodel_account x ON x.person_id = c.person_id
        JOIN orgmodel_grant o ON o.account_id = x.id AND {_SIDES["other"].format("o")}
        JOIN orgmodel_entitlement t ON t.id = o.entitlement_id AND NOT t.resource_id = ANY(%(hidden)s)
        UNION SELECT c.person_id, c.at, c.verb, e.target_id, e.id {_step("other")}
    ), elsewhere AS MATERIALIZED (
        SELECT c.person_id, c.at, c.verb, t.resource_id AS app, t.level, t.rank, c.edge IS NULL AS direct,
               CASE WHEN c.edge IS NULL THEN 0 ELSE {_priority("began")} END AS priority
        FROM other c JOIN orgmodel_entitlement t ON t.id = c.entitlement
        JOIN wanted w ON w.app = t.resource_id AND (w.person_id, w.at, w.verb) = (c.person_id, c.at, c.verb)
        LEFT JOIN orgmodel_edge e ON e.id = c.edge
    )
    SELECT x.id, way.other, way.combine, way.level, way.rank, way.direct, way.priority,
           a.name, a.native_id, a.key, x.what, x.app_id IS NULL, a.source
    FROM granted x JOIN (
        SELECT id, false AS other, app, combine, level, rank, false AS direct, priority FROM apps
        UNION ALL
        SELECT DISTINCT apps.id, true, o.app, apps.combine, o.level, o.rank, o.direct, o.priority
        FROM apps JOIN granted x ON x.id = apps.id
        JOIN elsewhere o ON o.app = apps.app AND (o.person_id, o.at, o.verb) = (x.person_id, x.at, x.verb)
    ) way ON way.id = x.id JOIN orgmodel_resource a ON a.id = way.app
    WHERE x.app_id IS DISTINCT FROM a.id
    ORDER BY x.id, lower(a.name), a.id""")
