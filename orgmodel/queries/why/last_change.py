"""When and why somebody last gained or lost something, and the clause behind it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from orgmodel.facts import STATED
from orgmodel.queries.access.edge_walk import EVER_BACK
from orgmodel.queries.access.reasons import Reasons
from orgmodel.queries.access.routes import Route
from orgmodel.queries.access.target import Target
from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.queries.rules.rule_evaluation import RULE_NOW
from orgmodel.queries.together import Lasting, Question
from orgmodel.queries.visibility import Viewer
from orgmodel.rules.explain import Clause
from orgmodel.sources import registry
from orgmodel.sources.roles import IS_DIRECTORY
from orgmodel.sources.state_words import ENDED_VALUES
from orgmodel.why.attribute_change import Version, flip_sentence, flipped
from orgmodel.why.causes import Cause
from orgmodel.why.relations import RELATIONS, relation_of
from orgmodel.why.voice import Voice

CAUSE_KEYS = (
    "rule",
    "rule_name",
    "attribute",
    "before",
    "after",
    "attribute_at",
    "attribute_source",
    "membership",
    "joined",
    "how",
    "by",
    "actor",
    "event",
)
"""What of a cause the answer tells."""


@dataclass(frozen=True)
class Turn:
    """The last thing that began or ended on the way to the target."""

    verb: str
    at: datetime
    what: str
    cause: Cause
    sentence: str
    """The cause with the clause that turned."""
    evidence: str
    clauses: tuple[Clause, ...] = ()
    """The clauses of the rule that hold since then, or no more."""
    ended: str = ""
    """What is no longer so on the way to the target, in words; empty where that is the target itself."""

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "verb": self.verb,
            "what": self.what,
            "cause": self.sentence,
            "evidence": self.evidence,
            **{name: self.cause.stored().get(name) for name in CAUSE_KEYS},
            "clauses": [each.as_json() for each in self.clauses],
        }


def asking_last_lost(who: int, target: Target, moment: Moment, viewer: Viewer) -> Question[Turn | None]:
    """The newest end, before the moment, of a grant that led there, or of the last edge between them."""
    hidden = sorted(viewer.hidden_about(who))
    rows = yield _LAST, {"person": who, "target": target.pk, "at": moment.at, "hidden": hidden}
    if not rows:
        return None
    seen, what, raw, evidence, at, versions, closed, group, sort, to, called = rows[0]
    secrets = viewer.about(who).secrets
    cause = Cause.read(secrets.cause(json_value(raw)), "ended").renamed(secrets.label(called or ""))
    if closed:
        app, system = what if closed.startswith("app") else "", registry.label(target.source)
        cause = replace(cause.taking_along(closed), app=app, system=system)
    history = tuple(_version(*each).redacted(secrets) for each in json_value(versions) or ())
    previous = (
        history[1] if len(history) > 1 and history[0].began == seen else history[0] if history else None
    )
    clauses = flipped(previous.expression, cause, spoken=viewer.spoken) if previous and cause.turned else ()
    voice = Voice(own=viewer.person == who, spoken=viewer.spoken)
    source = registry.label(cause.attribute_source)
    sentence = flip_sentence(cause, clauses, history, voice, source) or cause.sentence(voice)
    ended = "" if closed or what == target.name else f"no longer in {what}"
    if group:
        relation = relation_of(sort, to)
        ended = f"{group} {RELATIONS[relation].ended} {what}"
        cause = replace(cause, group=cause.group or group, app=what, relation=relation)
        what = f"{group} {RELATIONS[relation].holds} {what}"
    return Turn("ended", at, what, cause, sentence, evidence, clauses, ended)


def gained(route: Route, reason: Reasons) -> Turn | None:
    """How the first grant of a route began; None where no attribute that a rule reads is known behind it."""
    cause = reason.began(route)
    rule = reason.proofs.rules.get(cause.rule)
    if rule is None or not cause.turned:
        return None
    clauses = flipped(rule.expression, cause, reason.proofs.names, reason.spoken)
    first = route.hops[0]
    voice = Voice(own=route.person == reason.own, spoken=reason.spoken)
    sentence = flip_sentence(
        cause, clauses, voice=voice, source=registry.label(cause.attribute_source)
    ) or cause.sentence(voice)
    evidence = "log" if cause.event else STATED
    return Turn("began", first.since, first.place.name, cause, sentence, evidence, clauses)


def _version(began: str, name: str, status: str, expression: str) -> Version:
    return Version(datetime.fromisoformat(began), name, status, expression)


# What the rule said at the end and just before, newest first; its deletion counts as a version.
_VERSIONS = """(
    SELECT json_agg(said) FROM (
        SELECT json_build_array(at, name, status, expression) AS said FROM (
            SELECT v.began AS at, v.name, v.status, v.expression FROM orgmodel_ruleversion v
            JOIN orgmodel_rule r ON r.id = v.rule_id
            WHERE r.native_id = c.cause ->> 'rule' AND v.began <= c.at
            UNION ALL
            SELECT v.ended, v.name, 'deleted', v.expression FROM orgmodel_ruleversion v
            JOIN orgmodel_rule r ON r.id = v.rule_id AND r.ended = v.ended
            WHERE r.native_id = c.cause ->> 'rule' AND v.ended <= c.at
        ) versions ORDER BY at DESC LIMIT 2) newest)"""
# The person held what led there when it happened.
_HELD = """EXISTS (
        SELECT FROM orgmodel_account a JOIN orgmodel_grant g ON g.account_id = a.id
        JOIN back b ON b.id = g.entitlement_id AND b.began <= c.at AND b.ended >= c.at
        WHERE a.person_id = %(person)s AND g.began <= c.at AND (g.ended IS NULL OR g.ended >= c.at))"""
# The person came to where the edge (alias e) begins, by whatever led there when it ended.
_CAME_TO = """EXISTS (
        WITH RECURSIVE up (id) AS (
            SELECT e.source_id
            UNION SELECT x.source_id FROM up JOIN orgmodel_edge x ON x.target_id = up.id
             AND x.began <= c.at AND (x.ended IS NULL OR x.ended >= c.at)
            JOIN orgmodel_entitlement s ON s.id = x.source_id AND NOT s.resource_id = ANY(%(hidden)s)
        ) SELECT FROM up JOIN orgmodel_grant g ON g.entitlement_id = up.id
        JOIN orgmodel_account a ON a.id = g.account_id AND a.person_id = %(person)s
        WHERE g.began <= c.at AND (g.ended IS NULL OR g.ended >= c.at))"""
_LAST = Lasting(f"""{EVER_BACK.format(target="target")}
    SELECT last.*, {RULE_NOW.format(cause="last.cause", source="q.source")} FROM (
    SELECT c.at, c.what, c.cause, c.evidence, coalesce(c.true_at, c.at), {_VERSIONS}, '', '', '', ''
    FROM orgmodel_change c JOIN orgmodel_grant f ON f.id = c.fact
    WHERE c.person_id = %(person)s AND c.kind = 'grant' AND c.verb = 'ended' AND c.at <= %(at)s
      AND NOT coalesce(c.resource_id = ANY(%(hidden)s), false) AND EXISTS (
        SELECT FROM back b WHERE b.id = f.entitlement_id AND b.began <= c.at AND b.ended >= c.at)
    UNION ALL
    SELECT c.at, c.what, c.cause, c.evidence, coalesce(c.true_at, c.at), NULL::json, '', c.who, e.sort, (
        SELECT r.kind FROM orgmodel_resource r WHERE r.id = c.app_id)
    FROM (SELECT DISTINCT id FROM back) b JOIN orgmodel_edge e ON e.target_id = b.id AND e.ended IS NOT NULL
    JOIN orgmodel_change c ON c.kind = 'edge' AND c.fact = e.id AND c.verb = 'ended' AND c.at <= %(at)s
     AND NOT c.resource_id = ANY(%(hidden)s)
    WHERE EXISTS (SELECT FROM back k WHERE k.id = b.id AND k.began <= c.at AND k.ended >= c.at) AND {_CAME_TO}
    UNION ALL
    SELECT c.at, c.what, c.cause, c.evidence, coalesce(c.true_at, c.at), NULL::json,
           CASE c.verb WHEN 'ended' THEN 'app_deleted' ELSE 'app_inactive' END, '', '', ''
    FROM orgmodel_change c
    WHERE c.kind = 'resource' AND c.at <= %(at)s AND c.app_id = %(target)s AND {_HELD}
      AND (c.verb = 'ended' OR (c.after ->> 'status' = 'inactive' AND c.before ->> 'status' <> 'inactive'))
    UNION ALL
    SELECT c.at, 'the Okta account', c.cause, c.evidence, coalesce(c.true_at, c.at), NULL::json,
           CASE c.kind WHEN 'account' THEN 'account_deleted' ELSE 'deactivated' END, '', '', ''
    FROM orgmodel_change c
    WHERE c.person_id = %(person)s AND c.at <= %(at)s AND {_HELD}
      AND ((c.kind = 'account' AND c.verb = 'ended' AND c.what {IS_DIRECTORY})
        OR (c.kind = 'attribute' AND c.attribute = 'status' AND c.after IN ({ENDED_VALUES})))
    ORDER BY 1 DESC, 7 LIMIT 1) last""")
