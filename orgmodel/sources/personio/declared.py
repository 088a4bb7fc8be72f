"""Personio as the registry knows it."""

from collections.abc import Iterator

from orgmodel.sources.checking import QUICK, checked, part
from orgmodel.sources.source import Line, Reading, Source

from . import people, units
from .client import PersonioClient
from .reader import PersonioReader
from .settings import PersonioSettings, settings

HINTS = {
    "assignment": "It takes personio:org-units:read.",
    "attribute": "It takes the attributes position, team, department and those that people.fields names.",
    "manager": "It takes the attribute supervisor among those that the API credentials may read.",
    "unit": "It takes personio:org-units:read.",
}


def reader(given: PersonioSettings, reading: Reading) -> PersonioReader:
    """One full read."""
    return PersonioReader(given, reading)


def checks(given: PersonioSettings) -> Iterator[Line]:
    """Whether persons and org units can be read."""
    client = PersonioClient(given, **QUICK)
    return checked("Personio", client, _lines(client))


def _lines(client: PersonioClient) -> Iterator[Line]:
    yield part("Personio's persons", lambda: next(client.pages(people.PATH), None))
    of_type = {"type": units.TYPES[0]}
    yield part("Personio's org units", lambda: next(client.pages(units.PATH, of_type), None))


SOURCE = Source(
    name="hris",
    kind="personio",
    label="Personio",
    a_sync="A Personio sync",
    roles=frozenset({"people"}),
    one_of_several=True,
    set_up="set HRIS, HRIS_URL, HRIS_USER and HRIS_TOKEN",
    settings=settings,
    reader=reader,
    address=lambda given: given.url,
    address_variable="HRIS_URL",
    checks=checks,
    hints=HINTS,
)
