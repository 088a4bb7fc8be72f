"""What changed between two moments, and what was lost: the difference, and the cause of each part of it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from . import answers
from .asking import Json, ask
from .comparing import Mismatch, differ, difference_of, refused, shown_ways
from .ledger import Causes, Ledger
from .reading import judged


def check_diff(
    ledger: Ledger, email: str, reads: tuple[int, int], moments: tuple[datetime, datetime | None]
) -> Iterator[Mismatch]:
    """What a person gained, lost and has at another level between two moments, and why."""
    start, end = moments
    words = [email, f"--since={start.isoformat()}", *([f"--until={end.isoformat()}"] if end else [])]
    question, found = "diff " + " ".join(words), ask("diff", *words)
    if "refused" in found:
        yield from refused(question, found)
        return
    since, until = (ledger.history[number].books for number in reads)
    had = answers.apps(since, email)
    has = answers.apps(until, email)
    expected = answers.difference(had, has)
    # What is in error is told as pending, be it new or held at another level; so is what HR will bring yet.
    there = [each for each in found["pending"] if each["native_id"] in has]
    waits = [each for each in there if each["native_id"] in had]
    levels = [
        *(found.get("level_changed") or ()),
        *({**each, "level_before": had[each["native_id"]]} for each in waits),
    ]
    new = found["gained"] + [each for each in there if each not in waits]
    before, after = answers.groups(since, email), answers.groups(until, email)
    yield from differ(
        question,
        None,
        gained=(
            expected,
            difference_of(new, found["lost"], levels),
        ),
        still_through=_narrowed(ledger, email, reads, found),
        groups_gained=(after - before, {each["native_id"] for each in found["groups_gained"]}),
        groups_lost=(before - after, {each["native_id"] for each in found["groups_lost"]}),
    )
    if not ledger.causes:
        return
    level = {app for app, _, _ in expected.other_level}
    for verb, apps, groups in (("began", "gained", "groups_gained"), ("ended", "lost", "groups_lost")):
        for each in found[groups]:
            causes = ledger.of_group(verb, email, each["native_id"], *reads)
            yield from _blamed(f"{question}, {groups} {each['group']}", each["cause"], causes)
        for each in [each for each in found[apps] if each["native_id"] not in level]:
            causes = ledger.of_app(verb, email, each["native_id"], *reads)
            yield from _blamed(f"{question}, {apps} {each['app']}", each["cause"], causes)


def _narrowed(ledger: Ledger, email: str, reads: tuple[int, int], found: Json) -> tuple[set[str], set[str]]:
    """Apps held at one level all the while, of whose ways one ended: as expected and as told.

    With a new account all ways are new ones, whatever they lead through: nothing is compared.
    """
    since, until = (ledger.history[number].books for number in reads)
    accounts = since.accounts.get(email), until.accounts.get(email)
    if not all(accounts) or len({each.id for each in accounts if each}) > 1:
        return set(), set()
    had, has = answers.apps(since, email), answers.apps(until, email)
    before, after = (
        {(way.app, way.level, way.through) for way in answers.ways(books, email)} for books in (since, until)
    )
    expected = {app for app, _, _ in before - after if had[app] == has.get(app)}
    return expected, {each["native_id"] for each in found["still_through"]}


def _blamed(question: str, sentence: str, causes: Causes) -> Iterator[Mismatch]:
    if why := judged(sentence, causes):
        yield Mismatch(f"{question}, cause", why, sentence)


def check_why(
    ledger: Ledger, email: str, thing: str, read: int, at: datetime | None = None
) -> Iterator[Mismatch]:
    """Whether a person has an app or is in a group, by which ways; why no more."""
    question, found = f"why {email} {thing}", ask("why", email, thing, at=at)
    if "refused" in found:
        yield from refused(question, found)
        return
    books = ledger.history[read].books
    if thing in books.groups:
        ways = {thing} & answers.groups(books, email)
    else:
        ways = answers.through(books, email).get(thing, set())
    yield from differ(question, at, has=(bool(ways), found["has"]), ways=(ways, shown_ways(found["paths"])))
    yield from _lost(ledger, question, email, thing, read, found)


def _lost(
    ledger: Ledger, question: str, email: str, thing: str, read: int, found: Json
) -> Iterator[Mismatch]:
    """Of what somebody had once: the cause of its end. Of what they never had: nothing."""
    held, lost = ledger.last_held(email, thing, read), found["lost"]
    if not ledger.causes:
        return
    if held == read:
        yield from differ(question, None, lost=(None, lost))
    elif held is not None and lost is None:
        yield Mismatch(f"{question}, lost", "why it ended", None)
    elif held is not None:
        group = thing in ledger.history[held].books.groups
        causes = (ledger.of_group if group else ledger.of_app)("ended", email, thing, held, read)
        yield from _blamed(f"{question}, lost", lost["cause"], causes)
        parts = _parts(lost)
        if why := judged(parts, causes):
            yield Mismatch(f"{question}, lost as data", why, parts)


def _parts(lost: Json) -> str:
    """The fields of the answer as one sentence."""
    words: Iterable[str] = (
        f"“{lost['rule_name']}”" if lost.get("rule_name") else "",
        f"{lost['attribute']} changed from {lost.get('before')} to {lost.get('after')}"
        if lost.get("attribute")
        else "",
        lost.get("actor") or "",
        lost.get("cause") or "" if not lost.get("rule_name") else "",
    )
    return " ".join(filter(None, words))
