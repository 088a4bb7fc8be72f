"""How far the readers of the CSV feed say that they looked."""

from pathlib import Path
from typing import Any

from orgmodel.marks import Covered, Unreadable
from orgmodel.sources.csv import PeopleReader, UnitsReader

from .test_csv import NADIA, PEOPLE, UNITS, feed


def marks(reader: PeopleReader | UnitsReader) -> list[Any]:
    given = [fact for batch in reader.batches() for fact in batch]
    return [fact for fact in given if isinstance(fact, Covered | Unreadable)]


def test_each_reader_says_what_it_has_seen_whole(tmp_path: Path) -> None:
    folder = feed(tmp_path, people=PEOPLE + NADIA + "2,lena@nordwind.example,,,,,,,,\n", units=UNITS)
    assert marks(PeopleReader(folder)) == [
        Covered("unit"),
        Covered("account"),
        Covered("assignment"),
        Covered("planned"),
        Unreadable("account", "2"),
    ]
    assert marks(UnitsReader(folder)) == [Covered("unit")]
