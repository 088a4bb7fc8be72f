"""Why, why not and why lost: the answer for one person and one group or app."""

from dataclasses import dataclass, field
from typing import Any

from orgmodel.conventions import Ask
from orgmodel.facts import STATED
from orgmodel.queries.access.beginnings import asking_beginnings
from orgmodel.queries.access.holdings import Access, apps_of, groups_of, path_json, visible
from orgmodel.queries.access.level_choice import level_reason
from orgmodel.queries.access.reasons import asking_reasons
from orgmodel.queries.access.routes import Route, asking_routes_of
from orgmodel.queries.access.target import Target
from orgmodel.queries.access.value_provenance import dated
from orgmodel.queries.moments import Moment, now
from orgmodel.queries.people import PersonRef, asking_person
from orgmodel.queries.targets import find_target
from orgmodel.queries.together import at_hand, together
from orgmodel.queries.visibility import Viewer
from orgmodel.why import answers
from orgmodel.why.asking import Asking
from orgmodel.why.caveats import OPEN_TO_EVERYONE
from orgmodel.why.days import day
from orgmodel.why.obstacles import Obstacles, Standing, but
from orgmodel.why.paths import Path, Step
from orgmodel.why.voice import Voice

from .asking import asking_given
from .last_change import Turn, asking_last_lost, gained
from .ways_in import ways_in
from .whom_to_ask import Lacking
from .why_not import Peers, asking_surroundings

WAYS_SHOWN = 10
PATHS_SHOWN = 50
NOBODY = Ask()
"""The settings name nobody to ask."""


@dataclass(frozen=True)
class Why:
    """The answer. `has` is None where it cannot be known: the source has gaps, or what the viewer may see."""

    person: PersonRef
    target: Target
    moment: Moment
    has: bool | None
    access: Access | None
    paths: tuple[Path, ...] = ()
    would_take: tuple[Path, ...] = ()
    lost: Turn | None = None
    sentence: str = ""
    gained: Turn | None = None
    """How the shortest of the ways began."""
    more_paths: int = 0
    more_ways: int = 0
    """How many more there are than are shown."""
    peers: Peers | None = None
    """How many teammates have what the person has not."""
    blocked: str = ""
    """What keeps the person from using what they have been given."""
    level_because: str = ""
    """Why this of several levels counts."""
    unseen: bool = False
    """The source does not let Sightline see it."""
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
            "level_because": self.level_because or None,
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
    ref, found = together(asking_person(who, moment), asking_routes_of([who], moment, towards=target.pk))
    question = _Question(ref, target, moment, viewer)
    routes = visible(found, question.reader.hidden)
    own_routes = [route for route in routes if route.end.resource == target.pk]
    if opened := [route for route in own_routes if route.opens]:
        return _has(question, opened)
    return _has_not(question, own_routes, ask)


@dataclass(frozen=True)
class _Question:
    """What is asked, about whom, and by whom."""

    person: PersonRef
    target: Target
    moment: Moment
    viewer: Viewer

    @property
    def reader(self) -> Viewer:
        return self.viewer.about(self.person.pk)

    @property
    def own(self) -> bool:
        return self.viewer.person == self.person.pk

    @property
    def voice(self) -> Voice:
        return Voice(self.person.name, own=self.own, spoken=self.viewer.spoken)

    @property
    def hedged(self) -> bool:
        return self.viewer.veiled_about(self.person.pk)

    def answer(self, has: bool | None, access: Access | None, **more: Any) -> Why:
        return Why(self.person, self.target, self.moment, has, access, **more)


def _has(question: _Question, routes: list[Route]) -> Why:
    who, target, voice = question.person.pk, question.target, question.voice
    own = who if question.own else None
    names, moment, reader = {who: question.person.name}, question.moment, question.reader
    reason, ever = together(
        asking_reasons(routes, names, moment, viewer=reader, own=own),
        asking_beginnings([who], moment, reader.hidden, resource=target.pk),
    )
    held = next(iter(apps_of(routes, reason, ever)), None)
    paths = held.paths if held else (groups_of(routes, reason)[0].path,)
    blocked = but(voice, target.name if held else "", routes[0].standing or Standing())
    level = held.level if held and held.level != "assigned" else ""
    hedged = question.hedged and held is not None
    sentence = answers.has(voice, target.name, level, paths, kind=target.kind, hedged=hedged)
    return question.answer(
        True,
        held,
        paths=dated(paths[:PATHS_SHOWN], who, question.moment),
        sentence=f"{sentence} {blocked}".strip(),
        gained=gained(routes[0], reason),
        more_paths=max(0, len(paths) - PATHS_SHOWN),
        blocked=blocked,
        level_because=level_reason(target, routes) if held else "",
    )


def _has_not(question: _Question, granted: list[Route], ask: Ask) -> Why:
    """`granted`: the routes that would open it, if nothing stood in their way."""
    who, target, moment, viewer = question.person.pk, question.target, question.moment, question.viewer
    near, lost, today, given = together(
        asking_surroundings(who, target, moment, viewer),
        asking_last_lost(who, target, moment, viewer),
        at_hand(None) if moment.live else asking_surroundings(who, target, now(), viewer),
        at_hand(granted) if moment.live else asking_given(who, target, viewer),
    )
    through = tuple(route.hops[-2].place.name for route in granted if len(route.hops) > 1)
    inside = bool(granted), through, target.open
    between = Obstacles(target.name, target.kind, *inside, near.standing, not question.person.usable)
    step = Step("app", target.name, target.native_id)
    ways = tuple(Path((step,), sentence, STATED) for sentence in between.takes(question.voice))
    if not granted:
        ways += ways_in(who, target, near.into, moment, viewer, shut=near.standing.shut)
    blocked, unseen = between.sentence(question.voice), near.uncovered and not granted
    return question.answer(
        None if unseen or (question.hedged and not blocked) else False,
        None,
        would_take=dated(ways[:WAYS_SHOWN], who, moment),
        lost=lost,
        sentence=blocked or _lacks(question, lost, ways, unseen=unseen),
        more_ways=max(0, len(ways) - WAYS_SHOWN),
        peers=None if unseen else near.peers,
        blocked=blocked,
        unseen=unseen,
        asking=Lacking(
            name=question.person.name,
            voice=question.voice,
            target=target,
            near=today or near,
            given=given,
            open=target.open if moment.live else all(route.end.place.open for route in given),
        ).asking(ways, ask),
    )


def _lacks(question: _Question, lost: Turn | None, ways: tuple[Path, ...], *, unseen: bool) -> str:
    voice, name, kind = question.voice, question.target.name, question.target.kind
    if unseen and question.target.for_all:
        return OPEN_TO_EVERYONE
    if unseen:
        return answers.unseen(voice, name, kind=kind)
    if lost:
        when = day(lost.at)
        return answers.no_longer(
            voice, name, lost.ended, when, lost.sentence, kind=kind, hedged=question.hedged
        )
    return answers.lacks(voice, name, ways, kind=kind, hedged=question.hedged)
