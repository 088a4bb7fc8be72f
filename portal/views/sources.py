"""Sources, their runs, and the release of what is held back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from orgmodel.models import Run
from orgmodel.queries.source_page import sources
from orgmodel.sync.runs import release
from portal.viewing import admin, answer, employee, viewer_of


@employee
def source_list(request: HttpRequest) -> HttpResponseBase:
    """Each source and its last runs."""
    viewer = viewer_of(request)
    context = {
        "sources": sources(timezone.now()),
        "whole": viewer.admin or viewer.auditor,
        "may": viewer.admin,
    }
    return answer(request, "sources/sources.html", context)


@admin
@require_POST
def release_run(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Let the answer of a quarantined run through at the next read."""
    run = get_object_or_404(Run, pk=pk, outcome=Run.Outcome.QUARANTINED)
    release(run, timezone.now())
    messages.success(request, "Released: the next read of this source may be as small as this one.")
    return HttpResponseRedirect("/sources/")
