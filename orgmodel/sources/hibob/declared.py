"""HiBob as the registry knows it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from orgmodel.sources.checking import QUICK, checked, part
from orgmodel.sources.source import Line, Reading, Source

from .client import HiBobClient
from .fields import ID
from .hook import HOOK
from .probe import STREAM
from .reader import LISTS, HiBobReader
from .settings import HiBobSettings, settings
from .tables import LIFECYCLE, WORK

HINTS = {
    "attribute": "Its permission group needs View of the category that holds the field.",
    "manager": "Its permission group needs View of the category Work.",
    "planned": "Its permission group needs “View histories” of the category Work.",
    "unit": "It takes access to the named lists of the company.",
}
"""What the service user needs for a kind of fact."""


def reader(settings: HiBobSettings, reading: Reading) -> HiBobReader:
    """One read of everybody; lists make units only where no other source keeps them."""
    return HiBobReader(
        settings,
        reading.conventions,
        units="units" not in reading.beside,
        now=reading.now,
        fields_before=reading.cursors.get(STREAM, ""),
    )


def checks(settings: HiBobSettings, **client: Any) -> Iterator[Line]:
    """Whether the service user is let in and may see what a sync reads; a handful of calls."""
    hibob = HiBobClient(settings, **{**QUICK, **client})
    return checked("HiBob", hibob, _lines(hibob))


def _lines(hibob: HiBobClient) -> Iterator[Line]:
    people: list[Any] = []
    first = part("HiBob people", lambda: people.extend(hibob.people([ID])))
    if not first.ok:
        yield first
        return
    if people:
        yield Line(True, f"HiBob shows {len(people)} people")
    else:
        yield Line(False, "HiBob shows nobody", "Give the service user's permission group an audience.")
    for path, name in ((WORK, "work history"), (LIFECYCLE, "lifecycle history")):
        yield part(f"HiBob {name}", partial(next, hibob.table(path), None), hidden=None)
    yield part("HiBob named lists", lambda: hibob.get(LISTS), hidden=None)


SOURCE = Source(
    name="hris",
    kind="hibob",
    label="HiBob",
    a_sync="A HiBob sync",
    roles=frozenset({"people"}),
    one_of_several=True,
    set_up="set HRIS, HRIS_USER and HRIS_TOKEN",
    settings=settings,
    reader=reader,
    checks=checks,
    address=lambda settings: settings.url,
    address_variable="HRIS_URL",
    hints=HINTS,
    hook=HOOK,
)
