"""What would change for a person if something about them changed: evaluated here, asked of nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.queries.access.holdings import Access, Membership, access, apps_of, visible
from orgmodel.queries.access.level_choice import winning
from orgmodel.queries.access.levels import LevelChange
from orgmodel.queries.access.reasons import Reasons
from orgmodel.queries.access.routes import Route, onward
from orgmodel.queries.moments import now
from orgmodel.queries.people import PersonRef
from orgmodel.queries.refusals import NoAnswer
from orgmodel.queries.rules.rule_evaluation import Proofs
from orgmodel.queries.rules.rulebook import Book, standpoint
from orgmodel.queries.visibility import Viewer
from orgmodel.rules.evaluate import Subject
from orgmodel.rules.population import DEACTIVATED
from orgmodel.rules.rule_index import Standing
from orgmodel.sources.registry import direction
from orgmodel.why.hypothetical import OTHER_LEVEL, would_come, would_go

from .move_facts import FACTS, WITH, facts_in, parameters
from .supposition import Supposition, WhatIfQuestion, suppose
from .whole_move import Brought, places

Values = Mapping[str, Any]


class NoAccount(NoAnswer):
    """No rule looks at the person: there is no Okta account, or it is deactivated."""


@dataclass(frozen=True)
class Uncertain:
    """A rule, or a group that no rule fills, of which it cannot be known what it would do."""

    rule: str
    reason: str
    group: str = ""

    def as_json(self) -> dict[str, str]:
        more = {"group": self.group} if self.group else {}
        return {"rule": self.rule, "reason": self.reason, **more}


@dataclass(frozen=True)
class WhatIf:
    """What a change would do. `comes` and `goes` are groups by name; `notes` say what to look at again."""

    person: PersonRef
    set: Values
    gains: tuple[Access, ...]
    loses: tuple[Access, ...]
    keeps: tuple[Access, ...]
    unknown: tuple[Uncertain, ...]
    level_changed: tuple[LevelChange, ...] = ()
    """Apps that would be held at another level: neither gained nor lost."""
    follows: Values = field(default_factory=dict)
    """What a move brings along."""
    brought: Brought | None = None
    comes: tuple[str, ...] = ()
    goes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    """Units to move to: what to write, and what it is."""

    @property
    def values(self) -> Values:
        """Everything of the profile that would be another."""
        return {**self.follows, **self.set}

    @property
    def changed(self) -> bool:
        """Whether an app or a group comes or goes, or a level changes."""
        return bool(self.gains or self.loses or self.level_changed or self.comes or self.goes)

    def as_json(self) -> dict[str, Any]:
        return {
            "person": self.person.as_json(),
            "set": dict(self.set),
            "follows": dict(self.follows),
            "level_changed": [each.as_json() for each in self.level_changed],
            "gains": [each.as_json() for each in self.gains],
            "loses": [each.as_json() for each in self.loses],
            "keeps": [each.as_json() for each in self.keeps],
            "unknown": [each.as_json() for each in self.unknown],
            "groups_gained": list(self.comes),
            "groups_lost": list(self.goes),
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class _Supposed:
    """The rules before and after, for one account."""

    book: Book
    account: int
    changed: Subject
    before: Standing
    after: Standing
    values: Values


def what_if(
    who: int,
    wanted: Mapping[str, str] | WhatIfQuestion,
    viewer: Viewer,
    conventions: Conventions | None = None,
) -> WhatIf:
    """What the person would gain and lose by a move, or with these attributes; "" takes an attribute away.

    Raises NoAccount, CannotSuppose for what cannot be worked out, and NotFound for an attribute that does
    not exist.
    """
    question = wanted if isinstance(wanted, WhatIfQuestion) else WhatIfQuestion(dict(wanted))
    custom, moment = conventions or Conventions(), now()
    held, reader = access(who, moment, viewer), viewer.about(who)
    kinds = [kind.attribute for kind in custom.unit_kinds if kind.attribute]
    given = parameters(question.texts, [who], [*question.set, *kinds], custom)
    where = standpoint(who, moment, reader, beside=(WITH, f"UNION ALL {FACTS}", given))
    account, subject, known = where.account, where.subject, where.book
    if subject is None:
        raise NoAccount(f"{held.person.name} has no Okta account, so no rule looks at them.")
    if subject.state == DEACTIVATED:
        raise NoAccount(f"{held.person.name}’s Okta account is deactivated, so no rule looks at it.")
    facts = facts_in(where.rows)
    supposition = suppose(question, where, facts, held.person, custom)
    ruled = {each.group.native_id: each for each in held.granted if by_rule(each)}
    others = frozenset(each.group.name for each in held.granted if each.group.native_id not in ruled)
    supposed = _suppose(known, account, subject, frozenset(ruled), others, supposition.values)
    goes = {native: each for native, each in ruled.items() if not _stays(native, supposed)}
    there = {each.group.native_id for each in held.granted}
    comes = {native: rules for native, rules in supposed.after.groups.items() if native not in there}
    opened = visible(onward(comes, who, account, moment), reader.hidden) if comes else []
    routes = [
        *(route for each in held.apps for route in each.routes if _first(route) not in goes),
        *(_fed(route, comes) for route in opened),
    ]
    reasons = Reasons({who: held.person.name}, Proofs(known.rules, {account: supposed.changed}, known.names))
    after = {each.app.pk: each for each in apps_of(routes, reasons)}
    before = {each.app.pk: each for each in held.apps}
    return WhatIf(
        person=held.person,
        set=supposition.set,
        follows=supposition.follows,
        brought=supposition.brought,
        level_changed=tuple(_levels(before, after, goes, supposed)),
        gains=tuple(_gained(each, supposed) for key, each in after.items() if key not in before),
        loses=tuple(_lost(each, goes, supposed) for key, each in before.items() if key not in after),
        keeps=tuple(each for key, each in before.items() if key in after and after[key].level == each.level),
        unknown=_uncertain(supposed, supposition),
        comes=tuple(sorted(known.names.get(each, each) for each in comes)),
        goes=tuple(sorted(each.group.name for each in goes.values())),
        notes=supposition.notes,
        places=places(facts.units.values()),
    )


def _suppose(
    known: Book, account: int, subject: Subject, ruled: frozenset[str], others: frozenset[str], values: Values
) -> _Supposed:
    """Rules are asked anew: what a rule in force gave is not what the next one may lean on.

    `others`: names of the groups that no rule in force gave; a group that one gave may share such a name.
    """
    ids = (subject.group_ids or frozenset()) - ruled
    given = {known.names.get(native, native) for native in ruled} - others
    names = (subject.group_names or frozenset()) - given
    complete = subject.group_ids is not None
    bare = replace(subject, group_ids=ids if complete else None, group_names=names if complete else None)
    profile = {**subject.profile, **values}
    changed = replace(bare, profile={name: value for name, value in profile.items() if value is not None})
    return _Supposed(
        known, account, changed, known.rulebook.standing(bare), known.rulebook.standing(changed), values
    )


def by_rule(membership: Membership) -> bool:
    """A rule in force keeps the person in the group."""
    path = membership.path
    return bool(path.explained) and any(step.kind == "rule" for step in path.steps)


def _stays(group: str, supposed: _Supposed) -> bool:
    if group in supposed.after.groups:
        return True
    return any(group in supposed.book.rules[native].targets for native in supposed.after.unknown)


def _first(route: Route) -> str:
    return route.hops[0].place.native_id


def _fed(route: Route, comes: Mapping[str, tuple[str, ...]]) -> Route:
    return replace(route, rules=comes[_first(route)])


def _levels(
    before: Mapping[int, Access],
    after: Mapping[int, Access],
    goes: Mapping[str, Membership],
    supposed: _Supposed,
) -> Iterable[LevelChange]:
    """The way that would decide is new; else the one that decides now would go."""
    for key, each in after.items():
        had = before.get(key)
        if had is not None and had.level != each.level:
            if winning(each.routes).grant < 0:
                caused = _gained(replace(each, routes=(winning(each.routes),)), supposed)
            else:
                caused = _lost(replace(had, routes=(winning(had.routes),)), goes, supposed)
            way = direction(each.app.source, had.level, each.level)
            yield LevelChange(had, replace(each, cause=caused.cause), way)


def _gained(each: Access, supposed: _Supposed) -> Access:
    """By the shortest way that was not there before, or by one that only counts once another is gone."""
    rules = next((route.rules for route in each.routes if route.grant < 0), ())
    if not rules:
        return replace(each, cause=OTHER_LEVEL)
    return replace(each, cause=would_come(_names(rules, supposed), _read(rules, supposed)))


def _lost(each: Access, goes: Mapping[str, Membership], supposed: _Supposed) -> Access:
    group = next((goes[_first(route)] for route in each.routes if _first(route) in goes), None)
    if group is None:
        return replace(each, cause=OTHER_LEVEL)
    rules = [step.native_id for step in group.path.steps if step.kind == "rule"]
    flipped = [native for native in rules if native in supposed.before.rules]
    changed = _read(flipped, supposed) if flipped else {}
    return replace(each, cause=would_go(group.group.name, _names(rules, supposed), changed))


def _names(rules: Iterable[str], supposed: _Supposed) -> list[str]:
    known = supposed.book.rules
    return [known[native].name if native in known else native for native in rules]


def _read(rules: Iterable[str], supposed: _Supposed) -> dict[str, Any]:
    """What these rules read of what would change."""
    read = {
        name
        for native in rules
        if native in supposed.book.rules
        for name in supposed.book.rules[native].attributes
    }
    return {name: value for name, value in supposed.values.items() if name in read}


def _uncertain(supposed: _Supposed, supposition: Supposition) -> tuple[Uncertain, ...]:
    """Rules that the change touches and of which it cannot be known, and groups that no rule fills."""
    rules = (
        Uncertain(supposed.book.rules[native].name, reason)
        for native, reason in sorted(supposed.after.unknown.items())
        if native not in supposed.before.unknown
        or set(supposed.book.rules[native].attributes) & set(supposed.values)
    )
    return (*rules, *(Uncertain("", reason, group) for group, reason in supposition.unforeseen))
