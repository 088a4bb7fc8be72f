"""units.csv: the org units as their control plane keeps them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orgmodel.facts import Fact, Report, UnitFact
from orgmodel.recognition import slugify

from .cells import NAME, BadRow, day, in_order, key, truth
from .table import read


class UnitsReader:
    """One read of units.csv, as `control`, or as part of the HRIS where there is no control plane."""

    def __init__(self, folder: Path, source: str = "control") -> None:
        self.source = source
        self.report = Report()
        self._folder = folder

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Units. Raises SourceFailed."""
        yield from read(self._folder / "units.csv", ("id", "kind", "name"), _unit, self.report.problems)


def _unit(values: Mapping[str, str]) -> UnitFact:
    start, end = day(values, "active_from"), day(values, "active_to")
    in_order(start, end, "active_from, active_to")
    for column in ("parent_id", "merged_into"):
        if values.get(column) == values["id"]:
            raise BadRow(f"{column} is the unit itself")
    return UnitFact(
        kind=key(values, "kind"),
        native_id=key(values, "id"),
        name=values["name"][:NAME],
        slug=key(values, "slug") or slugify(values["name"][:NAME])[:NAME],
        parent=key(values, "parent_id"),
        lead=key(values, "lead_id"),
        active=truth(values, "active", default=True),
        active_from=start,
        active_to=end,
        merged_into=key(values, "merged_into"),
    )
