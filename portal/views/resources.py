"""Apps and groups: the lists and one of each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from orgmodel.facts import UNRANKED
from orgmodel.queries.access.caveats import caveats
from orgmodel.queries.access.holders import Crowd, Way, crowd
from orgmodel.queries.access.holdings import Holder, one_by_one
from orgmodel.queries.access.target import Target
from orgmodel.queries.access.turnover import turnover
from orgmodel.queries.access.who import who_json
from orgmodel.queries.history.by_day import FEED_KINDS, Filter, by_day, history
from orgmodel.queries.moments import Moment
from orgmodel.queries.pages.details import Beside, beside, integration
from orgmodel.queries.pages.lists import ResourceRow, list_resources
from orgmodel.queries.people import NotFound
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import Viewer
from orgmodel.queries.why.asking import contacts_of
from orgmodel.why.asking import Asking
from orgmodel.why.obstacles import Obstacles, Standing
from orgmodel.why.voice import YOU
from portal.between_dates import Span, two_dates
from portal.difference import Difference, change
from portal.listings import Listing
from portal.old_addresses import at_home
from portal.requests import answer, employee, list_options, machine, moment, viewer_of
from portal.templatetags.addresses import address, type_words
from portal.templatetags.sightline import plural

SHOWN = 100
COLUMNS = ("Name", "Native id", "Type", "Status", "People", "Opens or opened by")
HOLDERS = ("Person", "E-mail", "Level", "Since", "Why")
PLAIN = "own"
"""Okta's type of a group that is nothing special."""
NAMES = {"app": "apps", "group": "groups"}
OPENS = {"app": "Groups that open it", "group": "Apps it opens"}


def among(request: HttpRequest, kind: str) -> str:
    """What a list is of."""
    return f"among the {NAMES[kind]}"


def there(kind: str) -> Callable[..., str]:
    """What a page is of: the name of its app or group."""
    return lambda request, key: f"for {find(key, kind, viewer_of(request)).name}"


def listed(rows: Iterable[ResourceRow]) -> Listing[ResourceRow]:
    """Apps or groups as a table."""
    return Listing(
        COLUMNS,
        rows,
        lambda r: (r.name, r.native_id, r.type, r.status, r.holders, r.opens),
        key=lambda r: r.native_id,
        json=lambda r: r.as_json(),
    )


def then(request: HttpRequest, at: Moment, kind: str) -> Listing[ResourceRow]:
    """All apps or all groups of a moment."""
    page = list_resources(kind, list_options(request), at, viewer_of(request)).rows
    return replace(listed(page), page=lambda row: reverse(kind, args=[row.key]))


def holders_listed(people: Iterable[Holder]) -> Listing[Holder]:
    """Who has a thing, as a table."""
    return Listing(
        HOLDERS,
        people,
        row_of,
        key=lambda holder: holder.person.key,
        page=lambda holder: address(holder.person),
    )


def turned(kind: str) -> Callable[..., Difference]:
    """Whose having an app or a group is different between two dates."""

    def difference(request: HttpRequest, span: Span, key: str) -> Difference:
        viewer = viewer_of(request)
        found = turnover(find(key, kind, viewer), span.since, span.until, viewer)
        came, went = (tuple(holders_listed(each).lines()) for each in (found.came, found.went))
        changed = (tuple(holders_listed(pair).lines()) for pair in found.changed)
        return Difference(HOLDERS, came, went, tuple(change(HOLDERS, *pair) for pair in changed))

    return difference


@employee
@two_dates(among, then, feed="kind=resource")
def resource_list(request: HttpRequest, kind: str, form: str = "") -> HttpResponseBase:
    """All apps or all groups, filtered."""
    criteria, name = list_options(request, form), NAMES[kind]
    page = list_resources(kind, criteria, moment(request), viewer_of(request))
    context = {
        "page": page,
        "query": criteria.text,
        "count": plural(page.total, kind),
        "kind": kind,
        "things": name,
        "title": f"Which {name} are there?",
        "opens": OPENS[kind],
    }
    return answer(request, f"{name}/{name}.html", context, listing=listed(page.rows), form=form)


