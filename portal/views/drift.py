"""Findings: by detector, one by one, and what people decide about them."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from orgmodel.queries.accounts import accounts_called
from orgmodel.queries.findings.evidence_names import evidence_names
from orgmodel.queries.findings.lists import (
    Day,
    FindingFilter,
    FindingRow,
    Standing,
    each_finding,
    events,
    finding_page,
    findings,
    none_found,
    standings,
    trend,
)
from orgmodel.queries.history.by_day import Filter, by_day
from orgmodel.queries.history.feed import feed
from orgmodel.queries.people import NotFound
from orgmodel.queries.visibility import Viewer
from orgmodel.reconcile import DETECTORS
from orgmodel.sync import decisions
from portal.evidence_words import in_words
from portal.finding_form import decided, refusal
from portal.graphs.trend import draw
from portal.listings import Listing, choice
from portal.page_address import page_address
from portal.requests import admin, answer, employee, list_options, machine, self_of, viewer_of
from portal.templatetags.addresses import address, person_address
from portal.templatetags.sightline import plural

STATES = (
    ("", "Not resolved"),
    ("open", "Open"),
    ("acknowledged", "Acknowledged"),
    ("accepted", "Accepted"),
    ("resolved", "Resolved"),
)
SEVERITIES = (("", "Any severity"), ("high", "High"), ("medium", "Medium"), ("low", "Low"))
OWNERS = (("", "Any owner"), ("nobody", "Nobody’s"))
COLUMNS = ("Severity", "Detector", "Finding", "State", "Owner", "First seen", "Last seen")
IDENTITY = "identity-collision"
SHORT = 3
"""People and resources that a line of the list shows."""
CHIPS = 60
FIX_TITLES = {"terraform": "Terraform", "csv": "CSV", "api": "API calls", "console": "In the console"}
STEPS = 20
ACCEPTED_FOR = timedelta(days=30)


@admin
def finding_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """Where access differs from policy, the gravest first."""
    criteria = filter_from(request.GET)
    if machine(request, form):
        return answer(request, "drift/drift.html", {}, listing=listed(each_finding(criteria)), form=form)
    page = finding_page(criteria, list_options(request).number)
    context = overview(standings(), trend(timezone.now(), detector=criteria.detector), criteria) | {
        "page": page,
        "findings": [card(each, SHORT) for each in page.rows],
        "count": plural(page.total, "finding"),
        "filtered": criteria != FindingFilter(),
        "nothing": "" if page.total else none_found(),
        "choices": choices(criteria),
    }
    return answer(request, "drift/drift.html", context)


@employee
def finding_detail(request: HttpRequest, fingerprint: str, form: str = "") -> HttpResponseBase:
    """One finding: evidence, people, what happened there, plan, owner."""
    found = seen(request, fingerprint)
    return answer(request, "drift/finding.html", page_of(found, request), data=found.as_json, form=form)


@admin
@require_POST
def decide_finding(request: HttpRequest, fingerprint: str) -> HttpResponseBase:
    """Acknowledge or accept until a date, open again, or say whose it is."""
    try:
        messages.success(request, decided(fingerprint, request.POST, self_of(request)))
    except (decisions.Refused, NotFound) as error:
        context = page_of(seen(request, fingerprint), request) | refusal(error, request.POST)
        return render(request, "drift/finding.html", context, status=400)
    return HttpResponseRedirect(reverse("finding", args=[fingerprint]))


def seen(request: HttpRequest, fingerprint: str) -> FindingRow:
    """The finding, for those who run Sightline and for whoever looks after it."""
    viewer = viewer_of(request)
    found = next(iter(findings(fingerprint=fingerprint)), None)
    if viewer.admin or viewer.auditor:
        if found is None:
            raise Http404
        return found
    if found is None or found.owner is None or found.owner.key != viewer.key or found.touches(viewer.hidden):
        raise PermissionDenied(
            "This page is for the people who run Sightline. Whoever owns a finding may see it, too."
        )
    return found


def page_of(found: FindingRow, request: HttpRequest) -> dict[str, Any]:
    """Everything the page of one finding shows."""
    viewer = viewer_of(request)
    criteria = history_filter(found)
    days = by_day(feed(criteria, viewer, most=STEPS)) if criteria else ()
    more = {
        "may": viewer.admin,
        "days": days,
        "events": events(found.fingerprint),
        "accounts": accounts_called(accounts_named(found)) if viewer.admin or viewer.auditor else (),
    }
    return card(found, CHIPS) | details(found, viewer) | more


def accounts_named(found: FindingRow) -> dict[str, list[str]]:
    """The accounts that a finding about identity names, as native ids by source; "" is any source."""
    evidence = found.evidence
    if found.detector != IDENTITY:
        return {}
    single = [evidence[name] for name in ("account", "record") if name in evidence]
    return {"": evidence.get("records", [])} | {
        evidence.get("source", ""): [*evidence.get("accounts", ()), *single]
    }


def filter_from(query: QueryDict) -> FindingFilter:
    """?detector= severity state owner q."""
    plain = {name: query.get(name, "")[:200] for name in ("detector", "severity", "owner", "q")}
    state = query.get("state", "")
    return FindingFilter(
        plain["detector"],
        plain["severity"],
        state if dict(STATES).get(state) else "",
        plain["owner"],
        plain["q"],
    )


def overview(standing: Sequence[Standing], days: Sequence[Day], criteria: FindingFilter) -> dict[str, Any]:
    """The numbers on top: per severity, per detector, and how many stood day by day."""
    mine = [each for each in standing if criteria.detector in {"", each.detector}]
    return {
        "query": criteria.text,
        "chosen": title(criteria.detector) if criteria.detector else "",
        "stats": [
            {
                "value": sum(each.count for each in mine if each.severity == severity),
                "label": severity,
                "url": f"{reverse('findings')}?severity={severity}",
            }
            for severity, _ in SEVERITIES[1:]
        ],
        "detectors": [{"title": title(each.detector), "row": each} for each in standing],
        "trend": draw([each.count for each in days]),
        "then": days[0] if days else None,
        "today": days[-1] if days else None,
        "most": max((each.count for each in days), default=0),
    }


def details(found: FindingRow, viewer: Viewer) -> dict[str, Any]:
    """What only the page of the finding itself shows."""
    return {
        "finding": found,
        "more_people": max(0, len(found.people) - CHIPS),
        "evidence": list(
            in_words(
                found.evidence,
                settings.SIGHTLINE.conventions.notify.time_zone,
                evidence_names(found.evidence, viewer),
            )
        ),
        "fixes": [
            {**fix, "id": f"fix{number}", "title": FIX_TITLES[fix["kind"]]}
            for number, fix in enumerate(found.fix)
        ],
        "crumbs": [{"label": "Findings", "url": reverse("findings")}],
        "until": (timezone.now() + ACCEPTED_FOR).date().isoformat(),
        "latest": (timezone.now() + decisions.LONGEST).date().isoformat(),
    }


def history_filter(found: FindingRow) -> Filter | None:
    """What happened between the person and the group or app of the finding; None where it names neither."""
    person = found.people_ids[0] if len(found.people_ids) == 1 else None
    resource = found.resource_ids[0] if found.resource_ids else None
    return Filter(person=person, resource=resource) if person or resource else None


def title(detector: str) -> str:
    """A detector in words."""
    return DETECTORS[detector].title if detector in DETECTORS else detector


def card(found: FindingRow, most: int) -> dict[str, Any]:
    """What a page shows of a finding, with at most so many people and resources."""
    return {
        "severity": found.severity,
        "sentence": found.sentence,
        "url": page_address("finding", found.fingerprint),
        "detector": title(found.detector),
        "first_seen": found.first_seen,
        "state": found.state,
        "owner": found.owner.name if found.owner else "",
        "people": [
            {"name": each.name, "id": each.key, "url": person_address(each.key)}
            for each in found.people[:most]
        ],
        "resources": [{"name": each.name, "url": address(each)} for each in found.resources[:most]],
    }


def choices(criteria: FindingFilter) -> list[dict[str, Any]]:
    """The filters."""
    detectors = (("", "All detectors"), *((name, each.title) for name, each in DETECTORS.items()))
    return [
        choice("detector", "Detector", detectors, criteria.detector),
        choice("severity", "Severity", SEVERITIES, criteria.severity),
        choice("state", "State", STATES, criteria.state),
        choice("owner", "Owner", OWNERS, criteria.owner),
    ]


def listed(found: Iterable[FindingRow]) -> Listing[FindingRow]:
    """Findings as a table."""
    return Listing(
        COLUMNS,
        found,
        cells,
        key=lambda row: row.fingerprint,
        page=lambda row: page_address("finding", row.fingerprint),
        json=lambda row: row.as_json(),
    )


def cells(row: FindingRow) -> tuple[object, ...]:
    """One finding under the columns."""
    owner = row.owner.email if row.owner else ""
    return (row.severity, row.detector, row.sentence, row.state, owner, row.first_seen, row.last_seen)
