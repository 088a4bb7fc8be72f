"""Which lines of the log prove which changes: SQL over a change c and a line v."""

from orgmodel.sources.state_words import TELLING_LINES

# A line tells of one change: what has explained one before does not explain the next of the same thing, and
# neither does an older one. What was there when an earlier change was seen, of which nothing is known, tells
# of that one: lines come in order, so its own would be known by now.
_UNUSED = """NOT EXISTS (
        SELECT FROM orgmodel_change p
        WHERE p.{0} = c.{0} AND p.run_id < c.run_id AND p.at > v.published - %(clocks)s
          AND p.kind = c.kind AND p.attribute = c.attribute
          AND p.account_id IS NOT DISTINCT FROM c.account_id
          AND p.resource_id IS NOT DISTINCT FROM c.resource_id AND p.app_id IS NOT DISTINCT FROM c.app_id
          AND (p.evidence = 'log' AND p.true_at >= v.published
               OR p.verb = c.verb AND v.published <= p.at
                  AND coalesce(p.cause ->> 'kind', 'unknown') = 'unknown'))"""


# While everything is read in slices, what had changed before the first of them may be seen in the last.
_LAST_READ = "least(%(since)s, %(slices)s::timestamptz)"


def _line(fact: str, same: str, types: str, changed: str = "") -> str:
    """SQL: the line v proves the change. It is younger than the fact it ends, and than the one before it; one
    that says that something was changed is younger than the last read, which has seen what it was.

    `types`: how the types of lines begin that say add and remove; `changed`: one of which both may come.
    """
    key = " AND ".join(f"o.{column} = f.{column}" for column in same.split())
    return f"""v.type IN ('{changed}', CASE c.verb WHEN 'ended' THEN '{types}.remove' ELSE '{types}.add' END)
     AND CASE c.verb WHEN 'changed' THEN v.published > %(since)s
         WHEN 'ended' THEN v.published > f.began - %(clocks)s
         ELSE NOT EXISTS (SELECT FROM {fact} o WHERE {key} AND o.began < f.began
                          AND o.ended - %(clocks)s > v.published) END
     AND (v.type <> '{changed}' OR c.baseline OR v.published > {_LAST_READ})"""


# Of the lines about one membership the newest tells what is so, as far as the change had been seen by then;
# an app may be given at another level, too.
_NEWEST = """NOT EXISTS (
        SELECT FROM orgmodel_logevent w
        WHERE w.account = v.account AND w."group" = v."group" AND (w.published, w.id) > (v.published, v.id)
          AND w.published <= c.at AND w.type = CASE c.verb WHEN 'ended' THEN 'group.user_membership.add'
                                   ELSE 'group.user_membership.remove' END)"""
# Whoever has the app by a group is assigned directly without a line that adds: the older one is of the group.
_OF_THIS_SEAT = f"""NOT EXISTS (
        SELECT FROM orgmodel_seat s
        WHERE s.account_id = a.id AND s.app_id = r.id AND s.run_began_id < c.run_id
          AND v.type = 'application.user_membership.add'
          AND (s.began >= v.published OR v.published <= {_LAST_READ}))"""
# What was taken away and given again between two reads has not ended with that.
_NOT_AGAIN = f"""(c.verb <> 'ended' OR v.published > {_LAST_READ} OR NOT EXISTS (
        SELECT FROM orgmodel_logevent w
        WHERE w.app = v.app AND w.account = v.account AND w."group" = v."group"
          AND w.published > v.published
          AND w.type IN ('application.user_membership.add', 'group.application_assignment.add')))"""
# That something was changed ends a level where another took its place; else it ended with something greater.
_CHANGED = """(c.verb <> 'ended' OR v.type <> '{0}' OR EXISTS (
        SELECT FROM {1} AND x.began <= c.at AND (x.ended IS NULL OR x.ended > c.at)))"""
_SEAT_CHANGED, _OPENING_CHANGED = "application.user_membership.update", "group.application_assignment.update"
_SEAT = "orgmodel_seat x WHERE x.account_id = a.id AND x.app_id = r.id"
_EDGE = """orgmodel_edge x JOIN orgmodel_entitlement e ON e.id = x.target_id
        WHERE x.source_id = f.source_id AND e.resource_id = r.id"""
