"""units.csv: the org units as their control plane keeps them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orgmodel.facts import Fact, Report, UnitFact
from orgmodel.recognition import slugify

from .table import BadRow, Unique, day, in_order, read, truth


class UnitsReader:
    """One read of units.csv, as `control`, or as part of the HRIS where there is no control plane."""

    def __init__(self, folder: Path, source: str = "control") -> None:
        self.source = source
        self.report = Report()
        self._folder = folder

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Units. Raises SourceFailed."""
        ids = Unique("id")

        def unit(values: Mapping[str, str]) -> UnitFact:
            ids.add(values["id"])
            return _unit(values)

        yield from read(self._folder / "units.csv", ("id", "kind", "name"), unit, self.report.problems)


def _unit(values: Mapping[str, str]) -> UnitFact:
    start, end = day(values, "active_from"), day(values, "active_to")
    in_order(start, end, "active_from, active_to")
    if values.get("parent_id") == values["id"]:
        raise BadRow("parent_id is the unit itself")
    return UnitFact(
        kind=values["kind"],
        native_id=values["id"],
        name=values["name"],
        slug=values.get("slug") or slugify(values["name"]),
        parent=values.get("parent_id", ""),
        lead=values.get("lead_id", ""),
        active=truth(values, "active", default=True),
        active_from=start,
        active_to=end,
        merged_into=values.get("merged_into", ""),
    )
