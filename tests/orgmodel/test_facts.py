"""What all readers do to a text."""

from orgmodel.facts import composed
from orgmodel.marks import Unreadable
from orgmodel.reports import Problem, Report


def test_a_letter_and_its_accent_are_one_letter() -> None:
    assert composed("Cafe\u0301") == "Caf\u00e9"
    assert composed("Caf\u00e9") == "Caf\u00e9"
    assert composed("Angstrom \u212b") == "Angstrom \u00c5"


def test_plain_letters_and_look_alikes_stay_as_they_are() -> None:
    assert composed("Radish 7") == "Radish 7"
    assert composed("\ufb01sh") == "\ufb01sh"
    assert composed("\u0430nna") == "\u0430nna"


def test_a_report_names_some_of_the_columns_that_are_not_known_and_counts_all() -> None:
    report = Report(ignored={"people.csv": [f"x{number}" * 30 for number in range(60)]})
    found = report.left_out["people.csv"]
    assert (found["count"], len(found["names"]), len(found["names"][0])) == (60, 50, 60)
    assert Report().left_out == {}


def test_a_report_marks_the_records_that_could_not_be_read() -> None:
    report = Report(problems=[Problem("/x", "1", "why", "account"), Problem("/x", "2", "why")])
    assert report.unreadable() == [Unreadable("account", "1")]
