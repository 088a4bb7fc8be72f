"""Airtable as the registry knows it: the control plane, where CONTROL_PLANE chooses it."""

from collections.abc import Iterator

from orgmodel.sources.source import Line, Reading, Source

from .check import check
from .hook import HOOK
from .reader import AirtableReader
from .settings import AirtableSettings, address, settings


def reader(given: AirtableSettings, reading: Reading) -> AirtableReader:
    """One read of all records of units."""
    return AirtableReader(given, reading.conventions)


def checks(given: AirtableSettings) -> Iterator[Line]:
    """Whether the token may read the base, and which columns the table has."""
    yield from check(given)


UNITS = Source(
    name="control",
    kind="airtable",
    label="Airtable",
    a_sync="An Airtable sync",
    roles=frozenset({"units"}),
    one_of_several=True,
    set_up="set CONTROL_PLANE, AIRTABLE_TOKEN, AIRTABLE_BASE and AIRTABLE_TABLE",
    settings=settings,
    reader=reader,
    address=lambda given: given.url,
    address_variable="AIRTABLE_URL",
    address_in=address,
    hook=HOOK,
    checks=checks,
    hints={"unit": "It takes data.records:read, schema.bases:read and access to the base."},
)