_OF_GRANT = ("orgmodel_grant", "account_id entitlement_id")
_MEMBER = f"{_line(*_OF_GRANT, 'group.user_membership')} AND {_NEWEST} AND {_UNUSED.format('person_id')}"
_DIRECT = (
    f"{_line(*_OF_GRANT, 'application.user_membership', _SEAT_CHANGED)}"
    f" AND {_CHANGED.format(_SEAT_CHANGED, _SEAT)} AND {_NOT_AGAIN} AND {_OF_THIS_SEAT}"
    f" AND {_UNUSED.format('person_id')}"
)
_OPENING = (
    _line("orgmodel_edge", "source_id target_id", "group.application_assignment", _OPENING_CHANGED)
    + f" AND {_CHANGED.format(_OPENING_CHANGED, _EDGE)} AND {_NOT_AGAIN} AND {_UNUSED.format('app_id')}"
)
# Which log line proves which kind of change.
EVENTS: tuple[str, ...] = (
    f"""
    JOIN orgmodel_grant f ON f.id = c.fact
    JOIN orgmodel_account a ON a.id = c.account_id
    JOIN orgmodel_resource r ON r.id = c.resource_id
    JOIN orgmodel_logevent v ON v.account = a.native_id AND v."group" = r.native_id AND {_MEMBER}
    WHERE c.kind = 'grant' AND c.resource_id IS NOT NULL""",
    f"""
    JOIN orgmodel_grant f ON f.id = c.fact
    JOIN orgmodel_account a ON a.id = c.account_id
    JOIN orgmodel_resource r ON r.id = c.app_id
    JOIN orgmodel_logevent v ON v.app = r.native_id AND v.account = a.native_id AND {_DIRECT}
    WHERE c.kind = 'grant' AND c.app_id IS NOT NULL""",
    f"""
    JOIN orgmodel_edge f ON f.id = c.fact
    JOIN orgmodel_resource g ON g.id = c.resource_id
    JOIN orgmodel_resource r ON r.id = c.app_id
    JOIN orgmodel_logevent v ON v.app = r.native_id AND v."group" = g.native_id AND {_OPENING}
    WHERE c.kind = 'edge'""",
    f"""
    JOIN orgmodel_account a ON a.id = c.account_id
    JOIN orgmodel_resource r ON r.id = c.app_id
    JOIN orgmodel_logevent v ON v.app = r.native_id AND v.account = a.native_id AND v.published > %(since)s
     AND v.type = 'application.user_membership.update' AND {_UNUSED.format("person_id")}
    WHERE c.kind = 'seat' AND c.verb = 'changed' AND NOT c.baseline
      AND c.before ->> 'level' <> c.after ->> 'level'""",
    f"""
    JOIN orgmodel_account a ON a.id = c.account_id
    JOIN orgmodel_logevent v ON v.account = a.native_id AND v."group" = ''
     AND v.type = 'user.account.update_profile' AND c.attribute = ANY(v.changed)
     AND v.published > %(since)s AND {_UNUSED.format("person_id")}
    WHERE c.kind = 'attribute' AND NOT c.baseline""",
    f"""
    JOIN orgmodel_account a ON a.id = c.account_id
    JOIN orgmodel_logevent v ON v.account = a.native_id AND v."group" = '' AND v.published > %(since)s
     AND v.type = ANY({TELLING_LINES.format("c.after #>> '{}'")}) AND {_UNUSED.format("person_id")}
    WHERE c.kind = 'attribute' AND c.attribute = 'status' AND NOT c.baseline""",
    """
    JOIN orgmodel_account a ON a.id = c.account_id
    JOIN orgmodel_logevent v ON v.account = a.native_id AND v."group" = '' AND v.published > %(since)s
     AND v.type LIKE 'user.lifecycle.delete.%%'
    WHERE c.kind = 'account' AND c.verb = 'ended' AND NOT c.baseline""",
    """
    JOIN orgmodel_resource r ON r.id = c.app_id
    JOIN orgmodel_logevent v ON v.app = r.native_id AND v.published > %(since)s
     AND v.type = CASE WHEN c.verb = 'ended' THEN 'application.lifecycle.delete'
                       WHEN c.after ->> 'status' = 'inactive' THEN 'application.lifecycle.deactivate'
                       ELSE 'application.lifecycle.activate' END
    WHERE c.kind = 'resource' AND NOT c.baseline
      AND (c.verb = 'ended' OR c.before ->> 'status' <> c.after ->> 'status')""",
    """
    JOIN orgmodel_resource r ON r.id = c.resource_id
    JOIN orgmodel_logevent v ON v."group" = r.native_id AND v.account = '' AND v.published > %(since)s
     AND v.type IN ('group.lifecycle.delete', 'system.import.group.delete')
    WHERE c.kind = 'resource' AND NOT c.baseline AND c.verb = 'ended'""",
)
