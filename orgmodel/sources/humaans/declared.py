"""Humaans as the registry knows it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from orgmodel.sources.checking import QUICK, checked, part
from orgmodel.sources.json_api import JsonApi
from orgmodel.sources.json_records import listed
from orgmodel.sources.source import Line, Reading, Source

from .fields import TEAMS
from .lists import CUSTOM_FIELDS, CUSTOM_VALUES, LABEL, PEOPLE, ROLES, api
from .reader import HumaansReader
from .settings import KIND, HumaansSettings, settings

PUBLIC, PRIVATE = "Give the token the scope public:read.", "Give the token the scope private:read."
HINTS = {
    "account": PUBLIC,
    "attribute": PRIVATE,
    "manager": PRIVATE,
    "planned": PRIVATE,
}


def reader(settings: HumaansSettings, reading: Reading) -> HumaansReader:
    """One read of everybody."""
    return HumaansReader(settings, reading)


def checks(settings: HumaansSettings, **client: Any) -> Iterator[Line]:
    """Whether the token may read what a sync reads. Further arguments are those of the HttpClient."""
    system = api(settings, **{**QUICK, **client})
    return checked("Humaans", system, _lines(system))


def _lines(system: JsonApi) -> Iterator[Line]:
    people: list[Any] = []
    first = part("Humaans people", lambda: people.extend(_one(system, PEOPLE)))
    none = Line(False, "Humaans gives no people at all", f"Check whose token it is. {PUBLIC}")
    yield first if people or not first.ok else none
    if not people:
        return
    if isinstance(people[0], dict) and isinstance(people[0].get(TEAMS), list):
        yield Line(True, "Humaans shows the teams of people")
    else:
        yield Line(None, "Humaans does not show the teams of people", PRIVATE)
    yield part("Humaans job roles", partial(_one, system, ROLES))
    yield part("Humaans custom fields", partial(_one, system, CUSTOM_FIELDS), hidden=None)
    yield part("Humaans custom values", partial(_one, system, CUSTOM_VALUES), hidden=None)


def _one(system: JsonApi, path: str) -> list[Any]:
    answer, _ = system.get(path, {"$limit": "1", "$skip": "0"})
    return listed(answer, "data", path, LABEL)


SOURCE = Source(
    name="hris",
    kind=KIND,
    label="Humaans",
    a_sync="A Humaans sync",
    roles=frozenset({"people"}),
    one_of_several=True,
    set_up="set HRIS to humaans, and HRIS_TOKEN",
    settings=settings,
    reader=reader,
    address=lambda settings: settings.url,
    address_variable="HRIS_URL",
    checks=checks,
    hints=HINTS,
)
