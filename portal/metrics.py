"""Numbers without names, for a monitor, as Prometheus reads them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from notifier import outbox
from orgmodel.queries.pages.hook_states import hook_rows
from orgmodel.queries.pages.numbers import LastRun, numbers
from orgmodel.queries.pages.source_progress import Progress, progress
from orgmodel.queries.pages.source_rows import GOOD
from portal.heartbeat import Worker, worker
from portal.readiness import seconds

PREFIX = "sightline_"


class Collected(Collector):
    """The numbers at one moment, read from rows: a process keeps none, so that every one gives the same."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        """Ten queries at most."""
        found = numbers()
        known = progress([run.source for run in found.runs], self.now)
        yield gauge("people", "People of the company who are here.", found.people)
        yield gauge("groups", "Groups that exist.", found.groups)
        yield gauge("apps", "Apps that exist.", found.apps)
        yield gauges("findings_open", "Open findings.", "severity", found.findings)
        yield gauge("leavers_active", "People who left and can still sign in.", found.leavers)
        yield from _messages(self.now)
        yield from _workers(worker())
        yield from _syncs(found.runs, self.now)
        yield from _reads(known, self.now)
        yield from _hooks(self.now)


def exposition(now: datetime, accept: str) -> tuple[bytes, str]:
    """The numbers in the format that the Accept header asks for, and its content type."""
    try:
        encoder, content_type = choose_encoder(accept)
    except TypeError:  # the library compares versions in whatever was sent: "version=x"
        encoder, content_type = choose_encoder("")
    # A registry of its own: the one of the library also tells of the process that happens to answer.
    registry = CollectorRegistry()
    registry.register(Collected(now))
    return encoder(registry), content_type


def _messages(now: datetime) -> Iterator[Metric]:
    waiting = outbox.waiting_since(now)
    yield gauges("outbox", "Messages by state.", "state", outbox.counts())
    yield gauge("outbox_oldest_due_seconds", "How long the oldest due message waits.", seconds(now, waiting))


def _workers(found: Worker) -> Iterator[Metric]:
    age = math.inf if found.age is None else found.age
    yield gauge("worker_age_seconds", "Since a worker last woke; +Inf when none ever did.", age)
    yield gauge(
        "reading_age_seconds",
        "Since the process that syncs the sources last reported; missing while nothing is synced.",
        found.reading,
    )


def _syncs(runs: Sequence[LastRun], now: datetime) -> Iterator[Metric]:
    ages = {run.source: seconds(now, run.applied_at) for run in runs if run.applied_at}
    yield gauges("source_age_seconds", "Since the last sync that was believed.", "source", ages)
    good = {run.source: int(run.outcome in GOOD) for run in runs}
    yield gauges("source_good", "1 when the newest sync was believed.", "source", good)
    held = {run.source: int(run.held) for run in runs}
    yield gauges("source_held", "1 when an answer is held back until an admin decides.", "source", held)
    took = {run.source: run.seconds for run in runs}
    yield gauges("run_seconds", "Duration of the newest sync.", "source", took)
    yield gauges("run_calls", "Calls of the newest sync.", "source", {run.source: run.calls for run in runs})
    problems = {run.source: run.problems for run in runs}
    yield gauges("run_problems", "Records that the newest sync could not read.", "source", problems)
    yield by_kind(
        "source_unseen",
        "1 for each kind of fact that the source does not let Sightline read.",
        {(run.source, kind): 1 for run in runs for kind in run.not_visible},
    )


def _reads(known: Mapping[str, Progress], now: datetime) -> Iterator[Metric]:
    ages = {source: seconds(now, each.read.whole) for source, each in known.items() if each.read.whole}
    yield gauges("complete_read_age_seconds", "Since the last complete read began.", "source", ages)
    yield by_kind(
        "complete_read_lists_left",
        "Lists that a complete read has still to ask for.",
        {
            (source, kind): lists
            for source, each in known.items()
            for kind, lists in sorted(each.left.items())
        },
    )
    days = {source: each.day for source, each in known.items()}
    calls = {source: day.calls for source, day in days.items()}
    yield gauges("day_calls", "Calls of the last 24 hours.", "source", calls)
    syncs = {source: day.syncs for source, day in days.items()}
    yield gauges("day_syncs", "Syncs of the last 24 hours.", "source", syncs)
    bad = {source: day.bad for source, day in days.items()}
    yield gauges("day_syncs_bad", "Those that failed, were held back or dropped.", "source", bad)


def _hooks(now: datetime) -> Iterator[Metric]:
    hooks = [each for each in hook_rows(settings.SIGHTLINE, now) if each.ready]
    accepted = {hook.source: hook.accepted for hook in hooks}
    yield counters("hook_accepted", "Deliveries of the source's hook that were taken.", "source", accepted)
    refused = {hook.source: hook.refused for hook in hooks}
    yield counters("hook_refused", "Deliveries to the source's hook that were refused.", "source", refused)
    ages = {hook.source: seconds(now, hook.received) for hook in hooks if hook.received}
    yield gauges("hook_age_seconds", "Since the last delivery that was taken.", "source", ages)


def gauge(name: str, words: str, value: float | None) -> Metric:
    """One number without labels; without a sample where it is None."""
    return GaugeMetricFamily(PREFIX + name, words, value=value)


def gauges(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    """One number for each value of a label."""
    family = GaugeMetricFamily(PREFIX + name, words, labels=[label])
    for each, value in values.items():
        family.add_metric([each], value)
    return family


def counters(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    """As gauges(), of what only ever rises: its samples end in _total."""
    family = CounterMetricFamily(PREFIX + name, words, labels=[label])
    for each, value in values.items():
        family.add_metric([each], value)
    return family


def by_kind(name: str, words: str, values: Mapping[tuple[str, str], float]) -> Metric:
    """One number for each source and kind of fact."""
    family = GaugeMetricFamily(PREFIX + name, words, labels=["source", "kind"])
    for pair, value in values.items():
        family.add_metric(pair, value)
    return family
