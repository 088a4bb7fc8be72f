"""Which fields of HiBob are read, and how one is found in a record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from orgmodel.facts import Scalar
from orgmodel.reports import SourceFailed
from orgmodel.sources.values import TEXT, clean

ID = "root.id"
MANAGER = "manager"
USUAL = {
    "name": "root.displayName",
    "email": "root.email",
    "employee_number": "work.employeeIdInCompany",
    "status": "internal.lifecycleStatus",
    "start_date": "work.startDate",
    "end_date": "internal.terminationDate",
    MANAGER: "work.reportsTo",
    "title": "work.title",
    "department": "work.department",
    "site": "work.site",
}
"""Our name → HiBob's own field; people.fields may name another."""
COLUMNS = frozenset(
    {
        "name",
        "email",
        "employee_number",
        "status",
        "start_date",
        "end_date",
        MANAGER,
        "worker_type",
        "time_zone",
    }
)
"""What is a column of a person; everything else is an attribute."""
VOLATILE = (
    *("work.tenure", "work.yearsOfService", "work.durationOfEmployment", "work.directReports"),
    *("work.indirectReports", "work.secondLevelManager", "avatarUrl", "about.avatar", "employee.orgLevel"),
)
"""What HiBob computes: it changes by itself, and nothing follows from it."""
TABLE = "work."
"""Fields that begin so may have a history in the work table."""


@dataclass(frozen=True)
class Fields:
    """Our names and the fields that hold them."""

    by_name: Mapping[str, str]
    chosen: frozenset[str] = field(default_factory=frozenset)
    """The names that sightline.toml gives."""

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names of attributes."""
        return tuple(name for name in self.by_name if name not in COLUMNS)

    @property
    def requested(self) -> list[str]:
        """What is asked for: no more than is used."""
        return list(dict.fromkeys([ID, *self.by_name.values()]))


def chosen(names: Mapping[str, str]) -> Fields:
    """The usual fields with those of sightline.toml. Raises SourceFailed for one that is computed."""
    for name, path in names.items():
        if path.startswith(VOLATILE):
            raise SourceFailed(
                f"people.fields.{name} is {path}, which HiBob computes anew every day: leave it out."
            )
    return Fields({**USUAL, **names}, frozenset(names))


def found(record: Mapping[str, Any], path: str) -> tuple[bool, Any]:
    """Whether the field came back, and its value: nested, or as a flat key with slashes."""
    flat = record.get("/" + path.replace(".", "/"))
    if isinstance(flat, dict) and flat.get("value") is not None:
        return True, flat["value"]
    there, value = within(record, path.removeprefix("root."))
    return (there, value) if there else (flat is not None, None)


def label(record: Mapping[str, Any], path: str) -> Any:
    """What HiBob itself writes for the value, where it adds that."""
    readable = record.get("humanReadable")
    if not isinstance(readable, dict):
        return None
    there, value = found(readable, path)
    return value if there else within(readable, path)[1]


def within(node: Any, path: str) -> tuple[bool, Any]:
    """Whether something stands at this path, and what."""
    for part in path.split("."):
        if not isinstance(node, dict) or part not in node:
            return False, None
        node = node[part]
    return True, node


def id_of(raw: Any) -> str:
    """An id to the letter, whatever JSON makes of it; empty where it is none."""
    if isinstance(raw, dict):
        raw = raw.get("id")
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        return ""
    text = clean(raw, TEXT).strip()
    return text if len(text) <= LONGEST_ID else ""


def scalars(raw: Any) -> list[Scalar]:
    """The single values of a field that may hold several."""
    several: Iterable[Any] = raw if isinstance(raw, list) else (raw,)
    texts = (
        clean(each.get("value", each.get("id")) if isinstance(each, dict) else each, TEXT).strip()
        for each in several
    )
    return [text for text in texts if text]


LONGEST_ID = 320
