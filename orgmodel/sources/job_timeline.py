"""Several jobs of one person as one line of time: what the person is, does and belongs to on each day.

Of the jobs that somebody has on a day the first one counts; titles and units are those of all of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from orgmodel.facts import Scalar, Value

from .hr_records import Stretch

TITLE = "title"


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a person. Of two of its rows that hold on the same day the later in the list counts."""

    rows: Sequence[Stretch]
    over: bool = False
    """Its rows say how the job was left: they count only on days without another one."""


def timeline(jobs: Sequence[Job], of_units: Collection[str]) -> list[Stretch]:
    """The stretches of all jobs, the primary one first. `of_units`: attributes that name units.

    A time without any job between two others is a stretch without values.
    """
    if len(jobs) == 1 and len(jobs[0].rows) == 1:
        return list(jobs[0].rows)
    rows = [row for job in jobs for row in job.rows]
    names = {name for row in rows for name in row.attributes}
    starts = {row.since for row in rows if row.since}
    ends = {row.until for row in rows if row.until}
    bounds: list[date | None] = [None, *sorted(starts | ends), None]
    found: list[Stretch] = []
    for since, until in pairwise(bounds):
        held = _held(jobs, since)
        if held:
            found.append(_joined(held, since, until, of_units))
        elif found and since != max(ends):
            found.append(Stretch(since, until, dict.fromkeys(names, ""), ""))
    return found


def _held(jobs: Sequence[Job], day: date | None) -> list[Stretch]:
    """The row of each job that holds on the day; None: before all days that are named."""
    live: list[Stretch] = []
    over: list[Stretch] = []
    for job in jobs:
        holding = [row for row in job.rows if _holds(row, day)]
        if holding:
            (over if job.over else live).append(holding[-1])
    return live or sorted(over, key=lambda row: row.since or date.min)[-1:]


def _holds(row: Stretch, day: date | None) -> bool:
    if day is None:
        return row.since is None
    return (row.since or date.min) <= day < (row.until or date.max)


def _joined(
    held: Sequence[Stretch], since: date | None, until: date | None, of_units: Collection[str]
) -> Stretch:
    attributes: dict[str, Value] = {}
    for row in reversed(held):
        attributes |= row.attributes
    if len(held) > 1:
        for name in of_units:
            values = _distinct(held, name)
            if values:
                attributes[name] = values[0] if len(values) == 1 else values
        titles = _distinct(held, TITLE)
        if titles:
            attributes[TITLE] = " / ".join(map(str, titles))
    return Stretch(since, until, attributes, held[0].manager)


def _distinct(held: Sequence[Stretch], name: str) -> list[Scalar]:
    found: dict[Scalar, None] = {}
    for row in held:
        value = row.attributes.get(name, "")
        found |= dict.fromkeys(value if isinstance(value, list) else [value])
    return [value for value in found if value != ""]
