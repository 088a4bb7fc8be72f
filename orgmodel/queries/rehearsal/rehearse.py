"""What a reorganisation would do: rules are evaluated for everybody whom it moves, before and after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from orgmodel.conventions import UnitKind
from orgmodel.queries.access.holdings import Access
from orgmodel.queries.access.levels import LevelChange
from orgmodel.queries.moments import now
from orgmodel.queries.people import PersonRef, people
from orgmodel.queries.rules.census import Census, census
from orgmodel.queries.rules.rule_evaluation import RuleText
from orgmodel.queries.rules.rulebook import Book, book, in_force
from orgmodel.rules.expected import expected
from orgmodel.rules.population import DEACTIVATED, Expected, Population
from orgmodel.sources.registry import direction
from orgmodel.why.causes import Cause
from orgmodel.why.hypothetical import OTHER_LEVEL, would_come, would_go
from orgmodel.why.paths import Path, Step

from .proposal import Proposal
from .rehearsal_gaps import emptied, forgotten
from .rehearsal_state import Ground, Held, Opening, apps_through, held, left_open, openings
from .supposition import unforeseen
from .tallies import AppTally, UnitTally, per_app, per_unit
from .whatif import Uncertain, WhatIf
from .whole_move import Brought


@dataclass(frozen=True)
class Rehearsal:
    """What would come and go, per person and per app, and what the plan forgets."""

    people: int
    """Everybody whom the proposal names or moves."""
    per_person: tuple[WhatIf, ...]
    """Only those for whom something changes or is not known."""
    per_app: tuple[AppTally, ...]
    per_unit: tuple[UnitTally, ...]
    groups_without_rule: tuple[str, ...]
    units_without_group: tuple[str, ...]
    rules_without_people: tuple[str, ...]
    groups_to_retire: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """What of the plan was not taken."""

    @property
    def changed(self) -> int:
        """People for whom an app or a group comes or goes."""
        return sum(1 for each in self.per_person if each.changed)

    def as_json(self) -> dict[str, Any]:
        return {
            "people": self.people,
            "changed": self.changed,
            "per_person": [each.as_json() for each in self.per_person],
            "per_app": [each.as_json() for each in self.per_app],
            "per_unit": [each.as_json() for each in self.per_unit],
            "groups_without_rule": list(self.groups_without_rule),
            "units_without_group": list(self.units_without_group),
            "rules_without_people": list(self.rules_without_people),
            "groups_to_retire": list(self.groups_to_retire),
            "notes": list(self.notes),
        }


def rehearse(proposal: Proposal, kinds: Sequence[UnitKind]) -> Rehearsal:
    """Evaluate the proposal; the number of queries does not depend on it. Okta is asked for nothing."""
    moment = now()
    known = book(moment)
    rules = [in_force(rule) for rule in known.rules.values()]
    reads = sorted({name for rule in rules for name in rule.reads})
    everybody = census(reads, moment, grouped=True)
    places = _places(everybody, proposal)
    who = [everybody.people[place] for place in places]
    names = {**everybody.population.names, **known.names}
    before, after = _populations(replace(everybody.population, names=names), places, who, proposal)
    (opens,) = openings(moment)
    (there,) = held(who, moment, undecided=left_open(opens))
    was, will = (expected(rules, _without(those, there, known)) for those in (before, after))
    ground = Ground(known, names, opens, moment.at)
    refs = people(who, moment)
    answers = [
        _one(refs[person], place, proposal, there[person], was, will, ground)
        for place, person in enumerate(who)
    ]
    changed = tuple(each for each in answers if each.changed or each.unknown)
    without_group, without_rule, retired = forgotten(proposal, kinds, known)
    return Rehearsal(
        people=len(proposal.values),
        per_person=changed,
        per_app=per_app(changed),
        per_unit=per_unit(answers, kinds),
        groups_without_rule=without_rule,
        units_without_group=without_group,
        rules_without_people=emptied(rules, everybody.population, set(places), was, will, known),
        groups_to_retire=retired,
        notes=(*proposal.notes, *_unseen(len(proposal.values) - len(places))),
    )


def _unseen(count: int) -> Iterator[str]:
    if count:
        people = "1 person has" if count == 1 else f"{count} people have"
        yield f"{people} no active Okta account, so no rule looks at them."


def _places(everybody: Census, proposal: Proposal) -> list[int]:
    """Where the people stand whom the proposal changes; rules look at no account that is deactivated."""
    found: dict[int, int] = {}
    for place, person in enumerate(everybody.people):
        if person in proposal.values and everybody.population.states[place] != DEACTIVATED:
            found.setdefault(person, place)
    return sorted(found.values())


def _populations(
    whole: Population, places: Sequence[int], who: Sequence[int], proposal: Proposal
) -> tuple[Population, Population]:
    """The people who are moved, as they are and as they would be."""
    names = {*whole.attributes, *(name for values in proposal.values.values() for name in values)}
    empty = [None] * len(whole.natives)
    columns = {name: [whole.attributes.get(name, empty)[place] for place in places] for name in sorted(names)}
    changed = {
        name: [proposal.values[person].get(name, value) for person, value in zip(who, values, strict=True)]
        for name, values in columns.items()
    }
    index = {place: number for number, place in enumerate(places)}
    members = {
        group: frozenset(index[place] for place in there if place in index)
        for group, there in whole.members.items()
    }
    moved = replace(
        whole,
        natives=[whole.natives[place] for place in places],
        statuses=[whole.statuses[place] for place in places],
        states=[whole.states[place] for place in places],
        attributes=columns,
        members=members,
    )
    return moved, replace(moved, attributes=changed)


def _without(moved: Population, there: Mapping[int, Held], known: Book) -> Population:
    """Without the memberships that rules in force give: these are what is asked for."""
    ruled: dict[str, set[int]] = {}
    for place, each in enumerate(there.values()):
        for group, rules in each.groups.items():
            if any(rule in known.rules for rule in rules):
                ruled.setdefault(group, set()).add(place)
    members = {group: frozenset(inside) - ruled.get(group, set()) for group, inside in moved.members.items()}
    return replace(moved, members=members)


def _one(
    ref: PersonRef,
    place: int,
    proposal: Proposal,
    has: Held,
    was: Expected,
    will: Expected,
    ground: Ground,
) -> WhatIf:
    """One person's answer."""
    values, move = proposal.values[ref.pk], proposal.moves.get(ref.pk)
    rules, held = ground.book.rules, has.groups
    ruled = {group for group, by in held.items() if any(rule in rules for rule in by)}
    open_ = {
        target
        for native, fit in will.fits.items()
        if place in fit.unknown
        for target in rules[native].targets
    }
    given = {group for group, there in will.groups.items() if place in there}
    goes = {group for group in ruled if group not in given and group not in open_}
    comes = {group for group in given if group not in held}
    before = apps_through(held, has, ground.opens)
    after = apps_through((set(held) - goes) | comes, has, ground.opens)
    put = {native for native, fit in will.fits.items() if place in fit.people}
    fell = {native for native, fit in was.fits.items() if place in fit.people} - put
    # What the plan writes out beside the move is asked for, not brought along.
    brings = {each.attribute: each.value for each in move.follows} if move else {}
    follows = {name: values[name] for name, text in brings.items() if values[name] in (text, [text])}
    return WhatIf(
        person=ref,
        set={name: value for name, value in values.items() if name not in follows},
        follows=follows,
        brought=move,
        notes=move.left if move else (),
        gains=tuple(
            _gained(*way, put if way[0] in comes else set(), values, ground)
            for app, way in after.items()
            if app not in before
        ),
        loses=tuple(
            _lost(*way, held.get(way[0], ()) if way[0] in goes else (), fell, values, ground)
            for app, way in before.items()
            if app not in after
        ),
        keeps=tuple(
            _access(group, opening, [], Cause(""), ground)
            for app, (group, opening) in before.items()
            if app in after and after[app][1].level == opening.level
        ),
        level_changed=tuple(
            _level(before[app], way, _Turn(comes, goes, put, fell, held, values), ground)
            for app, way in after.items()
            if app in before and before[app][1].level != way[1].level
        ),
        unknown=(
            *(
                Uncertain(rules[native].name, fit.unknown[place])
                for native, fit in will.fits.items()
                if place in fit.unknown and set(rules[native].attributes) & set(values)
            ),
            *_unforeseen(ref, move, proposal, ground),
        ),
        comes=tuple(sorted(ground.names.get(group, group) for group in comes)),
        goes=tuple(sorted(ground.names.get(group, group) for group in goes)),
    )


