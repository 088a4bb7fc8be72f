"""Why, why not and why lost: the answer for one person and one group or app."""

from dataclasses import dataclass, field
from typing import Any

from orgmodel.conventions import Ask
from orgmodel.why.asking import Asking
from orgmodel.why.obstacles import Standing, account_phrase, but, opened_by
from orgmodel.why.paths import Path, Step

from .access import Access, apps_of, groups_of, path_json, visible
from .around import Peers, around
from .asking import asking
from .dated import dated
from .moments import Moment
from .people import PersonRef, person
from .reasons import reasons
from .routes import Route, Target, of_people
from .standing import standing
from .targets import find_target
from .turns import Turn, gained, last_lost
from .visibility import Viewer
from .ways_in import ways_in

WAYS_SHOWN = 10
PATHS_SHOWN = 50
NOBODY = Ask()
"""The settings name nobody to ask."""


@dataclass(frozen=True)
class Why:
    """The answer. `has` is None where the source does not let us see."""

    person: PersonRef
    target: Target
    moment: Moment
    has: bool | None
    access: Access | None
    paths: tuple[Path, ...]
    would_take: tuple[Path, ...] = ()
    lost: Turn | None = None
    sentence: str = ""
    gained: Turn | None = None
    """How the shortest of the ways began."""
    more_paths: int = 0
    more_ways: int = 0
    """How many more there are than are told."""
    peers: Peers | None = None
    """How many teammates have what the person has not."""
    blocked: str = ""
    """What keeps the person from using what they have been given."""
    asking: Asking = field(default_factory=Asking)
    """Whom to ask, of what the person has not."""

    def as_json(self) -> dict[str, Any]:
        return {
            "person": self.person.as_json(),
            "target": self.target.as_json(),
            "at": self.moment.at.isoformat(),
            "has": self.has,
            "paths": [path_json(path) for path in self.paths],
            "would_take": [path_json(path) for path in self.would_take],
            "lost": self.lost.as_json() if self.lost else None,
            "gained": self.gained.as_json() if self.gained else None,
            "ask": self.asking.as_json(),
            "blocked": self.blocked or None,
            "sentence": self.sentence,
            "more_paths": self.more_paths,
            "more_ways": self.more_ways,
            "peers": self.peers.as_json() if self.peers else None,
        }


def why_for(who: int, text: str, moment: Moment, viewer: Viewer, ask: Ask = NOBODY) -> Why:
    """As `why`, for a target by name; what is hidden exists only for a viewer who holds it.

    Raises NotFound.
    """
    found = why(who, find_target(text, viewer.about(who), moment), moment, viewer, ask)
    if found.target.pk in viewer.hidden and not found.paths:
        find_target(text, viewer)
    return found


def why(who: int, target: Target, moment: Moment, viewer: Viewer, ask: Ask = NOBODY) -> Why:
    """Why this person has the group or app at the moment, or why not, or why no longer."""
    ref, reader = person(who, moment), viewer.about(who)
    routes = visible(of_people([who], moment, shut=True), reader.hidden)
    there = [route for route in routes if route.end.resource == target.pk]
    stands = standing(who, target.pk, moment)
    if any(route.opens for route in there):
        return _has(ref, target, moment, reader, [route for route in there if route.opens], stands)
    return _has_not(ref, target, moment, viewer, there, stands, ask)


def _has(
    ref: PersonRef, target: Target, moment: Moment, reader: Viewer, routes: list[Route], stands: Standing
) -> Why:
    reason = reasons(routes, {ref.pk: ref.name}, moment, viewer=reader)
    held = next(iter(apps_of(routes, reason)), None)
    paths = held.paths if held else (groups_of(routes, reason)[0].path,)
    blocked = but(ref.name, target.name if held else "", stands)
    return Why(
        ref,
        target,
        moment,
        True,
        held,
        dated(paths[:PATHS_SHOWN], ref.pk, moment),
        sentence=f"{_holds(ref, target, held, paths)} {blocked}".strip(),
        gained=gained(routes[0], reason),
        more_paths=max(0, len(paths) - PATHS_SHOWN),
        blocked=blocked,
    )


