"""Moves: the list, and one move as a story."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from notifier import outbox
from notifier.naming import Naming, asking_naming, asking_where_seen
from notifier.reasons import Teller
from notifier.waiting import asking_waits
from orgmodel.queries.coming import coming_for_all
from orgmodel.queries.findings.lists import standing_about
from orgmodel.queries.history.by_day import FEED_KINDS, Filter, by_day
from orgmodel.queries.history.feed import feed
from orgmodel.queries.history.leaving import first_day, last_day
from orgmodel.queries.moments import just_before, now
from orgmodel.queries.pages.move_page import MoveRow, MoveStory, list_moves, move_story
from orgmodel.queries.together import Question, at_hand, together
from orgmodel.queries.visibility import Viewer
from orgmodel.rules.spoken import AS_WRITTEN
from orgmodel.why.asking import Contact, settled
from orgmodel.why.voice import Voice
from portal.listings import Listing, choice
from portal.requests import admin, answer, employee, list_options, viewer_of
from portal.templatetags.addresses import MOVES
from portal.templatetags.sightline import plural

from .move_sections import groups_of, records_of, sections_of, steps_of, titled

COLUMNS = ("Move", "Person", "E-mail", "What", "State", "Opened", "Settled")
STATES = (("", "Any state"), ("open", "Open"), ("settled", "Settled"), ("reverted", "Reverted"))
NEAREST = 20
"""Planned changes that stand above the list."""
STEPS = 100
"""Changes of a move that are shown."""
STUCK = {"held", "uncertain", "failed"}


@admin
def move_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """All moves, newest first."""
    criteria, kind = list_options(request, form), request.GET.get("kind", "")
    page = list_moves(criteria, kind=kind)
    context = {
        "page": page,
        "query": criteria.text,
        "choices": choices(kind, criteria.status),
        "count": plural(page.total, "move"),
    } | coming_shown(viewer_of(request))
    return answer(request, "moves/moves.html", context, listing=listed(page.rows), form=form)


def coming_shown(viewer: Viewer) -> dict[str, object]:
    """What is planned, the nearest first, and how much more there is."""
    coming = coming_for_all(now(), viewer, settings.SIGHTLINE.conventions)
    shown = coming if len(coming) <= NEAREST + 1 else coming[:NEAREST]
    return {"coming": shown, "further": len(coming) - len(shown)}


@employee
def move_page(request: HttpRequest, pk: int, form: str = "") -> HttpResponseBase:
    """One move: what HR said, what rules did, what access became, who was told, what is still pending."""
    viewer = viewer_of(request)
    story = move_story(pk, replace(viewer, spoken=AS_WRITTEN), settings.SIGHTLINE.conventions.ask.contact)
    context = round_story(story, viewer)
    return answer(request, "moves/move.html", context, data=story.changed.as_json, form=form)


def round_story(story: MoveStory, viewer: Viewer) -> dict[str, object]:
    """The story, and what stands round it: who was told, what is stuck, each single step."""
    row, known = story.row, settings.SIGHTLINE
    names, seen, waits = together(
        asking_naming(row.person.pk, just_before(row.opened), known),
        asking_where_seen([row.pk], known),
        asking_why(story),
    )
    viewer = replace(viewer, spoken=names)
    whole = viewer.admin or viewer.auditor
    messages = outbox.messages(move=row.pk)
    alarms = outbox.alarms_about(row.person.pk, row.opened) if whole and row.kind == "leaver" else []
    return story_context(story, viewer, names, seen) | {
        "waits": waits,
        "outbox": [*messages, *alarms],
        "whole": whole,
        "may": viewer.admin,
        "held": sum(message.state == "held" for message in messages),
        "stuck": [message for message in messages if message.state in STUCK],
        "ask": contact(),
        "findings": standing_about(story.row.person.pk) if whole else (),
        "days": by_day(feed(steps_filter(story), viewer, most=STEPS)),
        "crumbs": [{"label": "Moves", "url": reverse("moves")}] if whole else [],
    }


def contact() -> Contact | None:
    """Whom the settings name for questions about access."""
    return next(iter(settled((), settings.SIGHTLINE.conventions.ask)), None)


def asking_why(story: MoveStory) -> Question[str]:
    """Why the case is not told yet; nothing where it is no longer open."""
    if story.row.state != "open":
        return at_hand("")
    longest = timedelta(hours=settings.SIGHTLINE.conventions.notify.longest_wait_hours)
    return asking_waits(story.row.pk, story.row.kind, story.changed, story.changed.until.at, longest)


def story_context(story: MoveStory, viewer: Viewer, names: Naming, seen: str) -> dict[str, object]:
    """The head of the story, and its parts as the message to this reader tells them."""
    row = story.row
    own = viewer.person == row.person.pk
    tell = Teller(Voice(own=own, spoken=viewer.spoken), names, now().at.year)
    ended = f", settled on {row.settled.day} {row.settled:%B %Y}" if row.settled else ", not settled yet"
    return {
        "move": row,
        "changed": story.changed,
        "title": titled(story, tell),
        "lead": f"{day_before_seen(row)}{row.opened.day} {row.opened:%B %Y}{f' ({seen})' if seen else ''}"
        f"{', reverted' if row.state == 'reverted' else ended}.",
        "records": records_of(story, tell),
        "groups": groups_of(story, tell),
        "access": sections_of(story, tell),
        "steps": steps_of(story.left),
        "left": story.left,
    }


def day_before_seen(row: MoveRow) -> str:
    """The last day of a leaver, or a joiner's first, where known, before the day on which it was seen."""
    zone = settings.SIGHTLINE.conventions.notify.time_zone
    today = timezone.localdate(timezone=zone)
    if row.kind == "joiner":
        seen = row.opened.astimezone(zone).date()
        first = first_day(row.person.pk)
        return f"First day {first.day} {first:%B %Y}, seen on " if first and first < seen else ""
    ended = last_day(row.person.pk, today) if row.kind == "leaver" else None
    return f"Last day {ended.day} {ended:%B %Y}, seen on " if ended else ""


def steps_filter(story: MoveStory) -> Filter:
    """The single changes of a move."""
    return Filter(move=story.row.pk, person=story.row.person.pk, kinds=(*FEED_KINDS, "attribute"))


def choices(kind: str, state: str) -> list[dict[str, Any]]:
    """The filters of the list."""
    kinds = [("", "All moves"), *((value, words.capitalize()) for value, words in MOVES.items())]
    return [choice("kind", "What", kinds, kind), choice("status", "State", STATES, state)]


def listed(rows: Iterable[MoveRow]) -> Listing[MoveRow]:
    """Moves as a table."""
    return Listing(
        COLUMNS,
        rows,
        lambda row: (
            *(row.pk, row.person.name, row.person.email),
            *(row.kind, row.state, row.opened, row.settled),
        ),
        key=lambda row: str(row.pk),
        page=lambda row: reverse("move", args=[row.pk]),
        json=lambda row: row.as_json(),
    )
