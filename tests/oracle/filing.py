"""HR's files, as the records stand."""

from pathlib import Path

from sandbox.hris.records import HrPerson, HrUnit, write_feed

from .books import Books


def write_records(books: Books, folder: Path) -> None:
    """people.csv and units.csv; nobody has stated assignments."""
    people = [
        HrPerson(
            each.id, each.email, each.name, "Engineer", "", each.id[1:], each.start, each.manager,
            each.values.get("team", ""), each.values.get("department", ""), "", each.status,
        )
        for each in books.records.values()
    ]  # fmt: skip
    leads = {each.email: each.id for each in books.records.values()}
    units = [
        HrUnit(each.id, each.kind, each.name, each.slug, each.parent, leads.get(each.lead, ""))
        for each in books.units.values()
    ]
    write_feed(folder, people, units)