@employee
@two_dates(there("app"), feed="app={key}", compared=turned("app"))
def app_page(request: HttpRequest, key: str, form: str = "") -> HttpResponseBase:
    """Who has an app, at which level, by which route."""
    at, viewer = moment(request), viewer_of(request)
    app = find(key, "app", viewer, at)
    if machine(request, form):
        return holders(request, app, "apps/app.html", form)
    many = crowd(app, at, viewer, most=SHOWN)
    context = round_app(app, at, viewer) | held(many) | lately(app, at, viewer)
    context |= {"count": "everybody"} if app.for_all else {}
    context["caveats"] = caveats(app, at)
    context["meta"] = [
        {"value": context["count"] if app.for_all else plural(many.total, "person,people")},
        {"value": plural(len(context["openings"]), "group opens it,groups open it")},
    ]
    return answer(request, "apps/app.html", context)


@employee
@two_dates(there("group"), feed="group={key}", compared=turned("group"))
def group_page(request: HttpRequest, key: str, form: str = "") -> HttpResponseBase:
    """What puts people into a group, who is in it, what it opens."""
    at, viewer = moment(request), viewer_of(request)
    group = find(key, "group", viewer, at)
    if machine(request, form):
        return holders(request, group, "groups/group.html", form)
    many = crowd(group, at, viewer, most=SHOWN)
    context = round_group(group, at, viewer) | held(many) | lately(group, at, viewer)
    kind = [] if group.type == PLAIN else [{"value": type_words(group.type)}]
    context["caveats"] = caveats(group, at)
    context["meta"] = [{"value": plural(many.total, "member")}, *kind]
    return answer(request, "groups/group.html", context)


def holders(request: HttpRequest, thing: Target, template: str, form: str) -> HttpResponseBase:
    """Everybody who has a thing, in full, as JSON or CSV."""
    at = moment(request)
    people = one_by_one(thing, at, viewer_of(request))
    data = partial(who_json, thing, at, people)
    return answer(request, template, {}, data=data, listing=holders_listed(people), form=form)


def find(key: str, kind: str, viewer: Viewer, at: Moment | None = None) -> Target:
    """The app or group of an address. Raises NotFound, also for one of the other kind."""
    found = find_target(key, viewer, at)
    if found.kind != kind:
        raise NotFound(kind, key)
    return at_home(found, key)


def round_app(app: Target, at: Moment, viewer: Viewer) -> dict[str, Any]:
    """What stands round the people of an app."""
    found = beside(app, at, viewer)
    return {
        "app": app,
        "question": f"Who has {app.name}?",
        "crumbs": [{"label": "Apps", "url": reverse("apps")}],
        "openings": found.openings,
        "unranked": UNRANKED,
        "integration": integration(app),
        "asking": whom_to_ask(app, at, found, [each.group for each in found.openings]),
    }


def round_group(group: Target, at: Moment, viewer: Viewer) -> dict[str, Any]:
    """What stands round the people of a group."""
    found = beside(group, at, viewer)
    return {
        "group": group,
        "crumbs": [{"label": "Groups", "url": reverse("groups")}],
        "openings": found.openings,
        "rules": found.rules,
        "around": found,
        "asking": whom_to_ask(group, at, found, [group]),
        "source": group.comes_from(viewer.hidden),
    }


def whom_to_ask(thing: Target, at: Moment, found: Beside, groups: Sequence[Target]) -> Asking:
    """Whom the reader asks for an app or a group; what they have been given already they need not request."""
    usable = thing.open or not at.live
    first = Obstacles(thing.name, thing.kind, False, (), usable, Standing("active"), False).first(YOU)
    asking = contacts_of(found.named, thing, groups, settings.SIGHTLINE.conventions.ask, first=first)
    return asking.without_request() if found.given else replace(asking, first=first)


def held(many: Crowd) -> dict[str, Any]:
    """The people of a thing, the first of them as rows."""
    return {
        "people": many.first,
        "count": many.total,
        "routes": [(in_words(way), way.people) for way in many.ways],
    }


def lately(thing: Target, at: Moment, viewer: Viewer) -> dict[str, Any]:
    """What changed about an app or a group."""
    criteria = Filter(resource=thing.pk, kinds=FEED_KINDS, until=None if at.live else at.at)
    return {"days": by_day(history(criteria, viewer, most=15))}


def in_words(way: Way) -> str:
    """How people come by a thing."""
    if way.kind == "rule":
        return f"by the rule “{way.name}”"
    if way.kind == "inside":
        return f"in {way.name}"
    return "assigned directly" if way.kind == "direct" else f"in {way.name} without a rule"


def row_of(holder: Holder) -> tuple[str, ...]:
    """A holder for CSV."""
    why = " / ".join(path.sentence for path in holder.paths)
    return (holder.person.name, holder.person.email, holder.level, holder.since.isoformat(), why)
