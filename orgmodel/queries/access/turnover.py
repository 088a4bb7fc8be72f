"""Who gained a group or an app between two moments, who lost it, and who has it differently."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from orgmodel.queries.moments import Moment
from orgmodel.queries.people import asking_people
from orgmodel.queries.together import Question, together
from orgmodel.queries.visibility import Viewer

from .holdings import Holder, holder_of, visible
from .level_choice import level_of
from .reasons import asking_reasons
from .routes import Route, to_resource
from .target import Target

Ways = Mapping[int, list[Route]]
"""Person → the routes to the thing."""


@dataclass(frozen=True)
class Turnover:
    """Holders by name; of those who have it otherwise both, as it was and as it is."""

    came: tuple[Holder, ...]
    went: tuple[Holder, ...]
    changed: tuple[tuple[Holder, Holder], ...]


def turnover(target: Target, since: Moment, until: Moment, viewer: Viewer) -> Turnover:
    """What is different about the holders; reasons are looked for only of those with a difference."""
    had, has = (_ways(target, at, viewer) for at in (since, until))
    moved = {key for key in had.keys() | has.keys() if _seen(had.get(key)) != _seen(has.get(key))}
    before, after = together(
        _holders(target, had, moved, since, viewer), _holders(target, has, moved, until, viewer)
    )
    both = sorted(before.keys() & after.keys(), key=lambda key: (after[key].person.name.casefold(), key))
    return Turnover(
        _only(after, before), _only(before, after), tuple((before[key], after[key]) for key in both)
    )


def _ways(target: Target, at: Moment, viewer: Viewer) -> Ways:
    if target.pk in viewer.hidden:
        return {}
    found: dict[int, list[Route]] = {}
    for route in visible(to_resource(target.pk, at), viewer.hidden):
        # An app may have been switched off at one of the moments only.
        if route.end.place.open:
            found.setdefault(route.person, []).append(route)
    return found


def _seen(own: list[Route] | None) -> object:
    """What makes a difference: the level, the ways, and the rules behind them."""
    return own and (level_of(own), {(route.key, route.origin, route.rules) for route in own})


def _holders(
    target: Target, ways: Ways, moved: Collection[int], at: Moment, viewer: Viewer
) -> Question[dict[int, Holder]]:
    moved_ways = {key: own for key, own in ways.items() if key in moved}
    if not moved_ways:
        return {}
    refs = yield from asking_people("p.id = ANY(%(ids)s)", {"ids": sorted(moved_ways)}, at)
    routes = [route for own in moved_ways.values() for route in own]
    names = {key: ref.name for key, ref in refs.items()}
    why = yield from asking_reasons(routes, names, at, viewer=viewer)
    return {key: holder_of(refs[key], target, own, why) for key, own in moved_ways.items()}


def _only(one: Mapping[int, Holder], other: Mapping[int, Holder]) -> tuple[Holder, ...]:
    alone = [(holder.person.name.casefold(), key) for key, holder in one.items() if key not in other]
    return tuple(one[key] for _, key in sorted(alone))
