"""A SCIM 2.0 service provider as the registry knows it."""

from collections.abc import Iterator

from orgmodel.sources.checking import QUICK, checked, part
from orgmodel.sources.source import Line, Reading, Source

from .client import ScimClient
from .reader import USERS, ScimReader
from .settings import ScimSettings, settings

_GROUPS = "people.fields makes units of groups: the token must be able to read them with their members."
HINTS = {
    "account": "Users came or went while they were read, or the token may not see all of them.",
    "assignment": _GROUPS,
    "attribute": "The token must be able to read what people.fields names.",
    "unit": _GROUPS,
}


def reader(given: ScimSettings, reading: Reading) -> ScimReader:
    """One full read."""
    return ScimReader(given, reading)


def checks(given: ScimSettings) -> Iterator[Line]:
    """Whether users can be read."""
    client = ScimClient(given, **QUICK)
    return checked("SCIM", client, _lines(client))


def _lines(client: ScimClient) -> Iterator[Line]:
    yield part("SCIM's users", lambda: client.get(USERS, {"startIndex": "1", "count": "1"}))


SOURCE = Source(
    name="hris",
    kind="scim",
    label="SCIM",
    a_sync="A SCIM sync",
    roles=frozenset({"people"}),
    one_of_several=True,
    set_up="set HRIS, HRIS_URL and HRIS_TOKEN",
    settings=settings,
    reader=reader,
    address=lambda given: given.url,
    address_variable="HRIS_URL",
    checks=checks,
    hints=HINTS,
)
