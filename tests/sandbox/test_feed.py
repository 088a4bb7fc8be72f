"""The HR files of the contract: columns, dates, hostile text, and replacing in one step."""

import csv
from datetime import date
from pathlib import Path

from sandbox.hris.records import HrAssignment, HrPerson, HrUnit, reassign, write_feed

NAME = 'Bo "<!channel>", <script>\nLind'


def person(**values: object) -> HrPerson:
    known: dict[str, object] = {
        "id": "hr-1",
        "email": "bo@nordwind.example",
        "name": NAME,
        "title": "Engineer",
        "worker_type": "Employee",
        "employee_number": "00017",
        "start_date": date(2024, 2, 29),
        "manager_id": "",
        "team": "leek",
        "department": "Engineering",
        "specialisation": "Data",
    }
    return HrPerson(**(known | values))  # type: ignore[arg-type]  # values of every kind


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_people_and_units_as_the_contract_says(tmp_path: Path) -> None:
    unit = HrUnit("rec1", "team", "Leek", "leek", "rec9", "hr-1", active=False, active_to=date(2026, 3, 2))
    write_feed(tmp_path / "feed", [person(status="ended", end_date=date(2026, 1, 31))], [unit])
    assert read(tmp_path / "feed" / "people.csv") == [
        {
            "id": "hr-1",
            "email": "bo@nordwind.example",
            "name": NAME,
            "title": "Engineer",
            "worker_type": "Employee",
            "status": "ended",
            "start_date": "2024-02-29",
            "end_date": "2026-01-30",
            "manager_id": "",
            "time_zone": "Europe/Berlin",
            "employee_number": "00017",
            "team": "leek",
            "department": "Engineering",
            "specialisation": "Data",
        }
    ]
    assert read(tmp_path / "feed" / "units.csv") == [
        {
            "id": "rec1",
            "kind": "team",
            "name": "Leek",
            "slug": "leek",
            "parent_id": "rec9",
            "lead_id": "hr-1",
            "active": "false",
            "active_from": "",
            "active_to": "2026-03-01",
            "merged_into": "",
        }
    ]


def test_a_reader_of_the_old_file_keeps_it_whole(tmp_path: Path) -> None:
    write_feed(tmp_path, [person()], [])
    with (tmp_path / "people.csv").open(encoding="utf-8", newline="") as old:
        write_feed(tmp_path, [person(title="Changed")], [])
        assert [row["title"] for row in csv.DictReader(old)] == ["Engineer"]
    assert [row["title"] for row in read(tmp_path / "people.csv")] == ["Changed"]
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "assignments.csv",
        "people.csv",
        "units.csv",
    ]


def test_assignments_as_the_contract_says(tmp_path: Path) -> None:
    held = [HrAssignment("hr-1", "rec1", date(2024, 2, 29))]
    reassign(held, "hr-1", "rec2", date(2026, 3, 2))
    write_feed(tmp_path, [person()], [], held)
    assert (tmp_path / "assignments.csv").read_text(encoding="utf-8").splitlines() == [
        "person_id,unit_id,kind,valid_from,valid_to",
        "hr-1,rec1,primary,2024-02-29,2026-03-01",
        "hr-1,rec2,primary,2026-03-02,",
    ]


def test_what_lasted_no_day_was_never_assigned() -> None:
    first, later = date(2024, 2, 29), date(2026, 3, 2)
    held = [HrAssignment("hr-1", "rec1", first)]
    reassign(held, "hr-1", "rec1", later)
    assert held == [HrAssignment("hr-1", "rec1", first)]
    reassign(held, "hr-1", "rec2", later)
    reassign(held, "hr-1", "rec3", later)
    assert held == [HrAssignment("hr-1", "rec1", first, later), HrAssignment("hr-1", "rec3", later)]
    reassign(held, "hr-1", "rec1", later)
    assert held == [HrAssignment("hr-1", "rec1", first)]


def test_a_team_of_the_first_day_can_be_corrected_before_it() -> None:
    held = [HrAssignment("hr-1", "rec1", date(2026, 3, 9))]
    reassign(held, "hr-1", "rec2", date(2026, 3, 2))
    assert held == [HrAssignment("hr-1", "rec2", date(2026, 3, 9))]
