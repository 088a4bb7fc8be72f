"""Where the files of the CSV feed lie, for those who chose it by HRIS or CONTROL_PLANE."""

from dataclasses import dataclass
from pathlib import Path

from orgmodel.sources.source import Environment


@dataclass(frozen=True, slots=True)
class CsvSettings:
    """The folder of people.csv, units.csv and assignments.csv."""

    folder: Path


def of_people(environment: Environment) -> CsvSettings | None:
    """The feed as the source of people."""
    return _settings(environment) if environment.text("HRIS").lower() == "csv" else None


def of_units(environment: Environment) -> CsvSettings | None:
    """The feed as the source of org units."""
    return _settings(environment) if environment.text("CONTROL_PLANE").lower() == "csv" else None


def _settings(environment: Environment) -> CsvSettings:
    return CsvSettings(environment.folder("HRIS_CSV_DIR", "HRIS or CONTROL_PLANE is csv"))
