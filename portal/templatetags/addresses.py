"""Where people, units, groups and apps have their pages, and half-sentences for cards."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from orgmodel.queries.access.holdings import Access, Holder, Membership
from orgmodel.queries.history.by_day import Day, Entry, by_day
from orgmodel.queries.page_ref import PageRef
from orgmodel.queries.pages.openings import Opening
from orgmodel.queries.people import PersonRef, UnitRef
from orgmodel.why.paths import Path
from portal.page_address import page_address

from .sightline import since

register = template.Library()


@register.filter
def address(thing: Any, form: str = "") -> str:
    """The page of a person, unit, group or app, or the page that a reference names; `form`: csv or json."""
    page, about = _route(thing)
    return page_address(f"{page}.{form}" if form else page, *about)


def _route(thing: Any) -> tuple[str, list[str]]:
    """The name of a page, and what stands in its address."""
    if isinstance(thing, PersonRef):
        return "person", [thing.key]
    if isinstance(thing, UnitRef):
        return "team", [thing.address]
    if not isinstance(thing, PageRef):
        return thing.kind, [thing.key]
    if thing.kind == "home":
        return "me", []
    if thing.kind == "why":
        return "why", [thing.key, thing.about]
    return "team" if thing.kind == "unit" else thing.kind, [thing.key]


@register.filter
def why_address(person: PersonRef, target: Any) -> str:
    """The page that says why this person has this group or app."""
    return page_address("why", person.key, target.key)


@register.filter
def because(held: Access) -> str:
    """Half a sentence for a card: what the app comes with, in the fewest words."""
    path = next((path for path in held.paths if path.explained), held.paths[0])
    group = next((step.name for step in path.steps if step.kind == "group"), "")
    if not group:
        return "assigned directly"
    ways = f" and {len(held.paths) - 1} more" if len(held.paths) > 1 else ""
    if path.origin == "admin":
        return f"added by hand to {group}{ways}"
    return f"comes with {group}{ways}"


@register.filter
def through(opening: Opening) -> str:
    """What lies between a group and an app that it opens, in half a sentence; empty where nothing does."""
    return f"through {', '.join(opening.through)}" if opening.through else ""


@register.filter
def level_shown(level: str) -> str:
    """A level worth saying: the default one is not."""
    return "" if level in {"assigned", "member"} else level


@register.filter
def began(held: Access | Membership | Holder) -> SafeString:
    """Since when: the day; what the first read found had begun before it."""
    day = since(held.since)
    return format_html("before {}", day) if held.before else day


@register.filter
def by_days(entries: Sequence[Entry]) -> tuple[Day, ...]:
    """Entries by day, for a timeline."""
    return by_day(entries)


@register.filter
def former_of(section: Any, held: Access) -> str:
    """A warning word for an app that a unit left behind still gives."""
    unit = section.former.get(held.app.pk)
    return f"from {unit.name}" if unit else ""


@register.filter
def person_address(key: str) -> str:
    """The page of the person with this key; nobody has none."""
    return page_address("person", key) if key else ""


@register.filter
def csv_address(thing: Any) -> str:
    """The same page as CSV."""
    return address(thing, "csv")


@register.filter
def json_address(thing: Any) -> str:
    """The same page as JSON."""
    return address(thing, "json")


@register.filter
def rule_address(rule: Any) -> str:
    """The page of a rule, given as a row or by what names it; of a rule that is not known any more none."""
    key = rule if isinstance(rule, str) else rule.key
    return page_address("rule", key) if key else ""


@register.filter
def rule_csv_address(row: Any) -> str:
    """The same page as CSV."""
    return page_address("rule.csv", row.key)


@register.filter
def rule_json_address(row: Any) -> str:
    """The same page as JSON."""
    return page_address("rule.json", row.key)


@register.filter
def attribute_address(name: str) -> str:
    """The page of an attribute."""
    return page_address("attribute", name)


@register.filter
def attribute_csv_address(name: str) -> str:
    """The same page as CSV."""
    return page_address("attribute.csv", name)


@register.filter
def attribute_json_address(name: str) -> str:
    """The same page as JSON."""
    return page_address("attribute.json", name)


@register.filter
def mistake_words(rule: Any) -> str:
    """Where an expression is wrong, and what was probably meant."""
    return f"Column {rule.mistake.column}: {rule.mistake.message} {rule.mistake.hint}".strip()


ORIGINS = {
    "rule": "by a rule",
    "automation": "by an automation",
    "request": "on request",
    "admin": "added by hand",
    "app": "comes from an app",
    "unknown": "added directly",
}


@register.filter
def origin_words(path: Path) -> str:
    """How a membership came about, as people say it; where nobody knows, that too."""
    if path.by_itself:
        return "everyone is in it"
    if path.origin == "unknown" and path.evidence == "none":
        return "not known"
    return ORIGINS[path.origin]


@register.filter
def how(holder: Any) -> str:
    """How a holder came by it, in a few words."""
    path = holder.paths[0]
    rule = next((step.name for step in path.steps if step.kind == "rule"), "")
    group = next((step.name for step in path.steps if step.kind == "group"), "")
    more = f" and {len(holder.paths) - 1} more" if len(holder.paths) > 1 else ""
    if rule:
        return f"rule “{rule}”{more}"
    if path.by_itself:
        return f"everyone is in {group}{more}"
    if path.origin == "unknown" and path.evidence == "none":
        return f"in {group}{more}"
    return f"{ORIGINS.get(path.origin, '')} ({group}){more}" if group else f"assigned directly{more}"


TYPES = {"own": "group", "imported": "from an app", "built-in": "built in"}


@register.filter
def type_words(kind: str) -> str:
    """Okta's type of a group in words."""
    return TYPES.get(kind, kind)


@register.filter
def rule_state(rule: Any) -> str:
    """What a rule's status means."""
    if rule.status == "active":
        return "Active: whoever matches is added, whoever no longer matches is removed."
    if rule.status == "invalid":
        return "Invalid: something it names is gone; members stay as they are."
    if rule.status == "inactive":
        return "Inactive: members that it put in stay; nobody is added or removed."
    return "In an unknown state: whether it adds or removes anybody cannot be said."


MOVES = {
    "mover": "changed team or department",
    "manager": "has a new manager",
    "joiner": "joined",
    "back": "is back",
    "leaver": "left",
    "lost": "lost access",
}


@register.filter
def move_words(kind: str) -> str:
    """The kind of a move in words."""
    return MOVES.get(kind, kind)
