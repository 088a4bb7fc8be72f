"""People: the list, one person, and what a person has."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from orgmodel.queries.access.caveats import asking_beside
from orgmodel.queries.access.holdings import AccessOfPerson
from orgmodel.queries.access.my_access import groups_behind, units_of_groups
from orgmodel.queries.history.by_day import FEED_KINDS, Filter, by_day, history
from orgmodel.queries.moments import Moment
from orgmodel.queries.pages.details import asking_chain, reports_of
from orgmodel.queries.pages.lists import every_person, list_people
from orgmodel.queries.people import PersonRef, UnitRef, find_person
from orgmodel.queries.targets import find_unit
from orgmodel.queries.together import together
from orgmodel.queries.visibility import Viewer
from portal.between_dates import knows_two_dates, span_of, two_dates
from portal.leaver_words import left_behind
from portal.listings import Listing, choice
from portal.old_addresses import person_at_home
from portal.requests import answer, ask, employee, list_options, machine, moment, viewer_of
from portal.templatetags.addresses import address, person_address
from portal.templatetags.sightline import plural
from portal.views.changed import changed_for
from portal.views.origins import grouped

ACCESS_COLUMNS = ("App", "Native id", "Level", "Since", "Why", "Cause")
COLUMNS = ("Name", "E-mail", "Title", "Status", "Units", "Manager")
TABS = (("access", "Access"), ("groups", "Groups"), ("reports", "Reports"), ("history", "History"))
MOST = 100
"""Changes of a person's history that are shown."""
STATES = (
    ("", "Everybody still here"),
    *((state, state) for state in ("active", "pending", "leave", "suspended", "ended")),
)
STANDING = {"ended": "has left", "pending": "has not started yet", "leave": "on leave"}
"""What is said of a person who is not active, where the state itself is no word for people."""


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


def unit_of(request: HttpRequest) -> UnitRef | None:
    """The unit that a list is narrowed to."""
    named = request.GET.get("unit", "")
    return find_unit(named) if named else None


def people_then(request: HttpRequest, at: Moment, form: str = "") -> Listing[PersonRef]:
    """All people of a list at a moment."""
    unit = unit_of(request)
    return Listing(
        COLUMNS,
        every_person(list_options(request, form), at, unit=unit.pk if unit else None),
        lambda p: (p.name, p.email, p.title, p.status, ", ".join(u.name for u in p.units), p.manager_email),
        key=lambda p: p.key,
        page=address,
        json=lambda p: p.as_json(),
    )


@employee
@two_dates(lambda _: "among the people", people_then, feed="kind=person")
def person_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """Everybody, filtered by text, state and unit."""
    if machine(request, form):
        listing = people_then(request, moment(request), form)
        return answer(request, "people/people.html", {}, listing=listing, form=form)
    criteria, unit = list_options(request), unit_of(request)
    page = list_people(criteria, moment(request), unit=unit.pk if unit else None)
    context = {
        "page": page,
        "query": criteria.text,
        "unit": unit,
        "choices": [choice("status", "State", STATES, criteria.status)],
        "count": plural(page.total, "person,people"),
    }
    return answer(request, "people/people.html", context)


@knows_two_dates
@employee
@person_at_home
def person_page(request: HttpRequest, key: str, form: str = "") -> HttpResponseBase:
    """One person: access, groups, reports, history."""
    if span := span_of(request):
        return changed_for(request, find_person(key), span, form)
    at, viewer, tab = moment(request), viewer_of(request), request.GET.get("tab", TABS[0][0])
    held: AccessOfPerson = ask(request, "access", person=key)
    context = about(held, at, viewer) | {"tab": tab, "tabs": tabs(held, tab)} | of_tab(tab, held, at, viewer)
    context["left"] = "" if held.person.usable else left_behind(len(held.apps), len(held.groups))
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
    notes, chain = together(asking_beside(person.pk, at, viewer), asking_chain(person.pk, at))
    return {
        "held": held,
        "person": person,
        "chain": chain,
        "move": notes.move,
        "caveats": notes.sentences if person.usable else (),
        "meta": facts_of(person),
        "crumbs": [{"label": "People", "url": reverse("people")}],
    }


def history_filter(person: int, at: Moment) -> Filter:
    """The changes a person's history tells."""
    return Filter(person=person, kinds=(*FEED_KINDS, "attribute"), until=None if at.live else at.at)


def facts_of(person: PersonRef) -> list[dict[str, str]]:
    """Short facts under the name."""
    manager = {"label": "Reports to", "value": person.manager_name, "url": person_address(person.manager_key)}
    facts = [
        {"value": person.title},
        {"value": person.email},
        {"value": "" if person.status == "active" else STANDING.get(person.status, person.status)},
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
