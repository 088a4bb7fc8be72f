"""Every message: planned, held, sent, not sent and why; release or drop."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.views.decorators.http import require_POST

from notifier import outbox
from notifier.outbox import Message
from orgmodel.queries.lists import Page, Wanted
from portal.templatetags.outbox_words import KINDS, message_state
from portal.templatetags.sightline import plural
from portal.viewing import admin, answer, listing, machine, viewer_of

STATES = ("", "planned", "held", "sending", "sent", "uncertain", "failed", "suppressed")
COLUMNS = ("Kind", "To", "State", "Reason", "Not before", "Text")
DONE = {
    "release": (outbox.release, "Released {}; what is released goes out at the next delivery."),
    "drop": (outbox.drop, "Dropped {}; what is dropped is never sent."),
}


@admin
def message_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """Messages, newest first, by state and kind."""
    wanted, asked = listing(request, form), request.GET
    state, kind = asked.get("state", ""), asked.get("kind", "")
    if machine(request, form):
        return export(request, state, kind, wanted.text, form)
    rows, total = looked_up(wanted, state, kind)
    counts = outbox.counts()
    context = bar(state, kind, wanted.text) | {
        "page": Page(tuple(rows), total, wanted.number),
        "tabs": tabs(counts, state),
        "held": counts["held"],
        "may": viewer_of(request).admin,
        "count": plural(total, "message"),
    }
    return answer(request, "outbox/outbox.html", context)


def export(request: HttpRequest, state: str, kind: str, text: str, form: str) -> HttpResponseBase:
    """All messages that fit, as JSON or CSV."""
    found = outbox.each(among(state), kind=kind, text=text)
    data, rows = map(outbox.message_json, found), table(found)
    return answer(request, "outbox/outbox.html", {}, data=lambda: data, table=rows, form=form)


def among(state: str) -> list[str]:
    """The states that are asked for; none for all."""
    return [state] if state in STATES[1:] else []


def looked_up(wanted: Wanted, state: str, kind: str) -> tuple[list[Message], int]:
    """One page of the messages that fit, and how many fit."""
    text, place = wanted.text, wanted.slice
    return outbox.found(among(state), kind=kind, text=text, first=place["first"], most=place["most"])


def bar(state: str, kind: str, text: str) -> dict[str, object]:
    """The filter bar as it is chosen."""
    return {
        "query": text,
        "choices": [kinds(kind)],
        "kept": [{"name": "state", "value": state}] if state else [],
    }


@admin
def message_page(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One message with its exact preview."""
    found = outbox.message(pk)
    if found is None:
        raise Http404
    context = {
        "message_": found,
        "may": viewer_of(request).admin,
        "crumbs": [{"label": "Outbox", "url": "/outbox/"}],
    }
    return answer(request, "outbox/message.html", context, data=lambda: outbox.outbox_json([found])[0])


@admin
@require_POST
def decide(request: HttpRequest) -> HttpResponseBase:
    """Release or drop messages: those named by id, those held for a move, or all that are held."""
    posted = request.POST
    act, said = DONE.get(posted.get("do", ""), (None, ""))
    ids = meant(posted)
    if act is None or ids is None:
        messages.error(request, "Choose which messages, and whether to release or to drop them.")
    else:
        messages.success(request, said.format(plural(act(ids), "message")))
    move = posted.get("move", "")
    return HttpResponseRedirect(f"/moves/{move}/" if move.isascii() and move.isdigit() else "/outbox/")


def meant(posted: QueryDict) -> list[UUID] | None:
    """The messages that a form means: `id` (several), `move` or `all`; None when it names none."""
    try:
        if named := posted.getlist("id"):
            return [UUID(each) for each in named]
        if move := posted.get("move"):
            return [each.id for each in outbox.messages(["held"], move=int(move))]
    except ValueError:
        return None
    return [each.id for each in outbox.messages(["held"])] if posted.get("all") == "yes" else None


def tabs(counts: dict[str, int], chosen: str) -> list[dict[str, object]]:
    """One tab per state with its count."""
    return [
        {
            "label": message_state(state).capitalize() or "All",
            "url": f"/outbox/?state={state}" if state else "/outbox/",
            "count": counts[state] if state else sum(counts.values()),
            "current": state == chosen,
        }
        for state in STATES
    ]


def kinds(chosen: str) -> dict[str, object]:
    """The filter by kind."""
    known = (("", "All kinds"), *KINDS.items())
    options = [{"value": value, "label": words, "chosen": value == chosen} for value, words in known]
    return {"name": "kind", "label": "Kind", "options": options}


def table(rows: Iterable[Message]) -> tuple[tuple[str, ...], Iterator[tuple[object, ...]]]:
    """The list as CSV."""
    return COLUMNS, ((m.kind, m.to, m.state, m.reason, m.not_before.isoformat(), m.text) for m in rows)
