"""What a person has, and who has a thing: access as paths, at any moment."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orgmodel.models import Person
from orgmodel.queries.accounts import AccountRow
from orgmodel.queries.coming import Coming
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import PersonRef, asking_people, asking_person
from orgmodel.queries.rows import in_batches
from orgmodel.queries.together import Question, ask, at_hand, together
from orgmodel.queries.visibility import Viewer
from orgmodel.rules.spoken import AS_WRITTEN, Spoken
from orgmodel.why.causes import Cause
from orgmodel.why.paths import Path
from orgmodel.why.voice import Voice

from .beginnings import NEVER, Began, Beginnings, asking_beginnings
from .level_choice import deciding, level_first, level_of, winning
from .reasons import Reasons, asking_reasons
from .routes import Route, asking_routes, into_groups, to_resource
from .target import Target

STEP = ("kind", "name", "native_id", "level", "sort", "expression")


@dataclass(frozen=True)
class Access:
    """A person has an app, at the level that wins, by these paths (shortest first)."""

    app: Target
    level: str
    since: datetime
    """At this level; `before`: that is when Sightline first read, and it had begun earlier."""
    paths: tuple[Path, ...]
    cause: Cause
    routes: tuple[Route, ...] = ()
    before: bool = False
    had: Began | None = None
    """Since when at any level, where that was looked up."""
    spoken: Spoken = field(default=AS_WRITTEN, repr=False, compare=False)
    """How attributes and their values are called in its cause."""

    @property
    def because(self) -> str:
        """The cause as a sentence about nobody."""
        return self.cause.sentence(Voice(spoken=self.spoken))

    @property
    def explained(self) -> bool | None:
        """True when any path is kept by a live rule; False when none is; None when it is not known."""
        states = {path.explained for path in self.paths}
        return True if True in states else None if None in states else False

    def as_json(self) -> dict[str, Any]:
        return {
            "app": self.app.name,
            "native_id": self.app.native_id,
            "level": self.level,
            "since": self.since.isoformat(),
            "since_before_start": self.before,
            "had_since": self.had.at.isoformat() if self.had else None,
            "paths": [path_json(path) for path in self.paths],
            "cause": self.because,
        }


@dataclass(frozen=True)
class Membership:
    """A person is in a group, and why."""

    group: Target
    origin: str
    rule: str
    since: datetime
    cause: Cause
    path: Path
    route: Route
    before: bool = False
    """`since` is when Sightline first read, and it had begun earlier."""
    spoken: Spoken = field(default=AS_WRITTEN, repr=False, compare=False)
    """How attributes and their values are called in its cause."""

    @property
    def because(self) -> str:
        """The cause as a sentence about nobody."""
        return self.cause.sentence(Voice(spoken=self.spoken))

    @property
    def kept_by(self) -> tuple[str, ...]:
        """The rules behind it (native ids), where one that is in force keeps the person in the group."""
        steps = self.path.steps if self.path.explained else ()
        return tuple(step.native_id for step in steps if step.kind == "rule")

    def as_json(self) -> dict[str, Any]:
        return {
            "group": self.group.name,
            "native_id": self.group.native_id,
            "origin": self.origin,
            "rule": self.rule or None,
            "since": self.since.isoformat(),
            "since_before_start": self.before,
            "cause": self.because,
        }


@dataclass(frozen=True)
class AccessOfPerson:
    """The answer to "what do I have"."""

    person: PersonRef
    moment: Moment
    apps: tuple[Access, ...]
    groups: tuple[Membership, ...]
    past: Beginnings = field(default=NEVER, repr=False, compare=False)
    """Every way there was up to the moment."""
    coming: tuple[Coming, ...] = ()
    accounts: tuple[AccountRow, ...] | None = None  # None: not for this viewer

    @property
    def granted(self) -> tuple[Membership, ...]:
        """The groups that hold the person themselves; into others these lead, and no rule puts anybody."""
        return tuple(each for each in self.groups if len(each.route.hops) == 1)

    def as_json(self) -> dict[str, Any]:
        return {
            "person": self.person.as_json(),
            "at": self.moment.at.isoformat(),
            "apps": [each.as_json() for each in self.apps],
            "groups": [each.as_json() for each in self.groups],
            "coming": [each.as_json() for each in self.coming],
            **({} if self.accounts is None else {"accounts": [each.as_json() for each in self.accounts]}),
        }


@dataclass(frozen=True)
class Holder:
    """A person who has a thing, at which level, by which paths."""

    person: PersonRef
    level: str
    since: datetime
    paths: tuple[Path, ...]
    before: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "person": self.person.as_json(),
            "level": self.level,
            "paths": [path_json(path) for path in self.paths],
        }


def path_json(path: Path) -> dict[str, Any]:
    """PATH of the contract."""
    return {
        "steps": [
            {
                **{name: getattr(step, name) for name in STEP},
                "clauses": [clause.as_json() for clause in step.clauses],
            }
            for step in path.steps
        ],
        "sentence": path.sentence,
        "evidence": path.evidence,
    }


def access(who: int, moment: Moment, viewer: Viewer, known: PersonRef | None = None) -> AccessOfPerson:
    """Everything a person has at the moment, as far as the viewer may see it; three queries.

    `known`: the person as they are then, where that is at hand.
    """
    reader = viewer.about(who)
    ref, routes, ever = together(
        at_hand(known) if known else asking_person(who, moment),
        asking_routes(who, moment),
        asking_beginnings([who], moment, reader.hidden),
    )
    return access_by(ref, routes, moment, viewer, past=ever)


def access_by(
    ref: PersonRef, routes: Iterable[Route], moment: Moment, viewer: Viewer, *, past: Beginnings | None = None
) -> AccessOfPerson:
    """The same where the person and the routes are at hand; routes of others are left out.

    `past`: theirs up to this moment or a later one, as the same viewer may see it, where it is at hand.
    """
    return ask(asking_access(ref, routes, moment, viewer, past=past))


def asking_access(
    ref: PersonRef, routes: Iterable[Route], moment: Moment, viewer: Viewer, *, past: Beginnings | None = None
) -> Question[AccessOfPerson]:
    """The same as a question."""
    reader = viewer.about(ref.pk)
    own = visible((route for route in routes if route.person == ref.pk), reader.hidden)
    why = yield from asking_reasons(own, {ref.pk: ref.name}, moment, viewer=reader)
    ever = past or (yield from asking_beginnings([ref.pk], moment, reader.hidden))
    return AccessOfPerson(ref, moment, apps_of(own, why, ever), groups_of(own, why), ever)


def who(target: Target, moment: Moment, viewer: Viewer) -> tuple[Holder, ...]:
    """Everybody who has the group or app, by name."""
    return tuple(one_by_one(target, moment, viewer))


def one_by_one(target: Target, moment: Moment, viewer: Viewer) -> Iterator[Holder]:
    """The same, with reasons looked up for some at a time: an app of the whole company has no end."""
    if target.pk in viewer.hidden or not (target.open or target.kind == "group"):
        return
    by_person: dict[int, list[Route]] = {}
    for route in visible(to_resource(target.pk, moment), viewer.hidden):
        by_person.setdefault(route.person, []).append(route)
    called = Person.objects.filter(pk__in=by_person).values_list("name", "pk")
    for some in in_batches(sorted(called, key=lambda each: (each[0].casefold(), each[1]))):
        names = {key: name for name, key in some}
        refs, why, ever = together(
            asking_people("p.id = ANY(%(ids)s)", {"ids": sorted(names)}, moment),
            asking_reasons([each for key in names for each in by_person[key]], names, moment, viewer=viewer),
            asking_beginnings(names, moment, viewer.hidden, resource=target.pk),
        )
        yield from (holder_of(refs[key], target, by_person[key], why, ever) for _, key in some)


def holder_of(
    person: PersonRef, target: Target, own: Sequence[Route], why: Reasons, ever: Beginnings = NEVER
) -> Holder:
    """Somebody with all their routes to a thing."""
    level = level_of(own)
    began, _ = _since(own, level, why, ever)
    return Holder(person, level, began.at, tuple(map(why.path, level_first(own, level))), began.before)


def _since(own: Sequence[Route], level: str, why: Reasons, ever: Beginnings) -> tuple[Began, Began | None]:
    """Since when somebody has it at the level, and since when at all, as far as that is looked up."""
    if found := ever.of(own[0].person, own[0].end.resource, level, why.moment.at):
        return found
    levels = {route.end.level for route in deciding(own)}
    first = min((route for route in own if route.end.level in levels), key=lambda route: route.since)
    return Began(first.since, before=len(first.hops) == 1 and why.from_the_first(first)), None


def visible(routes: Iterable[Route], hidden: frozenset[int]) -> list[Route]:
    """Routes that touch nothing hidden."""
    return [route for route in routes if not (hidden and any(hop.place.pk in hidden for hop in route.hops))]


def apps_of(routes: Sequence[Route], why: Reasons, ever: Beginnings = NEVER) -> tuple[Access, ...]:
    """Routes to apps, one `Access` per app, by name. `ever`: the past of them, where it was looked up."""
    by_app: dict[int, list[Route]] = {}
    for route in routes:
        place = route.end.place
        if place.kind == "app" and place.open:
            by_app.setdefault(route.end.resource, []).append(route)
    for own in by_app.values():
        own.sort(key=lambda route: (len(route.hops), route.end.priority, route.since, route.key))
    found = [_access(own, why, ever) for own in by_app.values()]
    return tuple(sorted(found, key=lambda each: (each.app.name.casefold(), each.app.native_id)))


def _access(own: Sequence[Route], why: Reasons, ever: Beginnings) -> Access:
    first, level = winning(own), level_of(own)
    began, had = _since(own, level, why, ever)
    return Access(
        app=own[0].end.place,
        level=level,
        since=began.at,
        paths=tuple(why.path(route) for route in own),
        cause=why.cause(first),
        routes=tuple(own),
        before=began.before,
        had=had,
        spoken=why.spoken,
    )


def groups_of(routes: Sequence[Route], why: Reasons) -> tuple[Membership, ...]:
    """Memberships, by name of the group: each that is granted, and one of each group that others bring."""
    found = [
        Membership(
            group=route.end.place,
            origin=path.origin,
            rule=", ".join(step.name for step in path.steps if step.kind == "rule"),
            since=route.since,
            cause=why.cause(route),
            path=path,
            route=route,
            before=why.from_the_first(route),
            spoken=why.spoken,
        )
        for route, path in ((route, why.path(route)) for route in into_groups(routes))
    ]
    return tuple(sorted(found, key=lambda each: (each.group.name.casefold(), each.group.native_id)))
