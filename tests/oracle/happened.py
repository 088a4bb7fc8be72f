"""What truly made each thing begin or end, noted as data when it happened."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from .conditions import Condition, Profile


@dataclass(frozen=True)
class Because:
    """Why something began or ended. `kind`: a row of the table in `reading`."""

    kind: str
    rules: frozenset[str] = frozenset()
    """Names of the rules that gave it, or let go: one of them did."""
    attributes: frozenset[str] = frozenset()
    """Attributes that turned a clause of one of these rules: nothing else may take the blame."""
    sure: bool = False
    """Nothing but these attributes can have been it, so one of them has to be named."""
    actor: str = ""
    thing: str = ""
    """The group or app that it is about."""
    unlogged: bool = False
    """Who did it stood in no log yet when it was seen: "not known" is an answer."""


@dataclass(frozen=True)
class Event:
    """Something began or ended. `read`: the number of the first read that can see it.

    A membership has `email` and a group in `thing`; a direct assignment has `email` and `app`; what a group
    opens has `thing` and `app`; an app that is switched has only `app`; an account has only `email`.
    """

    read: int
    verb: str
    because: Because
    email: str = ""
    thing: str = ""
    app: str = ""


@dataclass(frozen=True)
class Sight:
    """What a rule last looked at: somebody's attributes and the names of their groups."""

    profile: Profile
    groups: frozenset[str]


NOTHING = Sight({}, frozenset())


def turned(condition: Condition, before: Sight, after: Sight) -> Iterable[str]:
    """Attributes of the clauses that were decided otherwise before."""
    for attribute, clause in condition.clauses():
        was = clause.holds(before.profile, before.groups)
        if attribute and was != clause.holds(after.profile, after.groups):
            yield attribute


def on_the_way(events: Iterable[Event], verb: str, email: str, app: str, groups: Set[str]) -> list[Event]:
    """Of these events, those that gave the person the app, or took it; `groups`: what opens, or opened, it.

    A way that leads to another level than before is a way that began and one that ended.
    """
    return [
        each
        for each in events
        if each.verb in {verb, "changed"}
        and (
            (each.email == email and (each.thing in groups if each.thing else each.app in {"", app}))
            or (not each.email and each.app == app and (not each.thing or each.thing in groups))
        )
    ]
