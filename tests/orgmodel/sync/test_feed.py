"""The CSV feed in the sync: what a bad row leaves, two jobs at once, days that come, names of nobody."""

from datetime import datetime
from pathlib import Path

import pytest

from orgmodel.conventions import Conventions
from orgmodel.models import Account, Assignment, OrgUnit, Person
from orgmodel.sources.csv import PeopleReader
from orgmodel.sources.csv.declared import writing
from orgmodel.sync.runs import SyncOutcome, read_and_apply

from .world import moment

pytestmark = pytest.mark.django_db

HEADER = "id,email,name,status,start_date,end_date,manager_id,team,title\n"
NADIA = "1,nadia@nordwind.example,Nadia Brandt,active,2024-02-05,,,radish,Gardener\n"
LENA = "2,lena@nordwind.example,Lena Osei,active,2024-02-05,,1,kale,Cook\n"
OTHERS = "".join(f"{n},p{n}@nordwind.example,Person {n},active,2024-02-05,,,leek,\n" for n in range(10, 20))
UNITS = "id,kind,name\nt1,team,Radish\nt2,team,Kale\nt3,team,Leek\n"


def sync(folder: Path, when: datetime, conventions: Conventions | None = None, **files: str) -> SyncOutcome:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    settings = conventions or Conventions()
    reader = PeopleReader(folder, writing(settings), units=True)
    return read_and_apply(reader, settings, "hris", now=when)


def reasons(outcome: SyncOutcome) -> list[tuple[str, str, str]]:
    return [(each["where"], each["record"], each["reason"]) for each in outcome.problems]


def belongs() -> set[tuple[str, str]]:
    current = Assignment.objects.filter(ended=None).exclude(person__name__startswith="Person")
    return set(current.values_list("person__name", "unit__name"))


@pytest.mark.parametrize(
    ("row", "record"),
    [
        (NADIA.replace("2024-02-05", "01/02/2020"), "1"),
        (NADIA.replace("active", "Ruht"), "1"),
        (NADIA.replace("nadia@nordwind.example", ""), "1"),
        (NADIA.replace("1,", "3.33E+18,", 1), ""),
        (NADIA.replace("1,", ",", 1), ""),
    ],
)
def test_a_bad_row_leaves_what_was_known_of_the_person(tmp_path: Path, row: str, record: str) -> None:
    sync(tmp_path, moment(0), people=HEADER + NADIA + LENA + OTHERS)
    assert belongs() == {("Nadia Brandt", "radish"), ("Lena Osei", "kale")}
    moved = LENA.replace("kale", "radish")
    outcome = sync(tmp_path, moment(1), people=HEADER + row + moved + OTHERS)
    assert (outcome.outcome, [each["record"] for each in outcome.problems]) == ("applied", [record])
    assert belongs() == {("Nadia Brandt", "radish"), ("Lena Osei", "radish")}
    nadia = Person.objects.get(name="Nadia Brandt")
    assert (nadia.status, nadia.title, nadia.ended) == ("active", "Gardener", None)
    outcome = sync(tmp_path, moment(2), people=HEADER + NADIA + moved + OTHERS)
    assert outcome.outcome == "unchanged"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2,2024-02-05,,,radish,Gardener\n", "fewer cells than the header has columns"),
        ("2,nadia@nordwind.example\n", "fewer cells than the header has columns"),
        ("2," + NADIA, "more cells than the header has columns"),
    ],
    ids=["the end of a row", "a piece of a row", "a row behind a number"],
)
def test_a_row_of_the_wrong_length_may_be_about_anybody(tmp_path: Path, row: str, reason: str) -> None:
    """Its first cell is the id of Lena, whose own row is good; it was the row of Nadia."""
    sync(tmp_path, moment(0), people=HEADER + NADIA + LENA + OTHERS)
    moved = LENA.replace("kale,Cook", "radish,Baker")
    outcome = sync(tmp_path, moment(1), people=HEADER + row + moved + OTHERS)
    assert reasons(outcome) == [("people.csv line 2", "", reason)]
    assert belongs() == {("Nadia Brandt", "radish"), ("Lena Osei", "radish")}
    found = Person.objects.exclude(name__startswith="Person").values_list("name", "status", "title", "ended")
    assert set(found) == {
        ("Nadia Brandt", "active", "Gardener", None),
        ("Lena Osei", "active", "Baker", None),
    }


def test_a_bad_assignment_leaves_what_was_known_and_keeps_no_leaver(tmp_path: Path) -> None:
    assigned = "person_id,unit_id,valid_from,valid_to\n"
    two = "1,t1,2024-02-05,\n2,t2,2024-02-05,\n"
    sync(tmp_path, moment(0), people=HEADER + NADIA + LENA, units=UNITS, assignments=assigned + two)
    bad = "1,t2,01/02/2026,\n2,t3,2024-02-05,\n"
    sync(tmp_path, moment(1), assignments=assigned + bad)
    assert belongs() == {("Nadia Brandt", "Radish"), ("Lena Osei", "Leek")}
    sync(tmp_path, moment(2), people=HEADER + LENA)
    assert Account.objects.get(native_id="1").ended == moment(2)


