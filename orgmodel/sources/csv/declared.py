"""The CSV feed as the registry knows it: two sources, since people or units may come from elsewhere."""

from collections.abc import Iterator

from orgmodel.conventions import Conventions
from orgmodel.sources.source import Line, Reading, Source

from .cells import Writing
from .people import PeopleReader
from .settings import CsvSettings, of_people, of_units
from .units import UnitsReader


def writing(conventions: Conventions) -> Writing:
    """How the files of the CSV feed are written, and which of their columns units and moves need."""
    units = [kind.attribute for kind in conventions.unit_kinds if kind.attribute]
    tracked = dict.fromkeys([*units, *(name for name in conventions.move_attributes if name != "manager")])
    kinds = tuple(kind.kind for kind in conventions.unit_kinds)
    return Writing(conventions.csv, conventions.notify.time_zone, tuple(tracked), kinds)


def people(settings: CsvSettings, reading: Reading) -> PeopleReader:
    """One read of people.csv and assignments.csv; of units.csv only where no other source keeps units."""
    return PeopleReader(settings.folder, writing(reading.conventions), units="units" not in reading.beside)


def units(settings: CsvSettings, reading: Reading) -> UnitsReader:
    """One read of units.csv."""
    return UnitsReader(settings.folder, writing=writing(reading.conventions))


def checks(settings: CsvSettings) -> Iterator[Line]:
    """Whether the file of people is there."""
    yield _is_there(settings, "people.csv")


def checks_of_units(settings: CsvSettings) -> Iterator[Line]:
    """Whether the file of units is there."""
    yield _is_there(settings, "units.csv")


def _is_there(settings: CsvSettings, name: str) -> Line:
    if not settings.folder.is_dir():
        return Line(False, f"{name} is missing: its folder is not there", "Check HRIS_CSV_DIR.")
    if (settings.folder / name).is_file():
        return Line(True, f"{name} is there")
    return Line(False, f"{name} is missing", "Check HRIS_CSV_DIR, and the export.")


PEOPLE = Source(
    name="hris",
    kind="csv",
    label="HR",
    a_sync="An HR sync",
    roles=frozenset({"people"}),
    one_of_several=True,
    set_up="set HRIS and HRIS_CSV_DIR",
    settings=of_people,
    reader=people,
    checks=checks,
)
UNITS = Source(
    name="control",
    kind="csv",
    label="Units",
    a_sync="A control plane sync",
    roles=frozenset({"units"}),
    one_of_several=True,
    set_up="set CONTROL_PLANE and HRIS_CSV_DIR",
    settings=of_units,
    reader=units,
    checks=checks_of_units,
)
