"""People: the list, one person, and what a person has."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from orgmodel.queries.access.caveats import beside
from orgmodel.queries.access.holdings import AccessOfPerson
from orgmodel.queries.access.my_access import groups_behind, units_of_groups
from orgmodel.queries.history.by_day import TOLD, Filter, by_day, history
from orgmodel.queries.moments import Moment
from orgmodel.queries.pages.details import chain_of, reports_of
from orgmodel.queries.pages.lists import every_person, list_people
from orgmodel.queries.people import PersonRef, find_person
from orgmodel.queries.targets import find_unit
from orgmodel.queries.visibility import Viewer
from portal.between_dates import knows_two_dates, span_of, two_dates
from portal.requests import answer, ask, employee, listing, machine, moment, viewer_of
from portal.templatetags.addresses import person_address
from portal.templatetags.sightline import plural
from portal.views.changed import changed_for
from portal.views.origins import grouped

ACCESS_COLUMNS = ("App", "Native id", "Level", "Since", "Why", "Cause")
COLUMNS = ("Name", "E-mail", "Title", "Status", "Units", "Manager")
TABS = (("access", "Access"), ("groups", "Groups"), ("reports", "Reports"), ("history", "History"))
MOST = 100
"""Changes of a person's history that are shown."""
STATES = ("", "active", "pending", "leave", "suspended", "ended")


def access_rows(held: AccessOfPerson) -> Iterator[tuple[object, ...]]:
    """One row per app for CSV."""
    for each in held.apps:
        why = " / ".join(path.sentence for path in each.paths)
        yield (
            each.app.name,
            each.app.native_id,
            each.level,
            each.since.isoformat(),
            why,
            each.because,
        )


@employee
@two_dates(lambda _: "among the people", links="/people/", feed="kind=person")
def person_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """Everybody, filtered by text, state and unit."""
    criteria, address = listing(request, form), request.GET.get("unit", "")
    unit = find_unit(address) if address else None
    inside = unit.pk if unit else None
    if machine(request, form):
        return everybody(request, every_person(criteria, moment(request), unit=inside), form)
    page = list_people(criteria, moment(request), unit=inside)
    context = {
        "page": page,
        "query": criteria.text,
        "unit": unit,
        "choices": [state_choice(criteria.status)],
        "count": plural(page.total, "person,people"),
    }
    return answer(request, "people/people.html", context)


def everybody(request: HttpRequest, people: Iterator[PersonRef], form: str) -> HttpResponseBase:
    """All people of a list, as JSON or CSV."""
    data, table = (person.as_json() for person in people), (COLUMNS, map(_row, people))
    return answer(request, "people/people.html", {}, data=lambda: data, table=table, form=form)


@knows_two_dates
@employee
def person_page(request: HttpRequest, key: str, form: str = "") -> HttpResponseBase:
    """One person: access, groups, reports, history."""
    if span := span_of(request):
        return changed_for(request, find_person(key), span, form)
    at, viewer, tab = moment(request), viewer_of(request), request.GET.get("tab", TABS[0][0])
    held: AccessOfPerson = ask(request, "access", person=key)
    context = about(held, at, viewer) | {"tab": tab, "tabs": tabs(held, tab)} | of_tab(tab, held, at, viewer)
    table = (ACCESS_COLUMNS, access_rows(held))
    return answer(request, "people/person.html", context, data=held.as_json, table=table, form=form)


def of_tab(tab: str, held: AccessOfPerson, at: Moment, viewer: Viewer) -> dict[str, Any]:
    """What the chosen tab alone shows."""
    if tab == "reports":
        return {"reports": reports_of(held.person.pk, at)}
    if tab == "groups":
        return {}
    if tab == "history":
        return {"days": by_day(history(history_filter(held.person.pk, at), viewer, most=MOST))}
    units = units_of_groups(groups_behind(held), held.person, at)
    return grouped(held, units, own=viewer.person == held.person.pk)


def about(held: AccessOfPerson, at: Moment, viewer: Viewer) -> dict[str, Any]:
    """What stands round every tab of a person."""
    person = held.person
    notes = beside(person.pk, at, viewer)
    return {
        "held": held,
        "person": person,
        "chain": chain_of(person.pk, at),
        "move": notes.move,
        "caveats": notes.sentences if person.usable else (),
        "meta": facts_of(person),
        "crumbs": [{"label": "People", "url": "/people/"}],
    }


def history_filter(person: int, at: Moment) -> Filter:
    """The changes a person's history tells."""
    return Filter(person=person, kinds=(*TOLD, "attribute"), until=None if at.live else at.at)


def _row(person: PersonRef) -> tuple[object, ...]:
    units = ", ".join(unit.name for unit in person.units)
    return (person.name, person.email, person.title, person.status, units, person.manager_email)


def facts_of(person: PersonRef) -> list[dict[str, str]]:
    """Short facts under the name."""
    manager = {"label": "Reports to", "value": person.manager_name, "url": person_address(person.manager_key)}
    facts = [
        {"value": person.title},
        {"value": person.email},
        {"value": "" if person.status == "active" else person.status},
    ]
    return [fact for fact in [*facts, manager] if fact["value"]]


def tabs(held: AccessOfPerson, chosen: str) -> list[dict[str, Any]]:
    """The tabs of a person, each with its count."""
    counts = {"access": len(held.apps), "groups": len(held.groups)}
    base = person_address(held.person.key)
    return [
        {
            "label": label,
            "url": base if name == "access" else f"{base}?tab={name}",
            "count": counts.get(name),
            "current": name == chosen,
        }
        for name, label in TABS
    ]


def state_choice(chosen: str) -> dict[str, Any]:
    """The filter by state."""
    options = [
        {"value": state, "label": state or "Everybody still here", "chosen": state == chosen}
        for state in STATES
    ]
    return {"name": "status", "label": "State", "options": options}
