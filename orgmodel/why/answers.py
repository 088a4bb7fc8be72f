"""The sentence that answers why, or why not. Pure."""

from collections.abc import Sequence

from .paths import Path
from .voice import Voice, opened, started

HEDGE = "as far as you can see, "
"""Before what is said of others to whoever may not know of everything that they have."""


def has(person: Voice, thing: str, level: str, paths: Sequence[Path], *, kind: str, hedged: bool) -> str:
    """Somebody has it, and the first of the ways. `level`: empty where it is not worth saying."""
    first = paths[0].sentence
    if kind == "group":
        return f"{_begun(person, person.does('is', 'are'), hedged)} in {thing}. {first}"
    ways_in = "one way" if len(paths) == 1 else f"{len(paths)} ways"
    as_level = f" as {level}" if level else ""
    return f"{_begun(person, person.does('has', 'have'), hedged)} {thing}{as_level}, in {ways_in}. {first}"


def no_longer(
    person: Voice, thing: str, ended: str, when: str, because: str, *, kind: str, hedged: bool
) -> str:
    """Somebody had it. `ended`: what is no longer so on the way there; empty of the thing itself."""
    verb = ("is no longer in", "are no longer in") if kind == "group" else ("no longer has", "no longer have")
    begun = _begun(person, person.does(*verb), hedged)
    return f"{begun} {thing}{f': {ended}' if ended else ''} since {when}. {because}".rstrip()


def lacks(person: Voice, thing: str, ways: Sequence[Path], *, kind: str, hedged: bool) -> str:
    """Somebody has it not, and never had; with the nearest way in."""
    nearest = f" {ways[0].sentence}" if ways and ways[0].steps[0].kind == "rule" else ""
    if kind == "group":
        return f"{_begun(person, person.does('is not', 'are not'), hedged)} in {thing}.{nearest}"
    begun = f"{_begun(person, person.does('does not', 'do not'), hedged)} have {thing}"
    if not ways:
        return f"{begun}, and no group that Sightline can see opens it."
    group = next(step.name for step in ways[0].steps if step.kind == "group")
    return f"{begun}. It comes with {group}.{nearest}"


def unseen(person: Voice, thing: str, *, kind: str) -> str:
    """The source does not let us see it.

    >>> unseen(Voice("Nadia"), "Paint", kind="app")
    'Sightline cannot read whether Nadia has Paint: that is unknown, not empty.'
    """
    holds = person.does("is in", "are in") if kind == "group" else person.does("has", "have")
    return f"Sightline cannot read whether {holds} {thing}: that is unknown, not empty."


def _begun(person: Voice, words: str, hedged: bool) -> str:
    return opened(HEDGE) + words if hedged else started(words, person)
