"""What a reorganisation would do: rules are evaluated for everybody whom it moves, before and after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orgmodel.conventions import UnitKind
from orgmodel.queries.access.holdings import Access
from orgmodel.queries.moments import now
from orgmodel.queries.people import PersonRef, people
from orgmodel.queries.rules.census import Census, census
from orgmodel.queries.rules.rule_evaluation import RuleText
from orgmodel.queries.rules.rulebook import Book, book, in_force
from orgmodel.rules.expected import expected
from orgmodel.rules.population import DEACTIVATED, Expected, Population
from orgmodel.rules.rule_index import Standing
from orgmodel.rules.spoken import AS_WRITTEN, Spoken
from orgmodel.why.causes import Cause
from orgmodel.why.paths import Path, Step
from orgmodel.why.voice import Voice

from .evaluation import Evaluation, Uncertain
from .proposal import Proposal
from .rehearsal_gaps import emptied, gaps
from .rehearsal_state import Ground, Held, Opening, apps_through, held, left_open, openings
from .supposition import unforeseen
from .tallies import AppTally, UnitTally, per_app, per_unit
from .whatif import WhatIf, level_change
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


def rehearse(proposal: Proposal, kinds: Sequence[UnitKind], spoken: Spoken = AS_WRITTEN) -> Rehearsal:
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
    (holdings,) = held(who, moment, undecided=left_open(opens))
    was, will = (expected(rules, _without(those, holdings, known)) for those in (before, after))
    ground = Ground(known, names, opens, moment.at, spoken)
    refs = people(who, moment)
    standings = (_standings(each, known.rules, len(who)) for each in (was, will))
    answers = [
        _one(refs[person], proposal, holdings[person], evaluation, ground)
        for person, evaluation in zip(
            who, _evaluations(who, holdings, proposal, ground, *standings), strict=True
        )
    ]
    changed = tuple(each for each in answers if each.changed or each.unknown)
    without_group, without_rule, retired = gaps(proposal, kinds, known)
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


def _without(moved: Population, holdings: Mapping[int, Held], known: Book) -> Population:
    """Without the memberships that rules in force give: these are what is asked for."""
    ruled: dict[str, set[int]] = {}
    for place, each in enumerate(holdings.values()):
        for group, rules in each.groups.items():
            if any(rule in known.rules for rule in rules):
                ruled.setdefault(group, set()).add(place)
    members = {group: frozenset(inside) - ruled.get(group, set()) for group, inside in moved.members.items()}
    return replace(moved, members=members)


def _evaluations(
    who: Sequence[int],
    holdings: Mapping[int, Held],
    proposal: Proposal,
    ground: Ground,
    before: Sequence[Standing],
    after: Sequence[Standing],
) -> Iterator[Evaluation]:
    for person, was, will in zip(who, before, after, strict=True):
        held = {
            group: tuple(rule for rule in by if rule in ground.book.rules)
            for group, by in holdings[person].groups.items()
        }
        yield Evaluation(ground.book, ground.names, held, was, will, proposal.values[person])


def _standings(found: Expected, rules: Mapping[str, RuleText], count: int) -> list[Standing]:
    """What the rules come to, person by person."""
    takes: list[list[str]] = [[] for _ in range(count)]
    unknown: list[dict[str, str]] = [{} for _ in range(count)]
    for native, fit in found.fits.items():
        for place in fit.people:
            takes[place].append(native)
        for place, reason in fit.unknown.items():
            unknown[place][native] = reason
    standings = []
    for own, unsure in zip(takes, unknown, strict=True):
        groups: dict[str, tuple[str, ...]] = {}
        for native in own:
            for target in rules[native].targets:
                groups[target] = (*groups.get(target, ()), native)
        standings.append(Standing(frozenset(own), groups, unsure))
    return standings


@dataclass(frozen=True)
class _Way:
    """A group and the opening of an app whose level counts."""

    group: str
    opening: Opening

    @property
    def level(self) -> str:
        return self.opening.level


def _one(ref: PersonRef, proposal: Proposal, has: Held, evaluation: Evaluation, ground: Ground) -> WhatIf:
    """One person's answer."""
    values, move = evaluation.values, proposal.moves.get(ref.pk)
    comes, goes = evaluation.comes, evaluation.goes
    had, will = (
        {app: _Way(*way) for app, way in apps_through(groups, has, ground.opens).items()}
        for groups in (has.groups, (set(has.groups) - goes) | comes.keys())
    )
    turned = evaluation.turned(had, will)
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
            _access(will[app], comes.get(will[app].group, ()), cause, ground)
            for app, cause in turned.gains.items()
        ),
        loses=tuple(
            _access(had[app], has.groups[had[app].group] if had[app].group in goes else (), cause, ground)
            for app, cause in turned.loses.items()
        ),
        keeps=tuple(_access(had[app], (), Cause(""), ground) for app in turned.keeps),
        level_changed=tuple(
            level_change(
                _access(had[app], (), cause, ground),
                _access(will[app], comes.get(will[app].group, ()), cause, ground),
            )
            for app, cause in turned.levels.items()
        ),
        unknown=(*evaluation.unknown(), *_unforeseen(ref, move, proposal, ground)),
        comes=evaluation.called(comes),
        goes=evaluation.called(goes),
    )


def _unforeseen(
    ref: PersonRef, move: Brought | None, proposal: Proposal, ground: Ground
) -> Iterator[Uncertain]:
    """Groups of the units of a move that no rule fills."""
    if move:
        units = {unit.pk: unit.kind for unit in (move.unit, *proposal.facts.above(move.unit))}
        old = {unit.pk for unit in ref.units if unit.kind in units.values()}
        for group, reason in unforeseen({*units} ^ old, ground.targets, proposal.facts):
            yield Uncertain("", reason, group)


def _access(way: _Way, rules: Iterable[str], cause: Cause, ground: Ground) -> Access:
    by: list[RuleText] = [ground.book.rules[native] for native in rules if native in ground.book.rules]
    opening = way.opening
    steps = (
        *(Step("rule", rule.name, rule.native_id, expression=rule.expression) for rule in by),
        *([Step("group", ground.names.get(way.group, way.group), way.group)] if way.group else []),
        Step("app", opening.app.name, opening.app.native_id, opening.level),
    )
    path = Path(steps, cause.sentence(Voice(spoken=ground.spoken)), "evaluated", "rule")
    return Access(opening.app, opening.level, ground.at, (path,), cause, spoken=ground.spoken)
