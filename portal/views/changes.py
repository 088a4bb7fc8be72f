"""What changed everywhere, as sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse

from orgmodel.kinds import KINDS
from orgmodel.queries.history.by_day import FEED_KINDS, Filter, by_day
from orgmodel.queries.history.feed import FeedEntry, feed, whole_feed
from orgmodel.queries.moments import BadMoment, now
from orgmodel.queries.people import Ambiguous, NotFound, find_person, person
from orgmodel.queries.targets import find_target, find_unit
from orgmodel.queries.visibility import Viewer
from portal.listings import Listing, choice
from portal.requests import answer, employee, machine, moment, viewer_of
from portal.templatetags.sightline import plural

TEMPLATE = "changes/changes.html"
FEED = ("When", "Who", "What", "Cause", "Evidence")
FILTERS = (("", "All changes"), *((kind.name, kind.feed) for kind in KINDS if kind.feed))
CAUSES = (
    ("", "Any cause"),
    ("hr", "The HR record"),
    ("rule", "A rule"),
    ("group_deleted", "A deleted group"),
    ("app_deleted", "A deleted app"),
    ("deactivated", "A deactivated account"),
    ("account_deleted", "A deleted account"),
    ("request", "An access request"),
    ("certification", "An access review"),
    ("governance", "Access governance"),
    ("import", "An import"),
    ("admin", "Somebody by hand"),
    ("automation", "An automation"),
    ("system", "Okta itself"),
    ("unknown", "Not known"),
)
SCOPES = ("person", "app", "group", "unit")
PAGE = 60
KEYS = len(str(2**63)) - 1
"""Digits of a key at most."""


@dataclass(frozen=True)
class Scope:
    """What the feed is narrowed to: the parameter of the address, the name, and the way out."""

    parameter: str
    name: str
    away: str


@employee
def changes(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """The feed, newest first."""
    viewer = viewer_of(request)
    try:
        criteria, scopes = filter_from(request, viewer)
    except (BadMoment, NotFound) as error:
        if machine(request, form) or isinstance(error, Ambiguous):
            raise
        return not_understood(request, error)
    if machine(request, form):
        return answer(request, TEMPLATE, {}, listing=listed(whole_feed(criteria, viewer)), form=form)
    context = one_page(criteria, viewer) | filters(request.GET) | {"scopes": scopes}
    return answer(request, TEMPLATE, context)


def not_understood(request: HttpRequest, error: BadMoment | NotFound) -> HttpResponseBase:
    """The filter as it was given, and what is wrong with it."""
    query = request.GET
    named = [(name, text) for name in SCOPES if (text := plain(query, name))]
    context = filters(query) | {
        "query": plain(query, "q"),
        "scopes": [Scope(name, text, without(query, name)) for name, text in named],
        "sentence": str(error),
    }
    return render(request, TEMPLATE, context, status=404 if isinstance(error, NotFound) else 400)


def one_page(criteria: Filter, viewer: Viewer) -> dict[str, object]:
    """The newest changes, and where the older ones begin."""
    found = feed(criteria, viewer, most=PAGE + 1)
    full = len(found) > PAGE
    return {
        "days": by_day(found[:PAGE]),
        "query": criteria.text,
        "moves_url": reverse("moves") if viewer.admin or viewer.auditor else "",
        "count": plural(len(found[:PAGE]), "change") + (" on this page" if full else ""),
        "older": found[PAGE - 1].key if full else None,
    }


def filter_from(request: HttpRequest, viewer: Viewer) -> tuple[Filter, tuple[Scope, ...]]:
    """?q= kind cause person app group unit since until at, and before (key of the last entry shown).

    Raises NotFound and BadMoment.
    """
    at, query = moment(request), request.GET
    ids, scopes = scoped(query, viewer)
    kind, before = query.get("kind", ""), query.get("before", "")
    bounds = (day(query.get("until", ""), time.max), None if at.live else at.at)
    criteria = Filter(
        **ids,
        kinds=(kind,) if kind in FEED_KINDS else FEED_KINDS,
        cause=plain(query, "cause"),
        text=plain(query, "q"),
        since=day(query.get("since", ""), time.min),
        until=min((bound for bound in bounds if bound), default=None),
        before=int(before) if before.isascii() and before.isdigit() and len(before) <= KEYS else None,
    )
    return criteria, scopes


def scoped(query: QueryDict, viewer: Viewer) -> tuple[dict[str, int], tuple[Scope, ...]]:
    """Ids for the filter of the things named in the address, and what they are called."""
    ids: dict[str, int] = {}
    called: dict[str, str] = {}
    if name := plain(query, "person"):
        ids["person"] = find_person(name)
        called["person"] = person(ids["person"], now()).name
    for parameter, field in (("app", "app"), ("group", "resource")):
        if name := plain(query, parameter):
            target = find_target(name, viewer)
            ids[field], called[parameter] = target.pk, target.name
    if name := plain(query, "unit"):
        unit = find_unit(name)
        ids["unit"], called["unit"] = unit.pk, unit.name
    return ids, tuple(Scope(key, text, without(query, key)) for key, text in called.items())


def plain(query: QueryDict, name: str) -> str:
    """A parameter as text that a database takes."""
    return query.get(name, "")[:200].strip()


def without(query: QueryDict, name: str) -> str:
    """The address of the feed without one of its filters."""
    kept = query.copy()
    for gone in (name, "before"):
        kept.pop(gone, None)
    return f"{reverse('changes')}?{kept.urlencode()}".rstrip("?")


def day(text: str, clock: time) -> datetime | None:
    """A date of the address with this time of day; None when it is empty. Raises BadMoment."""
    try:
        return datetime.combine(date.fromisoformat(text), clock, UTC) if text else None
    except ValueError as error:
        raise BadMoment("Give dates such as 2026-03-01.") from error


def filters(query: QueryDict) -> dict[str, object]:
    """The choices and dates of the filter bar as they are chosen, and what else stays."""
    return {
        "choices": [
            choice("kind", "Kind", FILTERS, query.get("kind", "")),
            choice("cause", "Cause", CAUSES, query.get("cause", "")),
        ],
        "dates": [
            {"name": name, "label": label, "value": query.get(name, "")}
            for name, label in (("since", "Since"), ("until", "Until"))
        ],
        "kept": [{"name": name, "value": query[name]} for name in SCOPES if query.get(name)],
    }


def listed(entries: Iterable[FeedEntry]) -> Listing[FeedEntry]:
    """Changes as a table."""
    return Listing(
        FEED,
        entries,
        lambda entry: (entry.at.isoformat(), entry.who, entry.sentence, entry.because, entry.evidence),
        key=lambda entry: str(entry.key),
        json=lambda entry: entry.as_json(),
    )
