"""What columns, dates and words of the CSV feed mean, and what rows say of each other."""

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orgmodel.csv_feed import STATUS_WORDS, STATUSES, CsvFeed
from orgmodel.reports import Problem, Reference
from orgmodel.sources.csv import PeopleReader, UnitsReader, Writing

from .test_csv import facts, facts_and_problems, failure, feed

BERLIN = ZoneInfo("Europe/Berlin")
HEADER = "id,email,name,status,start_date,end_date\n"


def one(folder: Path, row: str, feed_settings: CsvFeed | None = None) -> tuple[Any, list[str]]:
    """The fact of a row, and what is said of it; a row without fault stands beside it."""
    text = f"{HEADER}1,a@b.example,A,active,2020-01-01,\n2,b@b.example,B,{row}\n"
    found, problems = facts_and_problems(
        PeopleReader(feed(folder, people=text), Writing(feed_settings or CsvFeed(), BERLIN))
    )
    return next((fact for fact in found if fact.native_id == "2"), None), [each.reason for each in problems]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-01-01", date(2020, 1, 1)),
        ("2020-01-01T00:00:00", date(2020, 1, 1)),
        ("2020-01-01 23:59", date(2020, 1, 1)),
        ("2020-01-01T23:30:00Z", date(2020, 1, 2)),
        ("2020-01-01T00:30:00+03:00", date(2019, 12, 31)),
        ("2020/1/2", date(2020, 1, 2)),
        ("0000-00-00", None),
        ("0000-00-00 00:00:00", None),
        ("00/00/0000", None),
        ("9999-12-31", None),
        ("", None),
    ],
)
def test_days_and_moments(tmp_path: Path, text: str, day: date | None) -> None:
    fact, problems = one(tmp_path, f"active,{text},")
    assert (fact.start_date, problems) == (day, [])


NOT_ISO = "start_date is not a date such as 2026-03-01; for other orders set csv.date_order"
NO_DATE = "start_date is not a date such as 2026-03-01"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("01/02/2020", NOT_ISO),
        ("25.12.2020", NOT_ISO),
        ("1/2/20", NOT_ISO),
        ("2020-02-30", NO_DATE),
        ("2020-01-01T25:00", NO_DATE),
        ("soon", NO_DATE),
        ("20 Nov", NO_DATE),
    ],
)
def test_a_day_that_cannot_be_told_is_a_problem_of_its_row(tmp_path: Path, text: str, reason: str) -> None:
    assert one(tmp_path, f"active,{text},") == (None, [reason])


@pytest.mark.parametrize(
    ("order", "text", "day"),
    [
        ("dmy", "01/02/2020", date(2020, 2, 1)),
        ("mdy", "01/02/2020", date(2020, 1, 2)),
        ("dmy", "1.2.2020 00:00", date(2020, 2, 1)),
        ("mdy", "2020-01-02", date(2020, 1, 2)),
        ("ymd", "2020/01/02", date(2020, 1, 2)),
    ],
)
def test_the_order_of_the_settings(tmp_path: Path, order: Any, text: str, day: date) -> None:
    fact, problems = one(tmp_path, f"active,{text},", CsvFeed(date_order=order))
    assert (fact.start_date, problems) == (day, [])


def test_an_order_does_not_make_a_day(tmp_path: Path) -> None:
    assert one(tmp_path, "active,31/02/2020,", CsvFeed(date_order="dmy")) == (None, [NO_DATE])
    assert one(tmp_path, "active,1/2/2020,", CsvFeed(date_order="ymd")) == (None, [NOT_ISO])


def test_the_day_named_as_an_end_is_the_last_one_worked(tmp_path: Path) -> None:
    fact, _ = one(tmp_path, "active,2020-01-01,2026-03-31")
    assert fact.end_date == date(2026, 4, 1)
    fact, _ = one(tmp_path, "active,2020-01-01,2026-03-31", CsvFeed(end_dates="first_day_after"))
    assert fact.end_date == date(2026, 3, 31)
    fact, _ = one(tmp_path, "active,2020-01-01,2020-01-01")
    assert fact.end_date == date(2020, 1, 2)