def _unforeseen(
    ref: PersonRef, move: Brought | None, proposal: Proposal, ground: Ground
) -> Iterator[Uncertain]:
    """Groups of the units of a move that no rule fills."""
    if move:
        then = {unit.pk: unit.kind for unit in (move.unit, *proposal.facts.above(move.unit))}
        old = {unit.pk for unit in ref.units if unit.kind in then.values()}
        for group, reason in unforeseen({*then} ^ old, ground.targets, proposal.facts):
            yield Uncertain("", reason, group)


@dataclass(frozen=True)
class _Turn:
    """What turns for one person: groups that come and go, rules that would and would not take them."""

    comes: AbstractSet[str]
    goes: AbstractSet[str]
    put: set[str]
    fell: set[str]
    held: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Any]


def _level(was: tuple[str, Opening], will: tuple[str, Opening], turn: _Turn, ground: Ground) -> LevelChange:
    """The group that would decide comes; else the one that decides now goes."""
    if will[0] in turn.comes:
        then = _gained(*will, turn.put, turn.values, ground)
    else:
        rules = turn.held.get(was[0], ()) if was[0] in turn.goes else ()
        cause = _lost(*was, rules, turn.fell, turn.values, ground).cause
        then = _access(*will, [], cause, ground)
    now = _access(*was, [], then.cause, ground)
    return LevelChange(now, then, direction(will[1].app.source, was[1].level, will[1].level))


