"""Sources, their runs, and what is decided about an answer that is held back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from orgmodel.models import Run
from orgmodel.queries.pages.hook_states import HookRow, hook_rows
from orgmodel.queries.pages.source_page import sources, waiting
from orgmodel.queries.pages.source_rows import RunRow, SourceRow
from orgmodel.queries.pages.source_streams import RateRow, StreamRow
from orgmodel.queries.rights import rights_faults
from orgmodel.queries.visibility import Viewer
from orgmodel.sources.registry import configured
from orgmodel.sync.decisions import Decider, Refused
from orgmodel.sync.due import next_reads
from orgmodel.sync.run_decisions import drop, release
from portal.heartbeat import worker
from portal.listings import Listing
from portal.requests import admin, answer, employee, self_of, viewer_of

LONGEST_REASON = 1000
COLUMNS = ("Source", "Read", "Outcome", "Calls", "Seconds", "What changed", "Why not")


@employee
def source_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """Each source and its last runs."""
    context = page_of(viewer_of(request))
    found = context["sources"]
    return answer(
        request, "sources/sources.html", context, data=lambda: data(found), listing=listed(found), form=form
    )


def page_of(viewer: Viewer) -> dict[str, Any]:
    """Everything the page of the sources shows."""
    now, whole = timezone.now(), viewer.admin or viewer.auditor
    names = [each.name for each in configured(settings.SIGHTLINE)]
    found, times = sources(now, names, viewer), next_reads(names)
    hooks = {each.source: each for each in hook_rows(settings.SIGHTLINE, now)} if whole else {}
    return {
        "sources": [
            replace(each.timed(times.get(each.source), now), hook=hooks.get(each.source)) for each in found
        ],
        "now": now,
        "worker": worker(),
        "rights": rights_faults(settings.SIGHTLINE.conventions.visibility),
        "whole": whole,
        "may": viewer.admin,
    }


@admin
@require_POST
def release_run(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Let the answer of a quarantined run through at the next read."""
    if request.POST.get("sure") != "yes":
        return _refused(request, pk, "Tick that you have checked it; nothing was released.")
    return _decided(
        request, pk, release, "Released: the next sync of this source may be as small as this one."
    )


@admin
@require_POST
def drop_run(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say that the answer of a quarantined run is wrong: it waits no longer."""
    return _decided(request, pk, drop, "Dropped: what was known stays, and the next sync is judged afresh.")


def _decided(
    request: HttpRequest, pk: int, decide: Callable[[Run, Decider], None], done: str
) -> HttpResponseBase:
    """Decide it in the name of whoever asks."""
    run = waiting(pk)
    if run is None:
        raise Http404
    try:
        decide(
            run, Decider(self_of(request), timezone.now(), request.POST.get("reason", "")[:LONGEST_REASON])
        )
    except Refused as refused:
        return _refused(request, pk, str(refused))
    messages.success(request, done)
    return HttpResponseRedirect(reverse("sources"))


def _refused(request: HttpRequest, pk: int, why: str) -> HttpResponseBase:
    if waiting(pk) is None:
        raise Http404
    context = page_of(viewer_of(request)) | {"refused": why, "typed": request.POST, "of": pk}
    return render(request, "sources/sources.html", context, status=400)


def data(found: Sequence[SourceRow]) -> list[dict[str, object]]:
    """The sources as JSON, without problems: those name records."""
    return [
        {
            "source": each.source,
            "fresh": not each.fresh.stale,
            "sentence": each.fresh.sentence,
            "applied_at": moment(each.fresh.applied_at),
            "complete_read": moment(each.progress.read.whole),
            "complete": each.complete,
            "next_read": moment(each.next_read),
            **({"streams": [stream(one) for one in each.streams]} if each.streams else {}),
            **({"rates": [rate(one) for one in each.rates]} if each.rates else {}),
            **({"hook": hook(each.hook)} if each.hook else {}),
            "runs": [
                {
                    "started": run.started.isoformat(),
                    "mode": run.mode,
                    "outcome": run.outcome,
                    "calls": run.calls,
                    "seconds": run.seconds,
                    "reason": run.reason,
                    "problems": run.problem_count,
                    "not_visible": [unseen.kind for unseen in run.unseen],
                }
                for run in each.runs
            ],
        }
        for each in found
    ]


def stream(found: StreamRow) -> dict[str, object]:
    """How fresh a stream is, as JSON."""
    return {
        "name": found.name,
        "read": moment(found.read),
        "read_whole": moment(found.whole),
        "lists_left": found.left,
        "visible": {"all": "none", "some": "some", "": "all"}[found.hidden],
    }


def rate(found: RateRow) -> dict[str, object]:
    """What was used of a rate, as JSON."""
    return {"name": found.name, "used": found.used, "limit": found.limit, "until": moment(found.until)}


def moment(at: datetime | None) -> str | None:
    """As JSON writes it."""
    return at.isoformat() if at else None


def hook(found: HookRow) -> dict[str, object]:
    """How the hook of a source is, as JSON."""
    return {
        "ready": found.ready,
        "accepted": found.accepted,
        "received": moment(found.received),
        "refused": found.refused,
        "refused_at": moment(found.refused_at),
    }


def listed(found: Iterable[SourceRow]) -> Listing[tuple[SourceRow, RunRow]]:
    """The runs of all sources as a table."""
    return Listing(
        COLUMNS,
        [(each, run) for each in found for run in each.runs],
        lambda row: (row[0].source, *run_cells(row[1])),
        key=lambda row: str(row[1].pk),
    )


def run_cells(run: RunRow) -> tuple[object, ...]:
    """One run under the columns."""
    return (run.started, run.outcome, run.calls, run.seconds, run.changed, run.reason)
