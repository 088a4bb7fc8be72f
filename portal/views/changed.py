"""What changed for one person between two dates, and why: the same answer as `diff` gives."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from orgmodel.queries.history.diff import Diff, diff
from portal.between_dates import Span
from portal.requests import answer, viewer_of
from portal.templatetags.addresses import person_address

COLUMNS = ("Change", "What", "Native id", "Level", "Since", "Why")
APPS = (
    ("gained", "New"),
    ("lost", "Gone"),
    ("pending", "New, but not there yet"),
    ("still_through", "Still there through another way"),
    ("kept_unexplained", "Kept, although nothing gives it"),
)
GROUPS = (("groups_gained", "New groups"), ("groups_lost", "Groups no more"))


def changed_for(request: HttpRequest, who: int, span: Span, form: str) -> HttpResponseBase:
    """The page of a person, or of the reader, between two dates."""
    found = diff(who, span.since, span.until, viewer_of(request))
    context = {
        "found": found,
        "title": f"What has changed for {found.person.name}?",
        "crumbs": [{"label": found.person.name, "url": person_address(found.person.key)}],
        "apps": parts(found, APPS),
        "groups": parts(found, GROUPS),
        "nothing": not (found.differs or found.attributes or found.groups_gained or found.groups_lost),
    }
    return answer(
        request, "people/changed.html", context, data=found.as_json, table=(COLUMNS, rows(found)), form=form
    )


def parts(found: Diff, lists: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
    """The lists that hold anything, each with its heading."""
    shown = ((name, title, getattr(found, name)) for name, title in lists)
    return [{"id": name, "title": title, "rows": rows} for name, title, rows in shown if rows]


def rows(found: Diff) -> Iterator[tuple[object, ...]]:
    """The answer for CSV."""
    for flip in found.attributes:
        change = f"{flip.before or 'nothing'} → {flip.after or 'nothing'}"
        yield ("attribute", flip.attribute, "", change, flip.at.isoformat(), "")
    for name, _ in APPS:
        for each in getattr(found, name):
            since = each.since.isoformat()
            yield (name, each.app.name, each.app.native_id, each.level, since, each.cause.sentence())
    for one in found.level_changed:
        level, at, why = (
            f"{one.before} → {one.now.level}",
            one.now.since.isoformat(),
            one.now.cause.sentence(),
        )
        yield (f"level_{one.direction}", one.app.name, one.app.native_id, level, at, why)
    for name, _ in GROUPS:
        for each in getattr(found, name):
            yield (
                name,
                each.group.name,
                each.group.native_id,
                "",
                each.since.isoformat(),
                each.cause.sentence(),
            )
