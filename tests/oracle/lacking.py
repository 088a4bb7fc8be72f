"""Why not: what stands in the way of what somebody lacks, the rules that lead there, and whom to ask."""

from collections.abc import Iterator
from datetime import datetime

from . import answers
from .asking import Json, ask
from .books import GONE, Books, Rule
from .comparing import Mismatch, differ, refused

MOST = 10
"""Ways that an answer lists; of more it tells how many."""
BY_HAND = ""
"""Stands for the rule of a group that no rule fills."""
NEAREST = ("matches", "would match", "excluded", "manually")
"""How the sentences of ways go on, the nearest first."""


def check_why_not(books: Books, email: str, thing: str, at: datetime | None = None) -> Iterator[Mismatch]:
    """What it would take somebody to get what they have not: what is in the way, every rule, whom to ask."""
    question, found = f"why not {email} {thing}", ask("why", email, thing, at=at)
    if "refused" in found:
        yield from refused(question, found)
        return
    if held(books, email, thing):
        return
    ways = [each for each in found["would_take"] if any(step["kind"] == "group" for step in each["steps"])]
    walls = [each["sentence"] for each in found["would_take"] if each not in ways]
    wanted = _ways(books, email, thing)
    shown = {_named(each) for each in ways}
    whole = not found["more_ways"]
    yield from differ(
        question,
        at,
        walls=([], list(_walls(books, email, thing, walls))),
        ways=(wanted if whole else shown, shown if whole else shown & wanted),
        said=([], [wrong for each in ways for wrong in _wrong(books, email, each)]),
        order=(sorted(places := list(map(_place, ways))), places),
    )
    if at is None and whole:
        emails = {each["email"] for each in found["ask"]}
        leads = set() if _given(books, email, thing) else _leads(books, email, thing)
        yield from differ(question, at, ask=(leads, emails))


def held(books: Books, email: str, thing: str) -> bool:
    """Whether the person has it now."""
    return thing in (answers.groups(books, email) if thing in books.groups else answers.apps(books, email))


def _into(books: Books, thing: str) -> set[str]:
    """The groups through which one gets there."""
    return {thing} if thing in books.groups else set(books.apps[thing].opens)


def _given(books: Books, email: str, thing: str) -> bool:
    """They would have it, if nothing stood in the way."""
    account = books.accounts.get(email)
    return account is not None and (
        thing in account.direct or bool(_into(books, thing) & books.groups_of(account))
    )


def _walls(books: Books, email: str, thing: str, sentences: list[str]) -> Iterator[str]:
    """What is told wrongly of an app that is inactive, and of an account that can open nothing."""
    account, app = books.accounts.get(email), books.apps.get(thing)
    wanted = {
        "must activate": app is not None and not app.active,
        "must reactivate": account is not None and account.status == GONE,
        "must create": account is None,
    }
    for words, there in wanted.items():
        if any(words in each for each in sentences) != there:
            yield f"{words}: {'missing' if there else 'not so'}"


def _feeding(books: Books, group: str) -> list[Rule]:
    return [each for each in books.rules.values() if each.status == "ACTIVE" and group in each.targets]


def _ways(books: Books, email: str, thing: str) -> set[tuple[str, str]]:
    """Rule and group of every way in; nobody is told of any who is in a group that opens the app already."""
    if _given(books, email, thing):
        return set()
    found = set()
    for group in _into(books, thing):
        found |= {(each.name, group) for each in _feeding(books, group)} or {(BY_HAND, group)}
    return found


def _named(way: Json) -> tuple[str, str]:
    steps = {each["kind"]: each for each in way["steps"]}
    return steps["rule"]["name"] if "rule" in steps else BY_HAND, steps["group"]["native_id"]


def _place(way: Json) -> int:
    """How near the way is, by its sentence."""
    return next((place for place, words in enumerate(NEAREST) if words in way["sentence"]), len(NEAREST))


def _wrong(books: Books, email: str, way: Json) -> Iterator[str]:
    """What is wrong with one way: its sentence, and each clause of its rule."""
    account, rule = books.accounts.get(email), None
    for step in way["steps"]:
        rule = books.rules.get(step["native_id"], rule)
    if rule is None or account is None:
        return
    names = {books.groups[each].name for each in books.groups_of(account)}
    holds = rule.condition.holds(account.profile, names)
    words = NEAREST[2] if email in rule.excluded else NEAREST[0] if holds else NEAREST[1]
    if words not in way["sentence"]:
        yield f"{rule.name}: should say “{words}”, says {way['sentence']}"
    known: dict[str, bool] = {}
    for _, clause in rule.condition.clauses():
        known[clause.text] = clause.holds(account.profile, names)
        known[f"!({clause.text})"] = not known[clause.text]
    clauses = {each["text"]: each["holds"] for step in way["steps"] for each in step.get("clauses") or ()}
    if not clauses:
        yield f"{rule.name}: no clause is told"
    for text, value in clauses.items():
        if known.get(text) is not value:
            yield f"{rule.name}: {text} is {known.get(text)}, told {value}"


def _leads(books: Books, email: str, thing: str) -> set[str]:
    """Who leads the units for which the groups stand: nobody who has left, and not the person."""
    units = [books.units[unit] for group in _into(books, thing) if (unit := books.groups[group].unit)]
    leads = {each.lead for each in units if each.lead and each.lead != email}
    return {each for each in leads if not answers.has_left(books, each)}
