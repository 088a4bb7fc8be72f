"""How much may vanish in one run: which rows count against the limits that `kinds` declares.

A measure counts rows of the read model before and after the merge, from what the merge noted in `delta`.
A kind that ends rows and has no limit stops the run: nothing vanishes unjudged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db import connection

from orgmodel.kinds import KINDS, Kind, Limit, ResourceKind, of_facts, resource_kinds
from orgmodel.sources.roles import IS_HR, KEEPS_UNITS
from orgmodel.sources.state_words import words_for

from . import graph
from .coverage import DERIVED, Coverage, CoveredRows, Recorded
from .stage import COVERED, UNREADABLE

MANY_PARTS = 20
"""Of so many groups or apps the share that they lose together says something."""


@dataclass(frozen=True)
class Rows:
    """The rows that a limit means. SQL over the alias c of the kind's table, and d of the delta."""

    counted: str = "true"
    """Whether the row counts as it is now."""
    before: str = ""
    """Whether it counted before, over d.before; empty: its present columns tell."""
    covered: CoveredRows = DERIVED
    """Which current rows the run covers: the share that would vanish is taken of them."""
    apart: str = "''"
    """What each is counted apart by, such as the name of an attribute."""


@dataclass(frozen=True)
class Measure:
    """One thing that must not vanish: a limit, and the rows it means."""

    limit: Limit
    of: Kind
    rows: Rows = field(default_factory=Rows)

    @property
    def kinds(self) -> set[str]:
        """What covers the rows."""
        return {self.of.name, "account"} if self.of is of_facts.ATTRIBUTE else {self.of.name}

    def in_parts(self, coverage: Coverage) -> bool:
        """Only parts of what is measured were asked for."""
        return not self.kinds & coverage.whole and any(kind in coverage for kind in self.kinds)


@dataclass(frozen=True)
class Sight:
    """What a loss is held against: SQL over the alias c, and whether only parts of it were seen."""

    seen: str
    in_parts: bool


def sight_of(measure: Measure, coverage: Coverage) -> Sight:
    """What was seen; of a few parts all that is known, since one group or app may well lose everybody."""
    in_parts = measure.in_parts(coverage)
    if in_parts and _parts(measure) < MANY_PARTS:
        coverage = Coverage(whole=frozenset(measure.kinds))
    return Sight(measure.rows.covered.seen(coverage), in_parts)


def _parts(measure: Measure) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {COVERED} WHERE kind = ANY(%s)", [[*measure.kinds]])
        return int(cursor.fetchone()[0])


def _resource(kind: str) -> str:
    return f"""EXISTS (SELECT FROM orgmodel_entitlement e JOIN orgmodel_resource r ON r.id = e.resource_id
        WHERE e.id = c.entitlement_id AND r.kind = '{kind}')"""


def _unit(condition: str) -> str:
    return f"EXISTS (SELECT FROM orgmodel_orgunit u WHERE u.id = c.unit_id AND {condition})"


def usable(status: str) -> str:
    """SQL: an account of this status, in its source's own word, is in use."""
    words = {"", "active", *(word.lower() for word in words_for("active"))}
    return f"lower({status}) IN ({', '.join(repr(word) for word in sorted(words))})"


_ACCOUNTS, _RESOURCES = Recorded("account"), Recorded("resource")
_LEVEL = "c.level <> 'assigned'"
_TARGET_LEVEL = (
    "EXISTS (SELECT FROM orgmodel_entitlement e WHERE e.id = c.target_id AND e.level <> 'assigned')"
)
_HERE = "EXISTS (SELECT FROM orgmodel_account x WHERE x.id = c.account_id AND x.ended IS NULL)"
_EMPLOYED = (
    "EXISTS (SELECT FROM orgmodel_person p WHERE p.id = c.person_id AND p.ended IS NULL"
    " AND p.status <> 'ended')"
)
_RECORDED = f"u.source = %(source)s AND u.source {KEEPS_UNITS}"
_THERE = "u.ended IS NULL"
_LASTING = "coalesce(c.valid_to > %(today)s, true)"

