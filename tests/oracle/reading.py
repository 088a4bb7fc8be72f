"""What a sentence says of a cause, read as a person would who knows the company; the one table of its words.

A sentence must name what truly did it, and nothing else that is in the company.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .happened import Because

NOT_KNOWN = re.compile(r"not known|\bunknown\b|cannot be (known|seen)|way to it ended", re.IGNORECASE)
ATTRIBUTES = {
    "team": r"\bteam\b",
    "department": r"\bdepartment\b",
    "site": r"\bsite\b",
    "userType": r"\buser ?type\b|\bworker type\b",
    "managerId": r"\bmanager",
}
"""Attribute → how a sentence names it."""
ID = re.compile(r"\b0(?:0u|0g|oa|pr)[0-9A-Za-z]{17}\b")
CHANGES = r"\s*(?:has |was )?(?:changed|became|is no longer|is now|no longer|set to|cleared)"
"""How a sentence goes on that blames an attribute, and not only tells what a rule asks."""


@dataclass(frozen=True)
class Kind:
    """How a cause of a kind is told. `words`: what must stand there, as a pattern."""

    words: str = ""
    rule: bool = False
    """One of its rules must be named."""
    actor: bool = False
    """Who did it must be named; for other kinds it may be."""
    thing: bool = False
    """The group or app must be named."""
    guess: bool = False
    """Nothing in Okta's log tells it: "not known" is an answer."""


KINDS: Mapping[str, Kind] = {
    "rule": Kind(rule=True),
    "rule changed": Kind(rule=True),
    "rule deleted": Kind(rule=True),
    "admin": Kind(actor=True),
    "automation": Kind(actor=True),
    "direct beside a group": Kind(guess=True),
    "group deleted": Kind(words=r"delete|no longer exists|gone", thing=True),
    "app inactive": Kind(words=r"inactive|switched off|deactivated"),
    "app active": Kind(words=r"active|switched on"),
    "deactivated": Kind(words=r"deactivat|left|ended|no longer active"),
    "activated": Kind(guess=True),
    "account created": Kind(guess=True),
    "account deleted": Kind(words=r"delete|left|ended|deactivat"),
}


@dataclass(frozen=True)
class Company:
    """What a sentence may name."""

    rules: frozenset[str]
    things: frozenset[str]
    """Names of groups, apps, units, of now and of before."""
    actors: frozenset[str]
    values: Mapping[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)
    """Attribute → how its value before may be called, and the one after, where it differs."""


@dataclass(frozen=True)
class Named:
    """What a sentence names."""

    rules: frozenset[str]
    actors: frozenset[str]
    attributes: frozenset[str]


def named(text: str, company: Company) -> Named:
    """What the sentence names; names of rules and groups are no words."""
    quoted = set(re.findall(r"“([^”]*)”", text))
    bare = re.sub(r"“[^”]*”", "“”", text)
    rules = {each for each in company.rules if each in quoted}
    actors = {each for each in company.actors if each in bare}
    for name in sorted(company.things | company.actors, key=len, reverse=True):
        bare = bare.replace(name, "“”")
    attributes = {
        name
        for name, words in ATTRIBUTES.items()
        if re.search(f"(?:{words})(?:{CHANGES})", bare, re.IGNORECASE)
    }
    return Named(frozenset(rules), frozenset(actors), frozenset(attributes))


def wrong(text: str, because: Because, company: Company) -> str:
    """What is wrong with the sentence, were this the true cause; empty: nothing."""
    kind = KINDS[because.kind]
    unseen = bool(because.rules) and not because.rules & company.rules
    if ID.search(text):
        return "calls something by its id"
    if NOT_KNOWN.search(text):
        return "" if kind.guess or unseen or because.unlogged else "not known"
    return next(_faults(text, because, company, unseen=unseen), "")


def _faults(text: str, because: Because, company: Company, *, unseen: bool) -> Iterator[str]:
    kind, found = KINDS[because.kind], named(text, company)
    # Whom somebody took out is excluded from the rule: until the log tells who, nothing else is seen.
    excluded = because.unlogged and "excluded from the rule" in text
    if (extra := found.rules - because.rules) and not excluded:
        yield f"names the rule {sorted(extra)}"
    if extra := found.actors - {because.actor}:
        yield f"names {sorted(extra)}"
    if extra := found.attributes - because.attributes:
        yield f"blames {sorted(extra)}"
    if kind.rule and not found.rules and not unseen:
        yield "names none of the rules"
    if kind.actor and because.actor not in found.actors and not because.unlogged:
        yield "does not name who did it"
    if kind.words and not re.search(kind.words, text, re.IGNORECASE):
        yield "does not say what happened"
    if kind.thing and because.thing not in text:
        yield f"does not name {because.thing}"
    yield from _values(text, because, found, company)


def _values(text: str, because: Because, found: Named, company: Company) -> Iterator[str]:
    """Whether the attribute is named that turned, with both its values."""
    turned = because.attributes & company.values.keys()
    if because.sure and turned and not found.attributes & turned:
        yield f"does not name the attribute {sorted(turned)}"
    for attribute in sorted(found.attributes & turned):
        for values in company.values[attribute]:
            if values and not any(each.casefold() in text.casefold() for each in values):
                yield f"does not say that {attribute} was, or is, {sorted(values)}"


def judged(text: str, causes: Iterable[tuple[Because, Company]]) -> str:
    """What is wrong with the sentence, whichever of the true causes it tells; empty: nothing."""
    found = [(because, wrong(text, because, company)) for because, company in causes]
    if any(not why for _, why in found):
        return ""
    return "; ".join(f"{why} ({_in_words(because)})" for because, why in found) or "nothing made it happen"


def _in_words(because: Because) -> str:
    parts = [
        because.kind,
        *sorted(because.rules),
        *sorted(because.attributes),
        because.actor,
        because.thing,
    ]
    return " ".join(part for part in parts if part)
