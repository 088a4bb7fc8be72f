"""Zeros that programs and spreadsheets write as dates."""

from datetime import date
from pathlib import Path

import pytest

from .test_csv_rows import one


@pytest.mark.parametrize("zero", ["0001-01-01", "1900-01-01", "1899-12-30T00:00:00", "1970-01-01"])
def test_a_zero_that_was_written_as_an_end_lets_nobody_leave(tmp_path: Path, zero: str) -> None:
    fact, problems = one(tmp_path, f"active,,{zero}")
    assert (fact.end_date, fact.state, problems) == (None, "active", [])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("0001-01-01", None),
        ("0001-01-01T00:00:00", None),
        ("1753-01-01", None),
        ("1899-12-30", None),
        ("1900-01-01 00:00:00", None),
        ("1900-01-02", date(1900, 1, 2)),
        ("1970-01-01", date(1970, 1, 1)),
    ],
)
def test_a_zero_is_no_beginning(tmp_path: Path, text: str, day: date | None) -> None:
    fact, problems = one(tmp_path, f"active,{text},")
    assert (fact.start_date, problems) == (day, [])
