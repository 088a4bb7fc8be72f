"""Reading what the settings name: the readers of the sources, one after another."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import timezone

from orgmodel.configuration import Configuration
from orgmodel.queries.database import database_faults, role_faults
from orgmodel.reports import Reader
from orgmodel.sources.registry import configured, named, sources, truth
from orgmodel.sources.source import Reading, Role

from .cursors import cursors
from .findings import refresh_findings
from .runs import SyncOutcome, last_went_well, read_and_apply

logger = logging.getLogger(__name__)


class NotConfigured(LookupError):
    """The source is not set up; the text names the setting."""


def sync(
    configuration: Configuration,
    names: Sequence[str] = (),
    *,
    now: datetime | None = None,
    preview: bool = False,
    full: bool = True,
) -> Iterator[SyncOutcome]:
    """Read and apply the sources one after another, then refresh the findings. Raises NotConfigured.

    Not `full`: where everything was read less than a day ago, only what has changed since is.
    """
    outcomes = []
    chosen = readers(configuration, names, full=full)
    require_usable_database()
    for reader in chosen:
        outcomes.append(
            read_and_apply(reader, configuration.conventions, truth(configuration), now=now, preview=preview)
        )
        yield outcomes[-1]
    good = [outcome for outcome in outcomes if outcome.outcome in {"applied", "unchanged"}]
    if good and not preview:
        uncovered = frozenset(kind for outcome in outcomes for kind in outcome.not_visible)
        refresh_findings(configuration.conventions, truth(configuration), now or timezone.now(), uncovered)


def require_usable_database() -> None:
    """Raises NotConfigured where the database, or what the role may do there, cannot carry a sync."""
    faults = (*database_faults(), *role_faults())
    if faults:
        logger.error("no sync is possible: %s", ", ".join(fault.code for fault in faults))
        raise NotConfigured(" ".join(fault.sentence for fault in faults))


def readers(configuration: Configuration, names: Sequence[str] = (), *, full: bool = True) -> list[Reader]:
    """Readers of the named sources, or of all that are set up. Raises NotConfigured."""
    ready = configured(configuration)
    for name in {*names} - {source.name for source in ready}:
        known = named(name)
        raise NotConfigured(
            f"The source {name} is not set up; {known.set_up if known else 'see docs/settings.md'}."
        )
    if not ready:
        needed = next((each.set_up for each in sources() if each.needed), "name one")
        raise NotConfigured(f"No source is set up; {needed}, or see docs/settings.md.")
    made = []
    for source in ready:
        if names and source.name not in names:
            continue
        others = (each.roles for each in ready if each is not source)
        reading = Reading(
            configuration.conventions,
            timezone.now(),
            cursors(source.name),
            frozenset[Role]().union(*others),
            # What was held back, or failed, may be judged anew by the whole.
            full or not last_went_well(source.name),
        )
        made.append(source.reader(configuration.sources[source.name], reading))
    return made
