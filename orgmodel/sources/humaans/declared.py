"""Humaans as the registry knows it."""

from collections.abc import Iterator
from typing import Any

from orgmodel.reports import SourceFailed
from orgmodel.sources.json_api import HIDDEN, JsonApi
from orgmodel.sources.source import Line, Reading, Source

from .fields import TEAMS
from .lists import CUSTOM_FIELDS, CUSTOM_VALUES, PEOPLE, ROLES, api
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
    system = api(settings, **{"tries": 2, "patience": 1, **client})
    try:
        yield from _people(system)
        yield _list(system, ROLES, "Humaans job roles", False)
        for path, name in (
            (CUSTOM_FIELDS, "Humaans custom fields"),
            (CUSTOM_VALUES, "Humaans custom values"),
        ):
            yield _list(system, path, name, None)
    except HIDDEN as why:
        yield Line(False, "Humaans people cannot be read", str(why))
    except SourceFailed as why:
        yield Line(False, "Humaans cannot be read", str(why))
    finally:
        system.close()


def _people(system: JsonApi) -> Iterator[Line]:
    answer, _ = system.get(PEOPLE, {"$limit": "1", "$skip": "0"})
    rows = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
        yield Line(False, "Humaans gives no people at all", f"Check whose token it is. {PUBLIC}")
        return
    yield Line(True, "Humaans people can be read")
    if isinstance(rows[0].get(TEAMS), list):
        yield Line(True, "Humaans shows the teams of people")
    else:
        yield Line(None, "Humaans does not show the teams of people", PRIVATE)


def _list(system: JsonApi, path: str, name: str, bad: bool | None) -> Line:
    try:
        system.get(path, {"$limit": "1", "$skip": "0"})
    except HIDDEN as why:
        return Line(bad, f"{name} cannot be read", str(why))
    return Line(True, f"{name} can be read")


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
