"""How HiBob writes values: its fields, the lists behind some of them, and what a record holds in each."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from .records import HrPerson, HrRow, Records

Json = dict[str, Any]
TEAM = "work.customColumns.column_1712065102576"
SPECIALISATION = "work.customColumns.column_1712065102577"
WORKER_TYPE = "payroll.employment.type"
TIME_ZONE = "about.custom.field_1698036945383"
FIELDS: Mapping[str, str] = {
    "root.id": "text",
    "root.email": "text",
    "root.displayName": "text",
    "root.firstName": "text",
    "root.surname": "text",
    "work.title": "list",
    "work.department": "list",
    "work.site": "text",
    "work.startDate": "date",
    "work.reportsTo": "employee-reference",
    "work.manager": "employee-reference",
    "work.employeeIdInCompany": "number",
    "work.tenureYears": "number",
    "internal.status": "text",
    "internal.lifecycleStatus": "text",
    "internal.terminationDate": "date",
    TEAM: "list",
    SPECIALISATION: "list",
    WORKER_TYPE: "text",
    TIME_ZONE: "text",
}
"""Every field there is, and its type."""
LISTS = {
    "work.title": "title",
    "work.department": "department",
    TEAM: "work.column_1712065102576",
    SPECIALISATION: "work.column_1712065102577",
}
"""Field → the list that its values are ids of."""
DEFAULT = tuple(name for name in FIELDS if name.startswith(("root.", "work.")))
WORDS = {"active": "employed", "pending": "hired", "garden_leave": "garden leave", "leave": "Parental leave"}
WORDS |= {"ended": "terminated"}


def plain_value(records: Records, person: HrPerson, name: str) -> tuple[Any, Any]:
    """What a field holds that is no list: the machine value and how people read it; None: nothing."""
    row = records.current(person)
    if name == "work.reportsTo":
        boss = reference(records, row.manager_id)
        return boss, boss and boss["displayName"]
    first, _, last = person.name.partition(" ")
    values: Json = {
        "root.id": person.id,
        "root.email": person.email or None,
        "root.displayName": person.name,
        "root.firstName": first,
        "root.surname": last,
        "work.site": "Berlin",
        "work.startDate": person.start_date.isoformat(),
        "work.manager": row.manager_id or None,
        "work.employeeIdInCompany": number(person.employee_number),
        "work.tenureYears": 1.5,
        "internal.status": "Inactive" if person.status == "ended" else "Active",
        "internal.lifecycleStatus": WORDS.get(person.status, person.status),
        "internal.terminationDate": iso(person.end_date and last_day(person)),
        WORKER_TYPE: person.worker_type or None,
        TIME_ZONE: person.time_zone or None,
    }
    return values[name], values[name]


def reference(records: Records, native_id: str) -> Json | None:
    """Somebody as others name them."""
    if not native_id:
        return None
    boss = records.people.get(native_id)
    name = boss.name if boss else ""
    first, _, last = name.partition(" ")
    email = boss.email if boss else ""
    return {"id": native_id, "firstName": first, "surname": last, "email": email, "displayName": name}


def stages_of(records: Records, person: HrPerson) -> list[tuple[date, str]]:
    """The lifecycle that follows from a record, oldest first."""
    stages = [(person.start_date, "hired" if person.status == "pending" else "employed")]
    if person.status in {"leave", "garden_leave"}:
        stages.append((records.now().date(), WORDS[person.status]))
    if person.end_date:
        stages.append((last_day(person), "terminated"))
    return stages


def filtered(question: Json) -> tuple[set[str] | None, set[str] | None]:
    """Ids and addresses that are asked for. Raises ValueError for what HiBob does not take."""
    if "filters" not in question:
        return None, None
    (only,) = question["filters"]
    values = set(only["values"])
    if only["operator"] != "equals" or not values:
        raise ValueError(only)
    if only["fieldPath"] == "root.id":
        return values, None
    if only["fieldPath"] == "root.email":
        return None, values
    raise ValueError(only)


def put(record: Json, path: str, value: Any) -> None:
    """Set what stands at a path with dots."""
    *above, last = path.split(".")
    for part in above:
        record = record.setdefault(part, {})
    record[last] = value


def row_value(row: HrRow, path: str) -> str:
    """What a row holds in a list field, as people read it."""
    values = {"work.title": row.title, "work.department": row.department, TEAM: row.team}
    return {**values, SPECIALISATION: row.specialisation}[path]


def last_day(person: HrPerson) -> date:
    """The last day that counts; records name the first that does not."""
    end = person.end_date or date.max
    return max(person.start_date, end - timedelta(days=1))


def iso(day: date | None) -> str | None:
    """The day as JSON has it."""
    return day.isoformat() if day else None


def number(text: str) -> Any:
    """An employee number as JSON has it: a number where it can be one without loss."""
    return int(text) if text.isdecimal() and str(int(text)) == text else text or None
