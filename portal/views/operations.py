"""What changed everywhere, moves as stories, sources and their runs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from notifier import outbox
from orgmodel.models import Run
from orgmodel.queries.history import TOLD, Filter, by_day, history
from orgmodel.queries.move_page import list_moves, move_story
from orgmodel.queries.source_page import sources
from orgmodel.sync.runs import release
from portal.templatetags.addresses import move_words
from portal.viewing import admin, answer, employee, moment, viewer_of

FEED = ("When", "Who", "What", "Cause", "Evidence")
KINDS = (
    ("", "All changes"), ("grant", "Memberships and direct access"), ("edge", "What groups open"),
    ("assignment", "Team moves"), ("manager", "Managers"), ("rule", "Rules"), ("unit", "Units"),
    ("person", "Joiners and leavers"), ("resource", "Groups and apps"),
)  # fmt: skip
PAGE = 60


@employee
def changes(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """The feed, newest first."""
    at, asked = moment(request), request.GET
    kind, before = asked.get("kind", ""), asked.get("before", "")
    wanted = Filter(
        kinds=(kind,) if kind in TOLD else TOLD,
        text=asked.get("q", ""),
        until=None if at.live else at.at,
        before=int(before) if before.isascii() and before.isdigit() else None,
    )
    found = history(wanted, viewer_of(request), most=5000 if form else PAGE)
    rows = ((each.at.isoformat(), each.who, each.sentence, each.cause, each.evidence) for each in found)
    options = [{"value": value, "label": label, "chosen": value == kind} for value, label in KINDS]
    context = {
        "days": by_day(found),
        "query": wanted.text,
        "choices": [{"name": "kind", "label": "Kind", "options": options}],
        "count": f"{len(found)} changes" + (" on this page" if len(found) == PAGE else ""),
        "older": min((each.key for each in found), default=None) if len(found) == PAGE else None,
    }
    return answer(
        request,
        "changes/changes.html",
        context,
        data=lambda: [e.as_json() for e in found],
        table=(FEED, rows),
        form=form,
    )


@admin
def move_list(request: HttpRequest) -> HttpResponseBase:
    """All moves."""
    return answer(request, "moves/moves.html", {"moves": list_moves()})


@employee
def move_page(request: HttpRequest, pk: int, form: str = "") -> HttpResponseBase:
    """One move: what HR said, what access became, who was told, what still hangs."""
    viewer = viewer_of(request)
    story = move_story(pk, viewer)
    told = outbox.messages(move=pk) if viewer.admin or viewer.auditor else ()
    context = {
        "title": f"{story.row.person.name} {move_words(story.row.kind)}",
        "lead": f"{story.row.opened.day} {story.row.opened:%B %Y}, {story.row.state}",
        "changed": story.changed,
        "told": told,
        "days": by_day(history(Filter(move=pk), viewer, most=100)),
    }
    return answer(request, "moves/move.html", context, data=story.changed.as_json, form=form)


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
