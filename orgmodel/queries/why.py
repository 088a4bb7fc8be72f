"""Why, why not and why lost: the answer for one person and one group or app."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from orgmodel.why.paths import Path, Step
from orgmodel.why.wanting import wanting

from .access import Access, apps_of, groups_of, path_json, visible
from .around import Around, Peers, around
from .dated import dated
from .moments import Moment
from .people import PersonRef, person
from .proof import proofs
from .reasons import reasons
from .routes import Target, of_people
from .targets import find_target
from .turns import Turn, gained, last_lost
from .visibility import Viewer

WAYS_SHOWN = 10
PATHS_SHOWN = 50
BY_HAND = 9
"""Ways without a rule come after all with one."""


@dataclass(frozen=True)
class Why:
    """The answer. `has` is None where the source does not let us see."""

    person: PersonRef
    target: Target
    moment: Moment
    has: bool | None
    access: Access | None
    paths: tuple[Path, ...]
    would_take: tuple[Path, ...]
    lost: Turn | None
    sentence: str
    gained: Turn | None = None
    """How the shortest of the ways began."""
    more_paths: int = 0
    more_ways: int = 0
    """How many more there are than are told."""
    peers: Peers | None = None
    """How many teammates have what the person has not."""

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
            "sentence": self.sentence,
            "more_paths": self.more_paths,
            "more_ways": self.more_ways,
            "peers": self.peers.as_json() if self.peers else None,
        }


def why_for(who: int, text: str, moment: Moment, viewer: Viewer) -> Why:
    """As `why`, for a target by name; what is hidden exists only for a viewer who holds it.

    Raises NotFound.
    """
    found = why(who, find_target(text, viewer.about(who), moment), moment, viewer)
    if found.target.pk in viewer.hidden and not found.paths:
        find_target(text, viewer)
    return found


def why(who: int, target: Target, moment: Moment, viewer: Viewer) -> Why:
    """Why this person has the group or app at the moment, or why not, or why no longer."""
    ref = person(who, moment)
    reader = viewer.about(who)
    routes = visible(of_people([who], moment), reader.hidden)
    there = [route for route in routes if route.end.resource == target.pk]
    reason = reasons(there, {who: ref.name}, moment, viewer=reader)
    held = next(iter(apps_of(there, reason)), None)
    member = next(iter(groups_of(there, reason)), None)
    paths = held.paths if held else (member.path,) if member else ()
    near = Around() if paths else around(ref.pk, target, moment, viewer)
    has = True if paths else None if near.blind else False
    lost = None if paths else last_lost(who, target, moment, viewer)
    ways = () if paths else _would_take(who, target, near.into, moment, viewer)
    sentence = _sentence(ref, target, has, held, paths, lost, ways)
    told = dated((*paths[:PATHS_SHOWN], *ways[:WAYS_SHOWN]), who, moment)
    return Why(
        ref,
        target,
        moment,
        has,
        held,
        told if paths else (),
        () if paths else told,
        lost,
        sentence,
        gained(there[0], reason) if paths else None,
        max(0, len(paths) - PATHS_SHOWN),
        max(0, len(ways) - WAYS_SHOWN),
        near.peers if has is False else None,
    )


def _sentence(
    person: PersonRef,
    target: Target,
    has: bool | None,
    held: Access | None,
    paths: tuple[Path, ...],
    lost: Turn | None,
    ways: tuple[Path, ...],
) -> str:
    if has:
        level = f" as {held.level}" if held and held.level != "assigned" else ""
        ways_in = "one way" if len(paths) == 1 else f"{len(paths)} ways"
        if target.kind == "group":
            return f"{person.name} is in {target.name}. {paths[0].sentence}"
        return f"{person.name} has {target.name}{level}, in {ways_in}. {paths[0].sentence}"
    if has is None:
        return f"Whether {person.name} has {target.name} cannot be seen: Okta does not show it to Sightline."
    if not target.open:
        return f"{target.name} is switched off in Okta: nobody can use it."
    if not person.usable:
        return f"{person.name} has left: the Okta account is deactivated and opens nothing."
    if lost:
        ended = f"{lost.what} ended on {lost.at:%Y-%m-%d}. {lost.sentence}"
        return f"{person.name} does not have {target.name} any more: {ended}"
    return f"{person.name} {_lacks(target, ways)}"


def _lacks(target: Target, ways: tuple[Path, ...]) -> str:
    nearest = f" {ways[0].sentence}" if ways and ways[0].steps[0].kind == "rule" else ""
    if target.kind == "group":
        return f"is not in {target.name}.{nearest}"
    if ways:
        group = next(step.name for step in ways[0].steps if step.kind == "group")
        return f"does not have {target.name}. It comes with {group}.{nearest}"
    return f"does not have {target.name}, and no group that Sightline can see opens it."


def _would_take(
    who: int, target: Target, groups: Sequence[tuple[Target, str]], moment: Moment, viewer: Viewer
) -> tuple[Path, ...]:
    """Rules into any of the groups that lead to the target, nearest first; groups without one come last."""
    named = {each.native_id: (each, level) for each, level in groups if each.pk not in viewer.hidden}
    proof = proofs(moment, groups=named, person=who, viewer=viewer)
    account, subject = next(iter(proof.subjects.items()), (0, None))
    rules = [
        (rule, native)
        for rule in proof.rules.values()
        for native in rule.targets
        if rule.status == "ACTIVE" and native in named
    ]
    ways: list[tuple[tuple[int, int, str], Path]] = []
    for rule, native in rules:
        said = proof.of(account, rule.expression)
        left_out = subject is not None and subject.native_id in rule.excluded
        far, sentence = wanting(rule.name, said, left_out=left_out)
        head = Step(
            "rule",
            rule.name,
            rule.native_id,
            expression=rule.expression,
            clauses=said.clauses if said else (),
        )
        path = Path((head, *_tail(*named[native], target)), sentence, "evaluated" if said else "none")
        ways.append(((far, len(said.missing) if said else 0, rule.name), path))
    fed = {native for _, native in rules}
    for native, (group, level) in named.items():
        if native not in fed:
            sentence = f"Somebody would have to add the person to {group.name}."
            ways.append(((BY_HAND, 0, group.name), Path(_tail(group, level, target), sentence, "none")))
    return tuple(path for _, path in sorted(ways, key=lambda way: way[0]))


def _tail(group: Target, level: str, target: Target) -> tuple[Step, ...]:
    """From the group to the target."""
    step = Step("group", group.name, group.native_id)
    return (step, Step("app", target.name, target.native_id, level)) if target.kind == "app" else (step,)
