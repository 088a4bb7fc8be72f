"""Reconciliation: findings by detector, one finding, and what a human decides."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from orgmodel.queries.findings import FindingRow, findings
from orgmodel.reconcile import DETECTORS
from orgmodel.sync.findings import decide
from portal.templatetags.addresses import address, person_address
from portal.viewing import admin, answer

STATES = ("", "open", "acknowledged", "accepted", "resolved")
COLUMNS = ("Severity", "Detector", "Finding", "State", "First seen", "Last seen")
SHOWN = 300


@admin
def finding_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """Where intent and reality part, the gravest first."""
    asked = request.GET
    detector, state = asked.get("detector", ""), asked.get("state", "")
    found = findings(detector=detector, state=state, text=asked.get("q", ""))
    context = {
        "findings": [card(each) for each in found[:SHOWN]],
        "count": f"{len(found)} findings",
        "query": asked.get("q", ""),
        "choices": choices(detector, state),
        "stats": stats(found),
    }
    return answer(
        request, "drift/drift.html", context, data=lambda: data(found), table=table(found), form=form
    )


@admin
def finding_page(request: HttpRequest, fingerprint: str) -> HttpResponseBase:
    """One finding: evidence, people, plan."""
    found = findings(fingerprint=fingerprint)
    if not found:
        raise Http404
    one = found[0]
    context = {
        "finding": one,
        "card": card(one),
        "detector": DETECTORS[one.detector].title if one.detector in DETECTORS else one.detector,
        "fixes": [{**fix, "id": f"fix{number}"} for number, fix in enumerate(one.fix)],
        "crumbs": [{"label": "Reconciliation", "url": "/drift/"}],
    }
    return answer(request, "drift/finding.html", context, data=one.as_json)


@admin
@require_POST
def decide_finding(request: HttpRequest, fingerprint: str) -> HttpResponseBase:
    """Acknowledge or accept until a date, or open again."""
    try:
        day = datetime.fromisoformat(
            request.POST.get("until") or str((timezone.now() + timedelta(days=30)).date())
        )
        decide(fingerprint, request.POST.get("do", ""), datetime.combine(day, time.min, UTC))
        messages.success(request, "Noted.")
    except ValueError:
        messages.error(request, "Choose what to do, and a date such as 2026-12-31.")
    return HttpResponseRedirect(f"/drift/{fingerprint}/")


def data(found: tuple[FindingRow, ...]) -> list[dict[str, object]]:
    """The findings as JSON of the contract."""
    return [each.as_json() for each in found]


def table(found: tuple[FindingRow, ...]) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """The findings as CSV."""
    return COLUMNS, [(f.severity, f.detector, f.sentence, f.state, f.first_seen, f.last_seen) for f in found]


def card(found: FindingRow) -> dict[str, object]:
    """What the list shows of a finding."""
    return {
        "severity": found.severity, "sentence": found.sentence, "url": f"/drift/{found.fingerprint}/",
        "detector": DETECTORS[found.detector].title if found.detector in DETECTORS else found.detector,
        "first_seen": found.first_seen, "state": found.state,
        "people": [{"name": p.name, "id": p.key, "url": person_address(p.key)} for p in found.people[:3]],
        "resources": [{"name": r.name, "url": address(r)} for r in found.resources[:3]],
    }  # fmt: skip


def stats(found: tuple[FindingRow, ...]) -> list[dict[str, object]]:
    """How many of each severity."""
    counted = Counter(each.severity for each in found)
    return [{"value": counted[severity], "label": severity} for severity in ("high", "medium", "low")]


def choices(detector: str, state: str) -> list[dict[str, object]]:
    """The filters."""
    detectors = [("", "All detectors"), *((name, each.title) for name, each in DETECTORS.items())]
    states = [(each, each.capitalize() or "Not resolved") for each in STATES]
    return [
        {
            "name": name,
            "label": label,
            "options": [{"value": v, "label": t, "chosen": v == chosen} for v, t in known],
        }
        for name, label, known, chosen in (
            ("detector", "Detector", detectors, detector),
            ("state", "State", states, state),
        )
    ]
