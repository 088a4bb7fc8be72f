"""What may vanish in one run: every kind of fact that the merge can end, declared once, whatever its source.

A measure counts rows of the read model before and after the merge, from what the merge noted in `delta`.
A kind that ends rows and is not declared here stops the run: nothing vanishes unjudged.
"""

from dataclasses import dataclass

from . import graph
from .versions import Versioned

RECORDS = 2
"""So many accounts, groups, units … may always go: in a small company that is a large share."""
FACTS = 10
"""The same for what people and groups have: one leaver of a small company takes this much along."""
LAST_VALUES = 2
"""A value that no more than so many had may disappear altogether."""


@dataclass(frozen=True)
class Measure:
    """One thing that must not vanish. SQL over the alias c of `table`, and d of the delta; all is ours."""

    name: str
    """What people call it, in the plural; the key under which a held run keeps what it counted."""
    kind: str
    """The kind in the delta."""
    table: str
    counted: str = "true"
    """Whether the row counts as it is now."""
    before: str = ""
    """Whether it counted before, over d.before; empty: its present columns tell."""
    scope: str = "true"
    """Which current rows the run speaks of; may use %(source)s and %(blind)s."""
    apart: str = "''"
    """What each is counted apart by, such as the name of an attribute."""
    would: str = "vanish"
    tolerated: int = FACTS
    last: int = 0
    """So many may be the last ones. 0: never believed to be empty."""
    net: bool = False
    """What began makes up for what ended: memberships are replaced in a reorganisation, identities never."""
    because: tuple[str, ...] = ()
    """Measures whose own loss explains this one: then only they are told."""


def _of(fact: Versioned, name: str, because: tuple[str, ...], *, counted: str = "true") -> Measure:
    """A kind of which the source gives whole records: never believed to be empty."""
    return Measure(name, fact.kind, fact.table, counted, scope=fact.scope, net=True, because=because)


def _resource(kind: str) -> str:
    return f"""EXISTS (SELECT FROM orgmodel_entitlement e JOIN orgmodel_resource r ON r.id = e.resource_id
        WHERE e.id = c.entitlement_id AND r.kind = '{kind}')"""


def _unit(condition: str) -> str:
    return f"EXISTS (SELECT FROM orgmodel_orgunit u WHERE u.id = c.unit_id AND {condition})"


def usable(status: str) -> str:
    """SQL: an account of this status, in its source's own word, is in use."""
    words = "'', 'active', 'provisioned', 'recovery', 'password_expired', 'locked_out'"
    return f"lower({status}) IN ({words})"


_OWN = "c.source = %(source)s"
_IDLE = "no longer be active"
_LEVEL = "c.level <> 'assigned'"
_TARGET_LEVEL = (
    "EXISTS (SELECT FROM orgmodel_entitlement e WHERE e.id = c.target_id AND e.level <> 'assigned')"
)
_HERE = "EXISTS (SELECT FROM orgmodel_account x WHERE x.id = c.account_id AND x.ended IS NULL)"
_EMPLOYED = (
    "EXISTS (SELECT FROM orgmodel_person p WHERE p.id = c.person_id AND p.ended IS NULL"
    " AND p.status <> 'ended')"
)
_RECORDED = "u.source = %(source)s AND u.source IN ('control', 'hris')"
_THERE = "u.ended IS NULL"

