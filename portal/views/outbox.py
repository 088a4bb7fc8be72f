"""Every message: planned, held, sent, suppressed and why; release or drop."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_POST

from notifier import outbox
from portal.viewing import admin, answer

STATES = ("", "planned", "held", "sending", "sent", "uncertain", "failed", "suppressed")
COLUMNS = ("Kind", "To", "State", "Reason", "Not before", "Text")
SHOWN = 200


@admin
def message_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """Messages, newest first, by state."""
    state = request.GET.get("state", "")
    found = outbox.messages([state] if state in STATES[1:] else [], most=SHOWN)
    counts = outbox.counts()
    rows = ((m.kind, m.to, m.state, m.reason, m.not_before.isoformat(), m.text) for m in found)
    context = {"messages_": found, "tabs": tabs(counts, state), "held": counts["held"]}
    return answer(
        request,
        "outbox/outbox.html",
        context,
        data=partial(outbox.outbox_json, found),
        table=(COLUMNS, rows),
        form=form,
    )


def tabs(counts: dict[str, int], chosen: str) -> list[dict[str, object]]:
    """One tab per state with its count."""
    return [
        {
            "label": state.capitalize() or "All",
            "url": f"/outbox/?state={state}" if state else "/outbox/",
            "count": counts[state] if state else sum(counts.values()),
            "current": state == chosen,
        }
        for state in STATES
    ]


@admin
def message_page(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One message with its exact preview."""
    found = outbox.message(pk)
    if found is None:
        raise Http404
    return answer(request, "outbox/message.html", {"message_": found})


@admin
@require_POST
def decide(request: HttpRequest) -> HttpResponseBase:
    """Release or drop: one message, or everything that is held."""
    named = request.POST.getlist("id")
    ids = [UUID(each) for each in named] if named else [m.id for m in outbox.messages(["held"])]
    if request.POST.get("do") == "release":
        messages.success(
            request, f"Released {outbox.release(ids)} messages; they go out at the next delivery."
        )
    elif request.POST.get("do") == "drop":
        messages.success(request, f"Dropped {outbox.drop(ids)} messages; they will not be sent.")
    return HttpResponseRedirect("/outbox/")