def _holds(person: PersonRef, target: Target, held: Access | None, paths: tuple[Path, ...]) -> str:
    if held is None:
        return f"{person.name} is in {target.name}. {paths[0].sentence}"
    level = f" as {held.level}" if held.level != "assigned" else ""
    ways_in = "one way" if len(paths) == 1 else f"{len(paths)} ways"
    return f"{person.name} has {target.name}{level}, in {ways_in}. {paths[0].sentence}"


def _has_not(
    ref: PersonRef,
    target: Target,
    moment: Moment,
    viewer: Viewer,
    given: list[Route],
    stands: Standing,
    ask: Ask,
) -> Why:
    """`given`: the routes that would open it, if nothing stood in their way."""
    near = around(ref.pk, target, moment, viewer)
    lost = last_lost(ref.pk, target, moment, viewer)
    blocked, ways = _obstacles(ref, target, given, stands)
    if not given:
        ways += ways_in(ref.pk, target, near.into, moment, viewer, shut=stands.shut)
    groups = [group for group, _ in near.into]
    nearest = [step.native_id for way in ways for step in way.steps if step.kind == "group"]
    groups.sort(key=lambda group: nearest.index(group.native_id) if group.native_id in nearest else 99)
    has = None if near.blind and not given else False
    return Why(
        ref,
        target,
        moment,
        has,
        None,
        (),
        dated(ways[:WAYS_SHOWN], ref.pk, moment),
        lost,
        blocked or _lacks(ref, target, has, lost, ways),
        more_ways=max(0, len(ways) - WAYS_SHOWN),
        peers=near.peers if has is False else None,
        blocked=blocked,
        asking=asking(target, groups, ref.pk, viewer, ask),
    )


def _obstacles(
    person: PersonRef, target: Target, given: list[Route], stands: Standing
) -> tuple[str, tuple[Path, ...]]:
    """What stands in the way of everybody or of all that this person holds; and what it would take."""
    shut = account_phrase(stands)
    groups = [route.hops[-2].place.name for route in given if len(route.hops) > 1]
    held = f"{opened_by(person.name, groups, target.name)}, but " if given else ""
    step = Step("app", target.name, target.native_id)
    ways: list[Path] = []
    sentences: list[str] = []
    if not target.open:
        sentences.append(f"{held}{target.name} is inactive in Okta: nobody can use it.")
        ways.append(Path((step,), f"Someone must activate {target.name} in Okta.", "okta"))
    if shut:
        lacks = f"{person.name} {'is not in' if target.kind == 'group' else 'does not have'} {target.name}: "
        head = f"{person.name} has left: " if not person.usable else "And " if sentences else lacks
        sentences.append(f"{head if sentences or not held else held}{shut}.")
        act = "reactivate the Okta account" if stands.account else "create an Okta account"
        ways.append(Path((step,), f"Someone must {act} of {person.name}.", "okta"))
    return " ".join(sentences), tuple(ways)


def _lacks(
    person: PersonRef, target: Target, has: bool | None, lost: Turn | None, ways: tuple[Path, ...]
) -> str:
    if has is None:
        return f"Whether {person.name} has {target.name} cannot be seen: Okta does not show it to Sightline."
    if lost:
        ended = f"{lost.what} ended on {lost.at:%Y-%m-%d}. {lost.sentence}"
        return f"{person.name} does not have {target.name} any more: {ended}"
    nearest = f" {ways[0].sentence}" if ways and ways[0].steps[0].kind == "rule" else ""
    if target.kind == "group":
        return f"{person.name} is not in {target.name}.{nearest}"
    if ways:
        group = next(step.name for step in ways[0].steps if step.kind == "group")
        return f"{person.name} does not have {target.name}. It comes with {group}.{nearest}"
    return f"{person.name} does not have {target.name}, and no group that Sightline can see opens it."
