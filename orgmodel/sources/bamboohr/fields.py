"""Which fields of BambooHR are asked for, and which of them hold the attributes that are tracked."""

from collections.abc import Mapping
from dataclasses import dataclass

from orgmodel.conventions import Conventions

ID, STATUS, TITLE, RESTRICTED = "employeeId", "status", "jobTitleName", "_restrictedFields"
FIRST, PREFERRED, LAST = "firstName", "preferredName", "lastName"
EMAIL, NUMBER, HIRED, LEFT, MANAGER = (
    "workEmail",
    "employeeNumber",
    "hireDate",
    "terminationDate",
    "reportsToId",
)
OWN = (EMAIL, NUMBER, HIRED, LEFT, MANAGER)
"""Fields that are asked for beside those that every answer has."""
DECIDING = (STATUS, FIRST, LAST, EMAIL, NUMBER, HIRED, LEFT)
"""Fields of the person itself: a record that hides one of them says nothing that may be believed."""
COLUMN_TITLE, COLUMN_MANAGER = "jobTitle", "reportsTo"
_USUAL = {
    "department": ("departmentName", "department"),
    "division": ("divisionName", "division"),
    "location": ("locationName", "location"),
}
"""Attribute → how the list of employees calls it, and how the table of jobs does."""


@dataclass(frozen=True)
class Field:
    """Where one attribute lies. `given`: sightline.toml names it, so it must be there."""

    listed: str
    column: str
    given: bool = False


def tracked(conventions: Conventions) -> Mapping[str, Field]:
    """Attribute → its field, for what units, moves and [people] fields name; what is unknown is left out."""
    given = conventions.people_fields.fields
    units = [kind.attribute for kind in conventions.unit_kinds if kind.attribute]
    names = dict.fromkeys([*units, *conventions.move_attributes, *given])
    found = {}
    for name in names:
        if name in given:
            found[name] = Field(given[name], given[name], given=True)
        elif name in _USUAL:
            found[name] = Field(*_USUAL[name])
    return found
