"""Findings as lists and as one, with the people and resources they are about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orgmodel.models import Finding, Person

from .routes import Target, targets


@dataclass(frozen=True)
class Subject:
    """A person a finding is about."""

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
            "evidence": self.evidence,
            "fix": list(self.fix),
        }


ORDER = {"high": 0, "medium": 1, "low": 2}
RESOLVED = "resolved"


def findings(
    *, detector: str = "", state: str = "", text: str = "", fingerprint: str = ""
) -> tuple[FindingRow, ...]:
    """Findings, the gravest first; those resolved only when asked for. Three queries."""
    rows = Finding.objects.order_by("detector", "first_seen", "fingerprint")
    if fingerprint:
        rows = rows.filter(fingerprint=fingerprint)
    else:
        rows = rows.filter(state=state) if state else rows.exclude(state=RESOLVED)
    if detector:
        rows = rows.filter(detector=detector)
    if text:
        rows = rows.filter(sentence__icontains=text)
    found = sorted(rows, key=lambda row: ORDER[row.severity])
    people = _people(key for row in found for key in row.people)
    places = targets(key for row in found for key in row.resources)
    return tuple(_row(row, people, places) for row in found)


def _people(ids: Iterable[int]) -> dict[int, Subject]:
    rows = Person.objects.filter(pk__in=set(ids)).values_list("pk", "key", "name", "email")
    return {row[0]: Subject(*row[1:]) for row in rows}


def _row(row: Finding, people: dict[int, Subject], places: dict[int, Target]) -> FindingRow:
    return FindingRow(
        row.fingerprint,
        row.detector,
        row.severity,
        row.state,
        row.sentence,
        tuple(people[key] for key in row.people if key in people),
        tuple(places[key] for key in row.resources if key in places),
        row.first_seen,
        row.last_seen,
        row.resolved_at,
        row.until,
        row.sightings,
        row.evidence,
        tuple(row.fix),
    )
