"""BambooHR as the registry knows it."""

from collections.abc import Iterator
from typing import Any

from orgmodel.reports import SourceFailed
from orgmodel.sources.json_api import HIDDEN, JsonApi
from orgmodel.sources.source import Line, Reading, Source

from . import fields
from .hook import HOOK
from .reader import EMPLOYEES, EMPLOYMENTS, JOBS, TABLE, BambooReader, api
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
    system = api(settings, **{"tries": 2, "patience": 1, **client})
    try:
        answer, _ = system.get(EMPLOYEES, {"fields": ",".join(fields.OWN), "page[limit]": "50"})
        yield from _employees(answer)
        for name in (JOBS, EMPLOYMENTS):
            yield _table(system, name)
    except HIDDEN as why:
        yield Line(False, "BambooHR employees cannot be read", str(why))
    except SourceFailed as why:
        yield Line(False, "BambooHR cannot be read", str(why))
    finally:
        system.close()


def _employees(answer: Any) -> Iterator[Line]:
    rows = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not rows:
        yield Line(False, "BambooHR gives no employees at all", SEE)
        return
    yield Line(True, "BambooHR employees can be read")
    hidden: set[str] = set()
    for row in rows:
        restricted = row.get(fields.RESTRICTED) if isinstance(row, dict) else None
        hidden |= {each for each in restricted if each in SHOWN} if isinstance(restricted, list) else set()
    if hidden:
        yield Line(False, f"BambooHR hides {', '.join(sorted(hidden))} from this key", SEE)
    else:
        yield Line(True, "BambooHR shows this key the fields that a sync needs")


def _table(system: JsonApi, name: str) -> Line:
    try:
        system.get(TABLE.format(name))
    except HIDDEN as why:
        return Line(None, f"BambooHR table {name} cannot be read", str(why))
    return Line(True, f"BambooHR table {name} can be read")


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
