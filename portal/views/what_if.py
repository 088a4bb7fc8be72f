"""What would change for somebody if something about them changed: a question, asked by GET."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from orgmodel.queries.likeness import likeness
from orgmodel.queries.moments import now
from orgmodel.queries.people import PersonRef, find_person, person
from orgmodel.queries.wanted import known_values
from orgmodel.queries.whatif import NoAccount, WhatIf, what_if
from portal.door.tally import QUESTION, limited
from portal.templatetags.addresses import person_address
from portal.templatetags.sightline import clip, plural
from portal.viewing import answer, employee, viewer_of

COLUMNS = ("App", "Native id", "Level", "What happens", "Why")
FIELDS = ("team", "department", "title")
"""Attributes that the form asks for by name; any other has a field of its own."""


@limited(QUESTION)
@employee
def what_if_page(request: HttpRequest, key: str, form: str = "") -> HttpResponseBase:
    """The form, and what the values in the address would do."""
    who, wanted = find_person(key), values_of(request)
    if request.GET.get("like", "").strip():
        return HttpResponseRedirect(spelt_out(request, who, wanted))
    found, refusal = None, ""
    try:
        found = what_if(who, wanted, viewer_of(request)) if wanted else None
    except NoAccount as error:
        refusal = str(error)
    context = round_form(found.person if found else person(who, now()), wanted, found is None)
    context |= told(found) if found else {"refusal": refusal}
    data = found.as_json() if found else {"set": wanted, "refusal": refusal or None}
    return answer(
        request, "people/what_if.html", context, data=lambda: data, table=(COLUMNS, rows(found)), form=form
    )


def spelt_out(request: HttpRequest, who: int, wanted: dict[str, str]) -> str:
    """The address that asks for what a colleague has (like=), under the values that were given as well."""
    like = likeness(who, find_person(request.GET["like"]), viewer_of(request))
    if not like:
        messages.info(request, "No rule sees a difference between the two.")
    asked = [("set", f"{name}={value}") for name, value in (like | wanted).items()]
    return f"{request.path}?{urlencode(asked)}"


def values_of(request: HttpRequest) -> dict[str, str]:
    """What stands in the address: fields by name, one free pair, and any number of set=ATTRIBUTE=VALUE."""
    given = {name: request.GET[name].strip() for name in FIELDS if request.GET.get(name, "").strip()}
    free = request.GET.get("attribute", "").strip().removeprefix("user.")
    if free:
        given[free] = request.GET.get("value", "").strip()
    for pair in request.GET.getlist("set"):
        name, _, value = pair.partition("=")
        if name.strip():
            given[name.strip().removeprefix("user.")] = value.strip()
    return given


def round_form(ref: PersonRef, wanted: dict[str, str], fresh: bool) -> dict[str, Any]:
    """The form and what stands round it; a `fresh` one offers the values that there are."""
    known = known_values(FIELDS) if fresh else {}
    # What no field shows: other attributes, and one of ours that is to be taken away.
    others = [name for name, value in wanted.items() if name not in FIELDS or not value]
    free = others[0] if others else ""
    return {
        "person": ref,
        "crumbs": [{"label": ref.name, "url": person_address(ref.key)}],
        "fields": [
            {"name": name, "value": wanted.get(name, ""), "known": known.get(name, ())} for name in FIELDS
        ],
        "free": {"name": free, "value": wanted.get(free, "")},
        "kept": [f"{name}={wanted[name]}" for name in others[1:]],
        "question": f"What would change for {clip(ref.name, 80)}?",
    }


def told(found: WhatIf) -> dict[str, Any]:
    """The answer: what comes, what goes, and what is held at another level."""
    return {
        "found": found,
        "headline": headline(found),
        "gains": [each for each in found.gains if each.app.pk not in found.levels],
        "loses": [each for each in found.loses if each.app.pk not in found.levels],
    }


def headline(found: WhatIf) -> str:
    """The answer in one sentence."""
    levels = len(found.levels)
    gains, loses, keeps = len(found.gains) - levels, len(found.loses) - levels, len(found.keeps) + levels
    some = f", {levels} of them at another level" if levels else ""
    return (
        f"{found.person.name} would gain {plural(gains, 'app')}, lose {plural(loses, 'app')}"
        f" and keep {plural(keeps, 'app')}{some}."
    )


def rows(found: WhatIf | None) -> Iterator[tuple[object, ...]]:
    """The answer for CSV."""
    for what, accesses in (
        (("gained", found.gains), ("lost", found.loses), ("kept", found.keeps)) if found else ()
    ):
        for each in accesses:
            yield (each.app.name, each.app.native_id, each.level, what, each.cause.sentence())
