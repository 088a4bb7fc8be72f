"""What changed everywhere, and moves as stories."""

from django.http import HttpRequest, HttpResponseBase

from notifier import outbox
from orgmodel.queries.history import TOLD, Entry, Filter, by_day, history
from orgmodel.queries.move_page import list_moves, move_story
from portal.templatetags.addresses import move_words
from portal.viewing import admin, answer, employee, machine, moment, viewer_of

FEED = ("When", "Who", "What", "Cause", "Evidence")
KINDS = (
    ("", "All changes"),
    ("grant", "Memberships and direct access"),
    ("edge", "What groups open"),
    ("assignment", "Team moves"),
    ("manager", "Managers"),
    ("rule", "Rules"),
    ("unit", "Units"),
    ("person", "Joiners and leavers"),
    ("resource", "Groups and apps"),
)
PAGE = 60
WHOLE = 5000
"""At most so many changes in one file."""


@employee
def changes(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """The feed, newest first."""
    wanted = asked_for(request)
    found = history(wanted, viewer_of(request), most=WHOLE if machine(request, form) else PAGE)
    full = len(found) == PAGE
    context = {
        "days": by_day(found),
        "query": wanted.text,
        "choices": [kind_choice(wanted)],
        "count": f"{len(found)} changes" + (" on this page" if full else ""),
        "older": min(each.key for each in found) if full else None,
    }
    return answer(
        request, "changes/changes.html", context, data=lambda: data(found), table=table(found), form=form
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
    context = {
        "title": f"{story.row.person.name} {move_words(story.row.kind)}",
        "lead": f"{story.row.opened.day} {story.row.opened:%B %Y}, {story.row.state}",
        "changed": story.changed,
        "told": outbox.messages(move=pk) if viewer.auditor or viewer.admin else (),
        "days": by_day(history(Filter(move=pk), viewer, most=100)),
    }
    return answer(request, "moves/move.html", context, data=story.changed.as_json, form=form)


def asked_for(request: HttpRequest) -> Filter:
    """?q=, ?kind=, ?at= and ?before= (the key of the last entry of the page before)."""
    at, asked = moment(request), request.GET
    kind, before = asked.get("kind", ""), asked.get("before", "")
    return Filter(
        kinds=(kind,) if kind in TOLD else TOLD,
        text=asked.get("q", "")[:200],
        until=None if at.live else at.at,
        before=int(before)
        if before.isascii() and before.isdigit() and len(before) < len(str(2**63))
        else None,
    )


def kind_choice(wanted: Filter) -> dict[str, object]:
    """The filter by kind of change."""
    chosen = wanted.kinds[0] if len(wanted.kinds) == 1 else ""
    options = [{"value": value, "label": label, "chosen": value == chosen} for value, label in KINDS]
    return {"name": "kind", "label": "Kind", "options": options}


def data(found: tuple[Entry, ...]) -> list[dict[str, object]]:
    """The feed as JSON."""
    return [each.as_json() for each in found]


def table(found: tuple[Entry, ...]) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """The feed as CSV."""
    return FEED, [(e.at.isoformat(), e.who, e.sentence, e.cause, e.evidence) for e in found]
