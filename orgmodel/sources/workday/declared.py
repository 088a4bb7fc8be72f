"""Workday as the registry knows it."""

from collections.abc import Iterator

from orgmodel.sources.basic_login import BasicLogin, basic_login
from orgmodel.sources.source import Environment, Line, Reading, Source

from .reader import WorkdayReader

KIND = "workday"


def settings(environment: Environment) -> BasicLogin | None:
    """The login of the integration user, where HRIS is workday. Raises ValueError for half of it."""
    return basic_login(environment, KIND)


def reader(settings: BasicLogin, reading: Reading) -> WorkdayReader:
    """One read of both reports; of organisations only where no other source keeps units."""
    return WorkdayReader(settings, reading.conventions, reading.now, units="units" not in reading.beside)


def checks(_: BasicLogin) -> Iterator[Line]:
    """That nothing was tried: a report is given whole or not at all, and a large one takes minutes."""
    yield Line(None, "Workday's reports are not tried here", "manage.py sync hris --preview tries them.")


SOURCE = Source(
    name="hris",
    kind=KIND,
    label="Workday",
    a_sync="A Workday sync",
    roles=frozenset({"people"}),
    one_of_several=True,
    set_up="set HRIS=workday, HRIS_URL, HRIS_USER, HRIS_TOKEN, and people.reports in sightline.toml",
    settings=settings,
    reader=reader,
    checks=checks,
    address=lambda settings: settings.url,
    address_variable="HRIS_URL",
    hints={"unit": "Share the organisations report with the user of HRIS_USER."},
)
