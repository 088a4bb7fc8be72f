"""What is done beside pages: bundles of evidence, the findings after a sync, a plan against what came."""

import statistics
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from orgmodel.management.bundle import verify, write_bundle
from orgmodel.models import Change, Forecast, Person
from orgmodel.queries.moments import now
from orgmodel.queries.rehearsal.outcome import outcome
from orgmodel.queries.visibility import OPERATOR
from orgmodel.queries.why.evidence import evidence
from orgmodel.sync.findings import refresh_findings
from orgmodel.sync.rehearsals import Plan, keep

from .footprint import findings_since, footprint
from .report import Cost, Line, cost

TIMES = 5
SAMPLE = 20
"""Bundles: of those about whom most is written down."""
MOST_SECONDS = 10


def measure_evidence() -> list[Line]:
    """The dearest of some bundles, and the check of it. Needs a company in the database."""
    changes = Change.objects.exclude(person=None).values("person").annotate(number=Count("pk"))
    people = changes.order_by("-number").values_list("person", flat=True)[:SAMPLE]
    took: list[tuple[float, Cost]] = []
    with TemporaryDirectory() as folder:
        path = Path(folder, "evidence.zip")
        for person in people:
            made = cost(partial(_bundle, person, path))
            checked = cost(partial(_check, path))
            took.append((made.wall, checked))
        size = path.stat().st_size
    dearest, checked = max(took)
    seconds = f"{dearest:.2f} s"
    return [
        Line(
            "a bundle of evidence, the dearest",
            seconds,
            f"{MOST_SECONDS} s",
            dearest / MOST_SECONDS,
            1.0,
            "L",
        ),
        Line("its check", f"{checked.wall:.3f} s", seconds, checked.wall / dearest),
        Line("the last one's size", f"{size / 1000:.0f} kB"),
    ]


def measure_findings() -> list[Line]:
    """The findings after a sync. Needs a company in the database and the settings of its reader."""
    conventions = settings.SIGHTLINE.conventions
    work = partial(refresh_findings, conventions, "okta", timezone.now(), frozenset[str]())
    stand = work()
    work()
    before = footprint()
    took = statistics.median(cost(work).wall for _ in range(TIMES))
    written = findings_since(before)
    return [
        Line(f"findings brought up to date, {stand} stand", f"{took:.2f} s"),
        Line("of these written, nothing new", str(written), "0", float(written), 0.0),
    ]


def measure_outcome() -> list[Line]:
    """A plan for everybody, kept, and set against what came. Needs a company in the database."""
    conventions = settings.SIGHTLINE.conventions
    people = Person.objects.exclude(email="").order_by("pk").values_list("email", flat=True)
    plan = Plan("Everybody", "person,title\n" + "".join(f"{email},Gardener\n" for email in people))
    kept = cost(lambda: keep(plan, conventions, timezone.now()))
    forecast = Forecast.objects.latest("pk").pk
    compared = cost(lambda: outcome(forecast))
    return [
        Line(f"a plan for {people.count():,} people, kept", f"{kept.wall:.2f} s"),
        Line(
            "set against what came", f"{compared.wall:.2f} s", f"{kept.wall:.2f} s", compared.wall / kept.wall
        ),
    ]


def _bundle(person: int, path: Path) -> None:
    write_bundle(evidence(person, None, now(), OPERATOR), path)


def _check(path: Path) -> None:
    if problems := verify(path):
        raise SystemExit(" ".join(problems))
