"""What the doctor says of the files of the feed."""

from pathlib import Path

from orgmodel.sources.csv.declared import checks, checks_of_units
from orgmodel.sources.csv.settings import CsvSettings


def test_a_doctor_is_told_what_is_missing(tmp_path: Path) -> None:
    def lines(folder: Path) -> list[tuple[bool | None, str]]:
        settings = CsvSettings(folder)
        return [(each.ok, each.what) for each in (*checks(settings), *checks_of_units(settings))]

    away = [(False, f"{name} is missing: its folder is not there") for name in ("people.csv", "units.csv")]
    assert lines(tmp_path / "away") == away
    assert lines(tmp_path) == [(False, "people.csv is missing"), (False, "units.csv is missing")]
    (tmp_path / "people.csv").write_text("id,email,name\n")
    assert lines(tmp_path)[0] == (True, "people.csv is there")
