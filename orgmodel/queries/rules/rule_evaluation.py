"""What rules make of accounts, clause by clause: rules as they stand, and accounts as rules see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.queries.targets import HIDDEN, SEEN
from orgmodel.queries.together import Lasting, Question, ask
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.rules.confidential import Secrets
from orgmodel.rules.evaluate import Subject
from orgmodel.rules.explain import Explanation, explain
from orgmodel.rules.mistakes import BadExpression
from orgmodel.rules.parse import parse
from orgmodel.rules.spoken import AS_WRITTEN, Spoken
from orgmodel.rules.tree import Node, attributes_of, group_calls_of
from orgmodel.sources.roles import IS_DIRECTORY
from orgmodel.sources.state_words import account_state


@dataclass(frozen=True)
class RuleText:
    """What a rule says at the moment."""

    native_id: str
    name: str
    status: str
    """active, inactive or invalid; deleted where it is gone."""
    expression: str
    targets: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    ended: datetime | None = None
    """When it was deleted."""
    key: str = ""
    """Its key in addresses."""
    today: str = ""
    """What it is called now, where that is another name than at the moment."""

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """The user attributes its expression reads, in order."""
        return _read_by(self.expression)[0]

    def redacted(self, secrets: Secrets) -> "RuleText":
        """The rule as shown to somebody who may not know these secrets."""
        if not secrets.names and not secrets.ids:
            return self
        name, today = secrets.label(self.name), secrets.label(self.today)
        expression = secrets.expression(self.expression)
        return replace(self, name=name, today="" if today == name else today, expression=expression)


@dataclass(frozen=True)
class Proofs:
    """Some rules by native id, some accounts by id, and what the ones make of the others."""

    rules: dict[str, RuleText] = field(default_factory=dict)
    subjects: dict[int, Subject] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Native id of a group → its name, of those that the accounts are in and that the rules name."""
    spoken: Spoken = AS_WRITTEN
    _explanations: dict[tuple[str, object], Explanation] = field(default_factory=dict)

    def of(self, account: int, expression: str) -> Explanation | None:
        """None for an account that is not known here and for an expression that is none."""
        subject, node = self.subjects.get(account), tree_of(expression)
        if subject is None or node is None:
            return None
        # People of one team share the answer: what the expression does not read makes no difference.
        names, personal = _read_by(expression)
        read = tuple(repr(subject.profile.get(name)) for name in names)
        key = (expression, account if personal else read)
        if key not in self._explanations:
            self._explanations[key] = explain(expression, node, subject, self.names, self.spoken)
        return self._explanations[key]


def deciding_attributes(rule: RuleText, explanation: Explanation | None) -> list[str]:
    """The attributes that make the rule match; all that it reads where that is not known."""
    if explanation is None or not explanation.value:
        return list(rule.attributes)
    nodes = (tree_of(clause.text) for clause in explanation.deciding)
    found = {name for node in nodes if node for name in attributes_of(node)}
    return [name for name in rule.attributes if name in found]


def tree_of(expression: str) -> Node | None:
    """The tree; None for what is no expression."""
    try:
        return parse(expression)
    except BadExpression:
        return None


@lru_cache(maxsize=8192)
def _read_by(expression: str) -> tuple[tuple[str, ...], bool]:
    """The attributes that an expression reads, and whether it asks for more than the profile."""
    node = tree_of(expression)
    if node is None:
        return (), False
    return attributes_of(node), bool(group_calls_of(node)) or "getInternalProperty" in repr(node)


def proofs(
    moment: Moment,
    *,
    rules: Collection[str] = (),
    groups: Collection[str] = (),
    accounts: Collection[int] = (),
    person: int | None = None,
    viewer: Viewer = OPERATOR,
) -> Proofs:
    """The newest words, up to the moment, of these rules and of those that feed these groups, and these
    accounts or the one Okta account of the person; one query. A viewer from whom some groups are hidden is
    told nobody's groups but their own: a clause would tell who is in them.
    """
    return ask(
        asking_proofs(moment, rules=rules, groups=groups, accounts=accounts, person=person, viewer=viewer)
    )


