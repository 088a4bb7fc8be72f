"""The people who have one thing: how many, by which paths, and the first of them in full.

An app of the whole company is held by everybody; a page shows a hundred, and counts the rest.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from orgmodel.queries.moments import Moment
from orgmodel.queries.people import PersonRef, people_where
from orgmodel.queries.together import at_hand, together
from orgmodel.queries.visibility import Viewer

from .beginnings import NEVER, asking_beginnings
from .holdings import Holder, holder_of, visible
from .level_choice import level_first, level_of
from .reasons import EVERYBODY, IMPORTED, Reasons, asking_reasons
from .routes import Route, to_resource
from .target import Target


@dataclass(frozen=True)
class Way:
    """How `people` come by it first. `kind`: direct, rule, group (without a rule) or inside (a group that
    Okta or an app fills, or by a way that Okta does not tell); all but the first with a name.
    """

    kind: str
    name: str
    people: int


@dataclass(frozen=True)
class Crowd:
    """Everybody who has a thing: `first` by name, in full."""

    total: int
    ways: tuple[Way, ...]
    first: tuple[Holder, ...]


def crowd(target: Target, moment: Moment, viewer: Viewer, *, most: int) -> Crowd:
    """Who has the group or app; at most `most` of them in full."""
    if target.pk in viewer.hidden or not (target.open or target.kind == "group"):
        return Crowd(0, (), ())
    by_person: dict[int, list[Route]] = {}
    for route in visible(to_resource(target.pk, moment), viewer.hidden):
        by_person.setdefault(route.person, []).append(route)
    refs = _first(list(by_person), most, moment)
    shown = [route for key in refs for route in by_person[key]]
    everybody = [route for own in by_person.values() for route in own]
    names = {key: ref.name for key, ref in refs.items()}
    why, ever = together(
        asking_reasons(shown, names, moment, viewer=viewer, beside=everybody),
        at_hand(NEVER)
        if target.kind == "group"
        else asking_beginnings(refs, moment, viewer.hidden, resource=target.pk),
    )
    holders = _sorted(holder_of(ref, target, by_person[key], why, ever) for key, ref in refs.items())
    return Crowd(len(by_person), _ways(by_person, why), holders)


def _sorted(holders: Iterable[Holder]) -> tuple[Holder, ...]:
    return tuple(sorted(holders, key=lambda holder: (holder.person.name.casefold(), holder.person.pk)))


def _first(ids: list[int], most: int, moment: Moment) -> dict[int, PersonRef]:
    """The first of these people by name; one query."""
    return people_where(
        "p.id IN (SELECT id FROM orgmodel_person WHERE id = ANY(%(ids)s)"
        " ORDER BY lower(name), id LIMIT %(most)s)",
        {"ids": ids, "most": most},
        moment,
    )


def _ways(by_person: dict[int, list[Route]], why: Reasons) -> tuple[Way, ...]:
    """Counted by the route of each that stands first in the list, too: the shortest that gives the level."""
    counted = Counter(_way(level_first(own, level_of(own))[0], why) for own in by_person.values())
    return tuple(Way(*way, number) for way, number in counted.most_common())


def _way(route: Route, why: Reasons) -> tuple[str, str]:
    if route.rules:
        native = route.rules[0]
        known = why.proofs.rules
        return "rule", known[native].name if native in known else native
    place = route.hops[0].place
    if place.kind == "app":
        return "direct", ""
    untold = (route.evidence == "none" and route.origin == "unknown") or place.type in {EVERYBODY, IMPORTED}
    return ("inside" if untold else "group"), place.name
