"""What changed for one person between two dates, and why: the same answer as `diff` gives."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from orgmodel.queries.access import Access
from orgmodel.queries.diff import Diff, diff
from portal.spans import Span
from portal.templatetags.addresses import person_address
from portal.viewing import answer, viewer_of

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
        "levels": levels(found),
        "apps": parts(found, APPS),
        "groups": parts(found, GROUPS),
        "nothing": not (found.differs or found.attributes or found.groups_gained or found.groups_lost),
    }
    return answer(
        request, "people/changed.html", context, data=found.as_json, table=(COLUMNS, rows(found)), form=form
    )


def levels(found: Diff) -> list[tuple[Access, Access]]:
    """Apps that are held at another level: as they are, and as they were."""
    was = {each.app.pk: each for each in found.lost}
    return [(each, was[each.app.pk]) for each in found.gained if each.app.pk in was]


def parts(found: Diff, lists: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
    """The lists that hold anything, each with its heading; without what is told as another level."""
    told = {each.app.pk for each, _ in levels(found)}
    made = []
    for name, title in lists:
        rows = getattr(found, name)
        if name in {"gained", "lost"}:
            rows = [each for each in rows if each.app.pk not in told]
        if rows:
            made.append({"id": name, "title": title, "rows": rows})
    return made


def rows(found: Diff) -> Iterator[tuple[object, ...]]:
    """The answer for CSV."""
    for flip in found.attributes:
        change = f"{flip.before or 'nothing'} → {flip.after or 'nothing'}"
        yield ("attribute", flip.attribute, "", change, flip.at.isoformat(), "")
    for name, _ in APPS:
        for each in getattr(found, name):
            since = each.since.isoformat()
            yield (name, each.app.name, each.app.native_id, each.level, since, each.cause.sentence())
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
