"""A full sync over loopback: its calls against the formula, its cost against fetching, what it writes."""

import resource
import statistics
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from io import StringIO
from typing import Any

from django.core.management import call_command

from orgmodel.configuration import Configuration
from orgmodel.conventions import parse_conventions
from orgmodel.models import Run
from orgmodel.sources.okta import OktaSettings

from .calls import LOG, formula
from .fetch import fetch
from .footprint import footprint
from .report import Cost, Line, against, cost
from .tenant import Tenant

ROUNDS = 3
MOVING = 0.01
"""Share of the people who move before the last sync."""
MOST_CALLS = 1.02
"""Times the formula."""
MOST_MEMORY = 500
"""Megabytes."""
TICK_CALLS, MOVE_CALLS = 3, 14
"""Calls, beside those to the log, of a sync of what changed: where nothing did, and after one move."""
TICK_CPU, TICK_SHARE = 0.2, 1 / 20
"""Seconds of our CPU where nothing changed; their share of a sync of everything that finds nothing new."""


def configuration(tenant: Tenant) -> Configuration:
    """The settings of somebody who reads this company as fast as it goes."""
    conventions = parse_conventions(tomllib.loads(tenant.conventions))
    return Configuration(
        entrance="tests",
        sources={"okta": OktaSettings(url=tenant.url, token=tenant.token, budget=1.0)},
        conventions=conventions,
    )


def measure(tenant: Tenant, watched: Callable[[str], Any]) -> list[Line]:
    """The first sync, some that find nothing new, and one after a few people moved.

    Needs the settings of `configuration` and an empty database. `watched` gives a context by a sync's name.
    """
    tenant.calls()
    with watched("first sync"):
        first = cost(_sync)
    lines = [*_calls(tenant), *_phases("first sync")]
    floors, quiet, written = [], [], []
    # In turns, so that a busy machine slows both alike.
    for number in range(2, 2 + ROUNDS):
        floors.append(cost(lambda: fetch(tenant)))
        _same_pages(tenant)
        before = footprint()
        with watched(f"sync {number}, nothing new"):
            quiet.append(cost(_sync))
        tenant.calls()
        written.append(_written(number, footprint().since(before)))
    lines += [*_phases("nothing new"), *written, *_ticks(tenant, watched, _middle(quiet))]
    moved = tenant.move(int(tenant.counts.users * MOVING))
    with watched(f"sync after {moved} people moved"):
        changed = cost(_sync)
    floor = _middle(floors)
    return [
        *lines,
        Line("fetch floor: the same pages one by one", f"{floor.wall:.2f} s, {floor.cpu:.2f} s of CPU"),
        *against("first sync", first, floor),
        *against("nothing new", _middle(quiet), floor),
        *against(f"after {moved} people moved", changed, floor),
        Line(
            "memory at most", f"{_memory():.0f} MB", f"{MOST_MEMORY} MB", _memory() / MOST_MEMORY, 1.0, "XL"
        ),
    ]


def fill(tenant: Tenant) -> None:
    """Fill the read model as `measure` leaves it: a first sync, some people move, another sync."""
    _sync()
    tenant.move(int(tenant.counts.users * MOVING))
    _sync()


def _ticks(tenant: Tenant, watched: Callable[[str], Any], whole: Cost) -> list[Line]:
    """Syncs of what changed alone: nothing, and then one person's team. `whole`: a sync of everything."""
    ticks, before = [], footprint()
    for number in range(1, 1 + ROUNDS):
        with watched(f"tick {number}, nothing changed"):
            ticks.append(cost(lambda: _sync(full=False)))
        calls = tenant.calls()
    rows, cpu = footprint().since(before), _middle(ticks).cpu
    tenant.move(1)
    with watched("tick after one move"):
        moved = cost(lambda: _sync(full=False))
    after, share = tenant.calls(), cpu / whole.cpu
    return [
        _tick_calls("nothing changed", calls, TICK_CALLS),
        Line("tick, rows it wrote", str(rows), "0", float(rows), 0.0),
        Line("tick, our CPU", f"{cpu:.3f} s", f"{TICK_CPU} s", cpu / TICK_CPU, 1.0, "L"),
        Line(
            "tick, share of a full one",
            f"{share:.1%}",
            f"{TICK_SHARE:.0%}",
            share / TICK_SHARE,
            1.0,
            "L",
        ),
        _tick_calls("one person moved", after, MOVE_CALLS),
        Line("tick after one move, our CPU", f"{moved.cpu:.3f} s"),
    ]


def _tick_calls(what: str, calls: Counter[str], most: int) -> Line:
    log = calls.pop(LOG, 0)
    summary = f"{calls.total()}, and {log} to the log"
    return Line(f"tick, {what}: calls", summary, str(most), calls.total() / most, 1.0)


def _sync(*, full: bool = True) -> None:
    """`manage.py sync`, findings included, of everything or of what changed.

    One that fails or is held back ends the measuring.
    """
    try:
        call_command("sync", "--json", full=full, stdout=StringIO())
    except SystemExit:
        run = Run.objects.latest("started")
        raise SystemExit(f"The sync was {run.outcome}: {run.reason}") from None


def _written(number: int, rows: int) -> Line:
    run = Run.objects.latest("started")
    changed = ", ".join(
        f"{verbs[verb]} {kind} {verb}"
        for kind, verbs in run.counts.items()
        for verb in ("began", "ended", "changed")
        if verbs.get(verb)
    )
    summary = f"{rows} ({run.outcome}{': ' * bool(changed)}{changed})"
    return Line(f"sync {number}, rows it wrote", summary, "0", float(rows), 0.0)


def _calls(tenant: Tenant) -> list[Line]:
    made, right = tenant.calls(), formula(tenant.counts)
    log = made.pop(LOG, 0)
    ours, least = made.total(), sum(right.values())
    astray = {where: made[where] - right.get(where, 0) for where in made | Counter(right)}
    lines = [
        Line(f"{'more' if number > 0 else 'fewer'} calls to {where}", f"{number:+}")
        for where, number in sorted(astray.items())
        if number
    ]
    return [
        Line("calls to Okta", str(ours), str(least), ours / least, MOST_CALLS),
        *lines,
        Line("calls to its log, besides", str(log)),
    ]


def _same_pages(tenant: Tenant) -> None:
    """The floor is one only if it asked for the very pages that a sync asks for."""
    if (calls := tenant.calls()) != Counter(formula(tenant.counts)):
        raise SystemExit(f"The fetch floor asked for other pages: {dict(calls)}")


def _phases(what: str) -> list[Line]:
    run = Run.objects.latest("started")
    phases = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in run.phases.items())
    return [Line(f"{what}, by phase", phases)]


def _middle(costs: Iterable[Cost]) -> Cost:
    walls, cpus = zip(*costs, strict=True)
    return Cost(statistics.median(walls), statistics.median(cpus))


def _memory() -> float:
    """Most megabytes that this process has held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 2**10
