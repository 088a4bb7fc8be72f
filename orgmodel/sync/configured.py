"""Reading what the settings name: the readers of the sources, one after another."""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone

from orgmodel.configuration import Configuration
from orgmodel.queries.cursors import complete_read
from orgmodel.queries.database import database_faults, role_faults
from orgmodel.reports import Reader
from orgmodel.sources.registry import configured, named, sources, truth
from orgmodel.sources.source import Reading, Role, Source

from .cursors import cursors
from .findings import refresh_findings
from .hooks import hinted, is_awaited
from .known_edges import opened_by
from .runs import SyncOutcome, is_held_back, read_and_apply
from .slices import AT_ONCE, left

logger = logging.getLogger(__name__)


LEAST = 5.0
"""Seconds of the time for all sources that the last of them has in any case."""


class NotConfigured(LookupError):
    """The source is not set up; the text names the setting."""


def sync(
    configuration: Configuration,
    names: Sequence[str] = (),
    *,
    now: datetime | None = None,
    preview: bool = False,
    full: bool = False,
    seconds: float | None = None,
) -> Iterator[SyncOutcome]:
    """Read and apply the sources one after another, then refresh the findings. Raises NotConfigured.

    Where everything was read lately only what has changed since is read, unless `full`. `seconds`: after so
    long, all sources together, one that can leaves the rest of a read of everything to the next sync.
    """
    outcomes, began = [], time.monotonic()
    chosen = _chosen(configuration, names)
    require_usable_database()
    for source in chosen:
        rest = None if seconds is None else max(min(LEAST, seconds), seconds - (time.monotonic() - began))
        reading = _reading(configuration, source, full=full or is_held_back(source.name), seconds=rest)
        outcomes.append(
            read_and_apply(
                source.reader(configuration.sources[source.name], reading),
                configuration.conventions,
                truth(configuration),
                now=now,
                preview=preview,
                instead=partial(_of_everything, configuration, source, reading),
            )
        )
        yield outcomes[-1]
    # A look at what changed that found nothing changes no finding; what time alone does is looked for apart.
    news = [each for each in outcomes if each.outcome == "applied" or _is_unchanged_whole(each)]
    if news and not preview:
        uncovered = frozenset(kind for outcome in outcomes for kind in outcome.not_visible)
        refresh_findings(configuration.conventions, truth(configuration), now or timezone.now(), uncovered)


def _is_unchanged_whole(outcome: SyncOutcome) -> bool:
    return outcome.outcome == "unchanged" and outcome.mode == "full"


def require_usable_database() -> None:
    """Raises NotConfigured where the database, or what the role may do there, cannot carry a sync."""
    faults = (*database_faults(), *role_faults())
    if faults:
        logger.error("no sync is possible: %s", ", ".join(fault.code for fault in faults))
        raise NotConfigured(" ".join(fault.sentence for fault in faults))


def _of_everything(
    configuration: Configuration, source: Source[Any], reading: Reading, in_one_piece: bool
) -> Reader:
    seconds = None if in_one_piece else reading.seconds
    return source.reader(configuration.sources[source.name], replace(reading, full=True, seconds=seconds))


def _chosen(configuration: Configuration, names: Sequence[str]) -> list[Source[Any]]:
    ready = configured(configuration)
    names_ready = [source.name for source in ready]
    for name in (each for each in names if each not in names_ready):
        known = named(name)
        others = f" Set up: {', '.join(names_ready)}." if ready else " None is set up; see docs/settings.md."
        begins = (
            f"The source {name} is not set up; {known.set_up}." if known else f"There is no source {name}."
        )
        raise NotConfigured(begins + others)
    if not ready:
        needed = next((each.set_up for each in sources() if each.needed), "name one")
        raise NotConfigured(f"No source is set up; {needed}, or see docs/settings.md.")
    return [source for source in ready if not names or source.name in names]


def _reading(
    configuration: Configuration, source: Source[Any], *, full: bool, seconds: float | None = None
) -> Reading:
    known = cursors(source.name)
    reached = complete_read(known)
    under_way = reached.begun is not None and not full
    return Reading(
        configuration.conventions,
        timezone.now(),
        known,
        frozenset[Role]().union(*(each.roles for each in configured(configuration) if each is not source)),
        full=full,
        seconds=seconds,
        whole=reached.whole,
        under_way=under_way,
        left=left(source.name, AT_ONCE if seconds else None) if under_way else (),
        awaited=partial(is_awaited, source.name),
        named=partial(hinted, source.name),
        opened_by=partial(opened_by, source.name),
    )
