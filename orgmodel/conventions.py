"""The organisation's conventions: sightline.toml read into frozen values with their defaults.

Pure: takes the parsed TOML, opens no file. Every mistake is a ValueError whose one sentence names the key.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from orgmodel.csv_feed import CSV, CsvFeed
from orgmodel.field_names import FIELD_NAMES, FieldNames

Table = Mapping[str, Any]
Reader = Callable[[object, str], Any]

SLUG = "<slug>"


@dataclass(frozen=True, slots=True)
class UnitKind:
    """How one kind of org unit is named by attributes, group names, descriptions and group profile keys."""

    kind: str
    attribute: str | None = None
    """Profile attribute whose value names the unit by slug, name or id; None: only groups carry this kind."""
    group_pattern: str | None = None
    """Group name with exactly one `<slug>`."""
    description_prefix: str | None = None
    id_key: str | None = None
    parent_key: str | None = None
    active_key: str | None = None


@dataclass(frozen=True, slots=True)
class People:
    """Which account attributes hold a person's own id, manager and e-mail address."""

    id_attribute: str = "employeeNumber"
    manager_attribute: str = "managerId"
    email_attribute: str = "email"


@dataclass(frozen=True, slots=True)
class Notify:
    """When a move is settled, when people may be written to, and what is too much to send unasked."""

    settle_minutes: int = 90
    """0: due at the next planning."""
    longest_wait_hours: int = 24
    quiet_hours: tuple[time, time] | None = (time(18, 0), time(8, 30))
    """From, until, in the recipient's time zone; may pass midnight; None: no quiet hours."""
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    """For recipients whose own zone is unknown."""
    mass_change_people: int = 50
    mass_change_share: float = 0.05


@dataclass(frozen=True, slots=True)
class Visibility:
    """Names or ids of groups and apps that only admins see, and the groups that make admins and auditors."""

    confidential_groups: tuple[str, ...] = ()
    confidential_apps: tuple[str, ...] = ()
    admins_group: str = ""
    auditors_group: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """Whom to ask for access where nobody is named, and where access is requested."""

    contact: str = ""
    """A name, an address or both: `IT help desk <help@acme.example>`."""
    request_url: str = ""
    """A link in which `{person}`, `{app}` and `{reason}` are filled in."""


ASK_FIELDS = ("{person}", "{app}", "{reason}")
DEFAULT_KINDS = (
    UnitKind("team", "team", "team-<slug>", "AUTO team", "airtableId", "parentId", "active"),
    UnitKind("department", "department"),
)


@dataclass(frozen=True, slots=True)
class Conventions:
    """Everything sightline.toml can say."""

    people: People = field(default_factory=People)
    unit_kinds: tuple[UnitKind, ...] = DEFAULT_KINDS
    move_attributes: tuple[str, ...] = ("team", "department", "manager")
    level_keys: tuple[str, ...] = ("role", "licence", "license", "profile", "entitlements")
    notify: Notify = field(default_factory=Notify)
    visibility: Visibility = field(default_factory=Visibility)
    ask: Ask = field(default_factory=Ask)
    automation_actors: tuple[str, ...] = ()
    """Ids or names in the log of who is an automation though it looks like a person."""
    shrink_share: float = 0.2
    """Largest share of a source, 0 to 1, that may vanish in one run."""
    csv: CsvFeed = field(default_factory=CsvFeed)
    people_fields: FieldNames = field(default_factory=FieldNames)
    unit_fields: FieldNames = field(default_factory=FieldNames)

    def unit_kind(self, kind: str) -> UnitKind | None:
        """The conventions of one kind of unit, or None when it is not configured."""
        return next((each for each in self.unit_kinds if each.kind == kind), None)


def parse_conventions(document: Table) -> Conventions:
    """Reads the parsed TOML; what is not in it keeps its default.

    Raises ValueError with one sentence naming the key for an unknown key, a wrong type or a bad value.
    """
    sections = {"people", "units", "moves", "apps", "notify", "visibility", "ask", "causes", "limits", "csv"}
    _refuse_unknown(document, sections, "")
    tables = {name: _table(document.get(name, {}), name) for name in sections}
    people = _read(tables["people"], {**_PEOPLE, **FIELD_NAMES}, "people")
    units = _read(tables["units"], {"kinds": _kinds, **FIELD_NAMES}, "units")
    moves = _read(tables["moves"], {"attributes": _names}, "moves")
    apps = _read(tables["apps"], {"level_keys": _names}, "apps")
    causes = _read(tables["causes"], {"automation_actors": _names}, "causes")
    limits = _read(tables["limits"], {"shrink_share": _share}, "limits")
    return Conventions(
        people=People(**_of(_PEOPLE, people)),
        unit_kinds=units.get("kinds", DEFAULT_KINDS),
        move_attributes=moves.get("attributes", Conventions().move_attributes),
        level_keys=apps.get("level_keys", Conventions().level_keys),
        notify=Notify(**_read(tables["notify"], _NOTIFY, "notify")),
        visibility=Visibility(**_read(tables["visibility"], _VISIBILITY, "visibility")),
        ask=Ask(**_read(tables["ask"], _ASK, "ask")),
        automation_actors=causes.get("automation_actors", ()),
        shrink_share=limits.get("shrink_share", Conventions().shrink_share),
        csv=CsvFeed(**_read(tables["csv"], CSV, "csv")),
        people_fields=FieldNames(**_of(FIELD_NAMES, people)),
        unit_fields=FieldNames(**_of(FIELD_NAMES, units)),
    )