def test_who_comes_back_has_no_end(tmp_path: Path) -> None:
    fact, problems = one(tmp_path, "active,2026-03-01,2025-06-30")
    assert (fact.start_date, fact.end_date, fact.status, problems) == (date(2026, 3, 1), None, "active", [])


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("pending", "pending"),
        ("LEAVE", "leave"),
        ("terminated", "ended"),
        ("inactive", "ended"),
        ("ended", "ended"),
        ("Garden_Leave", "garden_leave"),
        ("Left", "ended"),
        ("Resigned", "ended"),
        ("Separated", "ended"),
        ("Former employee", "ended"),
        ("T", "ended"),
        ("0", "ended"),
        ("Retired", "ended"),
        ("On_Leave", "leave"),
        ("Parental leave", "leave"),
        ("Pre-hire", "pending"),
        ("Employed", "active"),
        ("1", "active"),
        ("", "active"),
    ],
)
def test_words_for_a_status(tmp_path: Path, word: str, meant: str) -> None:
    fact, problems = one(tmp_path, f"{word},2020-01-01,")
    assert (fact.status, problems) == (meant, [])


def test_an_unknown_word_never_means_employed(tmp_path: Path) -> None:
    assert one(tmp_path, "Ruht,2020-01-01,") == (
        None,
        ["status is no known word; csv.status_words can say what it means"],
    )
    fact, _ = one(tmp_path, "Ruht,2020-01-01,", CsvFeed(status_words={"ruht": "leave"}))
    assert fact.status == "leave"
    fact, _ = one(tmp_path, "S,2020-01-01,", CsvFeed(status_words={"s": "ended"}))
    assert fact.status == "ended"


def test_the_list_of_words_is_documented() -> None:
    text = Path("docs/csv-feed.md").read_text(encoding="utf-8").casefold()
    assert [word for word in STATUS_WORDS if word and f"`{word}`" not in text] == []
    assert [word for word in STATUSES if f"`{word}`" not in text] == []


def test_columns_are_found_whatever_their_case_and_blanks(tmp_path: Path) -> None:
    text = "\ufeff ID ,E-mail,EMAIL,Name,End_Date,TEAM,Cost Centre\n1,,a@b.example,A,2026-03-31,radish,7\n"
    writing = Writing(CsvFeed(), BERLIN, ("team", "department"))
    (fact,), problems = facts_and_problems(PeopleReader(feed(tmp_path, people=text), writing))
    assert (fact.native_id, fact.end_date, problems) == ("1", date(2026, 4, 1), [])
    assert fact.attributes == {"team": "radish", "Cost Centre": "7"}


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        ("employe_number", "employee_number"),
        ("ManagerID", "manager_id"),
        ("tilte", "title"),
        ("Teams", "team"),
        ("timezone", "time_zone"),
    ],
)
def test_a_column_that_is_nearly_a_known_one_is_told(tmp_path: Path, column: str, meant: str) -> None:
    text = f"id,email,name,{column}\n1,a@b.example,A,x\n"
    writing = Writing(CsvFeed(), BERLIN, ("team",))
    found, problems = facts_and_problems(PeopleReader(feed(tmp_path, people=text), writing))
    assert len(found) == 1
    reason = f"column {column} is not known; rename it if it is meant to be {meant}"
    assert problems == [Problem("people.csv line 1", "", reason)]


@pytest.mark.parametrize(
    ("column", "meant"), [("end_dat", "end_date"), ("EndDate", "end_date"), ("statuss", "status")]
)
def test_a_misspelt_column_that_says_who_is_here_stops_the_file(
    tmp_path: Path, column: str, meant: str
) -> None:
    text = f"id,email,name,{column}\n1,a@b.example,A,2020-01-01\n"
    message, problems = failure(PeopleReader(feed(tmp_path, people=text)))
    assert message == (
        f"people.csv has a column {column} and no column {meant}: is that what it is meant to be?"
        " It decides who is still here, so nothing of the file is applied."
    )
    assert [each.where for each in problems] == ["people.csv line 1"]


def test_other_columns_are_attributes_without_a_word(tmp_path: Path) -> None:
    text = "id,email,name,names,status,state,site\n1,a@b.example,A,B,active,Bavaria,\n"
    (fact,), problems = facts_and_problems(PeopleReader(feed(tmp_path, people=text)))
    assert (fact.attributes, problems) == ({"names": "B", "state": "Bavaria"}, [])


def test_letters_are_composed(tmp_path: Path) -> None:
    text = "id,email,name,Abteilung\u0308\n1,a@b.example,Ame\u0301lie,Cafe\u0301\n"
    (fact,), _ = facts_and_problems(PeopleReader(feed(tmp_path, people=text)))
    assert (fact.name, fact.attributes) == ("Am\u00e9lie", {"Abteilung\u0308": "Caf\u00e9"})


