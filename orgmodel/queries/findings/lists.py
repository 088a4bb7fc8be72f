"""Findings as lists, as counts over time and as one, with the people and resources they are about."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When

from orgmodel.models import Finding, FindingEvent, Look, Person
from orgmodel.queries.access.target import Target, targets
from orgmodel.queries.pages.lists import PAGE, Page
from orgmodel.queries.rows import in_batches

TREND_DAYS = 60


@dataclass(frozen=True)
class Subject:
    """A person a finding is about, or who owns it."""

    key: str
    name: str
    email: str


@dataclass(frozen=True)
class FindingRow:
    """One finding."""

    fingerprint: str
    detector: str
    severity: str
    state: str
    sentence: str
    people: tuple[Subject, ...]
    resources: tuple[Target, ...]
    first_seen: datetime
    last_seen: datetime
    resolved_at: datetime | None
    until: datetime | None
    sightings: int
    evidence: dict[str, Any]
    fix: tuple[dict[str, Any], ...]
    owner: Subject | None = None
    people_ids: tuple[int, ...] = field(default=(), repr=False)
    resource_ids: tuple[int, ...] = field(default=(), repr=False)

    def touches(self, hidden: Set[int]) -> bool:
        """Whether it is about something of these groups and apps."""
        return not hidden.isdisjoint(self.resource_ids)

    def as_json(self) -> dict[str, Any]:
        return {
            "fingerprint": self.fingerprint,
            "detector": self.detector,
            "severity": self.severity,
            "state": self.state,
            "sentence": self.sentence,
            "people": [person.email for person in self.people],
            "resources": [resource.native_id for resource in self.resources],
            "first_seen": self.first_seen.isoformat(),
            "last_seen": self.last_seen.isoformat(),
            "owner": self.owner.email if self.owner else None,
            "evidence": self.evidence,
            "fix": list(self.fix),
        }


@dataclass(frozen=True)
class Event:
    """One decision about a finding. `act`: acknowledged, accepted, open or owner."""

    at: datetime
    act: str
    who: str
    """Empty: somebody on the server."""
    reason: str
    until: datetime | None
    owner: str


@dataclass(frozen=True)
class Standing:
    """How many findings of one detector and severity are not resolved, and since when the oldest stands."""

    detector: str
    severity: str
    count: int
    open: int
    oldest: datetime


@dataclass(frozen=True)
class Day:
    """How many findings stood at the end of a day."""

    day: date
    count: int


@dataclass(frozen=True)
class FindingFilter:
    """Which findings are wanted; empty fields want all, an empty state all that are not resolved."""

    detector: str = ""
    severity: str = ""
    state: str = ""
    owner: str = ""
    """Key of a person, or "nobody"."""
    text: str = ""


RESOLVED = Finding.State.RESOLVED
_GRAVEST = Case(
    When(severity="high", then=Value(0)), When(severity="medium", then=Value(1)), default=Value(2)
)
_ORDER = (_GRAVEST, "detector", "first_seen", "fingerprint")


@dataclass(frozen=True)
class Findings:
    """All findings that were asked for, the gravest first."""

    rows: tuple[FindingRow, ...]
    nothing: str = ""
    """What is to be said where there are none."""

    def as_json(self) -> list[dict[str, Any]]:
        return [row.as_json() for row in self.rows]


AGREES = "Access agrees with policy, as far as Sightline can see."
NOT_LOOKED = "Nothing has been compared with policy yet: a sync comes first."


def none_found(detector: str = "") -> str:
    """What it means that there is no finding, or none of the detector; one query."""
    looks = Look.objects.filter(detector=detector) if detector else Look.objects.all()
    if not looks.exists():
        return NOT_LOOKED
    return "This detector has found nothing that stands." if detector else AGREES


def findings(
    *, detector: str = "", state: str = "", text: str = "", fingerprint: str = ""
) -> tuple[FindingRow, ...]:
    """Findings, the gravest first; those resolved only when asked for. Four queries."""
    if fingerprint:
        return _rows(Finding.objects.filter(fingerprint=fingerprint))
    return all_findings(FindingFilter(detector=detector, state=state, text=text))


def all_findings(criteria: FindingFilter) -> tuple[FindingRow, ...]:
    """Everything that fits, the gravest and oldest first. Four queries."""
    return tuple(each_finding(criteria))


def each_finding(criteria: FindingFilter) -> Iterator[FindingRow]:
    """The same, some at a time."""
    ids = _fitting(criteria).order_by(*_ORDER).values_list("pk", flat=True)
    for some in in_batches(ids):
        found = {row.pk: row for row in Finding.objects.filter(pk__in=some)}
        # What went away between the two questions is left out.
        yield from _rows([found[pk] for pk in some if pk in found])


def finding_page(criteria: FindingFilter, number: int) -> Page:
    """One page (from 1) of what fits; the first when there are not so many. Five queries."""
    rows = _fitting(criteria).order_by(*_ORDER)
    total = rows.count()
    number = number if (number - 1) * PAGE < total else 1
    return Page(_rows(rows[(number - 1) * PAGE : number * PAGE]), total, number)


def standings() -> tuple[Standing, ...]:
    """Per detector and severity what is not resolved; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT detector, severity, count(*), count(*) FILTER (WHERE state = 'open'), min(first_seen)
            FROM orgmodel_finding WHERE state <> 'resolved' GROUP BY 1, 2
            ORDER BY array_position(ARRAY['high', 'medium', 'low'], severity), 3 DESC, 1"""
        )
        return tuple(Standing(*row) for row in cursor.fetchall())


def trend(now: datetime, *, detector: str = "") -> tuple[Day, ...]:
    """How many findings stood at the end of each of the last days, today last; one query.

    A finding that came back counts as standing since it was first seen.
    """
    today = now.date()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH moved AS (
                SELECT first_seen AS at, 1 AS by FROM orgmodel_finding WHERE %(detector)s IN ('', detector)
                UNION ALL
                SELECT resolved_at, -1 FROM orgmodel_finding
                WHERE resolved_at IS NOT NULL AND %(detector)s IN ('', detector)
            ), daily AS (
                SELECT greatest(at::date, %(first)s::date) AS day, sum(by) AS by FROM moved GROUP BY 1
            )
            SELECT d::date, coalesce(sum(m.by) OVER (ORDER BY d), 0)::int
            FROM generate_series(%(first)s::date, %(today)s, '1 day') d
            LEFT JOIN daily m ON m.day = d::date ORDER BY 1""",
            {"first": today - timedelta(days=TREND_DAYS - 1), "today": today, "detector": detector},
        )
        return tuple(Day(*row) for row in cursor.fetchall())


