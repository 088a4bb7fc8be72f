"""A full sync of pages that lie in memory, against the least that must be done with the same pages."""

import statistics
from collections.abc import Sequence

from orgmodel.conventions import Conventions
from orgmodel.sync.runs import read_and_apply

from . import floor
from .company import Page, Pages, Size, company, pages
from .report import Line, cost

ROUNDS = 5
MOST = 2.0


def found(size: Size) -> list[Page]:
    """The pages of a company of this size."""
    return pages(company(size))


def first(answer: Sequence[Page]) -> float:
    """Seconds of the first sync, after which the read model holds the company."""
    return cost(lambda: _sync(answer, "applied")).wall


def measure(answer: Sequence[Page], first_took: float) -> list[Line]:
    """What a sync costs above its floor: one that finds nothing new, and the first one."""
    floor.remember(answer)
    # In turns, so that a busy machine slows both alike.
    least, whole = [], []
    for _ in range(ROUNDS):
        least.append(cost(lambda: _floor(answer)).wall)
        whole.append(cost(lambda: _sync(answer, "unchanged")).wall)
    floor.forget()
    bottom, ours = statistics.median(least), statistics.median(whole)
    seconds = f"{bottom:.2f} s"
    return [
        Line("merge floor: decode, COPY, one comparison", seconds),
        Line("nothing new", f"{ours:.2f} s", seconds, ours / bottom, MOST, "XL"),
        Line("the first one", f"{first_took:.2f} s", seconds, first_took / bottom),
    ]


def _sync(answer: Sequence[Page], expected: str) -> None:
    outcome = read_and_apply(Pages(answer), Conventions(), "okta")
    if outcome.outcome != expected:
        raise SystemExit(f"The sync was {outcome.outcome}, not {expected}: {outcome.reason}")


def _floor(answer: Sequence[Page]) -> None:
    if differing := floor.run(answer):
        raise SystemExit(f"{differing} memberships differ from themselves.")
