"""HR's files, as the records stand."""

from pathlib import Path

from sandbox.hris.records import HrAssignment, HrPerson, HrUnit, write_feed

from .books import Books


def write_records(books: Books, folder: Path) -> None:
    """people.csv, units.csv and assignments.csv."""
    people = [
        HrPerson(
            each.id, each.email, each.name, "Engineer", "", each.id[1:], each.start, each.manager,
            each.values.get("team", ""), each.values.get("department", ""), "", each.status,
        )
        for each in books.records.values()
    ]  # fmt: skip
    leads = {each.email: each.id for each in books.records.values()}
    units = [
        HrUnit(
            each.id, each.kind, each.name, each.slug, each.parent, leads.get(each.lead, ""),
            active_to=each.until, merged_into=each.heir,
        )
        for each in books.units.values()
    ]  # fmt: skip
    placed = [
        HrAssignment(record.id, each.unit, each.since, each.until)
        for record in books.records.values()
        for each in record.placed
    ]
    write_feed(folder, people, units, placed)
