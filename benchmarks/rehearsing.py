"""A reorganisation that moves everybody, and the same question asked person by person."""

from orgmodel.conventions import UnitKind
from orgmodel.models import Person
from orgmodel.queries.rehearsal.proposal import Proposal
from orgmodel.queries.rehearsal.rehearse import rehearse
from orgmodel.queries.rehearsal.whatif import what_if
from orgmodel.queries.visibility import OPERATOR

from .company import TEAMS
from .report import Line, cost

MOST_SECONDS = 5
ALONE = 20
"""So many people are asked about one by one; the cost of all is reckoned from them."""


def measure() -> list[Line]:
    """Everybody moves to the next team. Needs a company in the database."""
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    values = {person: {"team": f"bed-{(place + 1) % TEAMS}"} for place, person in enumerate(people)}
    kinds = (UnitKind("team", "team", "team-<slug>"),)
    whole = cost(lambda: rehearse(Proposal(dict(values)), kinds))
    alone = cost(lambda: [what_if(person, {"team": "bed-1"}, OPERATOR) for person in people[:ALONE]])
    singly = alone.wall / ALONE * len(people)
    seconds = f"{whole.wall:.2f} s"
    return [
        Line("everybody moves", seconds, f"{MOST_SECONDS} s", whole.wall / MOST_SECONDS, 1.0, "L"),
        Line("against what-if one by one", seconds, f"{singly:.1f} s", whole.wall / singly),
    ]
