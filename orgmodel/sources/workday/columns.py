"""Which column of a report holds what: the author of the report names them, sightline.toml says how."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from orgmodel.conventions import Conventions

WORKERS: Mapping[str, str] = {
    "id": "Employee_ID",
    "name": "Preferred_Name",
    "email": "Work_Email",
    "employee_number": "Employee_ID",
    "worker_type": "Worker_Type",
    "status": "Status",
    "active": "Active_Status",
    "on_leave": "On_Leave",
    "start_date": "Hire_Date",
    "end_date": "Termination_Date",
    "contract_end": "Contract_End_Date",
    "manager": "Manager_Employee_ID",
    "organisation": "Supervisory_Organization_ID",
    "organisations": "Matrix_Organization_IDs",
    "valid_from": "Effective_Date",
    "valid_to": "Effective_End_Date",
    "primary": "Primary_Job",
    "job": "Position_ID",
    "time_zone": "Time_Zone",
}
"""What a worker's row says beside attributes: our name → its column, unless `fields` names another."""
ATTRIBUTES: Mapping[str, str] = {
    "title": "Business_Title",
    "team": "Team",
    "department": "Department",
    "cost_center": "Cost_Center",
}
NEEDED = ("id", "name")
NOT_ALWAYS_FILLED = frozenset(
    {
        *("status", "active", "on_leave", "end_date", "contract_end", "valid_from", "valid_to", "primary"),
        *("job", "time_zone", "organisations"),
    }
)
"""Columns that a good report may leave out of every row, because they are empty for everybody."""
ORGANISATIONS: Mapping[str, str] = {
    "id": "Organization_ID",
    "name": "Organization_Name",
    "kind": "Organization_Subtype",
    "type": "Organization_Type",
    "parent": "Superior_Organization_ID",
    "lead": "Manager_Employee_ID",
    "inactive": "Inactive",
    "active_from": "Availability_Date",
    "active_to": "Inactive_Date",
}


@dataclass(frozen=True, slots=True)
class WorkerColumns:
    """The columns of the workers report."""

    of: Mapping[str, str]
    attributes: Mapping[str, str]
    of_units: frozenset[str]
    """Attributes that name units: they may hold several values."""
    required: Mapping[str, str]
    """Our name → a column without which the report is not the one that was meant."""

    @classmethod
    def by(cls, conventions: Conventions) -> Self:
        """As `[people] fields` says; what it does not name has its default."""
        given = conventions.people_fields.fields
        known = {name: given.get(name, column) for name, column in WORKERS.items()}
        if "employee_number" not in given and known["id"] == known["employee_number"]:
            del known["employee_number"]
        others = {name: column for name, column in given.items() if name not in WORKERS}
        needed = {name: known[name] for name in NEEDED}
        named = {name: column for name, column in given.items() if name not in NOT_ALWAYS_FILLED}
        units = frozenset(each.attribute for each in conventions.unit_kinds if each.attribute)
        return cls(known, {**ATTRIBUTES, **others}, units, needed | named)


def organisation_columns(conventions: Conventions) -> Mapping[str, str]:
    """The columns of the organisations report, as `[units] fields` says."""
    given = conventions.unit_fields.fields
    return {name: given.get(name, column) for name, column in ORGANISATIONS.items()}
