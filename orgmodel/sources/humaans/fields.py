"""Which fields of Humaans hold the attributes that are tracked: tags, parts of a job role, custom fields."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.reports import SourceFailed
from orgmodel.sources.json_records import key_of
from orgmodel.sources.values import NAME, clean

TEAMS = "teams"
TAG = f"{TEAMS}:"
"""Begins the name of a field that stands for the tags with a common beginning: `teams:Tribe:`."""
OF_ROLES = ("department", "jobTitle")
OF_PEOPLE = ("contractType", "locationId", "remoteCity", "remoteCountryCode")
_USUAL = {"team": TEAMS, "department": "department"}


@dataclass(frozen=True)
class Fields:
    """Attribute → field, by where the field lies."""

    tags: Mapping[str, str]
    """→ the beginning of its tags; empty: all tags that no other attribute claims."""
    roles: Mapping[str, str]
    people: Mapping[str, str]
    custom: Mapping[str, str]
    """→ id or name of a custom field."""

    @property
    def dateless(self) -> tuple[str, ...]:
        """The attributes that lie on the person and in custom fields."""
        return (*self.tags, *self.people, *self.custom)


def tracked(conventions: Conventions) -> Fields:
    """Where the attributes lie that units, moves and [people] fields name; what is unknown is left out."""
    given = conventions.people_fields.fields
    units = [kind.attribute for kind in conventions.unit_kinds if kind.attribute]
    names = dict.fromkeys([*units, *conventions.move_attributes, *given])
    found = {name: given.get(name) or _USUAL.get(name, "") for name in names}
    tags = {name: each[len(TAG) :].strip() for name, each in found.items() if f"{each}:".startswith(TAG)}
    roles = {name: each for name, each in found.items() if each in OF_ROLES}
    people = {name: each for name, each in found.items() if each in OF_PEOPLE}
    rest = {name: each for name, each in found.items() if each and name not in {*tags, *roles, *people}}
    return Fields(tags, roles, people, rest)


def tags_of(tags: Sequence[str], wanted: Mapping[str, str]) -> dict[str, list[str]]:
    """Attribute → the tags that are its own, without the beginning that they share."""
    found: dict[str, list[str]] = {name: [] for name in wanted}
    for tag in tags:
        fitting = [each for each, start in wanted.items() if tag.casefold().startswith(start.casefold())]
        longest = max((len(wanted[each]) for each in fitting), default=0)
        for each in fitting:
            if len(wanted[each]) == longest and (rest := tag[longest:].strip()):
                found[each].append(rest)
    return found


def custom_ids(wanted: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Id of a custom field → the attribute that it holds. Raises SourceFailed where it is not clear which."""
    ids: dict[str, set[str]] = {}
    for row in rows:
        native = key_of(row)
        for name in {native, clean(row.get("name"), NAME).strip()} - {""}:
            ids.setdefault(name, set()).add(native)
    found = {}
    for attribute, name in wanted.items():
        fitting = {name} if name in ids.get(name, ()) else ids.get(name, set())
        if len(fitting) != 1:
            raise SourceFailed(
                f"Humaans has {len(fitting) or 'no'} custom field{'s' if fitting else ''} {name}, which"
                f" people.fields.{attribute} in sightline.toml names; nothing was applied. Give the id."
            )
        found[fitting.pop()] = attribute
    return found
