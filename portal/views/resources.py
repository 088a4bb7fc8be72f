"""Apps and groups: the lists and one of each."""

from collections import Counter
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase

from orgmodel.queries.access import Holder, who
from orgmodel.queries.history import TOLD, Filter, by_day, history
from orgmodel.queries.lists import list_resources
from orgmodel.queries.moments import Moment
from orgmodel.queries.pages import around, integration, openings, rules_of_groups
from orgmodel.queries.people import NotFound
from orgmodel.queries.routes import Target
from orgmodel.queries.targets import find_target
from portal.templatetags.addresses import type_words
from portal.viewing import answer, employee, machine, moment, viewer_of
from portal.views.people import number

SHOWN = 100
COLUMNS = ("Name", "Native id", "Type", "Status", "People", "Opens or opened by")
HOLDERS = ("Person", "E-mail", "Level", "Since", "Why")
NAMES = {"app": "apps", "group": "groups"}


@employee
def resource_list(request: HttpRequest, kind: str, form: str = "") -> HttpResponseBase:
    """All apps or all groups, filtered."""
    asked = request.GET
    page = list_resources(
        kind,
        viewer_of(request),
        text=asked.get("q", ""),
        sort=asked.get("sort", "name"),
        page=number(request),
        everything=bool(form or asked.get("format")),
    )
    rows = ((r.name, r.native_id, r.type, r.status, r.holders, r.opens) for r in page.rows)
    context = {"page": page, "query": asked.get("q", ""), "count": f"{page.total} {NAMES[kind]}"}
    return answer(
        request,
        f"{NAMES[kind]}/{NAMES[kind]}.html",
        context,
        data=lambda: [row.as_json() for row in page.rows],
        table=(COLUMNS, rows),
        form=form,
    )


@employee
def app_page(request: HttpRequest, key: str, form: str = "") -> HttpResponseBase:
    """Who has an app, at which level, by which route."""
    at, viewer, app = moment(request), viewer_of(request), find_target(key, viewer_of(request))
    if app.kind != "app":
        raise NotFound("app", key)
    people = who(app, at, viewer, brief=not machine(request, form))
    opens = openings(app, at, viewer)
    context = {
        "app": app,
        "question": f"Who has {app.name}?",
        "crumbs": [{"label": "Apps", "url": "/apps/"}],
        "meta": [{"value": f"{len(people)} people"}, {"value": f"{len(opens)} groups open it"}],
        "people": people[:SHOWN],
        "count": len(people),
        "routes": routes(people),
        "openings": opens,
        "integration": integration(app),
        "owners": around([each.group.pk for each in opens], at).owners,
        "days": by_day(
            history(Filter(resource=app.pk, kinds=TOLD, until=None if at.live else at.at), viewer, most=15)
        ),
    }
    return answer(
        request,
        "apps/app.html",
        context,
        data=lambda: as_json(app, at, people),
        table=(HOLDERS, rows_of(people)),
        form=form,
    )


@employee
def group_page(request: HttpRequest, key: str, form: str = "") -> HttpResponseBase:
    """What puts people into a group, who is in it, what it opens."""
    at, viewer, group = moment(request), viewer_of(request), find_target(key, viewer_of(request))
    if group.kind != "group":
        raise NotFound("group", key)
    people = who(group, at, viewer, brief=not machine(request, form))
    context = {
        "group": group,
        "crumbs": [{"label": "Groups", "url": "/groups/"}],
        "meta": [{"value": f"{len(people)} members"}, {"value": type_words(group.type)}],
        "people": people[:SHOWN],
        "count": len(people),
        "routes": routes(people),
        "openings": openings(group, at, viewer),
        "rules": rules_of_groups([group.native_id], at),
        "around": around([group.pk], at),
        "days": by_day(
            history(Filter(resource=group.pk, kinds=TOLD, until=None if at.live else at.at), viewer, most=15)
        ),
    }
    return answer(
        request,
        "groups/group.html",
        context,
        data=lambda: as_json(group, at, people),
        table=(HOLDERS, rows_of(people)),
        form=form,
    )


def routes(people: tuple[Holder, ...]) -> list[tuple[str, int]]:
    """How many people come by which first step."""
    counted: Counter[str] = Counter()
    for holder in people:
        step = next((s for s in holder.paths[0].steps if s.kind in {"rule", "direct"}), None)
        group = next((s for s in holder.paths[0].steps if s.kind == "group"), None)
        if step and step.kind == "direct":
            counted["assigned directly"] += 1
        elif step:
            counted[f"by the rule “{step.name}”"] += 1
        elif group:
            counted[f"in {group.name} without a rule"] += 1
    return counted.most_common()


def rows_of(people: tuple[Holder, ...]) -> Iterator[tuple[object, ...]]:
    """Holders for CSV."""
    for holder in people:
        why = " / ".join(path.sentence for path in holder.paths)
        yield (holder.person.name, holder.person.email, holder.level, holder.since.isoformat(), why)


def as_json(target: Target, at: Moment, people: tuple[Holder, ...]) -> dict[str, object]:
    """The contract's `who`."""
    return {
        "target": target.as_json(),
        "at": at.at.isoformat(),
        "people": [holder.as_json() for holder in people],
    }
