"""People: the list, one person, and what a person has."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from orgmodel.queries.access import AccessOfPerson, access
from orgmodel.queries.history import TOLD, Filter, by_day, history
from orgmodel.queries.lists import list_people
from orgmodel.queries.pages import chain_of, move_of, reports_of
from orgmodel.queries.people import PersonRef, find_person
from portal.templatetags.addresses import person_address
from portal.viewing import answer, employee, moment, viewer_of

ACCESS_COLUMNS = ("App", "Native id", "Level", "Since", "Why", "Cause")
COLUMNS = ("Name", "E-mail", "Title", "Status", "Units", "Manager")
TABS = (("access", "Access"), ("groups", "Groups"), ("reports", "Reports"), ("history", "History"))
DIGITS = 7
STATES = ("", "active", "pending", "leave", "suspended", "ended")


def access_rows(held: AccessOfPerson) -> Iterator[tuple[object, ...]]:
    """One row per app for CSV."""
    for each in held.apps:
        why = " / ".join(path.sentence for path in each.paths)
        yield (each.app.name, each.app.native_id, each.level, each.since.isoformat(), why, each.cause)


@employee
def person_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """Everybody, filtered."""
    asked = request.GET
    page = list_people(
        moment(request),
        text=asked.get("q", ""),
        status=asked.get("status", ""),
        sort=asked.get("sort", "name"),
        page=number(request),
        everything=bool(form or asked.get("format")),
    )
    rows = (
        (p.name, p.email, p.title, p.status, ", ".join(u.name for u in p.units), p.manager_email)
        for p in page.rows
    )
    context = {
        "page": page,
        "query": asked.get("q", ""),
        "choices": [state_choice(asked.get("status", ""))],
        "count": f"{page.total} people",
    }
    return answer(
        request,
        "people/people.html",
        context,
        data=lambda: [p.as_json() for p in page.rows],
        table=(COLUMNS, rows),
        form=form,
    )


@employee
def person_page(request: HttpRequest, key: str, form: str = "") -> HttpResponseBase:
    """One person: access, groups, reports, history."""
    at, viewer, person = moment(request), viewer_of(request), find_person(key)
    held = access(person, at, viewer)
    tab = request.GET.get("tab", "access")
    told = Filter(person=person, kinds=(*TOLD, "attribute"), until=None if at.live else at.at)
    context = {
        "held": held,
        "person": held.person,
        "tab": tab,
        "chain": chain_of(person, at),
        "reports": reports_of(person, at) if tab == "reports" else (),
        "days": by_day(history(told, viewer, most=100)) if tab == "history" else (),
        "tabs": tabs(held, tab),
        "move": move_of(person) if viewer.admin or viewer.person == person else None,
        "meta": facts_of(held.person),
        "crumbs": [{"label": "People", "url": "/people/"}],
    }
    return answer(
        request,
        "people/person.html",
        context,
        data=held.as_json,
        table=(ACCESS_COLUMNS, access_rows(held)),
        form=form,
    )


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
    base = f"/people/{held.person.key}/"
    return [
        {
            "label": label,
            "url": base if name == "access" else f"{base}?tab={name}",
            "count": counts.get(name),
            "current": name == chosen,
        }
        for name, label in TABS
    ]


def number(request: HttpRequest) -> int:
    """The page of a list (?page=), at least 1."""
    text = request.GET.get("page", "1")
    return (
        min(max(1, int(text)), 1_000_000) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 1
    )


def state_choice(chosen: str) -> dict[str, Any]:
    """The filter by state."""
    options = [
        {"value": state, "label": state or "Everybody still here", "chosen": state == chosen}
        for state in STATES
    ]
    return {"name": "status", "label": "State", "options": options}
