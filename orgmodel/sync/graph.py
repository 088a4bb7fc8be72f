"""How each kind of fact of the graph is selected from staging and compared with what is known."""

from orgmodel.facts import STATED, UNRANKED
from orgmodel.kinds import of_facts

from .coverage import Coverage, Listed, Recorded
from .entitlements import CAPPED, referred
from .true_days import REDATED, first_day
from .versions import Versioned

_ACCOUNT = "JOIN orgmodel_account a ON a.source = %(source)s AND a.native_id ="
_RESOURCE = "JOIN orgmodel_resource {0} ON {0}.source = %(source)s AND {0}.native_id ="
_GROUP = _RESOURCE.format("g")
_APP = _RESOURCE.format("p")


_ENTITLEMENTS = "IN (SELECT e.id FROM orgmodel_entitlement e WHERE e.resource_id IN ({0}))"


class _OfAccounts(Listed):
    """An account that is given is given with all its values, whatever else was seen."""

    def covered(self, kind: str, coverage: Coverage) -> str:
        if kind in coverage.whole:
            return super().covered(kind, coverage)
        statement = self.account.format(
            "SELECT a.id FROM orgmodel_account a JOIN stage_account s ON s.native_id = a.native_id"
            " WHERE a.source = %(source)s"
        )
        return f"({statement} OR {super().covered(kind, coverage)})"


class _Held(Listed):
    """A direct assignment to an app that lists its people comes from that list, and ends only with it."""

    def seen(self, coverage: Coverage) -> str:
        held, seated = (self.covered(kind, coverage) for kind in ("grant", "seat"))
        if held == seated:
            return held
        listing = self.resource.format(
            "SELECT r.id FROM orgmodel_resource r WHERE r.source = %(source)s"
            " AND EXISTS (SELECT FROM orgmodel_seat s WHERE s.app_id = r.id)"
        )
        return f"(CASE WHEN {listing} THEN {seated} ELSE {held} END)"


ATTRIBUTE = Versioned(
    of=of_facts.ATTRIBUTE,
    want=f"""
        SELECT a.id AS account_id, x.name, x.value,
               CASE WHEN x.name <> 'status' THEN {first_day("x.name")} END AS true_began
        FROM (
            SELECT DISTINCT ON (native_id) * FROM stage_account
            ORDER BY native_id, updated DESC NULLS LAST
        ) s {_ACCOUNT} s.native_id
        CROSS JOIN LATERAL (
            SELECT key AS name, value FROM jsonb_each(s.attributes)
            WHERE key NOT IN ('status', 'title')
            UNION ALL SELECT 'status', to_jsonb(s.status)
            UNION ALL SELECT 'title', to_jsonb(s.title) WHERE s.title <> ''
        ) x""",
    snapshot="c.value",
    covered=_OfAccounts(("account", "attribute"), account="c.account_id IN ({0})"),
    corrects=REDATED,
    replaces=True,
)

GRANT = Versioned(
    of=of_facts.GRANT,
    want=f"""
        SELECT DISTINCT ON (a.id, e.id) a.id AS account_id, e.id AS entitlement_id,
               s.origin, s.rules, s.evidence, NULL::timestamptz AS true_began
        FROM stage_grant s {_ACCOUNT} s.account {referred("g", "s.target")}
        JOIN orgmodel_entitlement e ON e.resource_id = g.id AND e.level = s.level
        UNION ALL
        SELECT DISTINCT ON (a.id, p.id) a.id, e.id, 'unknown', '{{}}'::text[], '{STATED}', s.created
        FROM stage_seat s {_ACCOUNT} s.account {_APP} s.app
        JOIN orgmodel_entitlement e ON e.resource_id = p.id AND e.level = s.level
        WHERE s.scope = 'USER'""",
    snapshot="jsonb_build_object('origin', c.origin, 'rules', c.rules)",
    covered=_Held(
        ("grant", "seat"),
        f"c.entitlement_id {_ENTITLEMENTS}",
        "c.account_id IN ({0})",
        own="c.account_id IN (SELECT id FROM orgmodel_account WHERE source = %(source)s)",
    ),
    # What the log taught about a direct grant stays; so does an attribution that is no longer given.
    differs=f"""w.evidence = '{STATED}' AND (
        c.rules IS DISTINCT FROM w.rules
        OR (w.origin <> 'unknown' AND w.origin <> c.origin)
        OR (w.origin = 'unknown' AND c.origin IN ('rule', 'app'))
        OR c.evidence = 'none')""",
)