def test_two_rows_of_two_jobs_are_one_person_in_two_units(tmp_path: Path) -> None:
    second = NADIA.replace("radish,Gardener", "kale,Cook")
    for day in (0, 1):
        outcome = sync(tmp_path, moment(day), people=HEADER + NADIA + LENA + second + LENA)
        assert (outcome.outcome, outcome.problems) == ("unchanged" if day else "applied", [])
    assert belongs() == {("Nadia Brandt", "radish"), ("Nadia Brandt", "kale"), ("Lena Osei", "kale")}
    assert Person.objects.get(name="Nadia Brandt").title == "Gardener / Cook"
    assert set(OrgUnit.objects.values_list("name", flat=True)) == {"kale", "radish"}
    sync(tmp_path, moment(2), people=HEADER + second + LENA)
    assert belongs() == {("Nadia Brandt", "kale"), ("Lena Osei", "kale")}


def test_two_rows_that_contradict_each_other_are_a_problem_of_that_person(tmp_path: Path) -> None:
    sync(tmp_path, moment(0), people=HEADER + NADIA + LENA)
    ended = NADIA.replace("active", "left")
    outcome = sync(tmp_path, moment(1), people=HEADER + NADIA + ended + LENA.replace("kale", "radish"))
    assert reasons(outcome) == [
        (
            "the list of accounts",
            "1",
            "appears twice, and the two differ; what was known of it stays until the next sync",
        )
    ]
    assert belongs() == {("Nadia Brandt", "radish"), ("Lena Osei", "radish")}


def test_the_last_day_is_worked_and_an_assignment_begins_on_its_day(tmp_path: Path) -> None:
    leaving = NADIA.replace("2024-02-05,,", "2024-02-05,2026-03-03,")
    assigned = (
        "person_id,unit_id,valid_from,valid_to\n"
        "1,t1,2024-02-05,\n2,t2,2024-02-05,2026-03-03\n2,t3,2026-03-04,\n"
    )
    seen = []
    for day in range(4):
        sync(
            tmp_path, moment(day), people=HEADER + leaving + LENA + OTHERS, units=UNITS, assignments=assigned
        )
        lena = Assignment.objects.get(person__name="Lena Osei", ended=None)
        seen.append((Person.objects.get(name="Nadia Brandt").status, lena.unit.name))
    assert seen == [("active", "Kale"), ("active", "Kale"), ("active", "Kale"), ("ended", "Leek")]


def test_who_is_rehired_is_here_and_the_old_end_is_history(tmp_path: Path) -> None:
    left = NADIA.replace("active,2024-02-05,,", "terminated,2024-02-05,2025-06-30,")
    back = NADIA.replace("active,2024-02-05,,", "active,2026-03-01,2025-06-30,")
    sync(tmp_path, moment(0), people=HEADER + left + LENA)
    assert Person.objects.get(name="Nadia Brandt").status == "ended"
    sync(tmp_path, moment(1), people=HEADER + back + LENA)
    nadia = Person.objects.get(name="Nadia Brandt")
    assert (nadia.status, nadia.end_date) == ("active", None)


def test_references_to_nobody_are_told(tmp_path: Path) -> None:
    people = HEADER + NADIA + LENA.replace(",1,kale", ",nobody,kale")
    units = "id,kind,name,parent_id,lead_id\nt1,team,Radish,t9,1\nt2,team,Kale,,2\n"
    assigned = "person_id,unit_id\n1,t1\n2,t7\n3,t1\n"
    outcome = sync(tmp_path, moment(0), people=people, units=units, assignments=assigned)
    assert outcome.outcome == "applied"
    assert reasons(outcome) == [
        ("assignments.csv line 4", "3", "person_id names nobody in the HR records"),
        ("people.csv line 3", "2", "manager_id names nobody who is known"),
        ("units.csv line 2", "t1", "parent_id names no unit that is known"),
        ("assignments.csv line 3", "2", "unit_id names no unit that is known"),
    ]
    sync(tmp_path, moment(1), people=people, units=units.replace(",,2", ",,lena"), assignments=assigned)
    outcome = sync(tmp_path, moment(2))
    assert ("units.csv line 3", "t2", "lead_id names nobody who is known so far") in reasons(outcome)


def test_a_letter_and_its_accent_name_one_unit(tmp_path: Path) -> None:
    one, two = NADIA.replace("radish", "Caf\u00e9"), LENA.replace("kale", "Cafe\u0301")
    sync(tmp_path, moment(0), people=HEADER + one + two)
    assert belongs() == {("Nadia Brandt", "Caf\u00e9"), ("Lena Osei", "Caf\u00e9")}
