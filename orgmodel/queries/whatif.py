"""What would change for a person if something about them changed: evaluated here, asked of nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from orgmodel.rules.evaluate import Subject
from orgmodel.rules.lookup import Standing
from orgmodel.why.supposing import OTHER_LEVEL, would_come, would_go

from .access import Access, Membership, access, apps_of, visible
from .moments import now
from .people import PersonRef
from .proof import Proofs
from .reasons import Reasons
from .routes import Route, onward
from .rulebook import Book, standpoint
from .visibility import Viewer
from .wanted import typed

Values = Mapping[str, Any]


class NoAccount(LookupError):
    """No rule looks at the person: there is no Okta account, or it is deactivated."""


@dataclass(frozen=True)
class Uncertain:
    """A rule of which it cannot be known what it would do."""

    rule: str
    reason: str

    def as_json(self) -> dict[str, str]:
        return {"rule": self.rule, "reason": self.reason}


@dataclass(frozen=True)
class WhatIf:
    """What a change would do. `comes` and `goes` are groups by name; `notes` say what looks odd."""

    person: PersonRef
    set: Values
    gains: tuple[Access, ...]
    loses: tuple[Access, ...]
    keeps: tuple[Access, ...]
    unknown: tuple[Uncertain, ...]
    comes: tuple[str, ...] = ()
    goes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def levels(self) -> frozenset[int]:
        """Apps that would be held at another level: they stand among what is gained and what is lost."""
        return frozenset({each.app.pk for each in self.gains} & {each.app.pk for each in self.loses})

    @property
    def changes(self) -> tuple[tuple[Access, Access], ...]:
        """What would be held at another level: as it is and as it would be."""
        then = {each.app.pk: each for each in self.gains}
        return tuple((each, then[each.app.pk]) for each in self.loses if each.app.pk in then)

    def as_json(self) -> dict[str, Any]:
        return {
            "person": self.person.as_json(),
            "set": dict(self.set),
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


def what_if(who: int, wanted: Mapping[str, str], viewer: Viewer) -> WhatIf:
    """What the person would gain and lose with these attributes; "" takes an attribute away.

    Raises NoAccount, and NotFound for an attribute that does not exist.
    """
    moment = now()
    held, reader = access(who, moment, viewer), viewer.about(who)
    where = standpoint(who, wanted, moment, reader)
    account, subject, known = where.account, where.subject, where.book
    if subject is None:
        raise NoAccount(f"{held.person.name} has no Okta account, so no rule looks at them.")
    if subject.status == "DEPROVISIONED":
        raise NoAccount(f"{held.person.name}’s Okta account is deactivated, so no rule looks at it.")
    values, notes = typed(wanted, where)
    ruled = {each.group.native_id: each for each in held.groups if _by_rule(each)}
    supposed = _suppose(known, account, subject, frozenset(ruled), values)
    goes = {native: each for native, each in ruled.items() if not _stays(native, supposed)}
    there = {each.group.native_id for each in held.groups}
    comes = {native: rules for native, rules in supposed.after.groups.items() if native not in there}
    opened = visible(onward(comes, who, account, moment), reader.hidden) if comes else []
    routes = [
        *(route for each in held.apps for route in each.routes if _first(route) not in goes),
        *(_fed(route, comes) for route in opened),
    ]
    reasons = Reasons({who: held.person.name}, Proofs(known.rules, {account: supposed.changed}, known.names))
    after = {each.app.pk: each for each in apps_of(routes, reasons)}
    before = {each.app.pk: each for each in held.apps}
    come = (_gained(each, supposed) for key, each in after.items() if _new(each, before.get(key)))
    go = (_lost(each, goes, supposed) for key, each in before.items() if _new(each, after.get(key)))
    stay = (each for key, each in before.items() if not _new(each, after.get(key)))
    return WhatIf(
        person=held.person,
        set=values,
        gains=tuple(come),
        loses=tuple(go),
        keeps=tuple(stay),
        unknown=_uncertain(supposed),
        comes=tuple(sorted(known.names.get(each, each) for each in comes)),
        goes=tuple(sorted(each.group.name for each in goes.values())),
        notes=notes,
    )


def _suppose(known: Book, account: int, subject: Subject, ruled: frozenset[str], values: Values) -> _Supposed:
    """Rules are asked anew: what a rule in force gave is not what the next one may lean on."""
    ids = (subject.group_ids or frozenset()) - ruled
    names = (subject.group_names or frozenset()) - {known.names.get(native, native) for native in ruled}
    complete = subject.group_ids is not None
    bare = replace(subject, group_ids=ids if complete else None, group_names=names if complete else None)
    profile = {**subject.profile, **values}
    changed = replace(bare, profile={name: value for name, value in profile.items() if value is not None})
    return _Supposed(
        known, account, changed, known.asked.standing(bare), known.asked.standing(changed), values
    )


def _by_rule(membership: Membership) -> bool:
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


def _new(each: Access, other: Access | None) -> bool:
    return other is None or other.level != each.level


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


def _names(rules: Any, supposed: _Supposed) -> list[str]:
    known = supposed.book.rules
    return [known[native].name if native in known else native for native in rules]


def _read(rules: Any, supposed: _Supposed) -> dict[str, Any]:
    """What these rules read of what would change."""
    read = {
        name
        for native in rules
        if native in supposed.book.rules
        for name in supposed.book.rules[native].attributes
    }
    return {name: value for name, value in supposed.values.items() if name in read}


def _uncertain(supposed: _Supposed) -> tuple[Uncertain, ...]:
    """Rules that the change touches and of which it cannot be known."""
    return tuple(
        Uncertain(supposed.book.rules[native].name, reason)
        for native, reason in sorted(supposed.after.unknown.items())
        if native not in supposed.before.unknown
        or set(supposed.book.rules[native].attributes) & set(supposed.values)
    )
