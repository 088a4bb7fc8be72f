"""BambooHR as the registry knows it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from orgmodel.sources.checking import QUICK, checked, part
from orgmodel.sources.json_api import JsonApi
from orgmodel.sources.json_records import listed
from orgmodel.sources.source import Line, Reading, Source

from . import fields
from .hook import HOOK
from .reader import EMPLOYEES, EMPLOYMENTS, JOBS, LABEL, TABLE, BambooReader, api
from .settings import KIND, BambooSettings, settings

SEE = "See docs/sources/bamboohr.md for what the user of the API key must be able to see."
SHOWN = (fields.STATUS, fields.EMAIL, fields.HIRED, fields.NUMBER, fields.MANAGER)
"""Fields that a sync needs of everybody."""
HINTS = {
    "account": SEE,
    "attribute": f"The access level of the key's user must show these fields. {SEE}",
    "manager": f"The access level of the key's user must show {fields.MANAGER}. {SEE}",
    "planned": f"The access level of the key's user must show the table {JOBS}. {SEE}",
}


def reader(settings: BambooSettings, reading: Reading) -> BambooReader:
    """One read of all employees."""
    return BambooReader(settings, reading)


def checks(settings: BambooSettings, **client: Any) -> Iterator[Line]:
    """Whether the key may read what a sync reads. Further arguments are those of the HttpClient."""
    system = api(settings, **{**QUICK, **client})
    return checked("BambooHR", system, _lines(system))


def _lines(system: JsonApi) -> Iterator[Line]:
    employees: list[Any] = []
    first = part("BambooHR employees", lambda: employees.extend(_some(system)))
    none = Line(False, "BambooHR gives no employees at all", SEE)
    yield first if employees or not first.ok else none
    if not employees:
        return
    hidden = sorted(_hidden(employees))
    if hidden:
        yield Line(False, f"BambooHR hides {', '.join(hidden)} from this key", SEE)
    else:
        yield Line(True, "BambooHR shows this key the fields that a sync needs")
    for name in (JOBS, EMPLOYMENTS):
        yield part(f"BambooHR table {name}", partial(system.get, TABLE.format(name)), hidden=None)


def _some(system: JsonApi) -> list[Any]:
    answer, _ = system.get(EMPLOYEES, {"fields": ",".join(fields.OWN), "page[limit]": "50"})
    return listed(answer, "data", EMPLOYEES, LABEL)


def _hidden(employees: list[Any]) -> set[str]:
    """Which of the fields that a sync needs are hidden of anybody."""
    named = (row.get(fields.RESTRICTED) for row in employees if isinstance(row, dict))
    return {each for names in named if isinstance(names, list) for each in names if each in SHOWN}


SOURCE = Source(
    name="hris",
    kind=KIND,
    label="BambooHR",
    a_sync="A BambooHR sync",
    roles=frozenset({"people"}),
    one_of_several=True,
    set_up="set HRIS to bamboohr, HRIS_URL and HRIS_TOKEN",
    settings=settings,
    reader=reader,
    address=lambda settings: settings.url,
    address_variable="HRIS_URL",
    checks=checks,
    hints=HINTS,
    hook=HOOK,
)