MEASURES = (
    Measure("accounts", "account", "orgmodel_account", scope=_OWN, tolerated=RECORDS),
    Measure("groups", "resource", "orgmodel_resource", "c.kind = 'group'", scope=_OWN, tolerated=RECORDS),
    Measure("apps", "resource", "orgmodel_resource", "c.kind = 'app'", scope=_OWN, tolerated=RECORDS),
    Measure("group rules", "rule", graph.RULE.table, scope=graph.RULE.scope, tolerated=RECORDS),
    Measure(
        "recorded units",
        "unit",
        "orgmodel_attribute",
        f"c.name = 'name' AND {_unit(_RECORDED)}",
        tolerated=RECORDS,
    ),
    _of(graph.GRANT, "memberships", ("accounts", "groups"), counted=_resource("group")),
    _of(graph.EDGE, "assignments of groups to apps", ("groups", "apps")),
    _of(graph.SEAT, "app assignments", ("accounts", "apps")),
    _of(graph.PUSH, "group pushes", ("groups", "apps")),
    _of(graph.OWNER, "group owners", ("groups",)),
    _of(graph.PROFILE, "attributes of the user schema", ()),
    Measure(
        "recorded unit assignments",
        "assignment",
        "orgmodel_assignment",
        "c.source = 'hris'",
        last=LAST_VALUES,
        net=True,
        because=("accounts", "recorded units"),
    ),
    # From here on values: they may be few, and the last of them may go.
    Measure(
        "units",
        "unit",
        "orgmodel_attribute",
        f"c.name = 'name' AND {_unit('true')}",
        tolerated=RECORDS,
        last=LAST_VALUES,
        net=True,
        because=("accounts", "groups", "recorded units", "values"),
    ),
    Measure(
        "unit assignments",
        "assignment",
        "orgmodel_assignment",
        net=True,
        last=LAST_VALUES,
        because=("accounts", "groups", "recorded units", "recorded unit assignments", "units", "values"),
    ),
    Measure(
        "links between units and groups",
        "link",
        "orgmodel_unitlink",
        net=True,
        last=LAST_VALUES,
        because=("groups", "recorded units", "units"),
    ),
    Measure(
        "direct app assignments",
        "grant",
        graph.GRANT.table,
        _resource("app"),
        scope=graph.GRANT.scope,
        net=True,
        last=LAST_VALUES,
        because=("accounts", "apps", "app assignments"),
    ),
    Measure(
        "levels of app assignments",
        "seat",
        graph.SEAT.table,
        _LEVEL,
        "d.before ->> 'level' <> 'assigned'",
        graph.SEAT.scope,
        last=LAST_VALUES,
        net=True,
        because=("accounts", "apps", "app assignments"),
    ),
    Measure(
        "levels at which groups open apps",
        "edge",
        graph.EDGE.table,
        _TARGET_LEVEL,
        scope=graph.EDGE.scope,
        last=LAST_VALUES,
        net=True,
        because=("groups", "apps", "assignments of groups to apps"),
    ),
    Measure(
        "values",
        "attribute",
        graph.ATTRIBUTE.table,
        _HERE,
        scope=graph.ATTRIBUTE.scope,
        apart="c.name",
        last=LAST_VALUES,
        because=("accounts",),
    ),
    Measure(
        "people's managers",
        "manager",
        "orgmodel_managerline",
        _EMPLOYED,
        last=LAST_VALUES,
        because=("accounts", "manager references"),
    ),
    *(
        Measure(
            name,
            "unit",
            "orgmodel_attribute",
            f"c.name = '{attribute}' AND {_unit(_THERE)}",
            last=LAST_VALUES,
            because=("recorded units", "units"),
        )
        for name, attribute in (("parents of units", "parent"), ("leads of units", "lead"))
    ),
    Measure(
        "active units",
        "unit",
        "orgmodel_attribute",
        f"c.name = 'active' AND c.value = 'true' AND {_unit(_THERE)}",
        "c.name = 'active' AND d.before = 'true'",
        would=_IDLE,
        tolerated=RECORDS,
        last=LAST_VALUES,
        because=("recorded units", "units"),
    ),
    Measure(
        "active accounts",
        "account",
        "orgmodel_account",
        usable("c.status"),
        usable("d.before ->> 'status'"),
        _OWN,
        would=_IDLE,
        tolerated=RECORDS,
        last=LAST_VALUES,
        because=("accounts",),
    ),
    Measure(
        "active people",
        "person",
        "orgmodel_person",
        "c.status = 'active'",
        "d.before ->> 'status' = 'active'",
        would=_IDLE,
        tolerated=RECORDS,
        last=LAST_VALUES,
        because=("accounts", "active accounts"),
    ),
    Measure(
        "active apps",
        "resource",
        "orgmodel_resource",
        "c.kind = 'app' AND c.status = 'ACTIVE'",
        "c.kind = 'app' AND d.before ->> 'status' = 'ACTIVE'",
        _OWN,
        would=_IDLE,
        tolerated=RECORDS,
        last=LAST_VALUES,
        because=("apps",),
    ),
    Measure(
        "active group rules",
        "rule",
        graph.RULE.table,
        "c.status = 'ACTIVE'",
        "d.before ->> 'status' = 'ACTIVE'",
        graph.RULE.scope,
        would=_IDLE,
        tolerated=RECORDS,
        last=LAST_VALUES,
        because=("group rules",),
    ),
)
NEVER_END = frozenset({"event"})
"""Staged kinds that only ever add: a log is quiet when nothing happens."""
FIELDS = {
    "login": "logins",
    "email": "e-mail addresses",
    "worker_type": "worker types",
    "manager_ref": "manager references",
    "employee_number": "employee numbers",
    "start_date": "first days",
    "end_date": "last days",
    "time_zone": "time zones",
}
"""Columns of an account that may become blank, with what people call them; its attributes are measured above.

A name is never blank, a title is an attribute as well, and a status has a measure of its own."""