def _gained(group: str, opening: Opening, put: set[str], values: Mapping[str, Any], ground: Ground) -> Access:
    by = [native for native in sorted(put) if group in ground.book.rules[native].targets]
    cause = would_come(_names(by, ground), _read(by, values, ground)) if by else OTHER_LEVEL
    return _access(group, opening, by, cause, ground)


def _lost(
    group: str,
    opening: Opening,
    rules: Sequence[str],
    fell: set[str],
    values: Mapping[str, Any],
    ground: Ground,
) -> Access:
    by = [native for native in rules if native in ground.book.rules]
    changed = _read([native for native in by if native in fell], values, ground)
    name = ground.names.get(group, group)
    cause = would_go(name, _names(by, ground), changed) if by else OTHER_LEVEL
    return _access(group, opening, by, cause, ground)


def _access(group: str, opening: Opening, by: Sequence[str], cause: Cause, ground: Ground) -> Access:
    rules: list[RuleText] = [ground.book.rules[native] for native in by]
    steps = (
        *(Step("rule", rule.name, rule.native_id, expression=rule.expression) for rule in rules),
        Step("group", ground.names.get(group, group), group),
        Step("app", opening.app.name, opening.app.native_id, opening.level),
    )
    return Access(
        opening.app, opening.level, ground.at, (Path(steps, cause.sentence(), "evaluated", "rule"),), cause
    )


def _names(rules: Iterable[str], ground: Ground) -> list[str]:
    return [ground.book.rules[native].name for native in rules]


def _read(rules: Iterable[str], values: Mapping[str, Any], ground: Ground) -> dict[str, Any]:
    read = {name for native in rules for name in ground.book.rules[native].attributes}
    return {name: value for name, value in values.items() if name in read}
