"""What spreadsheets and export jobs make of a feed, and what is still to be read from it."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orgmodel.csv_feed import CsvFeed
from orgmodel.facts import UnitFact
from orgmodel.reports import Problem
from orgmodel.sources.csv import PeopleReader, UnitsReader, Writing

from .test_csv import facts, facts_and_problems, failure, feed

UTC = ZoneInfo("UTC")
HEADER = "id,email,name,status,start_date,end_date,manager_id,team\n"
ADA = "1,ada@nordwind.example,Ada Moss,active,2020-01-01,,,radish\n"
UNITS = "id,kind,name,slug,parent_id,lead_id,active,active_from,active_to,merged_into\n"


def one(folder: Path, row: str) -> tuple[Any, list[Problem]]:
    """The fact of a row beside one without fault, and what is said of it."""
    found, problems = facts_and_problems(PeopleReader(feed(folder, people=f"{HEADER}{ADA}{row}\n")))
    return next((fact for fact in found if fact.native_id != "1"), None), problems


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff\ufeffid,email,name\n1,a@b.example,Ada Moss\n",
        '"id","email","name"\r\n"1","a@b.example","Ada Moss"\r\n',
        "id,email,name\r1,a@b.example,Ada Moss\r",
        "sep=;\nid;email;name\n1;a@b.example;Ada Moss\n",
        "\ufeffsep=,\r\nid,email,name\r\n1,a@b.example,Ada Moss\r\n",
        "id,email,name,,\n1,a@b.example,Ada Moss,,\n",
        "\n,,\nid,email,name\n\n1,a@b.example,Ada Moss\n,,\n   \n\n",
        "id,email,name\n1,a@b.example,Ada Moss\nID, Email,name\n",
        "name,email,id\nAda Moss,a@b.example,1\n",
        "id\u00a0,\u00a0email,\ufeffname\n\u00a01,a@b.example\u202f,Ada\u00a0Moss\u200b\n",
        "id,email,name\n1,Ada Moss <a@b.example>,Ada Moss\n",
        "id,email,name\n1,mailto:a@b.example,Ada Moss\n",
        "id,email,name\n1,<a@b.example>,Ada Moss\n",
    ],
)
def test_one_person_however_the_file_was_exported(tmp_path: Path, text: str) -> None:
    (person,) = facts(PeopleReader(feed(tmp_path, people=text)))
    assert (person.native_id, person.email, person.name) == ("1", "a@b.example", "Ada Moss")


def test_lines_are_those_of_the_file_below_a_separator(tmp_path: Path) -> None:
    text = "sep=;\nid;email;name\n1;a@b.example;Ada\n2;b@b.example;\n"
    _, problems = facts_and_problems(PeopleReader(feed(tmp_path, people=text)))
    assert problems == [Problem("people.csv line 4", "2", "name is missing", "account")]


@pytest.mark.parametrize("nothing", ["N/A", "n/a", "NULL", "null", "None", "NaN", "-", "--", "–", "(null)"])
def test_what_stands_for_no_value_is_none(tmp_path: Path, nothing: str) -> None:
    row = f"2,bo@nordwind.example,Bo,active,{nothing},{nothing},{nothing},{nothing}"
    bo, problems = one(tmp_path, row)
    assert (bo.start_date, bo.end_date, bo.manager_ref, bo.attributes, problems) == (None, None, "", {}, [])


@pytest.mark.parametrize("nothing", ["N/A", "NULL", "-", "--", "None"])
def test_no_status_word_is_made_of_it(tmp_path: Path, nothing: str) -> None:
    bo, problems = one(tmp_path, f"2,bo@nordwind.example,Bo,{nothing},,,,")
    assert bo is None
    assert [(each.record, each.reason.partition(";")[0]) for each in problems] == [
        ("2", "status is no known word")
    ]


@pytest.mark.parametrize(
    ("row", "record", "reason"),
    [
        ("N/A,bo@nordwind.example,Bo,active,,,,", "", "id is missing"),
        ("2,-,Bo,active,,,,", "2", "email is missing"),
        ("2,bo@nordwind.example,Bo,active,,,#N/A,", "2", "manager_id holds the error of a spreadsheet"),
        ("#REF!,bo@nordwind.example,Bo,active,,,,", "", "id holds the error of a spreadsheet"),
        ("2,bo@nordwind.example,Bo,active,,,,#NAME?", "2", "team holds the error of a spreadsheet"),
        ("2,bo@n.example; b@n.example,Bo,active,,,,", "2", "email is not one e-mail address"),
        ("2,bo at nordwind,Bo,active,,,,", "2", "email is not one e-mail address"),
        ("2,bo@nordwind.example,Bo,active,43831,,,", "2", "start_date is not a date such as 2026-03-01"),
        (
            "2,bo@nordwind.example,Bo,active,01-Mar-2020,,,",
            "2",
            "start_date is not a date such as 2026-03-01",
        ),
        ("2,bo@nordwind.example,Moss, Bo,active,,,,", "", "more cells than the header has columns"),
    ],
)
def test_what_cannot_be_told_is_a_problem_of_its_row(
    tmp_path: Path, row: str, record: str, reason: str
) -> None:
    bo, problems = one(tmp_path, row)
    assert bo is None
    assert [(each.record, each.reason) for each in problems] == [(record, reason)]


def test_a_value_in_a_column_without_a_name_is_not_overlooked(tmp_path: Path) -> None:
    """A comma too many shifts the cells: what stands under which name is not known."""
    text = "id,email,name,team,\n1,a@b.example,Ada,radish,\n2,b@b.example,Brandt,Bo,radish\n"
    found, problems = facts_and_problems(PeopleReader(feed(tmp_path, people=text)))
    assert [fact.native_id for fact in found] == ["1"]
    assert [each.reason for each in problems] == ["a value in a column without a name"]


@pytest.mark.parametrize("text", ["31/12/9999", "12/31/9999", "31.12.9999 00:00", "9999-12-31"])
def test_no_end_has_no_order(tmp_path: Path, text: str) -> None:
    bo, problems = one(tmp_path, f"2,bo@nordwind.example,Bo,active,20200301,{text},,")
    assert (f"{bo.start_date}", bo.end_date, problems) == ("2020-03-01", None, [])


def test_a_manager_is_named_to_the_letter(tmp_path: Path) -> None:
    """The sync finds ids and numbers as they are written, addresses whatever their case."""
    text = (
        "id,email,name,employee_number,manager_id\n"
        "ab1,ada@nordwind.example,Ada,N7,\n"
        "2,bo@nordwind.example,Bo,,AB1\n"
        "3,cy@nordwind.example,Cy,,n7\n"
        "4,di@nordwind.example,Di,,N7\n"
        "5,ed@nordwind.example,Ed,,Ada <ADA@nordwind.example>\n"
        "6,flo@nordwind.example,Flo,,Ada\n"
    )
    reader = PeopleReader(feed(tmp_path, people=text))
    facts(reader)
    assert [(each.record, each.named) for each in reader.report.unknown] == [
        ("2", "AB1"),
        ("3", "n7"),
        ("6", "Ada"),
    ]


def test_an_assignment_names_people_and_units_by_id_alone(tmp_path: Path) -> None:
    folder = feed(
        tmp_path,
        people=HEADER + ADA,
        units=f"{UNITS}t1,team,Radish,,,,,,,\n",
        assignments="person_id,unit_id\nada@nordwind.example,t1\n1,T1\n1,Radish\n1,t1\n",
    )
    reader = PeopleReader(folder, units=True)
    facts(reader)
    assert [(each.column, each.named) for each in reader.report.unknown] == [
        ("person_id", "ada@nordwind.example"),
        ("unit_id", "T1"),
        ("unit_id", "Radish"),
    ]


def test_ids_that_differ_in_capital_letters_are_two_and_said(tmp_path: Path) -> None:
    text = "id,email,name\nab1,a@b.example,Ada\nAB1,b@b.example,Bo\n"
    found, problems = facts_and_problems(PeopleReader(feed(tmp_path, people=text)))
    assert [fact.native_id for fact in found] == ["ab1", "AB1"]
    assert problems == [
        Problem(
            "people.csv line 3", "AB1", "id differs from that of line 2 in capital letters alone: two records"
        )
    ]


@pytest.mark.parametrize(
    ("word", "active"),
    [
        *((word, True) for word in ("TRUE", "t", "Active", "current", "", "N/A")),
        *((word, False) for word in ("f", "Archived", "retired")),
        *((word, None) for word in ("IN-ACTIVE", "perhaps")),
    ],
)
def test_whether_a_unit_is_active(tmp_path: Path, word: str, active: bool | None) -> None:
    text = f"{UNITS}t1,team,Radish,,,,true,,,\nt2,team,Leek,,,,{word},,,\n"
    found, problems = facts_and_problems(UnitsReader(feed(tmp_path, units=text)))
    assert [fact.active for fact in found[1:] if isinstance(fact, UnitFact)] == (
        [] if active is None else [active]
    )
    assert len(problems) == (active is None)


def test_the_kind_of_a_unit_is_found_whatever_its_case(tmp_path: Path) -> None:
    text = f"{UNITS}t1,TEAM,Radish,,,,,,,\nt2,Guild,Bakers,,,,,,,\n"
    writing = Writing(CsvFeed(), kinds=("team", "department"))
    found = facts(UnitsReader(feed(tmp_path, units=text), writing=writing))
    assert [fact.kind for fact in found if isinstance(fact, UnitFact)] == ["team", "Guild"]


def test_a_file_of_blanks_is_refused(tmp_path: Path) -> None:
    message, _ = failure(PeopleReader(feed(tmp_path, people=",,,\n   \n")))
    assert message.startswith("people.csv has no column id")


def test_columns_of_units_that_nobody_reads_are_kept_out_and_named_once(tmp_path: Path) -> None:
    text = "id,kind,name,budget,Cost Centre\nu1,team,Radish,9000,7\nu2,team,Cucumber,8000,7\n"
    reader = UnitsReader(feed(tmp_path, units=text), "control", Writing(CsvFeed(), UTC))
    found, problems = facts_and_problems(reader)
    assert (len(found), problems) == (2, [])
    assert "9000" not in repr(found)
    assert reader.report.ignored == {"units.csv": ["budget", "Cost Centre"]}
