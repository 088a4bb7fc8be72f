"""Which fields are asked for: those that Sightline needs, and those that sightline.toml names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from orgmodel.conventions import Conventions
from orgmodel.reports import SourceFailed

from .entities import Selection

PERSON, USER, FIRST, LAST, CONTINGENT = (
    *("personIdExternal", "userId", "startDate", "endDate", "isContingentWorker"),
)
SEQUENCE, STATUS, STATUS_CODE, MANAGER = "seqNumber", "emplStatus", "emplStatusNav/externalCode", "managerId"
NAMES = ("userNav/defaultFullName", "userNav/firstName", "userNav/lastName")
"""The whole name, else first and last name."""
OF_EMPLOYMENT: Mapping[str, str] = {
    "name": NAMES[0],
    "email": "userNav/email",
    "time_zone": "userNav/timeZone",
    "employee_number": "",
}
"""Our name → the field of EmpEmployment that has it unless `fields` says other."""
OF_JOB: Mapping[str, str] = {"title": "jobTitle", "department": "department", "division": "division"}
ON_REQUEST: Mapping[str, str] = {"business_unit": "businessUnit", "cost_center": "costCenter"}
"""Attributes that are read where their units are."""
WORKER_TYPE = "worker_type"
UNITS: Mapping[str, str] = {"department": "FODepartment", "division": "FODivision"}
"""Kind of unit → the foundation object that keeps it."""
CODE, NAME, PARENT, HEAD, UNIT_STATUS = "externalCode", "name", "parent", "headOfUnit", "status"
_FIELD = re.compile(r"[A-Za-z_]\w*(?:/[A-Za-z_]\w*)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fields:
    """What is read of employments, jobs and units."""

    of_employment: Mapping[str, str]
    of_job: Mapping[str, str]
    """Attribute, or worker_type → field of EmpJob."""
    given: Mapping[str, str]
    """What sightline.toml names."""
    units: Mapping[str, str]
    """Kind of unit → entity."""
    attributes: Mapping[str, str]
    """Kind of unit → the attribute that holds its code."""
    of_units: frozenset[str]

    @classmethod
    def by(cls, conventions: Conventions) -> Self:
        """As `[people]` says. Raises SourceFailed for what can be no field."""
        given, reports = conventions.people_fields.fields, conventions.people_fields.reports
        for key, names in (("fields", given), ("reports", reports)):
            for name, path in names.items():
                if not _FIELD.fullmatch(path):
                    raise SourceFailed(f"people.{key}.{name} must be the name of a field, or of an entity.")
        units = {**UNITS, **reports}
        asked_for = {name: path for name, path in ON_REQUEST.items() if name in units}
        others = {name: path for name, path in given.items() if name not in OF_EMPLOYMENT}
        kinds = {kind: conventions.unit_kind(kind) for kind in units}
        of_units = frozenset(each.attribute for each in conventions.unit_kinds if each.attribute)
        attributes = {kind: (known.attribute if known else None) or kind for kind, known in kinds.items()}
        return cls(
            {name: given.get(name, path) for name, path in OF_EMPLOYMENT.items()},
            {**OF_JOB, **asked_for, **others},
            given,
            units,
            attributes,
            of_units | {*attributes.values()},
        )

    def employments(self) -> Selection:
        """EmpEmployment: one record for each employment of a person."""
        named = [path for path in self.of_employment.values() if path]
        fields = [PERSON, USER, FIRST, LAST, CONTINGENT, *NAMES, *named]
        return self._selection("EmpEmployment", fields, (PERSON, USER))

    def jobs(self) -> Selection:
        """EmpJob: the dated rows of every employment."""
        fields = [USER, FIRST, LAST, SEQUENCE, MANAGER, STATUS, STATUS_CODE, *self.of_job.values()]
        return self._selection("EmpJob", fields, (USER, FIRST, SEQUENCE))

    def unit_rows(self, kind: str) -> Selection:
        """The dated rows of the units of a kind."""
        fields = [CODE, FIRST, LAST, NAME, PARENT, HEAD, UNIT_STATUS]
        return Selection(self.units[kind], fields, (CODE, FIRST), frozenset({PARENT, HEAD}))

    def _selection(self, entity: str, fields: list[str], key: tuple[str, ...]) -> Selection:
        needed = {PERSON, USER, FIRST, LAST, SEQUENCE, STATUS, MANAGER, *self.given.values()}
        settings = {path: f"people.fields.{name}" for name, path in self.given.items() if path in fields}
        return Selection(entity, list(dict.fromkeys(fields)), key, frozenset(fields) - needed, settings)
