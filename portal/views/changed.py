"""What changed for one person between two dates, and why: the same answer as `diff` gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from orgmodel.queries.access.holdings import Access, Membership
from orgmodel.queries.access.levels import LevelChange
from orgmodel.queries.access.target import Target
from orgmodel.queries.history.diff import Diff, diff
from orgmodel.why.causes import Cause
from orgmodel.why.levels import instead, named
from orgmodel.why.voice import Voice, first_name
from portal.between_dates import Span
from portal.requests import answer, viewer_of
from portal.templatetags.addresses import person_address

COLUMNS = ("Change", "What", "Native id", "Level", "Since", "Why")
APPS = (
    ("gained", "New", "New"),
    ("lost", "Gone", "Gone"),
    ("pending", "Still pending", "Still pending"),
    ("still_through", "You still have it another way", "Still held another way"),
    ("kept_unexplained", "You still have, though nothing gives it", "Still held, though nothing gives it"),
)
"""List of the answer → its heading for the person, and for others."""
GROUPS = (("groups_gained", "New groups", "New groups"), ("groups_lost", "Groups lost", "Groups lost"))
HINTS = {"kept_unexplained": "won’t be removed automatically"}


@dataclass(frozen=True)
class Line:
    """One app or group, what is worth saying of its level, and why."""

    target: Target
    level: str
    because: str
    before: str = ""
    """What is worth saying of the level before, of an app at another level."""


def changed_for(request: HttpRequest, who: int, span: Span, form: str) -> HttpResponseBase:
    """The page of a person, or of the reader, between two dates."""
    viewer = viewer_of(request)
    found = diff(who, span.since, span.until, viewer)
    voice = Voice(first_name(found.person.name), own=viewer.person == who, spoken=viewer.spoken)
    context = {
        "found": found,
        "title": f"What has changed for {'you' if voice.own else found.person.name}?",
        "about": "What is different about you" if voice.own else f"What is different about {voice.name}",
        "crumbs": [{"label": found.person.name, "url": person_address(found.person.key)}],
        "parts": [*parts(found, APPS, voice), *levels(found, voice), *parts(found, GROUPS, voice)],
        "attributes": [(voice.spoken.attribute(flip.attribute), flip) for flip in found.attributes],
        "nothing": not (found.differs or found.attributes or found.groups_gained or found.groups_lost),
    }
    table = (COLUMNS, rows(found, voice))
    return answer(request, "people/changed.html", context, data=found.as_json, table=table, form=form)


def parts(found: Diff, lists: tuple[tuple[str, str, str], ...], voice: Voice) -> list[dict[str, Any]]:
    """The lists that hold anything, each with its heading."""
    shown = (
        (name, yours if voice.own else theirs, [_line(each, voice) for each in getattr(found, name)])
        for name, yours, theirs in lists
    )
    return [
        {"id": name, "title": title, "lines": lines, "hint": _counted(len(lines), HINTS.get(name, ""))}
        for name, title, lines in shown
        if lines
    ]


def levels(found: Diff, voice: Voice) -> list[dict[str, Any]]:
    """Apps at another level, those that were raised first."""
    ways = (("raised", "Raised"), ("lowered", "Lowered"), ("other", "At another level"))
    shown = (
        (way, title, [_line(each, voice) for each in found.level_changed if each.direction == way])
        for way, title in ways
    )
    return [
        {"id": way, "title": title, "lines": lines, "hint": _counted(len(lines), "")}
        for way, title, lines in shown
        if lines
    ]


def _counted(number: int, more: str) -> str:
    return f"{number}, {more}" if more else str(number)


def _line(each: Access | Membership | LevelChange, voice: Voice) -> Line:
    match each:
        case LevelChange():
            now, wording = named(each.now.level), instead(each.before, each.now.level)
            return Line(each.app, now, _why(each.now.cause, voice), wording.removeprefix(now).lstrip(", "))
        case Access():
            return Line(each.app, named(each.level), _why(each.cause, voice))
    return Line(each.group, "", _why(each.cause, voice))


def _why(cause: Cause, voice: Voice) -> str:
    return cause.sentence(voice)


def rows(found: Diff, voice: Voice) -> Iterator[tuple[object, ...]]:
    """The answer for CSV."""
    for flip in found.attributes:
        change = (
            f"{flip.before_name or flip.before or 'nothing'} → {flip.after_name or flip.after or 'nothing'}"
        )
        yield ("attribute", flip.attribute, "", change, flip.at.isoformat(), "")
    for name, _, _ in APPS:
        for each in getattr(found, name):
            since = each.since.isoformat()
            yield (name, each.app.name, each.app.native_id, each.level, since, _why(each.cause, voice))
    for one in found.level_changed:
        level, at = f"{one.before} → {one.now.level}", one.now.since.isoformat()
        yield (
            f"level_{one.direction}",
            one.app.name,
            one.app.native_id,
            level,
            at,
            _why(one.now.cause, voice),
        )
    for name, _, _ in GROUPS:
        for each in getattr(found, name):
            since = each.since.isoformat()
            yield (name, each.group.name, each.group.native_id, "", since, _why(each.cause, voice))