def standing_about(person: int) -> tuple[FindingRow, ...]:
    """Findings about a person that are not resolved, without their subjects; one query."""
    look = Look.objects.filter(detector=OuterRef("detector"))
    rows = Finding.objects.exclude(state=RESOLVED).filter(people__contains=[person]).order_by(*_ORDER)
    found = rows.annotate(looked=Subquery(look.values("at")), reads_then=Subquery(look.values("reads")))
    return tuple(
        _row(row, {}, {}, {row.detector: Look(at=row.looked, reads=row.reads_then)} if row.looked else {})
        for row in found[:PAGE]
    )


def events(fingerprint: str) -> tuple[Event, ...]:
    """What was decided about a finding, newest first; one query."""
    rows = FindingEvent.objects.filter(finding__fingerprint=fingerprint).order_by("-pk")
    found = rows.values_list("at", "act", "actor__name", "reason", "until", "owner__name")
    return tuple(
        Event(at, act, who or "", why, until, owner or "") for at, act, who, why, until, owner in found
    )


def _fitting(criteria: FindingFilter) -> QuerySet[Finding]:
    rows = Finding.objects.all()
    rows = rows.filter(state=criteria.state) if criteria.state else rows.exclude(state=RESOLVED)
    if criteria.detector:
        rows = rows.filter(detector=criteria.detector)
    if criteria.severity:
        rows = rows.filter(severity=criteria.severity)
    if criteria.owner:
        rows = (
            rows.filter(owner=None) if criteria.owner == "nobody" else rows.filter(owner__key=criteria.owner)
        )
    return rows.filter(sentence__icontains=criteria.text) if criteria.text else rows


def _rows(rows: Iterable[Finding]) -> tuple[FindingRow, ...]:
    found = list(rows)
    people = _people([*(key for row in found for key in row.people), *(row.owner_id for row in found)])
    places = targets(key for row in found for key in row.resources)
    looks = _looks()
    return tuple(_row(row, people, places, looks) for row in found)


def _looks() -> dict[str, Look]:
    """The last look of each detector, which is when what stands was last seen."""
    return {look.detector: look for look in Look.objects.all()}


def _people(ids: Iterable[int | None]) -> dict[int, Subject]:
    distinct = {each for each in ids if each is not None}
    rows = Person.objects.filter(pk__in=distinct).values_list("pk", "key", "name", "email")
    return {row[0]: Subject(*row[1:]) for row in rows}


def _row(
    row: Finding, people: dict[int, Subject], places: dict[int, Target], looks: dict[str, Look]
) -> FindingRow:
    look = None if row.state == RESOLVED else looks.get(row.detector)
    return FindingRow(
        row.fingerprint,
        row.detector,
        row.severity,
        row.state,
        row.sentence,
        tuple(people[key] for key in row.people if key in people),
        tuple(places[key] for key in row.resources if key in places),
        row.first_seen,
        look.at if look else row.last_seen,
        row.resolved_at,
        row.until,
        row.sightings + (look.reads - row.reads if look else 0),
        row.evidence,
        tuple(row.fix),
        people.get(row.owner_id) if row.owner_id is not None else None,
        tuple(row.people),
        tuple(row.resources),
    )