_ROWS = {
    "accounts": Rows(covered=_ACCOUNTS),
    "active accounts": Rows("c.state = 'active'", usable("d.before ->> 'status'"), _ACCOUNTS),
    "group rules": Rows(covered=graph.RULE.covered),
    "active group rules": Rows("c.status = 'active'", "d.before ->> 'status' = 'active'", graph.RULE.covered),
    "assignments of groups to apps": Rows(covered=graph.EDGE.covered),
    "levels at which groups open apps": Rows(_TARGET_LEVEL, covered=graph.EDGE.covered),
    "app assignments": Rows(covered=graph.SEAT.covered),
    "levels of app assignments": Rows(_LEVEL, "d.before ->> 'level' <> 'assigned'", graph.SEAT.covered),
    "group pushes": Rows(covered=graph.PUSH.covered),
    "group owners": Rows(covered=graph.OWNER.covered),
    "attributes of the user schema": Rows(covered=graph.PROFILE.covered),
    "values": Rows(_HERE, covered=graph.ATTRIBUTE.covered, apart="c.name"),
    # What ends on the day that was stated for it does not vanish.
    "unit assignments": Rows("true", _LASTING),
    "recorded unit assignments": Rows(f"c.source {IS_HR}", f"c.source {IS_HR} AND {_LASTING}"),
    "recorded units": Rows(f"c.name = 'name' AND {_unit(_RECORDED)}"),
    "units": Rows(f"c.name = 'name' AND {_unit('true')}"),
    "parents of units": Rows(f"c.name = 'parent' AND {_unit(_THERE)}"),
    "leads of units": Rows(f"c.name = 'lead' AND {_unit(_THERE)}"),
    "active units": Rows(
        f"c.name = 'active' AND c.value = 'true' AND {_unit(_THERE)}",
        "c.name = 'active' AND d.before = 'true'",
    ),
    "people's managers": Rows(_EMPLOYED),
    "active people": Rows("c.status = 'active'", "d.before ->> 'status' = 'active'"),
}
"""Limit → its rows; one that is not named here means every row of its kind."""


def _of_resources(kind: ResourceKind) -> Iterator[Measure]:
    """How many there are of one kind of resource, how many are active, and what accounts hold of it."""
    here = f"c.kind = '{kind.name}'"
    active = Rows(
        f"{here} AND c.status = 'active'", f"{here} AND d.before ->> 'status' = 'active'", _RESOURCES
    )
    for limit, rows in zip(kind.limits, (Rows(here, covered=_RESOURCES), active), strict=False):
        yield Measure(limit, of_facts.RESOURCE, rows)
    yield Measure(kind.holdings, of_facts.GRANT, Rows(_resource(kind.name), covered=graph.GRANT.covered))


def measures() -> tuple[Measure, ...]:
    """Everything that is measured; what is never believed to be empty comes first."""
    found = [
        *(Measure(limit, kind, _ROWS.get(limit.name, Rows())) for kind in KINDS for limit in kind.limits),
        *(each for kind in resource_kinds() for each in _of_resources(kind)),
    ]
    return tuple(sorted(found, key=lambda each: each.limit.last))


@dataclass(frozen=True)
class Columns:
    """Columns that may go blank though nobody emptied them. SQL: c is what is known, s what is given."""

    kind: str
    """Of the facts that give them."""
    table: str
    stage: str
    same: str
    """Whether both are the same record."""
    filled: Mapping[str, tuple[str, str]]
    """What people call the values of a column → the column that is known, and what is given, over s and c."""


def _same(**columns: str) -> dict[str, tuple[str, str]]:
    return {words: (column, f"s.{column}") for column, words in columns.items()}


_MANAGER = f"""CASE WHEN s.native_id IN (SELECT native_id FROM {UNREADABLE} WHERE kind = 'manager')
    THEN 'hidden' ELSE s.manager_ref END"""
"""What the source hides stays as it was known, so it does not vanish."""


_NAME = """CASE WHEN s.name IN (s.email, s.login, s.native_id)
     AND c.name NOT IN (c.email, c.login, c.native_id) THEN '' ELSE s.name END"""
"""Where a source gives no name, its reader puts the address or the id in its place."""


COLUMNS = (
    # A title is an attribute as well, and a status has a measure of its own.
    Columns(
        "account",
        "orgmodel_account",
        "stage_account",
        "s.native_id = c.native_id",
        {
            "manager references": ("manager_ref", _MANAGER),
            "names": ("name", _NAME),
            **_same(
                login="logins",
                email="e-mail addresses",
                worker_type="worker types",
                employee_number="employee numbers",
                start_date="first days",
                end_date="last days",
                time_zone="time zones",
            ),
        },
    ),
    # Parents, leads and what is active are measured above.
    Columns(
        "unit",
        "orgmodel_orgunit",
        "stage_unit",
        "(s.kind, s.native_id) = (c.kind, c.native_id)",
        {
            **_same(active_from="first days of units", active_to="last days of units"),
            "successors of units": ("merged_into_id", "s.merged_into"),
        },
    ),
)
"""Attributes are measured above."""
