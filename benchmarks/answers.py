"""How long the two questions about one person take, which every page of the portal is made of."""

import statistics
from collections.abc import Callable, Iterable
from functools import partial

from django.db import connection

from orgmodel.models import Person
from orgmodel.queries.access.holdings import access
from orgmodel.queries.moments import now
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR
from orgmodel.queries.why.answer import why

from .report import Line, cost

SAMPLE = 150
"""So many people are asked about, spread over the company."""
MOST_MS = 10


def measure(questions: Iterable[str]) -> list[Line]:
    """The 95th percentile of `access` or `why`, and that of an empty round trip beside them."""
    target = find_target("0oa007", OPERATOR)
    ask: dict[str, Callable[[int], object]] = {
        "access": lambda person: access(person, now(), OPERATOR),
        "why": lambda person: why(person, target, now(), OPERATOR),
    }
    lines = [Line("an empty round trip, p95", f"{_milliseconds(_trip):.2f} ms")]
    for name in questions:
        slow = _milliseconds(ask[name])
        shown = f"{slow:.1f} ms"
        lines.append(Line(f"{name} of one person, p95", shown, f"{MOST_MS} ms", slow / MOST_MS, 1.0, "XL"))
    return lines


def _trip(_: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _milliseconds(ask: Callable[[int], object]) -> float:
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    sample = people[:: max(len(people) // SAMPLE, 1)]
    ask(sample[0])
    took = [1000 * cost(partial(ask, person)).wall for person in sample]
    return statistics.quantiles(took, n=20)[-1]
