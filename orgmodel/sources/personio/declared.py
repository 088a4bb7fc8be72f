"""Personio as the registry knows it."""

from collections.abc import Iterator

from orgmodel.reports import SourceFailed
from orgmodel.sources.refusals import Gone, NotVisible
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
    client = PersonioClient(given)
    try:
        yield _line(client, "persons", people.PATH, {})
        yield _line(client, "org units", units.PATH, {"type": units.TYPES[0]})
    finally:
        client.close()


def _line(client: PersonioClient, what: str, path: str, params: dict[str, str]) -> Line:
    try:
        next(client.pages(path, params), None)
    except (SourceFailed, NotVisible, Gone) as why:
        return Line(False, f"Personio's {what} cannot be read", str(why))
    return Line(True, f"Personio's {what} can be read")


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
