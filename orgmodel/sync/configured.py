"""Which sources the settings name, and their readers."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions
from orgmodel.facts import Reader
from orgmodel.queries.database import database_faults, role_faults
from orgmodel.sources.csv import PeopleReader, UnitsReader, Writing
from orgmodel.sources.okta import OktaConnection, OktaReader
from orgmodel.sources.okta.auth import Credentials

from .findings import refresh_findings
from .runs import Outcome, last_applied, read_and_apply

logger = logging.getLogger(__name__)
LOG_KEPT = timedelta(days=90)
"""How long Okta keeps its log."""
ORDER = ("control", "hris", "okta")
"""Units before people before access: so that what follows finds what it follows from."""


class NotConfigured(LookupError):
    """The source is not set up; the text names the setting."""


def configured(configuration: Configuration) -> tuple[str, ...]:
    """The sources that are set up, in the order in which they are read."""
    ready = {
        "control": configuration.control_plane == "csv",
        "hris": configuration.hris == "csv",
        "okta": bool(configuration.okta_url),
    }
    return tuple(source for source in ORDER if ready[source])


def truth(configuration: Configuration) -> str:
    """The source that speaks for people: the HRIS where there is one of its own, else Okta's profiles."""
    return "okta" if configuration.hris == "okta" else "hris"


def sync(
    configuration: Configuration,
    names: Sequence[str] = (),
    *,
    now: datetime | None = None,
    preview: bool = False,
) -> Iterator[Outcome]:
    """Read and apply the sources one after another, then refresh the findings. Raises NotConfigured."""
    outcomes = []
    asked = readers(configuration, names)
    require_usable_database()
    for reader in asked:
        outcomes.append(
            read_and_apply(reader, configuration.conventions, truth(configuration), now=now, preview=preview)
        )
        yield outcomes[-1]
    good = [outcome for outcome in outcomes if outcome.outcome in {"applied", "unchanged"}]
    if good and not preview:
        blind = frozenset(kind for outcome in outcomes for kind in outcome.not_visible)
        refresh_findings(configuration.conventions, truth(configuration), now or timezone.now(), blind)


def require_usable_database() -> None:
    """Raises NotConfigured where the database, or what the role may do there, cannot carry a sync."""
    faults = (*database_faults(), *role_faults())
    if faults:
        logger.error("no sync is possible: %s", ", ".join(fault.code for fault in faults))
        raise NotConfigured(" ".join(fault.sentence for fault in faults))


def readers(configuration: Configuration, names: Sequence[str] = ()) -> list[Reader]:
    """Readers of the named sources, or of all that are set up. Raises NotConfigured."""
    ready = configured(configuration)
    for name in names:
        if name not in ready:
            raise NotConfigured(
                f"The source {name} is not set up; {_SETTING.get(name, 'see docs/settings.md')}."
            )
    if not ready:
        raise NotConfigured("No source is set up; set OKTA_URL and OKTA_TOKEN, or see docs/settings.md.")
    return [_reader(configuration, source) for source in ready if not names or source in names]


_SETTING = {
    "okta": "set OKTA_URL and OKTA_TOKEN",
    "hris": "set HRIS and HRIS_CSV_DIR",
    "control": "set CONTROL_PLANE and HRIS_CSV_DIR",
}


def _reader(configuration: Configuration, source: str) -> Reader:
    if source == "okta":
        return _okta(configuration)
    folder = configuration.hris_csv_dir
    if folder is None:
        raise NotConfigured("HRIS_CSV_DIR is not set.")
    writing = csv_writing(configuration.conventions)
    if source == "control":
        return UnitsReader(folder, writing=writing)
    return PeopleReader(folder, writing, units=not configuration.control_plane)


def csv_writing(conventions: Conventions) -> Writing:
    """How the files of the CSV feed are written, and which of their columns units and moves need."""
    units = [kind.attribute for kind in conventions.unit_kinds if kind.attribute]
    tracked = dict.fromkeys([*units, *(name for name in conventions.move_attributes if name != "manager")])
    return Writing(conventions.csv, conventions.notify.time_zone, tuple(tracked))


def okta_connection(configuration: Configuration) -> OktaConnection:
    """Where Okta is and who asks."""
    return OktaConnection(
        configuration.okta_url,
        Credentials(
            configuration.okta_token,
            configuration.okta_client_id,
            configuration.okta_private_key,
            configuration.okta_key_id,
            configuration.okta_dpop,
        ),
        configuration.okta_budget,
    )


def _okta(configuration: Configuration) -> OktaReader:
    conventions = configuration.conventions
    units = {kind.attribute for kind in conventions.unit_kinds if kind.attribute}
    last = last_applied("okta")
    return OktaReader(
        okta_connection(configuration),
        level_keys=conventions.level_keys,
        id_attribute=conventions.people.id_attribute,
        manager_attribute=conventions.people.manager_attribute,
        email_attribute=conventions.people.email_attribute,
        keep=frozenset(units | set(conventions.move_attributes)),
        log_cursor=last.cursor if last else "",
        log_since=timezone.now() - LOG_KEPT,
    )
