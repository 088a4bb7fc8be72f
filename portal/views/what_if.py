"""What would change for somebody if they moved, or something about them changed: a question, asked by GET."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict

from orgmodel.queries.moments import now
from orgmodel.queries.people import Ambiguous, NotFound, PersonRef, find_person, person
from orgmodel.queries.rehearsal.attribute_input import known_values
from orgmodel.queries.rehearsal.copy_colleague import values_of_colleague
from orgmodel.queries.rehearsal.supposition import CannotSuppose, WhatIfQuestion
from orgmodel.queries.rehearsal.whatif import NoAccount, WhatIf, what_if
from orgmodel.queries.rehearsal.whole_move import unit_places
from portal.door.counters import QUESTION, limited
from portal.form_errors import FieldError
from portal.old_addresses import person_at_home
from portal.requests import answer, employee, machine, viewer_of
from portal.templatetags.addresses import person_address
from portal.what_if_words import Words, manager_or_unit

COLUMNS = ("App", "Native id", "Level", "What happens", "Why")
FIELDS = ("team", "department", "title")
"""Attributes that an address may name without more ado; any other stands in `set`."""
TITLE = "title"
STATUSES = ((CannotSuppose, 400), (NotFound, 404))
FOLLOW, BROUGHT = "follow-", "brought-"
"""Fields of the form: what a move brings, as the reader may edit it, and as it was offered."""


@limited(QUESTION)
@employee
@person_at_home
def what_if_page(request: HttpRequest, key: str, form: str = "") -> HttpResponseBase:
    """The form, and what the question in the address would do."""
    who, question = find_person(key), question_of(request.GET)
    try:
        if request.GET.get("like", "").strip() or any(name.startswith(BROUGHT) for name in request.GET):
            return HttpResponseRedirect(spelt_out(request, who, question))
        found, problems = answered(request, who, question), Problems()
    except (NoAccount, CannotSuppose, NotFound) as error:
        found, problems = None, problems_of(error, machine(request, form))
    return shown(request, found, found.person if found else person(who, now()), question, problems, form)


def shown(
    request: HttpRequest,
    found: WhatIf | None,
    ref: PersonRef,
    question: WhatIfQuestion,
    problems: "Problems",
    form: str,
) -> HttpResponseBase:
    """The form as it was filled in, with the answer or with what is wrong with it."""
    context = round_form(ref, question, found) | typed(request.GET, question, found)
    context |= answer_context(request, ref, found) | problems.shown(request.GET, question)
    data = found.as_json() if found else {"set": question.set, "refusal": problems.text or None}
    table = (COLUMNS, rows(found))
    response = answer(request, "people/what_if.html", context, data=lambda: data, table=table, form=form)
    response.status_code = problems.status
    return response


def answered(request: HttpRequest, who: int, question: WhatIfQuestion) -> WhatIf | None:
    """The answer; None where nothing is asked. Raises NoAccount, CannotSuppose and NotFound."""
    viewer = viewer_of(request)
    return what_if(who, question, viewer, settings.SIGHTLINE.conventions) if question else None


class Problems:
    """Why a question has no answer."""

    def __init__(self, error: NoAccount | CannotSuppose | NotFound | None = None) -> None:
        self.text = str(error) if error else ""
        self._error = error
        # Whoever has no account is no mistake of the one who asks.
        self.status = next((status for kind, status in STATUSES if isinstance(error, kind)), 200)

    def shown(self, query: QueryDict, question: WhatIfQuestion) -> dict[str, Any]:
        """The problems at their fields, and links to ask again for what may have been meant."""
        if isinstance(self._error, NotFound):
            # Of those who are not found only the colleague has a field; else an attribute is not known.
            field = "field-like" if query.get("like", "").strip() else "field-attribute"
            return {"errors": [FieldError(field, f"{self.text} Correct it and ask again.")]}
        if not isinstance(self._error, CannotSuppose):
            return {"refusal": self.text}
        meant = []
        for written, described in self._error.candidates:
            again = query.copy()
            again["move"] = written
            meant.append({"label": described, "url": f"?{again.urlencode()}"})
        found = self._error.problems.items()
        return {
            "errors": [FieldError(field_of(name, question), text) for name, text in found],
            "meant": meant,
        }


def field_of(name: str, question: WhatIfQuestion) -> str:
    """The id of the field that holds a move or the value of an attribute; empty where none shows it."""
    if name == "move" or (name == TITLE and question.set.get(TITLE)):
        return f"field-{name}"
    return "field-value" if name == next(iter(unshown(question, {TITLE})), None) else ""


def unshown(question: WhatIfQuestion, fields: Collection[str]) -> list[str]:
    """Attributes that no field of their own shows: the first of them stands in the free one.

    Among them is a title that is to be taken away.
    """
    return [name for name, value in question.set.items() if name not in fields or not value]


def problems_of(error: NoAccount | CannotSuppose | NotFound, for_machine: str) -> Problems:
    """What the page says of it. Raises it where no page is shown, or where a choice is to be made."""
    if isinstance(error, Ambiguous) or (for_machine and isinstance(error, NotFound)):
        raise error
    return Problems(error)


def spelt_out(request: HttpRequest, who: int, question: WhatIfQuestion) -> str:
    """The shortest address of the question; like= becomes what the colleague has, under what is set too."""
    like: dict[str, str] = {}
    if colleague := request.GET.get("like", "").strip():
        like = values_of_colleague(who, find_person(colleague), viewer_of(request))
        if not like:
            messages.info(request, "No rule sees a difference between the two.")
    parameters = [("move", question.move_to)] if question.move_to else []
    parameters += [("set", f"{name}={value}") for name, value in (like | dict(question.set)).items()]
    parameters += [("keep", name) for name in sorted(question.keep)]
    return f"{request.path}?{urlencode(parameters)}"


def question_of(query: QueryDict) -> WhatIfQuestion:
    """What stands in the address: a move, fields by name, a free pair, set=ATTRIBUTE=VALUE, keep=ATTRIBUTE.

    A field that a move filled counts where it was edited; emptied, the attribute stays as it is.
    """
    values = {name: text for name in FIELDS if (text := str(query.get(name, "")).strip())}
    free = query.get("attribute", "").strip().removeprefix("user.")
    if free:
        values[free] = query.get("value", "").strip()
    for pair in query.getlist("set"):
        name, _, value = pair.partition("=")
        if name.strip():
            values[name.strip().removeprefix("user.")] = value.strip()
    keep = {name.strip() for name in query.getlist("keep") if name.strip()}
    for field in (name for name in query if name.startswith(FOLLOW)):
        name, text = field.removeprefix(FOLLOW), str(query[field]).strip()
        if text != str(query.get(BROUGHT + name, "")).strip():
            keep, values = (keep, values | {name: text}) if text else (keep | {name}, values)
    return WhatIfQuestion(values, query.get("move", "").strip(), frozenset(keep))


def round_form(ref: PersonRef, question: WhatIfQuestion, found: WhatIf | None) -> dict[str, Any]:
    """The form: where to, what follows, the title, and any other attribute."""
    follows = follow_fields(question, found)
    shown = {TITLE, *(each["name"] for each in follows)}
    others = unshown(question, shown)
    free = others[0] if others else ""
    titles = () if found else known_values([TITLE]).get(TITLE, ())
    return {
        "person": ref,
        "crumbs": [{"label": ref.name, "url": person_address(ref.key)}],
        "move": question.move_to,
        "places": found.places if found else unit_places(),
        "follows": follows,
        "title_field": {"value": question.set.get(TITLE, ""), "known": titles},
        "free": {"name": free, "value": question.set.get(free, "")},
        "kept": [f"{name}={question.set[name]}" for name in others[1:]],
        "only": only_the_unit(question, found),
    }


def typed(query: QueryDict, question: WhatIfQuestion, found: WhatIf | None) -> dict[str, Any]:
    """What else was typed, that no answer has taken up: the form keeps it."""
    fields = {each["name"] for each in follow_fields(question, found)}
    return {
        "like": "" if found else query.get("like", "").strip(),
        "value_alone": "" if found or query.get("attribute", "").strip() else query.get("value", "").strip(),
        "kept_as_is": sorted(question.keep - fields),
    }


def follow_fields(question: WhatIfQuestion, found: WhatIf | None) -> list[dict[str, str]]:
    """What the move brings along, as fields; one that is to stay is empty."""
    brings = found.brought.follows if found and found.brought else ()
    return [
        {
            "name": each.attribute,
            "label": manager_or_unit(each.what),
            "brought": each.shown,
            "value": question.set.get(each.attribute, "" if each.attribute in question.keep else each.shown),
            "because": each.because,
        }
        for each in brings
    ]


def only_the_unit(question: WhatIfQuestion, found: WhatIf | None) -> str:
    """The address that leaves out all that the move brings along."""
    if not (found and found.brought and found.follows):
        return ""
    parameters = [
        ("move", question.move_to),
        *(("set", f"{name}={text}") for name, text in question.set.items()),
    ]
    kept = sorted({*question.keep, *found.follows})
    return f"?{urlencode([*parameters, *(('keep', name) for name in kept)])}"


def answer_context(request: HttpRequest, ref: PersonRef, found: WhatIf | None) -> dict[str, Any]:
    """The answer in words."""
    viewer = viewer_of(request)
    own = viewer.person == ref.pk
    if not found:
        return {"question": f"What would change for {'you' if own else ref.name}?", "own": own}
    kinds = settings.SIGHTLINE.conventions.unit_kinds
    words = Words(found, {kind.attribute: kind.kind for kind in kinds if kind.attribute}, own, viewer.spoken)
    return {
        "found": found,
        "own": own,
        "question": words.question(),
        "headline": words.headline(),
        "sections": words.sections(),
    }


def rows(found: WhatIf | None) -> Iterator[tuple[object, ...]]:
    """The answer for CSV."""
    if not found:
        return
    lists: Mapping[str, Sequence[Any]] = {"gained": found.gains, "lost": found.loses, "kept": found.keeps}
    for change in found.level_changed:
        what = f"level {change.direction}, was {change.before}"
        yield (change.app.name, change.app.native_id, change.now.level, what, change.now.because)
    for what, accesses in lists.items():
        for each in accesses:
            yield (each.app.name, each.app.native_id, each.level, what, each.because)
