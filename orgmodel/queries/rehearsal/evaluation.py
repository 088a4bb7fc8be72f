"""What a change of profiles would do to groups and apps: one evaluation, for one person and for many.

Whoever asks brings what the person holds, and what the rules come to before the change and after it. Here it
is decided what comes and what goes, what is kept at which level, and because of which rules. Asks nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from orgmodel.queries.rules.rulebook import Book
from orgmodel.rules.evaluate import Subject
from orgmodel.rules.rule_index import Standing
from orgmodel.why.causes import Cause
from orgmodel.why.hypothetical import OTHER_LEVEL, would_come, would_go

Values = Mapping[str, Any]
Groups = Mapping[str, tuple[str, ...]]
"""Group → the rules that keep somebody there; none for a membership by other means."""


def apart_from_rules(subject: Subject, held: Groups, names: Mapping[str, str]) -> Subject:
    """The account without the groups that rules in force keep it in; `names`: group → what it is called.

    Rules are asked anew: what one gave is not what the next one may lean on. Of a name that another of the
    groups bears too, the account is still in one.
    """
    if subject.group_ids is None:
        return replace(subject, group_names=None)
    ruled = {group for group, rules in held.items() if rules}
    by_rules = {names[group] for group in ruled} - {names[group] for group in held.keys() - ruled}
    called = subject.group_names or frozenset()
    return replace(subject, group_ids=subject.group_ids - ruled, group_names=called - by_rules)


class Holding(Protocol):
    """An app as it is held."""

    @property
    def level(self) -> str: ...

    @property
    def group(self) -> str:
        """The group (native id) at which the way begins that decides the level; empty: it is no group."""
        ...


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
class Turned:
    """Apps by id, with what would make it so: gained, lost, at another level; and those kept as they are."""

    gains: Mapping[int, Cause]
    loses: Mapping[int, Cause]
    levels: Mapping[int, Cause]
    keeps: tuple[int, ...]


@dataclass(frozen=True)
class Evaluation:
    """The rules before a change and after it, for one person. `names`: group → what it is called."""

    book: Book
    names: Mapping[str, str]
    held: Groups
    before: Standing
    after: Standing
    values: Values

    @cached_property
    def comes(self) -> Groups:
        """Groups into which rules would put the person, with these rules."""
        return {group: rules for group, rules in self.after.groups.items() if group not in self.held}

    @cached_property
    def goes(self) -> frozenset[str]:
        """Groups in which only rules keep the person that would do so no longer, for certain."""
        unsure = {target for native in self.after.unknown for target in self.book.rules[native].targets}
        left = (group for group, rules in self.held.items() if rules and group not in self.after.groups)
        return frozenset(group for group in left if group not in unsure)

    def called(self, groups: Iterable[str]) -> tuple[str, ...]:
        """The groups by name, in order."""
        return tuple(sorted(self.names.get(group, group) for group in groups))

    def turned(self, had: Mapping[int, Holding], has: Mapping[int, Holding]) -> Turned:
        """What differs between the apps that are held and those that would be.

        At another level: because of the way that would decide, where it is new; else of the one that decides.
        """
        both = {app: (was, has[app]) for app, was in had.items() if app in has}
        return Turned(
            {app: self._coming(each.group) for app, each in has.items() if app not in had},
            {app: self._going(each.group) for app, each in had.items() if app not in has},
            {
                app: self._coming(will.group) if will.group in self.comes else self._going(was.group)
                for app, (was, will) in both.items()
                if was.level != will.level
            },
            tuple(app for app, (was, will) in both.items() if was.level == will.level),
        )

    def unknown(self) -> Iterator[Uncertain]:
        """Rules that the change touches and of which it cannot be known."""
        for native, reason in sorted(self.after.unknown.items()):
            touched = self.values.keys() & set(self.book.rules[native].attributes)
            if touched or native not in self.before.unknown:
                yield Uncertain(self.book.rules[native].name, reason)

    def _coming(self, group: str) -> Cause:
        rules = self.comes.get(group, ())
        return would_come(self._called(rules), self._read(rules)) if rules else OTHER_LEVEL

    def _going(self, group: str) -> Cause:
        if group not in self.goes:
            return OTHER_LEVEL
        rules = self.held[group]
        changed = self._read(native for native in rules if native in self.before.rules)
        return would_go(self.names.get(group, group), self._called(rules), changed)

    def _called(self, rules: Iterable[str]) -> list[str]:
        known = self.book.rules
        return [known[native].name if native in known else native for native in rules]

    def _read(self, rules: Iterable[str]) -> dict[str, Any]:
        """What these rules read of what would change."""
        known = (self.book.rules[native] for native in rules if native in self.book.rules)
        read = {name for rule in known for name in rule.attributes}
        return {name: value for name, value in self.values.items() if name in read}