def asking_proofs(
    moment: Moment,
    *,
    rules: Collection[str] = (),
    groups: Collection[str] = (),
    accounts: Collection[int] = (),
    person: int | None = None,
    viewer: Viewer = OPERATOR,
) -> Question[Proofs]:
    """The same as a question."""
    if not rules and not groups:
        return Proofs()
    rows = yield (
        Lasting(at_moment(_READ, moment)),
        {
            "rules": sorted(rules),
            "groups": sorted(groups),
            "accounts": sorted(accounts),
            "person": person,
            "grouped": False,
            "hidden": sorted(viewer.hidden),
            "at": moment.at,
        },
    )
    return gathered([(kind, json_value(values)) for kind, values in rows], viewer)


def at_moment(sql: str, moment: Moment) -> str:
    """The SQL of this module for a moment."""
    return sql.format(
        value=moment.holds("t"),
        grant=moment.holds("g"),
        schema=moment.holds("c"),
        rule=moment.holds("v"),
        owned=moment.owned("b", "ARRAY[%(person)s::bigint]"),
        live="true" if moment.live else "false",
    )


def gathered(rows: Sequence[tuple[str, Any]], viewer: Viewer = OPERATOR) -> Proofs:
    """What rows of the kinds rule, schema and account come to for a viewer."""
    schema, uncovered, dark = next(row for kind, row in rows if kind == "schema")
    unread = dict(dark or ())
    known: dict[str, str] = {}
    subjects: dict[int, Subject] = {}
    for account, of, native, status, values, held in (row for kind, row in rows if kind == "account"):
        known.update(held or ())
        unseen = uncovered or (viewer.hidden and of != viewer.person)
        known_in = {group: name for group, name in held or () if group not in unread}
        seen = _subject(native, status, values or {}, known_in, schema, unseen)
        subjects[account] = replace(seen, unread=unread)
    written = [row for kind, row in rows if kind == "rule"]
    known.update({native: name for *_, named in written for native, name in (named or {}).items()})
    rules = (_rule(*row[:-1]).redacted(viewer.secrets) for row in written)
    return Proofs({rule.native_id: rule for rule in rules}, subjects, known, viewer.spoken)


def _rule(native: str, name: str, status: str, expression: str, *more: Any) -> RuleText:
    targets, excluded, ended, key, today = more
    gone = datetime.fromisoformat(ended) if status == "deleted" else None
    return RuleText(native, name, status, expression, tuple(targets), tuple(excluded), gone, key, today or "")


def _subject(
    native: str,
    status: str,
    values: dict[str, Any],
    groups: dict[str, str],
    schema: dict[str, bool] | None,
    uncovered: object,
) -> Subject:
    return Subject(
        profile=values,
        schema=frozenset(schema) if schema else None,
        kept=frozenset(name for name, kept in schema.items() if kept) if schema else None,
        group_ids=None if uncovered else frozenset(groups),
        group_names=None if uncovered else frozenset(groups.values()),
        native_id=native,
        status=status,
        state=account_state(status),
    )


NAMED = """(
    SELECT jsonb_object_agg(q.native_id, q.name)
    FROM regexp_matches(v.expression, $q$["']([^"']+)["']$q$, 'g') m
    JOIN orgmodel_resource q ON q.native_id = m[1] AND q.kind = 'group' AND NOT q.id = ANY(%(hidden)s)
    WHERE v.expression COLLATE "C" ILIKE '%%isMemberOf%%')"""
"""SQL: native id → name of the groups that a version v of a rule asks about. Takes hidden."""
RULE = f"""jsonb_build_array(
    r.native_id, v.name, CASE WHEN v.ended <= %(at)s THEN 'deleted' ELSE v.status END, v.expression,
    v.targets - {HIDDEN}, v.excluded, v.ended, r.key, (
        SELECT w.name FROM orgmodel_ruleversion w
        WHERE w.rule_id = r.id AND w.ended IS NULL AND w.name <> v.name), {NAMED})"""
