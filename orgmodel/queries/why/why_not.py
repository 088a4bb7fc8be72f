"""The surroundings of something a person lacks: what cannot be read, ways into it, teammates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from orgmodel.queries.access.routes import usable
from orgmodel.queries.access.standing import standing_sql, stands
from orgmodel.queries.access.target import Target, columns
from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.queries.together import Lasting, Question
from orgmodel.queries.visibility import Viewer
from orgmodel.sources.roles import IS_DIRECTORY
from orgmodel.why.obstacles import Standing

from .asking import Responsible, named, named_sql, opener_sql


@dataclass(frozen=True)
class Peers:
    """The others in a person's team, and how many of them have the thing."""

    unit: str
    held_by: int
    of: int

    @property
    def sentence(self) -> str:
        """In words; the reader learns about others, never who they are."""
        if self.of == 1:
            return f"The only other person in {self.unit} {'has' if self.held_by else 'does not have'} it."
        have = "has" if self.held_by == 1 else "have"
        return f"{self.held_by or 'None'} of the {self.of} others in {self.unit} {have} it."

    def as_json(self) -> dict[str, Any]:
        return {"unit": self.unit, "held_by": self.held_by, "of": self.of}


@dataclass(frozen=True)
class Surroundings:
    """`uncovered`: the last applied read did not see what would tell. `into`: groups, and what they give."""

    uncovered: bool = False
    into: Sequence[tuple[Target, str]] = ()
    peers: Peers | None = None
    standing: Standing = field(default_factory=Standing)
    named: Sequence[Responsible] = ()
    """Owners and leads of these groups."""


def asking_surroundings(who: int, target: Target, moment: Moment, viewer: Viewer) -> Question[Surroundings]:
    """The surroundings of the target for somebody who lacks it, as a question."""
    needed = {"grant"} if target.kind == "group" else {"grant", "edge", "seat"}
    holds = {alias: moment.holds(alias) for alias in "egms"}
    sql = _AROUND.format(
        **holds,
        resource=columns("r", moment),
        status=moment.label("p", "person", "status"),
        usable=usable(moment),
        standing=standing_sql(moment),
        named=named_sql(f"(%(itself)s::bigint[] || {opener_sql(moment)})"),
    )
    parameters: dict[str, Any] = {
        "who": who,
        "target": target.pk,
        "itself": [target.pk] if target.kind == "group" else [],
        "at": moment.at,
        "hidden": sorted(viewer.hidden),
    }
    rows = [(kind, json_value(values)) for kind, values in (yield Lasting(sql), parameters)]
    stands_so = stands(next((values for kind, values in rows if kind == "standing"), None))
    uncovered = any(needed.intersection(values or ()) for kind, values in rows if kind == "uncovered")
    into = [(Target(*values[1:]), values[0]) for kind, values in rows if kind == "into"]
    uncovered = uncovered or _unread(target, needed, [group for group, _ in into], moment)
    peers = next((Peers(*values) for kind, values in rows if kind == "peers" and values[2]), None)
    people = [named(values) for kind, values in rows if kind == "named"]
    return Surroundings(uncovered, into if target.kind == "app" else [(target, "")], peers, stands_so, people)


def _unread(target: Target, needed: set[str], groups: Sequence[Target], moment: Moment) -> bool:
    """The last read could not see of this very target, or of a group that opens it, what would tell."""
    if target.for_all:
        return True
    dark = any("grant" in group.unread.split() for group in groups)
    return moment.live and (dark or not needed.isdisjoint(target.unread.split()))


_AROUND = f"""
    WITH RECURSIVE back (id) AS (
        SELECT id FROM orgmodel_entitlement WHERE resource_id = %(target)s
        UNION SELECT e.source_id FROM back JOIN orgmodel_edge e ON e.target_id = back.id AND {{e}}
        JOIN orgmodel_entitlement t ON t.id = e.source_id AND NOT t.resource_id = ANY(%(hidden)s)
    ), leads (id, level, priority) AS (
        SELECT e.source_id, t.level, e.priority FROM orgmodel_edge e
        JOIN orgmodel_entitlement t ON t.id = e.target_id WHERE t.resource_id = %(target)s AND {{e}}
        UNION
        SELECT e.source_id, l.level, l.priority FROM leads l
        JOIN orgmodel_edge e ON e.target_id = l.id AND {{e}}
        JOIN orgmodel_entitlement t ON t.id = e.source_id AND NOT t.resource_id = ANY(%(hidden)s)
    ), team AS (
        SELECT u.id, u.name FROM orgmodel_assignment s JOIN orgmodel_orgunit u ON u.id = s.unit_id
        WHERE s.person_id = %(who)s AND {{s}} ORDER BY (u.kind = 'team') DESC, u.kind, u.name LIMIT 1
    ), mates AS (
        SELECT m.person_id AS id FROM orgmodel_assignment m JOIN team ON team.id = m.unit_id
        JOIN orgmodel_person p ON p.id = m.person_id AND {{status}} <> 'ended'
        WHERE m.person_id <> %(who)s AND {{m}}
    )
    SELECT 'uncovered', (
        SELECT not_visible FROM orgmodel_run
        WHERE source {IS_DIRECTORY} AND outcome IN ('applied', 'unchanged')
        ORDER BY applied_at DESC LIMIT 1)
    UNION ALL
    SELECT 'into', said FROM (
        SELECT jsonb_build_array(l.level, {{resource}}) AS said FROM leads l
        JOIN orgmodel_entitlement s ON s.id = l.id
        JOIN orgmodel_resource r ON r.id = s.resource_id AND r.kind = 'group'
        ORDER BY l.priority DESC) groups
    UNION ALL
    SELECT 'peers', jsonb_build_array(team.name, (
        SELECT count(DISTINCT a.person_id) FROM orgmodel_grant g
        JOIN orgmodel_account a ON a.id = g.account_id AND {{usable}}
        WHERE a.person_id IN (SELECT id FROM mates) AND g.entitlement_id IN (SELECT id FROM back) AND {{g}}),
        (SELECT count(*) FROM mates))
    FROM team
    UNION ALL (
    {{standing}})
    UNION ALL
    {{named}}"""