EDGE = Versioned(
    of=of_facts.EDGE,
    want=f"""
        SELECT DISTINCT ON (m.id, e.id) m.id AS source_id, e.id AS target_id, s.priority, s.sort, s.cap,
               %(source)s::text AS stated_by, NULL::timestamptz AS true_began
        FROM stage_edge s {referred("f", "s.source")} {referred("t", "s.target")}
        JOIN orgmodel_entitlement m
          ON m.resource_id = f.id AND m.level = coalesce(nullif(s.source_level, ''), m.level)
        LEFT JOIN {CAPPED} k ON k.level = m.level AND k.cap = s.cap
        JOIN orgmodel_entitlement e
          ON e.resource_id = t.id AND e.level = coalesce(nullif(s.target_level, ''), k.remains, m.level)
        ORDER BY m.id, e.id, s.priority, s.sort""",
    snapshot="to_jsonb(c.priority)",
    # No priority was once stored as 0. Whether that is so still is seen by no edge of the source having none.
    corrects=f"""
        UPDATE orgmodel_edge c SET priority = {UNRANKED} FROM want w
        WHERE w.source_id = c.source_id AND w.target_id = c.target_id AND c.ended IS NULL
          AND c.priority = 0 AND w.priority = {UNRANKED} AND NOT EXISTS (
              SELECT FROM orgmodel_edge o JOIN orgmodel_entitlement e ON e.id = o.target_id
              JOIN orgmodel_resource r ON r.id = e.resource_id
              WHERE o.priority = {UNRANKED} AND r.source = %(source)s)""",
    covered=Listed(
        ("edge",),
        f"c.target_id {_ENTITLEMENTS}",
        further=f"c.source_id {_ENTITLEMENTS}",
        own="c.stated_by = %(source)s",
    ),
    # What two sources say of one pair is the first one's until it ends.
    differs="c.stated_by = w.stated_by AND (c.priority, c.sort, c.cap) IS DISTINCT FROM"
    " (w.priority, w.sort, w.cap)",
)

SEAT = Versioned(
    of=of_facts.SEAT,
    want=f"""
        SELECT DISTINCT ON (a.id, p.id) a.id AS account_id, p.id AS app_id, s.scope, s.status,
               s.sync_state, s.level, s.created AS true_began
        FROM stage_seat s {_ACCOUNT} s.account {_APP} s.app""",
    snapshot="jsonb_build_object('scope', c.scope, 'status', c.status,"
    " 'sync_state', c.sync_state, 'level', c.level)",
    covered=Listed(("seat",), "c.app_id IN ({0})", "c.account_id IN ({0})"),
)

RULE = Versioned(
    of=of_facts.RULE,
    want="""
        SELECT DISTINCT ON (r.id) r.id AS rule_id, s.name, s.status, s.expression,
               to_jsonb(s.targets) AS targets, to_jsonb(s.excluded) AS excluded,
               s.updated AS true_began
        FROM stage_rule s
        JOIN orgmodel_rule r ON r.source = %(source)s AND r.native_id = s.native_id
        ORDER BY r.id, s.updated DESC NULLS LAST""",
    snapshot="jsonb_build_object('name', c.name, 'status', c.status, 'expression', c.expression,"
    " 'targets', c.targets, 'excluded', c.excluded)",
    covered=Recorded(
        "rule", "r.source", "r.native_id", "c.rule_id IN (SELECT r.id FROM orgmodel_rule r WHERE {0})"
    ),
    replaces=True,
)

PROFILE = Versioned(
    of=of_facts.SCHEMA,
    want="""
        SELECT DISTINCT ON (name) %(source)s AS source, name, title, type, kept,
               NULL::timestamptz AS true_began
        FROM stage_schema ORDER BY name""",
    snapshot="jsonb_build_object('type', c.type)",
    covered=Recorded("schema", native_id="c.name"),
)

PUSH = Versioned(
    of=of_facts.PUSH,
    want=f"""
        SELECT DISTINCT ON (p.id, s.native_id) p.id AS app_id, s.native_id, g.id AS group_id,
               t.id AS target_id, s.status, s.error, NULL::timestamptz AS true_began
        FROM stage_push s {_APP} s.app {_GROUP} s.source_group
        LEFT JOIN orgmodel_resource t ON t.source = %(source)s AND t.native_id = s.target_group""",
    snapshot="jsonb_build_object('status', c.status, 'error', c.error)",
    covered=Listed(("push",), "c.app_id IN ({0})"),
)

OWNER = Versioned(
    of=of_facts.OWNER,
    want="""
        SELECT DISTINCT ON (g.id, s.owner) g.id AS group_id, s.owner AS native_id, s.kind,
               a.id AS account_id, s.name, NULL::timestamptz AS true_began
        FROM stage_owner s
        JOIN orgmodel_resource g ON g.source = %(source)s AND g.native_id = s."group"
        LEFT JOIN orgmodel_account a
          ON s.kind = 'USER' AND a.source = %(source)s AND a.native_id = s.owner""",
    snapshot="to_jsonb(c.native_id)",
    covered=Listed(("owner",), "c.group_id IN ({0})"),
)
