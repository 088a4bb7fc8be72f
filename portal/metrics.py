"""Numbers without names, for a monitor, in the text format of Prometheus."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.conf import settings

from notifier import outbox
from orgmodel.queries.pages.hook_states import hook_rows
from orgmodel.queries.pages.numbers import LastRun, numbers
from orgmodel.queries.pages.source_progress import Progress, progress
from orgmodel.queries.pages.source_rows import GOOD
from portal.heartbeat import Worker, worker
from portal.readiness import seconds

Family = tuple[str, str, Mapping[str, object]]
"""Name, help and values by label."""


def samples(now: datetime) -> Iterator[str]:
    """The lines of the text format; nine queries at most."""
    found = numbers()
    known = progress([run.source for run in found.runs], now)
    families: tuple[Family, ...] = (
        ("people", "People of the company who are here.", {"": found.people}),
        ("groups", "Groups that exist.", {"": found.groups}),
        ("apps", "Apps that exist.", {"": found.apps}),
        ("findings_open", "Open findings.", labelled("severity", found.findings)),
        (
            "leavers_active",
            "People who left and can still sign in.",
            {"": found.leavers},
        ),
        *_messages(now),
        *_workers(worker()),
        *_syncs(found.runs, now),
        *_reads(known, now),
        *_hooks(now),
    )
    for name, words, values in families:
        yield f"# HELP sightline_{name} {words}"
        yield f"# TYPE sightline_{name} gauge"
        for label, value in values.items():
            yield f"sightline_{name}{label} {value}"


def _messages(now: datetime) -> Iterator[Family]:
    waiting = outbox.waiting_since(now)
    yield "outbox", "Messages by state.", labelled("state", outbox.counts())
    yield "outbox_oldest_due_seconds", "How long the oldest due message waits.", {"": seconds(now, waiting)}


def _workers(found: Worker) -> Iterator[Family]:
    age = "+Inf" if found.age is None else found.age
    yield "worker_age_seconds", "Since a worker last woke; +Inf when none ever did.", {"": age}
    yield (
        "reading_age_seconds",
        "Since the process that syncs the sources last reported; missing while nothing is synced.",
        {} if found.reading is None else {"": found.reading},
    )


def _syncs(runs: Sequence[LastRun], now: datetime) -> Iterator[Family]:
    ages = {run.source: seconds(now, run.applied_at) for run in runs if run.applied_at}
    yield "source_age_seconds", "Since the last sync that was believed.", labelled("source", ages)
    good = {run.source: int(run.outcome in GOOD) for run in runs}
    yield "source_good", "1 when the newest sync was believed.", labelled("source", good)
    held = {run.source: int(run.held) for run in runs}
    yield "source_held", "1 when an answer is held back until an admin decides.", labelled("source", held)
    yield (
        "run_seconds",
        "Duration of the newest sync.",
        labelled("source", {r.source: r.seconds for r in runs}),
    )
    yield "run_calls", "Calls of the newest sync.", labelled("source", {r.source: r.calls for r in runs})
    problems = {run.source: run.problems for run in runs}
    yield "run_problems", "Records that the newest sync could not read.", labelled("source", problems)
    yield (
        "source_unseen",
        "1 for each kind of fact that the source does not let Sightline read.",
        {f'{{source="{run.source}",kind="{kind}"}}': 1 for run in runs for kind in run.not_visible},
    )


def _reads(known: Mapping[str, Progress], now: datetime) -> Iterator[Family]:
    ages = {source: seconds(now, each.whole) for source, each in known.items() if each.whole}
    yield "complete_read_age_seconds", "Since the last complete read began.", labelled("source", ages)
    left = {
        f'{{source="{source}",kind="{kind}"}}': lists
        for source, each in known.items()
        for kind, lists in sorted(each.left.items())
    }
    yield "complete_read_lists_left", "Lists that a complete read has still to ask for.", left
    days = {source: each.day for source, each in known.items()}
    calls = {source: day.calls for source, day in days.items()}
    yield "day_calls", "Calls of the last 24 hours.", labelled("source", calls)
    syncs = {source: day.syncs for source, day in days.items()}
    yield "day_syncs", "Syncs of the last 24 hours.", labelled("source", syncs)
    bad = {source: day.bad for source, day in days.items()}
    yield "day_syncs_bad", "Those that failed, were held back or dropped.", labelled("source", bad)


def _hooks(now: datetime) -> Iterator[Family]:
    hooks = [each for each in hook_rows(settings.SIGHTLINE, now) if each.ready]
    accepted = {hook.source: hook.accepted for hook in hooks}
    yield "hook_accepted", "Deliveries of the source's hook that were taken.", labelled("source", accepted)
    refused = {hook.source: hook.refused for hook in hooks}
    yield "hook_refused", "Deliveries to the source's hook that were refused.", labelled("source", refused)
    ages = {hook.source: seconds(now, hook.received) for hook in hooks if hook.received}
    yield "hook_age_seconds", "Since the last delivery that was taken.", labelled("source", ages)


def labelled(label: str, values: Mapping[str, object]) -> dict[str, object]:
    """The values by label, as the format writes it."""
    return {f'{{{label}="{name}"}}': value for name, value in values.items()}
