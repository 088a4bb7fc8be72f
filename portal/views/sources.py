"""Sources, their runs, and the release of what is held back."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from orgmodel.queries.pages.source_page import SourceRow, sources, waiting
from orgmodel.queries.rights import rights_faults
from orgmodel.sources.registry import configured
from orgmodel.sync.runs import release
from portal.heartbeat import worker
from portal.requests import admin, answer, employee, viewer_of

COLUMNS = ("Source", "Read", "Outcome", "Calls", "Seconds", "What changed", "Why not")


@employee
def source_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """Each source and its last runs."""
    viewer = viewer_of(request)
    found = sources(timezone.now(), [each.name for each in configured(settings.SIGHTLINE)], viewer)
    context = {
        "sources": found,
        "worker": worker(),
        "rights": rights_faults(settings.SIGHTLINE.conventions.visibility),
        "whole": viewer.admin or viewer.auditor,
        "may": viewer.admin,
    }
    return answer(
        request, "sources/sources.html", context, data=lambda: data(found), table=table(found), form=form
    )


@admin
@require_POST
def release_run(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Let the answer of a quarantined run through at the next read."""
    run = waiting(pk)
    if run is None:
        raise Http404
    if request.POST.get("sure") == "yes":
        release(run, timezone.now())
        messages.success(request, "Released: the next sync of this source may be as small as this one.")
    else:
        messages.error(request, "Tick that you have checked it; nothing was released.")
    return HttpResponseRedirect("/sources/")


def data(found: tuple[SourceRow, ...]) -> list[dict[str, object]]:
    """The sources as JSON, without problems: those name records."""
    return [
        {
            "source": each.source,
            "fresh": not each.fresh.stale,
            "sentence": each.fresh.sentence,
            "applied_at": each.fresh.applied_at.isoformat() if each.fresh.applied_at else None,
            "runs": [
                {
                    "started": run.started.isoformat(),
                    "mode": run.mode,
                    "outcome": run.outcome,
                    "calls": run.calls,
                    "seconds": run.seconds,
                    "reason": run.reason,
                    "problems": len(run.problems),
                    "not_visible": [unseen.kind for unseen in run.unseen],
                }
                for run in each.runs
            ],
        }
        for each in found
    ]


def table(found: tuple[SourceRow, ...]) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """The runs as CSV."""
    return COLUMNS, [
        (each.source, run.started, run.outcome, run.calls, run.seconds, run.changed, run.reason)
        for each in found
        for run in each.runs
    ]