"""SQL: what a RuleText is made of, over a rule r and its version v, and names for it. Takes hidden, at."""
# OFFSET keeps the value from being taken out of the cause again for every rule there is.
RULE_NOW = """(
    SELECT w.name FROM (SELECT {cause} ->> 'rule' AS native_id OFFSET 0) k
    JOIN orgmodel_rule q ON q.source = {source} AND q.native_id = k.native_id
    JOIN orgmodel_ruleversion w ON w.rule_id = q.id AND w.ended IS NULL LIMIT 1)"""
"""SQL: what the rule of a cause is called today; NULL for one that is gone."""
SCHEMA = f"""
    SELECT 'schema', jsonb_build_array((
        SELECT jsonb_object_agg(c.name, c.kept) FROM orgmodel_profileattribute c
        WHERE c.source {IS_DIRECTORY} AND {{schema}}), (
        SELECT n.not_visible ? 'grant' OR n.not_visible ? 'resource' FROM orgmodel_run n
        WHERE n.source {IS_DIRECTORY} AND n.outcome IN ('applied', 'unchanged')
        ORDER BY n.applied_at DESC LIMIT 1), (
        SELECT jsonb_object_agg(u.native_id, u.name) FROM orgmodel_resource u
        WHERE u.kind = 'group' AND u.ended IS NULL AND 'grant' = ANY(u.unread)
          AND {{live}} AND NOT u.id = ANY(%(hidden)s)))"""
"""SQL: the attributes that exist, whether memberships could not be read, and of which groups they could not.

Takes hidden.
"""
# The groups of an account are read only where some rule asks for groups, or the caller does.
ACCOUNT = f"""
    SELECT 'account', jsonb_build_array(a.id, a.person_id, a.native_id, coalesce((
        SELECT t.value #>> '{{{{}}}}' FROM orgmodel_attribute t
        WHERE t.account_id = a.id AND t.name = 'status' AND {{value}}), a.status), (
        SELECT jsonb_object_agg(t.name, t.value) FROM orgmodel_attribute t
        WHERE t.account_id = a.id AND t.name <> 'status' AND {{value}}), (
        SELECT jsonb_agg(jsonb_build_array(r.native_id, r.name)) FROM orgmodel_grant g
        JOIN orgmodel_entitlement e ON e.id = g.entitlement_id
        JOIN orgmodel_resource r ON r.id = e.resource_id AND r.kind = 'group'
        WHERE g.account_id = a.id AND {{grant}} AND NOT r.id = ANY(%(hidden)s)
          AND (%(grouped)s OR EXISTS (
              SELECT FROM orgmodel_ruleversion v WHERE v.expression LIKE '%%isMemberOf%%'))))
    FROM orgmodel_account a
    WHERE a.id = ANY(%(accounts)s) OR a.id = (
        SELECT b.id FROM orgmodel_account b
        WHERE {{owned}} AND b.source {IS_DIRECTORY} AND b.began <= %(at)s
          AND (b.ended IS NULL OR b.ended > %(at)s) ORDER BY b.state = 'ended', b.id LIMIT 1)"""
"""SQL: accounts as rules see them. Takes hidden, grouped, accounts, person, at."""
_READ = f"""
    (SELECT DISTINCT ON (r.native_id) 'rule' AS kind, {RULE} AS said
     FROM orgmodel_rule r JOIN orgmodel_ruleversion v ON v.rule_id = r.id
     WHERE (r.native_id = ANY(%(rules)s) OR v.targets ?| %(groups)s::text[]) AND v.began <= %(at)s AND {SEEN}
     ORDER BY r.native_id, v.began DESC)
    UNION ALL {SCHEMA} UNION ALL {ACCOUNT}"""
