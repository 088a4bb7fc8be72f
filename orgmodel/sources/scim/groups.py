"""SCIM groups as units, where `[people] fields` says that they are; a group in a group lies below it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.facts import AssignmentFact, UnitFact, Value
from orgmodel.recognition import slug_of, slugify
from orgmodel.reports import Problem, Reference, Report, SourceFailed
from orgmodel.sources.json_records import Record, key, key_of, parts, record, text
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.values import NAME

PATH = "/Groups"
MOST_UNKNOWN = 1000


@dataclass(frozen=True, slots=True)
class Unit:
    """A group that is a unit."""

    id: str
    kind: str
    attribute: str
    name: str


class Groups:
    """The groups that were read. `patterns`: attribute → how the names of its groups look."""

    def __init__(self, conventions: Conventions, patterns: Mapping[str, str], report: Report) -> None:
        kinds = {each.attribute: each.kind for each in conventions.unit_kinds if each.attribute}
        self._kinds = {name: kinds.get(name, name) for name in patterns}
        self._patterns, self._report = patterns, report
        self._ids: set[str] = set()
        """Of all groups, units or not: a member with such an id is a group."""
        self._units: dict[str, Unit] = {}
        self._members: dict[str, list[str]] = {}
        """Group → users, and groups within it."""
        self._of: dict[str, list[Unit]] = {}
        """User → units."""
        self.unsure: set[str] = set()
        """Members of groups that cannot be understood."""

    def add(self, raw: Any, members: list[Record]) -> None:
        """One group with its members. Odd ones are problems of the report. Raises SourceFailed."""
        try:
            found = record(raw)
            own, name = key(found, "id"), text(found, "displayname", NAME)
            ids = [each for each in (key(member, "value") for member in members) if each]
        except BadRecord as why:
            raise SourceFailed(
                f"A group of SCIM cannot be understood ({why}), nor who is in it; nothing was applied."
            ) from why
        if not own or not name:
            self._report.problems.append(Problem(PATH, own, "has no id or no displayName", "unit"))
            self.unsure.update(ids)
            return
        self._ids.add(own)
        if own not in self._units and (unit := self._unit(own, name)):
            self._units[own] = unit
            self._members[own] = ids

    def _unit(self, own: str, name: str) -> Unit | None:
        for attribute, pattern in self._patterns.items():
            if slug := slug_of(pattern, name):
                return Unit(own, self._kinds[attribute], attribute, slug)
        return None

    def settle(self) -> None:
        """Once all groups are known: who is in which."""
        for own, members in self._members.items():
            for member in dict.fromkeys(members):
                if member not in self._ids:
                    self._of.setdefault(member, []).append(self._units[own])

    def values(self, user: str) -> dict[str, Value]:
        """Attribute → the name of the unit that the user is in, or the names of several."""
        if user in self.unsure:
            return {}
        found: dict[str, list[str]] = {}
        for unit in self._of.get(user, ()):
            found.setdefault(unit.attribute, []).append(unit.name)
        return {name: units[0] if len(units) == 1 else sorted(units) for name, units in found.items()}

    def facts(self) -> Iterator[UnitFact]:
        """The units, each below the one group that holds it."""
        above: dict[str, list[str]] = {}
        for own, members in self._members.items():
            for member in set(members) & self._units.keys() - {own}:
                above.setdefault(member, []).append(own)
        for unit in self._units.values():
            holders = above.get(unit.id, [])
            if len(holders) > 1:
                reason = "lies in several groups, so it has no one parent"
                self._report.problems.append(Problem(PATH, unit.id, reason))
            yield UnitFact(
                kind=unit.kind,
                native_id=unit.id,
                name=unit.name,
                slug=slugify(unit.name)[:NAME],
                parent=holders[0] if len(holders) == 1 else "",
                lead="",
                active=True,
                active_from=None,
                active_to=None,
                merged_into="",
            )

    def assignments(self, users: Any) -> Iterator[AssignmentFact]:
        """Who is in which unit. `users`: the ids of all that were read; a member that is none is reported."""
        for user, units in self._of.items():
            for unit in units:
                if user in users:
                    yield AssignmentFact(user, unit.id, "", None, None)
                elif len(self._report.unknown) < MOST_UNKNOWN:
                    self._report.unknown.append(Reference(PATH, unit.id, "members", "person", user))


def members_of(raw: Any) -> list[Record] | None:
    """The members of a group as it stands; None where it does not say. Raises SourceFailed."""
    try:
        found = record(raw)
        return parts(found, "members") if "members" in found else None
    except BadRecord as why:
        raise SourceFailed(
            f"The members of the group {key_of(raw) or 'without an id'} cannot be understood ({why});"
            " nothing was applied."
        ) from why