def test_encoding_and_delimiter_of_the_settings(tmp_path: Path) -> None:
    text = "id;email;name\n1;a@b.example;Zo\u00eb, K\u00fcche\n".encode("cp1252")
    writing = Writing(CsvFeed(encoding="cp1252", delimiter=";"))
    (fact,) = facts(PeopleReader(feed(tmp_path, people=text), writing))
    assert fact.name == "Zo\u00eb, K\u00fcche"
    (fact,) = facts(
        PeopleReader(
            feed(tmp_path, people="id\temail\tname\n1\ta@b.example\tA\n".encode("utf-16")),
            Writing(CsvFeed(encoding="utf-16", delimiter="\t")),
        )
    )
    assert fact.name == "A"
    writing = Writing(CsvFeed(encoding="utf-16"))
    assert "is not UTF-16 text" in failure(PeopleReader(feed(tmp_path, people="id,email,name\n"), writing))[0]


def test_up_to_a_tenth_of_the_rows_may_be_bad(tmp_path: Path) -> None:
    good = "".join(f"{number},p{number}@b.example,P\n" for number in range(18))
    found, problems = facts_and_problems(
        PeopleReader(feed(tmp_path, people=f"id,email,name\n{good}x,,X\ny,,Y\n"))
    )
    assert (len(found), [each.record for each in problems]) == (18, ["x", "y"])
    text = f"id,email,name\n{good}x,,X\ny,,Y\nz,,Z\n"
    message, problems = failure(PeopleReader(feed(tmp_path, people=text)))
    assert message.startswith(
        "people.csv: 3 of 21 rows are bad, more than a tenth; nothing of it is applied."
    )
    assert len(problems) == 3


def test_bad_rows_that_are_not_told_one_by_one_keep_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orgmodel.sources.csv.table.MOST_PROBLEMS", 1)
    good = "".join(f"{number},p{number}@b.example,P\n" for number in range(20))
    _, problems = facts_and_problems(
        PeopleReader(feed(tmp_path, people=f"id,email,name\n{good}x,,X\ny,,Y\n"))
    )
    assert problems[1:] == [Problem("people.csv", "", "1 more rows are bad", "account")]


def test_managers_who_are_nobody_themselves_or_their_own_managers_manager(tmp_path: Path) -> None:
    rows = (
        "1,a@b.example,A,3,007\n"  # By id, further down.
        "2,b@b.example,B,A@B.example,\n"  # By address.
        "3,c@b.example,C,,\n"
        "4,d@b.example,D,nobody,\n"
        "5,e@b.example,E,E@b.example,\n"
        "6,f@b.example,F,7,\n"
        "7,g@b.example,G,8,\n"
        "8,h@b.example,H,6,\n"
        "9,i@b.example,I,6,\n"
        "10,j@b.example,J,007,\n"
    )
    reader = PeopleReader(feed(tmp_path, people="id,email,name,manager_id,employee_number\n" + rows))
    found, problems = facts_and_problems(reader)
    assert len(found) == 10
    circle = "manager_id leads back to the record, through 2 more"
    assert problems == [
        Problem("people.csv line 6", "5", "manager_id is the record itself"),
        Problem("people.csv line 7", "6", circle),
        Problem("people.csv line 8", "7", circle),
        Problem("people.csv line 9", "8", circle),
    ]
    assert reader.report.unknown == [Reference("people.csv line 5", "4", "manager_id", "manager", "nobody")]


def test_units_that_name_units_and_people(tmp_path: Path) -> None:
    rows = "t1,team,A,t2,lena,\nt2,team,B,t1,,\nt3,team,C,t0,,t9\nt4,team,D,t3,,t3\n"
    reader = UnitsReader(feed(tmp_path, units="id,kind,name,parent_id,lead_id,merged_into\n" + rows))
    found, problems = facts_and_problems(reader)
    assert len(found) == 4
    circle = "parent_id leads back to the record, through 1 more"
    assert [(each.record, each.reason) for each in problems] == [("t1", circle), ("t2", circle)]
    assert reader.report.unknown == [
        Reference("units.csv line 4", "t3", "parent_id", "unit", "t0"),
        Reference("units.csv line 2", "t1", "lead_id", "lead", "lena"),
        Reference("units.csv line 4", "t3", "merged_into", "unit", "t9"),
    ]


def test_assignments_that_name_people_and_units(tmp_path: Path) -> None:
    folder = feed(
        tmp_path,
        people="id,email,name\n1,a@b.example,A\n",
        units="id,kind,name\nt1,team,A\n",
        assignments="person_id,unit_id\n1,t1\n1,t2\n2,t1\n",
    )
    reader = PeopleReader(folder, units=True)
    assert len(facts(reader)) == 5
    assert reader.report.unknown == [
        Reference("assignments.csv line 3", "1", "unit_id", "unit", "t2"),
        Reference("assignments.csv line 4", "2", "person_id", "person", "2"),
    ]
