"""Teams and departments of Personio: units with parents, and the names by which people mean them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.facts import UnitFact
from orgmodel.recognition import slugify
from orgmodel.reports import Problem, Reference, Report
from orgmodel.sources.json_records import key, key_of, record, text
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.values import NAME

PATH = "/v2/org-units"
TYPES = ("team", "department")
"""Personio's types of org units; ids are unique within a type only, so ours begin with the type."""
MOST_UNKNOWN = 1000


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """One org unit as its list has it."""

    type: str
    id: str
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class UnitTypes:
    """Personio's type → our kind of unit, and the attribute of people that names units of that kind."""

    kinds: Mapping[str, str]
    attributes: Mapping[str, str]


def unit_types(conventions: Conventions) -> UnitTypes:
    """The types that are read: `[units] fields` names our kinds, `[people] fields` replaces a type."""
    ours = {theirs: kind for kind, theirs in conventions.unit_fields.fields.items()}
    kinds, attributes = {}, {}
    for each in TYPES:
        kind = ours.get(each, each)
        known = conventions.unit_kind(kind)
        attribute = (known.attribute if known else None) or kind
        if attribute not in conventions.people_fields.fields:
            kinds[each], attributes[each] = kind, attribute
    return UnitTypes(kinds, attributes)


class OrgUnits:
    """The org units as far as they were read."""

    def __init__(self, types: UnitTypes, report: Report) -> None:
        self.types = types
        self.visible = True
        """The lists could be read; else nothing of teams and departments is known."""
        self._report = report
        self._units: dict[tuple[str, str], OrgUnit] = {}

    def add(self, type_: str, rows: Iterable[Any]) -> None:
        """A page of the list of one type. What is odd in it is a problem of the report."""
        for raw in rows:
            try:
                found = _unit(type_, raw)
            except BadRecord as why:
                native = native_id(type_, key_of(raw)) if key_of(raw) else ""
                self._report.problems.append(Problem(PATH, native, str(why), "unit"))
                continue
            before = self._units.setdefault((type_, found.id), found)
            if before != found:
                reason = "appears twice in the list, and the two differ"
                self._report.problems.append(Problem(PATH, native_id(type_, found.id), reason, "unit"))
                del self._units[type_, found.id]

    def name(self, type_: str, unit: str) -> str:
        """What a unit is called; empty where it is not known."""
        found = self._units.get((type_, unit))
        return found.name if found else ""

    def facts(self) -> Iterator[UnitFact]:
        """The units, each below its parent. A parent that is not listed is reported as unknown."""
        for unit in self._units.values():
            yield UnitFact(
                kind=self.types.kinds[unit.type],
                native_id=native_id(unit.type, unit.id),
                name=unit.name,
                slug=slugify(unit.name)[:NAME],
                parent=self._parent(unit),
                lead="",
                active=True,
                active_from=None,
                active_to=None,
                merged_into="",
            )

    def _parent(self, unit: OrgUnit) -> str:
        """A parent of the same type where there is one, else of the other: Personio does not say which."""
        if unit.parent in ("", unit.id):
            return ""
        for each in sorted(TYPES, key=lambda other: other != unit.type):
            if (each, unit.parent) in self._units:
                return native_id(each, unit.parent)
        if len(self._report.unknown) < MOST_UNKNOWN:
            own = native_id(unit.type, unit.id)
            self._report.unknown.append(Reference(PATH, own, "parent_id", "unit", unit.parent))
        return ""


def native_id(type_: str, unit: str) -> str:
    """The id of a unit over all types."""
    return f"{type_}:{unit}"


def _unit(type_: str, raw: Any) -> OrgUnit:
    found = record(raw)
    unit = OrgUnit(type_, key(found, "id"), text(found, "name", NAME), key(found, "parent_id"))
    if not unit.id:
        raise BadRecord("has no id")
    if not unit.name:
        raise BadRecord("has no name")
    return unit
