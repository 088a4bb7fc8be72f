"""A source that the registry does not know by itself: the doors of the offices, and their accounts."""

from collections.abc import Iterator, Sequence

from orgmodel.facts import Fact
from orgmodel.reports import Report
from orgmodel.sources.source import Environment, Reading, Source


class DoorsReader:
    """A read that finds nothing."""

    source = "doors"

    def __init__(self) -> None:
        self.report = Report()

    def batches(self) -> Iterator[Sequence[Fact]]:
        return iter(())


def doors_settings(environment: Environment) -> str | None:
    address = environment.address("DOORS_URL")
    if address:
        environment.needed("DOORS_TOKEN", "DOORS_URL is set")
    return address or None


def doors_reader(given: str, reading: Reading) -> DoorsReader:
    assert given == "https://doors.example"
    return DoorsReader()


DOORS = Source(
    name="doors",
    kind="doors",
    label="Doors",
    roles=frozenset({"access"}),
    set_up="set DOORS_URL and DOORS_TOKEN",
    settings=doors_settings,
    reader=doors_reader,
)
