"""The two tables: what a full sync costs above its floor, and how long an answer takes."""

import statistics
import time
from collections.abc import Callable, Sequence

from django.db import connection
from rich.console import Console
from rich.table import Table

from orgmodel.conventions import Conventions
from orgmodel.models import Person
from orgmodel.queries.access import access
from orgmodel.queries.moments import now
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR
from orgmodel.queries.why import why
from orgmodel.sync.runs import read_and_apply

from . import floor
from .company import Page, Pages, Size, company, pages

ROUNDS = 5
ASKED = 150
"""So many people are asked about, spread over the company."""


def measure(console: Console) -> None:
    """Both tables: a full sync that finds nothing new, and the answers for one person."""
    size = Size()
    facts = company(size)
    answer = pages(facts)
    first = seconds(lambda: _sync(answer, "applied"))
    floor.remember(answer)
    # In turns, so that a busy machine slows both alike.
    least, whole = [], []
    for _ in range(ROUNDS):
        least.append(seconds(lambda: _floor(answer)))
        whole.append(seconds(lambda: _sync(answer, "unchanged")))
    bottom, ours = statistics.median(least), statistics.median(whole)
    table = Table(
        title=f"{len(facts):,} facts: {size.people:,} people, {size.groups} groups, {size.apps} apps"
    )
    for heading in ("Full sync", "Seconds", "Times the floor"):
        table.add_column(heading, justify="left" if heading == "Full sync" else "right")
    table.add_row("floor: decode, COPY, one comparison", f"{bottom:.2f}", "1.0")
    table.add_row("nothing new", f"{ours:.2f}", f"{ours / bottom:.1f}")
    table.add_row("the first one", f"{first:.2f}", f"{first / bottom:.1f}")
    console.print(table)
    console.print(answers(size.people))


def answers(people: int) -> Table:
    """Access of one person and why: median and 95th percentile, against one empty round trip."""

    def trip(_: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()

    target = find_target("0oa007", OPERATOR)
    asked = Person.objects.order_by("pk").values_list("pk", flat=True)[:: max(people // ASKED, 1)]
    table = Table(title=f"Answers for one person, {len(asked)} people asked about")
    for heading in ("Question", "Median ms", "p95 ms", "Times a round trip"):
        table.add_column(heading, justify="left" if heading == "Question" else "right")
    empty = 0.0
    questions: dict[str, Callable[[int], object]] = {
        "an empty round trip": trip,
        "access": lambda person: access(person, now(), OPERATOR),
        "why": lambda person: why(person, target, now(), OPERATOR),
    }
    for name, ask in questions.items():
        took = [1000 * seconds(lambda ask=ask, person=person: ask(person)) for person in asked]  # type: ignore[misc]  # bound now
        middle, slow = statistics.median(took), statistics.quantiles(took, n=20)[-1]
        empty = empty or slow
        table.add_row(name, f"{middle:.1f}", f"{slow:.1f}", f"{slow / empty:.0f}")
    return table


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _sync(answer: Sequence[Page], expected: str) -> None:
    outcome = read_and_apply(Pages(answer), Conventions(), "okta")
    if outcome.outcome != expected:
        raise SystemExit(f"The sync was {outcome.outcome}, not {expected}: {outcome.reason}")


def _floor(answer: Sequence[Page]) -> None:
    if differing := floor.run(answer):
        raise SystemExit(f"{differing} memberships differ from themselves.")
