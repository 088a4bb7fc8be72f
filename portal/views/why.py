"""Why, why not, why lost: one page."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase

from orgmodel.queries.people import find_person
from orgmodel.queries.why import Why, why_for
from portal.graphs.paths import draw
from portal.templatetags.addresses import address
from portal.viewing import answer, employee, moment, viewer_of


@employee
def why_page(request: HttpRequest, key: str, target: str, form: str = "") -> HttpResponseBase:
    """The ways of one person to one app or group, as sentences, as a picture, as proof."""
    at, viewer = moment(request), viewer_of(request)
    found = why_for(find_person(key), target, at, viewer)
    context = {
        "why": found,
        "shown": found.target.pk not in viewer.hidden,
        "veiled": bool(viewer.hidden) and viewer.person != found.person.pk,
        "title": title(found),
        "zip_url": f"{address(found.person)}evidence/?{urlencode({'of': found.target.native_id})}",
        "drawing": draw(found.person.name, found.paths),
        "meta": facts(found),
        "crumbs": [{"label": found.person.name, "url": address(found.person)}],
        "proofs": [(step, path) for path in found.paths for step in path.steps if step.kind == "rule"],
    }
    return answer(request, "why/why.html", context, data=found.as_json, form=form)


def facts(found: Why) -> list[dict[str, str]]:
    """Level, since when, and how many ways."""
    if not found.access:
        return []
    ways = len(found.paths)
    level = [{"value": found.access.level}] if found.access.level != "assigned" else []
    since = f"since {found.access.since.day} {found.access.since:%B %Y}"
    return [*level, {"value": since}, {"value": "1 way in" if ways == 1 else f"{ways} ways in"}]


def title(found: Why) -> str:
    """The question as the heading."""
    verb = "is in" if found.target.kind == "group" else "can use"
    if found.has:
        return f"Why {found.person.name} {verb} {found.target.name}"
    never = "is not in" if found.target.kind == "group" else "cannot use"
    return (
        f"Why {found.person.name} {never} {found.target.name}"
        if found.has is False
        else f"{found.person.name} and {found.target.name}"
    )
