"""Why what was held at one moment is not held at a later one, also by ways that only came in between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from orgmodel.queries.access.holdings import Access, Membership
from orgmodel.queries.access.routes import Route, asking_routes
from orgmodel.queries.moments import just_before
from orgmodel.queries.together import ask
from orgmodel.why.causes import Cause

from .ends import Ends, end_of, latest, why_ended

UNTOLD = Cause("path", "ended")
MOST = 5
"""Moments between the two that are looked at, the latest first: more happen to nobody who is told of it."""


@dataclass(frozen=True)
class Losses:
    """Apps and groups that somebody held, each with the cause of the end of the last way to it."""

    apps: tuple[Access, ...]
    groups: tuple[Membership, ...]


def losses(
    who: int, apps: Sequence[Access], groups: Sequence[Membership], known: Sequence[Route], ends: Ends
) -> Losses:
    """`known`: every way of the person at the earlier moment; `ends`: what ended since.

    Who moved, got an app in another way and then lost that one too has not lost it by the move.
    """
    ways = {each.app.pk: list(each.routes) for each in apps}
    ways |= {each.group.pk: [each.route] for each in groups}
    for route in list(_came_since(who, ways, known, ends)):
        ways[route.end.resource].append(route)
    return Losses(
        tuple(replace(each, cause=why_ended(ways[each.app.pk], ends) or UNTOLD) for each in apps),
        tuple(replace(each, cause=_taken_out(ways[each.group.pk], ends) or each.cause) for each in groups),
    )


def _taken_out(ways: Sequence[Route], ends: Ends) -> Cause | None:
    """Why the last membership ended: an account that is closed stays in its groups until it is taken out."""
    found = [ends[key] for each in ways if (key := ("grant", each.grant)) in ends]
    return latest(found) if found else None


def _came_since(
    who: int, ways: dict[int, list[Route]], known: Sequence[Route], ends: Ends
) -> Iterator[Route]:
    """Ways to what was lost that were there just before something ended, and not at the earlier moment."""
    closings = _closings({route.grant for route in known}, ends)
    moments: set[datetime] = set()
    for thing, routes in ways.items():
        last = max((end[0] for each in routes if (end := end_of(each, ends))), default=None)
        later = (at for of, at in closings if of in {None, thing})
        moments |= {at for at in later if last is None or at > last}
    if not moments:
        return
    before = {(each.grant, *each.key) for each in known if each.opens}
    for at in sorted(moments, reverse=True)[:MOST]:
        for each in ask(asking_routes(who, just_before(at))):
            if each.opens and each.end.resource in ways and (each.grant, *each.key) not in before:
                before.add((each.grant, *each.key))
                yield each


def _closings(grants: set[int], ends: Ends) -> list[tuple[int | None, datetime]]:
    """When something ended that may have closed a way that came since: an app, with which one it was; an
    account, or a grant that was not known, of whatever thing.
    """
    return [
        (which[0] if kind == "app" else None, at)  # type: ignore[misc]  # of an app it is a number
        for (kind, *which), (at, cause) in ends.items()
        if cause.verb == "ended"
        and (kind in {"account", "app"} or (kind == "grant" and which[0] not in grants))
    ]