def _of(keys: Iterable[str], values: dict[str, Any]) -> dict[str, Any]:
    return {key: values[key] for key in keys if key in values}


def _read(table: Table, readers: Mapping[str, Reader], where: str) -> dict[str, Any]:
    _refuse_unknown(table, set(readers), where)
    return {key: readers[key](value, f"{where}.{key}") for key, value in table.items()}


def _refuse_unknown(table: Table, known: set[str], where: str) -> None:
    for key in table:
        if key not in known:
            name = f"{where}.{key}" if where else key
            raise ValueError(f"{name} is not a known key; known here are {', '.join(sorted(known))}.")


def _table(value: object, key: str) -> Table:
    if not isinstance(value, dict):
        raise ValueError(f"{key} must be a table.")
    return value


def _text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{key} must be a text.")
    return value


def _name(value: object, key: str) -> str:
    name = _text(value, key).strip()
    if not name:
        raise ValueError(f"{key} must not be empty.")
    return name


def _names(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{key} must be a list of texts.")
    return tuple(_name(each, key) for each in value)


def _pattern(value: object, key: str) -> str:
    pattern = _name(value, key)
    if pattern.count(SLUG) != 1:
        raise ValueError(f"{key} must hold {SLUG} exactly once.")
    return pattern


def _count(value: object, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{key} must be a whole number of 0 or more.")
    return value


def _share(value: object, key: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(f"{key} must be a share from 0 to 1.")
    return float(value)


def _zone(value: object, key: str) -> ZoneInfo:
    name = _name(value, key)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{key} must be a time zone such as Europe/Berlin.") from error


def _quiet_hours(value: object, key: str) -> tuple[time, time] | None:
    text = _text(value, key).strip()
    if not text:
        return None
    try:
        start, end = (time.fromisoformat(each.strip()) for each in text.split("-"))
    except ValueError as error:
        raise ValueError(f"{key} must look like 18:00-08:30, or be empty.") from error
    if start == end or start.tzinfo or end.tzinfo:
        raise ValueError(f"{key} must be two different times of day such as 18:00-08:30, or be empty.")
    return start, end


def _link(value: object, key: str) -> str:
    """A link of the web whose fields stand behind its host: what is filled in must not choose the host."""
    link = _text(value, key).strip()
    bare = link
    for name in ASK_FIELDS:
        bare = bare.replace(name, "")
    if "{" in bare or "}" in bare:
        raise ValueError(
            f"{key} may hold {', '.join(ASK_FIELDS[:-1])} and {ASK_FIELDS[-1]}, and no other braces."
        )
    try:
        parts = urlsplit(link)
        named = parts.scheme in {"http", "https"} and parts.hostname
    except ValueError:
        named = None
    if link and not named:
        raise ValueError(f"{key} must be a link that begins with https:// or http:// and names a host.")
    if named and "{" in parts.netloc:
        raise ValueError(f"{key} must name its host without a field.")
    return link


def _kinds(value: object, key: str) -> tuple[UnitKind, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"{key} must be a list of one or more tables.")
    kinds = tuple(_kind(each, f"{key}[{position}]") for position, each in enumerate(value))
    names = [each.kind for each in kinds]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{key} must name each kind once; {name!r} stands there twice.")
    return kinds


def _kind(value: object, key: str) -> UnitKind:
    read = _read(_table(value, key), _KIND, key)
    if "kind" not in read:
        raise ValueError(f"{key}.kind is missing.")
    if not {"attribute", "group_pattern", "description_prefix", "id_key"} & set(read):
        raise ValueError(f"{key} needs an attribute, a group_pattern, a description_prefix or an id_key.")
    return UnitKind(**read)


_PEOPLE: Mapping[str, Reader] = {"id_attribute": _name, "manager_attribute": _name, "email_attribute": _name}
_KIND: Mapping[str, Reader] = {
    "kind": _name,
    "attribute": _name,
    "group_pattern": _pattern,
    "description_prefix": _name,
    "id_key": _name,
    "parent_key": _name,
    "active_key": _name,
}
_NOTIFY: Mapping[str, Reader] = {
    "settle_minutes": _count,
    "longest_wait_hours": _count,
    "quiet_hours": _quiet_hours,
    "time_zone": _zone,
    "mass_change_people": _count,
    "mass_change_share": _share,
}
_VISIBILITY: Mapping[str, Reader] = {
    "confidential_groups": _names,
    "confidential_apps": _names,
    "admins_group": _text,
    "auditors_group": _text,
}
_ASK: Mapping[str, Reader] = {"contact": _text, "request_url": _link}
