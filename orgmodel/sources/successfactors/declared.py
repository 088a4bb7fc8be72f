"""SuccessFactors as the registry knows it."""

from collections.abc import Iterator
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.sources.basic_login import BasicLogin, basic_login
from orgmodel.sources.checking import QUICK, checked, part
from orgmodel.sources.source import Environment, Line, Reading, Source

from .entities import Entities, Selection
from .fields import Fields
from .reader import SuccessFactorsReader

KIND = "successfactors"


def settings(environment: Environment) -> BasicLogin | None:
    """The login of the API user, where HRIS is successfactors. Raises ValueError for half of it."""
    return basic_login(environment, KIND)


def reader(settings: BasicLogin, reading: Reading) -> SuccessFactorsReader:
    """One read; departments and divisions are units only where no other source keeps units."""
    return SuccessFactorsReader(
        settings, reading.conventions, reading.now, units="units" not in reading.beside
    )


def checks(settings: BasicLogin) -> Iterator[Line]:
    """Whether the user may read each entity that a sync reads, one row of each."""
    entities = Entities(settings, **QUICK)
    return checked("SuccessFactors", entities, _lines(entities))


def _lines(entities: Entities) -> Iterator[Line]:
    fields = Fields.by(Conventions())
    for selection in (fields.employments(), fields.jobs(), *map(fields.unit_rows, fields.units)):
        yield _line(entities, selection)


def _line(entities: Entities, selection: Selection) -> Line:
    what, rows = f"SuccessFactors {selection.entity}", list[Any]()
    line = part(what, lambda: rows.extend(entities.first(selection)))
    if rows or not line.ok:
        return line
    return Line(None, f"{what} is empty", "If there are some, let the role of HRIS_USER see them.")


SOURCE = Source(
    name="hris",
    kind=KIND,
    label="SuccessFactors",
    a_sync="A SuccessFactors sync",
    roles=frozenset({"people"}),
    one_of_several=True,
    set_up="set HRIS=successfactors, HRIS_URL, HRIS_USER and HRIS_TOKEN",
    settings=settings,
    reader=reader,
    checks=checks,
    address=lambda settings: settings.url,
    address_variable="HRIS_URL",
    hints={"unit": "Let the role of HRIS_USER see the foundation objects FODepartment and FODivision."},
)
