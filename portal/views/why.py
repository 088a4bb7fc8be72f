"""Why, why not, why lost: one page."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from orgmodel.queries.access.beginnings import Began
from orgmodel.queries.access.caveats import caveats
from orgmodel.queries.visibility import Viewer
from orgmodel.queries.why.answer import Why
from orgmodel.why.since import held_since
from orgmodel.why.voice import Voice, opened
from portal.graphs.paths import draw
from portal.old_addresses import at_home, person_at_home
from portal.requests import answer, ask, employee, viewer_of
from portal.templatetags.addresses import address


@employee
@person_at_home
def why_page(request: HttpRequest, key: str, target: str, form: str = "") -> HttpResponseBase:
    """The ways of one person to one app or group, as sentences, as a picture, as proof."""
    found: Why = ask(request, "why", person=key, target=target)
    at_home(found.target, target)
    return answer(request, "why/why.html", page(found, viewer_of(request)), data=found.as_json, form=form)


def page(found: Why, viewer: Viewer) -> dict[str, Any]:
    """What the page shows, in the reader's voice."""
    voice = Voice(found.person.name, own=viewer.person == found.person.pk, spoken=viewer.spoken)
    return {
        "why": found,
        "shown": found.target.pk not in viewer.hidden,
        "title": title(found, voice),
        "who": opened(voice.subject) if voice.own else voice.name,
        "has": voice.does("has", "have"),
        "zip_url": f"{address(found.person)}evidence/?{urlencode({'of': found.target.key})}",
        "caveats": beside(found, viewer),
        "cause": found.access.cause.sentence(voice) if found.access else "",
        "drawing": draw(found.person.name, found.paths, viewer.spoken),
        "meta": facts(found, voice),
        "crumbs": [{"label": found.person.name, "url": address(found.person)}],
        "proofs": [(step, path) for path in found.paths for step in path.steps if step.kind == "rule"],
    }


def beside(found: Why, viewer: Viewer) -> tuple[str, ...]:
    """What must be said of the app or group itself, where the answer does not say it already."""
    if found.target.pk in viewer.hidden:
        return ()
    return tuple(each for each in caveats(found.target, found.moment) if each not in found.sentence)


def facts(found: Why, voice: Voice) -> list[dict[str, str]]:
    """Level, since when, and how many ways."""
    held = found.access
    if not held:
        return []
    ways = len(found.paths) + found.more_paths
    level = "" if held.level == "assigned" else held.level
    had = held.had or Began(held.since, held.before)
    today = timezone.localdate()
    sentence = held_since(voice, level, (held.since, held.before), (had.at, had.before), today)
    return [{"value": sentence}, {"value": "1 way in" if ways == 1 else f"{ways} ways in"}]


def title(found: Why, voice: Voice) -> str:
    """The question as the heading."""
    group, thing = found.target.kind == "group", found.target.name
    if found.has is None:
        opening = (
            f"{'Are' if voice.own else 'Is'} {voice.subject} in" if group else f"Can {voice.subject} use"
        )
        return f"{opening} {thing}?"
    can = voice.does("is in", "are in") if group else voice.does("can use", "can use")
    never = voice.does("is not in", "are not in") if group else voice.does("cannot use", "cannot use")
    return f"Why {can if found.has else never} {thing}"
