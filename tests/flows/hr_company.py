"""A small company as a pretend HR system keeps it."""

from datetime import date

from sandbox.hris.records import HrPerson, HrUnit, Records


def company() -> Records:
    """Nadia is in Radish under Lena, who leads both teams of Vegetables."""
    records = Records()
    for unit in (
        HrUnit("u-veg", "department", "Vegetables", "vegetables"),
        HrUnit("u-radish", "team", "Radish", "radish", "u-veg", "2"),
        HrUnit("u-cucumber", "team", "Cucumber", "cucumber", "u-veg", "2"),
    ):
        records.units[unit.id] = unit
    for number, name, title, team, manager in (
        ("1", "Nadia Brandt", "Gardener", "radish", "2"),
        ("2", "Lena Osei", "Head of Vegetables", "cucumber", ""),
    ):
        records.add(
            HrPerson(
                id=number,
                email=f"{name.split()[0].lower()}@nordwind.example",
                name=name,
                title=title,
                worker_type="Employee",
                employee_number=number,
                start_date=date(2024, 2, 5),
                manager_id=manager,
                team=team,
                department="Vegetables",
                specialisation="Soil",
            )
        )
    return records
