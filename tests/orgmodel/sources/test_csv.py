"""The CSV feed: what comes out of good files, and what is said of bad ones."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from orgmodel.facts import AccountFact, AssignmentFact, UnitFact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import Problem, SourceFailed
from orgmodel.sources.csv import PeopleReader, UnitsReader, table

PEOPLE = "id,email,name,title,status,start_date,end_date,manager_id,employee_number,team\n"
NADIA = "1,nadia@nordwind.example,Nadia Brandt,Gardener,,2024-02-05,,2,007066,radish\n"
LENA = "2,lena@nordwind.example,Lena Osei,,Leave,,,,,\n"
UNITS = "id,kind,name,slug,parent_id,lead_id,active,active_from,active_to,merged_into\n"
ASSIGNED = "person_id,unit_id,kind,valid_from,valid_to\n"


def feed(folder: Path, **files: str | bytes) -> Path:
    for name, text in files.items():
        content = text if isinstance(text, bytes) else text.encode()
        (folder / f"{name}.csv").write_bytes(content)
    return folder


def facts(reader: PeopleReader | UnitsReader) -> list[Any]:
    """What it gives, without the marks that say how far it looked."""
    given = [fact for batch in reader.batches() for fact in batch]
    return [fact for fact in given if not isinstance(fact, Covered | Unreadable)]


def facts_and_problems(reader: PeopleReader | UnitsReader) -> tuple[list[Any], list[Problem]]:
    return facts(reader), reader.report.problems


def failure(reader: PeopleReader | UnitsReader) -> tuple[str, list[Problem]]:
    with pytest.raises(SourceFailed) as refusal:
        facts(reader)
    return str(refusal.value), reader.report.problems


def test_people_with_every_unknown_column_as_an_attribute(tmp_path: Path) -> None:
    nadia, lena = facts(PeopleReader(feed(tmp_path, people=PEOPLE + NADIA + LENA)))
    assert nadia == AccountFact(
        native_id="1",
        login="",
        email="nadia@nordwind.example",
        name="Nadia Brandt",
        status="active",
        title="Gardener",
        worker_type="",
        manager_ref="2",
        employee_number="007066",
        start_date=date(2024, 2, 5),
        end_date=None,
        time_zone="",
        attributes={"title": "Gardener", "team": "radish"},
        created=None,
        updated=None,
    )
    assert (lena.status, lena.attributes) == ("leave", {})


def test_a_byte_order_mark_spaces_and_windows_lines_are_taken(tmp_path: Path) -> None:
    text = "\ufeffid, email ,name\r\n 1 ,a@b.example,Élodie\r\n\r\n"
    (person,) = facts(PeopleReader(feed(tmp_path, people=text)))
    assert (person.native_id, person.email, person.name) == ("1", "a@b.example", "Élodie")


def test_hostile_cells_are_values(tmp_path: Path) -> None:
    text = 'id,email,name,note\n1,a@b.example,"<script>\n' + "x" * 9000 + '","=1+1\x00"\n'
    (person,) = facts(PeopleReader(feed(tmp_path, people=text)))
    assert person.name == "<script>\n" + "x" * 491
    assert person.attributes == {"note": "=1+1"}


def test_no_end_is_no_end(tmp_path: Path) -> None:
    (person,) = facts(
        PeopleReader(feed(tmp_path, people="id,email,name,end_date\n1,a@b.example,A,9999-12-31\n"))
    )
    assert person.end_date is None


def test_assignments_name_their_last_day_and_are_optional(tmp_path: Path) -> None:
    folder = feed(tmp_path, people=PEOPLE + NADIA)
    assert [type(fact) for fact in facts(PeopleReader(folder))] == [AccountFact]
    feed(folder, assignments=ASSIGNED + "1,t1,primary,2024-03-18,2026-10-31\n1,t2,,2026-11-01,\n")
    assert facts(PeopleReader(folder))[1:] == [
        AssignmentFact("1", "t1", "primary", date(2024, 3, 18), date(2026, 11, 1)),
        AssignmentFact("1", "t2", "", date(2026, 11, 1), None),
    ]


def test_units(tmp_path: Path) -> None:
    rows = "t1,team,Data Platform,,d1,1,,2024-01-01,,\nt2,team,Fennel,fen,d1,,no,,2025-12-31,t1\n"
    reader = UnitsReader(feed(tmp_path, units=UNITS + rows))
    assert reader.source == "control"
    assert facts(reader) == [
        UnitFact("team", "t1", "Data Platform", "data-platform", "d1", "1", True, date(2024, 1, 1), None, ""),
        UnitFact("team", "t2", "Fennel", "fen", "d1", "", False, None, date(2026, 1, 1), "t1"),
    ]


def test_units_of_the_hris_come_before_its_people(tmp_path: Path) -> None:
    folder = feed(tmp_path, people=PEOPLE + NADIA)
    assert [type(fact) for fact in facts(PeopleReader(folder, units=True))] == [AccountFact]
    feed(folder, units=UNITS + "t1,team,Fennel,,,,,,,\n")
    assert [type(fact) for fact in facts(PeopleReader(folder, units=True))] == [UnitFact, AccountFact]
    assert [type(fact) for fact in facts(PeopleReader(folder))] == [AccountFact]


BAD_PEOPLE = [
    (",a@b.example,A,,,,,,,\n", "", "id is missing"),
    ("3,,A,,,,,,,\n", "3", "email is missing"),
    ("3,a@b.example, ,,,,,,,\n", "3", "name is missing"),
    (
        "3,a@b.example,A,,,05.02.2024,,,,\n",
        "3",
        "start_date is not a date such as 2026-03-01; for other orders set csv.date_order",
    ),
    ("3,a@b.example,A,,,,2026-02-30,,,\n", "3", "end_date is not a date such as 2026-03-01"),
    (
        "3,a@b.example,A,,Gone fishing,,,,,\n",
        "3",
        "status is no known word; csv.status_words can say what it means",
    ),
    ("x" * 321 + ",a@b.example,A,,,,,,,\n", "", "id is longer than 320 characters"),
    ("3,a@b.example\n", "", "fewer cells than the header has columns"),
    ("3,a@b.example,A,,,,,,,,,\n", "", "more cells than the header has columns"),
    ("3,a@b.example,A,,,,,,," + "x" * 10_001 + "\n", "3", "team is longer than 10000 characters"),
    ("3," + "x" * 321 + ",A,,,,,,,\n", "3", "email is longer than 320 characters"),
    (
        "3.33288E+18,a@b.example,A,,,,,,,\n",
        "",
        "id was rounded by a spreadsheet (such as 3.33E+18); format the column as text",
    ),
    (
        '3,a@b.example,A,,,,,"3,33E+18",,\n',
        "3",
        "manager_id was rounded by a spreadsheet (such as 3.33E+18); format the column as text",
    ),
]


@pytest.mark.parametrize(("row", "record", "reason"), BAD_PEOPLE, ids=[each[2][:40] for each in BAD_PEOPLE])
def test_a_bad_person_is_told_with_line_and_reason(
    tmp_path: Path, row: str, record: str, reason: str
) -> None:
    found, problems = facts_and_problems(PeopleReader(feed(tmp_path, people=PEOPLE + LENA + row)))
    assert [fact.native_id for fact in found] == ["2"]
    assert problems == [Problem("people.csv line 3", record, reason, "account")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("t2,,Fennel,,,,,,,\n", "kind is missing"),
        ("t2,team,Fennel,,,,maybe,,,\n", "active is neither true nor false"),
        ("t2,team,Fennel,,t2,,,,,\n", "parent_id is the unit itself"),
        ("t2,team,Fennel,,,,,,,t2\n", "merged_into is the unit itself"),
        ("t1,guild,Bakers,,,,,,,\n", "id stands for a unit of another kind as well"),
        (
            "t2,team,Fennel,,,,,2026-02-01,2026-01-01,\n",
            "active_from, active_to: the end is not after the beginning",
        ),
    ],
)
def test_a_bad_unit_is_told_with_line_and_reason(tmp_path: Path, row: str, reason: str) -> None:
    found, problems = facts_and_problems(
        UnitsReader(feed(tmp_path, units=f"{UNITS}t1,team,Radish,,,,,,,\n{row}"))
    )
    assert [fact.native_id for fact in found] == ["t1"]
    assert problems == [Problem("units.csv line 3", row.split(",", maxsplit=1)[0], reason, "unit")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,,,,\n", "unit_id is missing"),
        ("1,t1,,soon,\n", "valid_from is not a date such as 2026-03-01"),
        ("1,t1,,2026-02-01,2026-01-01\n", "valid_from, valid_to: the end is not after the beginning"),
        (
            "1,t0,,2026-01-01,2026-05-01\n",
            "the same person, unit and first day appear twice, with different values",
        ),
    ],
)
def test_a_bad_assignment_is_told_with_line_and_reason(tmp_path: Path, row: str, reason: str) -> None:
    assigned = f"{ASSIGNED}1,t0,,2026-01-01,\n{row}"
    found, problems = facts_and_problems(
        PeopleReader(feed(tmp_path, people=PEOPLE + NADIA, assignments=assigned))
    )
    assert found[1:] == [AssignmentFact("1", "t0", "", date(2026, 1, 1), None)]
    assert problems == [Problem("assignments.csv line 3", "1", reason, "assignment")]


def test_all_bad_rows_are_told_and_lines_are_those_of_the_file(tmp_path: Path) -> None:
    text = PEOPLE + '1,a@b.example,"A\nB",,,,,,,\n' + "2,,C,,,,,,,\n\n3,c@b.example,,,,,,,,\n"
    message, problems = failure(PeopleReader(feed(tmp_path, people=text)))
    assert message.startswith("people.csv: 2 of 3 rows are bad, more than a tenth; nothing of it is applied.")
    assert [(each.where, each.reason) for each in problems] == [
        ("people.csv line 4", "email is missing"),
        ("people.csv line 6", "name is missing"),
    ]


def test_of_very_many_bad_rows_only_the_number_is_told(tmp_path: Path) -> None:
    message, problems = failure(PeopleReader(feed(tmp_path, people="id,email,name\n" + "1,,A\n" * 1500)))
    assert message.startswith("people.csv: 1500 of 1500 rows are bad")
    assert len(problems) == 1000


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "people.csv has no column id; export it with the columns id, email, name."),
        (
            "id,mail,name\n",
            "people.csv has no column email; export it with the columns id, email, name. Is mail meant",
        ),
        ("id;email;name\n1;a;b\n", "Its columns seem to be separated by ';'; set csv.delimiter."),
        ("id,email,name,team,team\n", "people.csv has the column team twice."),
        (PEOPLE.encode() + b"1,a@b.example,Ren\xe9,,,,,,,\n", "people.csv is not UTF-8 text"),
        (PEOPLE.encode("utf-16"), "people.csv is not UTF-8 text"),
        (PEOPLE + NADIA + '2,"a"b,C,,,,,,,\n', "people.csv cannot be read as CSV after line 2"),
        (PEOPLE + NADIA + "2," + "x" * 200_000 + ",C,,,,,,,\n", "cannot be read as CSV after line 2"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, content: str | bytes, says: str) -> None:
    message, problems = failure(PeopleReader(feed(tmp_path, people=content)))
    assert says in message
    assert problems == []


def test_a_file_or_folder_that_is_not_there(tmp_path: Path) -> None:
    sentence = "is not in the folder that HRIS_CSV_DIR names; check the setting and the export."
    assert failure(PeopleReader(tmp_path))[0] == f"people.csv {sentence}"
    assert failure(UnitsReader(tmp_path / "none"))[0] == f"units.csv {sentence}"
    (tmp_path / "people.csv").mkdir()
    assert failure(PeopleReader(tmp_path))[0] == "people.csv is not a plain file; export it again."


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "BATCH", 1)
    folder = feed(tmp_path, people=PEOPLE + NADIA + LENA)
    batches = PeopleReader(folder).batches()
    next(batches)
    with (folder / "people.csv").open("a") as more:
        more.write("3,c@nordwind.example,C,,,,,,,\n")
    with pytest.raises(SourceFailed, match="was changed while it was read"):
        list(batches)


@pytest.mark.parametrize(
    ("bound", "value", "says"),
    [
        ("MOST_ROWS", 1, "people.csv has more than 1 rows; refused."),
        ("MOST_BYTES", 100, "people.csv is larger than 0 MB; refused."),
        ("LONGEST_LINE", 60, "people.csv has a line of more than 60 characters; refused."),
    ],
)
def test_a_file_beyond_every_plausible_size_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, value: int, says: str
) -> None:
    monkeypatch.setattr(table, bound, value)
    assert failure(PeopleReader(feed(tmp_path, people=PEOPLE + NADIA + LENA))) == (says, [])


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "people.csv")
    assert failure(PeopleReader(tmp_path))[0] == "people.csv is not a plain file; export it again."


def test_a_row_that_stands_there_twice_is_for_the_sync_to_judge(tmp_path: Path) -> None:
    gone = NADIA.replace(",,2024-02-05", ",ended,2024-02-05")
    reader = PeopleReader(feed(tmp_path, people=PEOPLE + NADIA + LENA + NADIA + gone))
    assert [(fact.native_id, fact.status) for fact in facts(reader)] == [
        ("1", "active"),
        ("2", "leave"),
        ("1", "active"),
        ("1", "ended"),
    ]
    assert reader.report.problems == []


def test_the_same_assignment_twice_is_once(tmp_path: Path) -> None:
    assigned = ASSIGNED + "1,t0,,2026-01-01,\n" * 2
    found = facts(PeopleReader(feed(tmp_path, people=PEOPLE + NADIA, assignments=assigned)))
    assert found[1:] == [AssignmentFact("1", "t0", "", date(2026, 1, 1), None)] * 2


def test_batches_are_bounded(tmp_path: Path) -> None:
    rows = "".join(f"{number},p{number}@nordwind.example,P\n" for number in range(4500))
    read = PeopleReader(feed(tmp_path, people="id,email,name\n" + rows)).batches()
    assert [len(each) for each in read if isinstance(each[0], AccountFact)] == [2000, 2000, 500]
