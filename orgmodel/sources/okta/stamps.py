"""How far the lists of users and groups were read, by Okta's own clock: what is newer has changed since."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import msgspec

from orgmodel.facts import RuleFact
from orgmodel.reports import WholeReadNeeded

from . import shapes

USERS, GROUPS, RULES = "users", "groups", "rules"
"""Streams: the two lists, and the rules as they were."""
RULES_READ = "rules read"
"""When all rules were last read, or looked at."""
KEPT, WAITING = "kept", "waiting"
"""Which attributes were kept, and who had assignments that Okta was still working on."""
MOST_WAITING = 100
TRIFLE = timedelta(seconds=1)
"""A stamp may be shown less exactly than a filter takes it."""
OVERLAP = timedelta(minutes=10)
"""The lists come from an index that lags: so far before the newest stamp they are read again."""


Stamped = tuple[str, datetime | None]
"""A record, and when Okta says that it last changed."""


def last_change(row: shapes.Group) -> datetime | None:
    """Of the group itself, or of who belongs to it."""
    found = [at for at in (row.lastUpdated, row.lastMembershipUpdated) if at]
    return max(found, default=None)


@dataclass(frozen=True)
class Stamps:
    """Up to which stamp a list was read. `read`: record → its stamp when its parts were read, if recent."""

    until: datetime
    read: dict[str, datetime] = field(default_factory=dict)

    @property
    def since(self) -> datetime:
        """What has a later stamp is to be read."""
        return self.until - OVERLAP

    @property
    def condition(self) -> str:
        """The same as Okta's filters write it, for one of its own stamps: to the millisecond."""
        return f"{self.since.astimezone(UTC).isoformat(timespec='milliseconds')[:-6]}Z"

    @property
    def cursor(self) -> str:
        recent = {record: at for record, at in self.read.items() if at > self.since}
        return msgspec.json.encode(replace(self, read=recent)).decode()

    def has_read(self, record: str, at: datetime | None) -> bool:
        """The parts of the record were read when it had this stamp already."""
        return at is not None and self.read.get(record) == at

    def further(self, stamped: Iterable[tuple[str, datetime | None]]) -> "Stamps":
        """With records whose parts are now read as well."""
        found = {record: at for record, at in stamped if at is not None}
        return Stamps(max([self.until, *found.values()]), {**self.read, **found})

    def without(self, record: str) -> "Stamps":
        """After the record is gone: no list has it any more."""
        return replace(self, read={each: at for each, at in self.read.items() if each != record})


def stamps_of(cursor: str) -> Stamps | None:
    """What the cursor says; None without one, and for one that cannot be read."""
    try:
        return msgspec.json.decode(cursor, type=Stamps)
    except msgspec.MsgspecError:
        return None


def newest(stamped: Iterable[tuple[str, datetime | None]]) -> Stamps | None:
    """After a list was read whole; None where a record bears no stamp: such a list cannot be followed."""
    found = dict(stamped)
    known = {record: at for record, at in found.items() if at is not None}
    return Stamps(max(known.values()), known) if known and len(known) == len(found) else None


def require_changed(stamped: Iterable[tuple[str, datetime | None]], known: Stamps) -> None:
    """Raises WholeReadNeeded for a list that gives what did not change: it was not asked for."""
    if any(at is None or at < known.since - TRIFLE for _, at in stamped):
        raise WholeReadNeeded("Okta does not keep to what was asked for: what has changed cannot be told.")


def require_known(known: Stamps, given: Collection[str]) -> None:
    """Raises WholeReadNeeded for a list without the newest records, although nothing says that they are gone.

    What was changed last has changed since `known.since`: a list that lacks it is empty by mistake.
    """
    if any(at > known.since and record not in given for record, at in known.read.items()):
        raise WholeReadNeeded("Okta's list of what has changed lacks what it must hold: everything is read.")


RuleMarks = dict[str, tuple[str, str, tuple[str, ...]]]
"""Rule → when it last changed, its status, and the groups it fills."""


def marks_of(rules: Iterable[RuleFact]) -> RuleMarks:
    """What tells one state of the rules from the next."""
    return {rule.native_id: (str(rule.updated), rule.status, tuple(rule.targets)) for rule in rules}


def rules_cursor(marks: RuleMarks) -> str:
    """The marks as text."""
    return msgspec.json.encode(marks).decode()


def marks_from(cursor: str) -> RuleMarks:
    """What the cursor says; nothing without one, and for one that cannot be read."""
    try:
        return msgspec.json.decode(cursor, type=RuleMarks)
    except msgspec.MsgspecError:
        return {}


def touched_by_rules(before: RuleMarks, now: RuleMarks) -> set[str]:
    """The groups of rules that are new, changed or gone: which rules give a membership may have changed."""
    differing = {rule for rule in before.keys() | now.keys() if before.get(rule) != now.get(rule)}
    return {group for marks in (before, now) for rule in differing & marks.keys() for group in marks[rule][2]}
