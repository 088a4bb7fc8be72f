"""Every message: planned, held, sent, not sent and why; release, drop, send again, stop and resume."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from notifier import acts, mass, outbox
from notifier.acts import Actor
from notifier.outbox import Message
from orgmodel.queries.pages.lists import ListRequest, Page
from orgmodel.queries.visibility import Viewer
from portal.form_errors import FieldError
from portal.listings import Listing, choice
from portal.requests import admin, answer, list_options, machine, viewer_of
from portal.templatetags.outbox_words import KINDS, message_state
from portal.templatetags.sightline import plural

STATES = ("", "planned", "held", "sending", "sent", "uncertain", "failed", "suppressed")
ALL_KINDS = (("", "All kinds"), *KINDS.items())
ONLY = (("", "All messages"), ("corrections", "Corrections only"))
COLUMNS = ("Kind", "To", "State", "Reason", "Not before", "Text", "Corrects")
LONGEST_REASON = 500
NO_REASON = FieldError("reason", "Say why: the reason is kept with your name.")
DIGITS = 19
"""Of a number; a longer one is no number of ours."""
NAMES_WHOM = ("id", "move", "mass", "all")
"""Fields of a form that say which messages it means."""
ACTS = {
    "release": ("Release", "Released {}; what is released goes out at the next delivery."),
    "drop": ("Drop", "Dropped {}; what is dropped is never sent."),
    "again": ("Send again", "{} tried once more at the next delivery, if still true."),
    "stop": ("Stop all sending", "All sending is stopped."),
    "resume": ("Resume sending", "Sending goes on; every message is checked once more before it leaves."),
}
SURE = {"drop", "again", "stop", "resume"}
"""Acts that are asked once more, with why; so is the release of several messages."""


@admin
def message_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """Messages, newest first, by state and kind."""
    criteria, query = list_options(request, form), request.GET
    state, kind, only = query.get("state", ""), query.get("kind", ""), query.get("only", "")
    if machine(request, form):
        return export(request, state, kind, only, criteria.text, form)
    rows, total = looked_up(criteria, state, kind, only)
    context = bar(state, kind, only, criteria.text) | standing(state)
    context["page"] = Page(tuple(rows), total, criteria.number)
    context |= {"may": viewer_of(request).admin, "count": plural(total, "message")}
    return answer(request, "outbox/outbox.html", context)


def export(request: HttpRequest, state: str, kind: str, only: str, text: str, form: str) -> HttpResponseBase:
    """All messages that match, as JSON or CSV."""
    found = outbox.each(among(state), kind=kind, text=text, corrections=only == "corrections")
    return answer(request, "outbox/outbox.html", {}, listing=listed(found), form=form)


def listed(found: Iterable[Message]) -> Listing[Message]:
    """Messages as a table."""
    return Listing(
        COLUMNS,
        found,
        lambda m: (m.kind, m.to, m.state, m.reason, m.not_before.isoformat(), m.text, m.corrects or ""),
        key=lambda m: str(m.id),
        page=lambda m: reverse("message", args=[m.id]),
        json=outbox.message_json,
    )


def among(state: str) -> list[str]:
    """The states that are asked for; none for all."""
    return [state] if state in STATES[1:] else []


def looked_up(criteria: ListRequest, state: str, kind: str, only: str) -> tuple[list[Message], int]:
    """One page of the messages that match, and how many match."""
    corrections = only == "corrections"
    return outbox.found(
        among(state), kind=kind, text=criteria.text, corrections=corrections, **criteria.slice
    )


def standing(state: str) -> dict[str, object]:
    """How many messages are in each state, what stands in their way, what was done about them lately."""
    counts, batches = outbox.counts(), mass.waiting()
    return {
        "tabs": tabs(counts, state),
        "held": counts["held"],
        "others": counts["held"] - sum(batch.held for batch in batches),
        "stopped": acts.stopped(),
        "batches": batches,
        "acts": acts.acts(),
    }


def bar(state: str, kind: str, only: str, text: str) -> dict[str, object]:
    """The filter bar as it is chosen."""
    return {
        "query": text,
        "choices": [choice("kind", "Kind", ALL_KINDS, kind), choice("only", "Corrections", ONLY, only)],
        "kept": [{"name": "state", "value": state}] if state else [],
    }


@admin
def message_page(request: HttpRequest, pk: UUID, form: str = "") -> HttpResponseBase:
    """One message with its exact preview."""
    found = outbox.message(pk)
    if found is None:
        raise Http404
    context = {
        "message_": found,
        "may": viewer_of(request).admin,
        "acts": acts.acts(pk),
        "crumbs": [{"label": "Outbox", "url": reverse("outbox")}],
    }
    return answer(request, "outbox/message.html", context, data=lambda: outbox.message_json(found), form=form)


@admin
@require_POST
def decide(request: HttpRequest) -> HttpResponseBase:
    """Release, drop or send again, or stop and resume all sending; what needs a reason asks for it first."""
    posted = request.POST
    do, reason = posted.get("do", ""), posted.get("reason", "")[:LONGEST_REASON]
    if do not in ACTS or (do not in {"stop", "resume"} and meant(posted) is None):
        messages.error(request, "Choose which messages, and what to do with them.")
    elif must_ask(posted, do) and (not reason.strip() or grown(posted)):
        return question(request, do)
    else:
        try:
            messages.success(request, act(viewer_of(request), posted, do, reason))
        except acts.Refused as refused:
            messages.error(request, str(refused))
    return HttpResponseRedirect(back(posted))


def must_ask(posted: QueryDict, do: str) -> bool:
    """Whether the act is asked once more, with how many people it is about."""
    several = bool({"mass", "all"} & {*posted}) or len(meant(posted) or ()) > 1
    return do in SURE or (do == "release" and several)


def grown(posted: QueryDict) -> bool:
    """Whether more messages are meant by now than the question named."""
    named = number(posted.get("named", ""))
    return named is not None and len(meant(posted) or ()) > named


def question(request: HttpRequest, do: str) -> HttpResponseBase:
    """The act once more, with room for why; what was typed and chosen is kept."""
    posted = request.POST
    context = {
        "do": do,
        "label": ACTS[do][0],
        "kept": [(name, value) for name in NAMES_WHOM for value in posted.getlist(name)],
        "mass": "mass" in posted,
        "grown": grown(posted),
        "reason": posted.get("reason", "")[:LONGEST_REASON],
        "errors": [NO_REASON] if "reason" in posted and not posted["reason"].strip() else [],
        "back": back(posted),
        "crumbs": [{"label": "Outbox", "url": reverse("outbox")}],
    }
    return render(request, "outbox/sure.html", context | how_many(posted, do))


def how_many(posted: QueryDict, do: str) -> dict[str, object]:
    """How many messages an act is about, and for a release how many people get one."""
    ids = None if do in {"stop", "resume"} else meant(posted)
    if ids is None:
        return {"named": None}
    people = plural(outbox.recipients(ids), "person,people") if ids and do == "release" else ""
    return {"named": len(ids), "count": plural(len(ids), "message"), "people": people}


def act(viewer: Viewer, posted: QueryDict, do: str, reason: str) -> str:
    """Do it in the name of whoever asks; what to say. Raises Refused."""
    actor, batch, count = Actor(viewer.name, viewer.person), number(posted.get("mass", "")), 0
    if do in {"stop", "resume"}:
        {"stop": acts.stop, "resume": acts.resume}[do](actor, reason)
    elif batch is not None and do in {"release", "drop"}:
        count = acts.decide_mass(batch, actor, reason, let_go=do == "release")
    else:
        do_it = {"release": acts.release, "drop": acts.drop, "again": acts.send_again}[do]
        count = do_it(meant(posted) or [], actor, reason)
    return ACTS[do][1].format(plural(count, "message"))


def back(posted: QueryDict) -> str:
    """Where whoever decided came from."""
    if (move := number(posted.get("move", ""))) is not None:
        return reverse("move", args=[move])
    named = meant(posted) if len(posted.getlist("id")) == 1 else None
    return reverse("message", args=named) if named else reverse("outbox")


def meant(posted: QueryDict) -> list[UUID] | None:
    """The messages that a form means: `id` (several), `move`, `mass` or `all`; None when it names none."""
    try:
        if named := posted.getlist("id"):
            return [UUID(each) for each in named]
    except ValueError:
        return None
    if (move := number(posted.get("move", ""))) is not None:
        return [each.id for each in outbox.messages(["held"], move=move)]
    if (batch := number(posted.get("mass", ""))) is not None:
        return mass.held(batch)
    return [each.id for each in outbox.messages(["held"])] if posted.get("all") == "yes" else None


def number(text: str) -> int | None:
    """A number of ours as a form gives it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < DIGITS else None


def tabs(counts: dict[str, int], chosen: str) -> list[dict[str, object]]:
    """One tab per state with its count."""
    return [
        {
            "label": message_state(state).capitalize() or "All",
            "url": f"{reverse('outbox')}?state={state}" if state else reverse("outbox"),
            "count": counts[state] if state else sum(counts.values()),
            "current": state == chosen,
        }
        for state in STATES
    ]
