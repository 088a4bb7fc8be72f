"""One person against all rules: rules are found by the values their anchors name, not tried one by one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from .batch_index import MAYBE_MEMBER
from .evaluate import Subject, SubjectLike, fits, may_be_in
from .expected import CIRCLE, ROUNDS
from .population import DEACTIVATED, Rule
from .tree import Call
from .values import UNSET, Truth, Unknown, Value


@dataclass(frozen=True)
class Standing:
    """What the rules come to for one person."""

    rules: frozenset[str]
    """Native ids of the rules that take the person."""
    groups: Mapping[str, tuple[str, ...]]
    """Group → the rules that put the person there."""
    unknown: Mapping[str, str]
    """Rule of which it cannot be known → reason."""


class RuleBook:
    """All rules in force, by what can be looked up. `names`: native id of a group → its name."""

    def __init__(self, rules: Iterable[Rule], names: Mapping[str, str] | None = None) -> None:
        self._names = names or {}
        self._rules = {rule.native_id: rule for rule in rules if rule.node is not None}
        self._loose: list[Rule] = []
        self._equal: dict[str, dict[str, list[Rule]]] = {}
        self._prefixes: dict[str, list[tuple[str, Rule]]] = {}
        for rule in self._rules.values():
            if rule.anchor is None:
                self._loose.append(rule)
            elif rule.anchor.prefix:
                begun = self._prefixes.setdefault(rule.anchor.attribute, [])
                begun.extend((text, rule) for text in rule.anchor.texts)
            else:
                index = self._equal.setdefault(rule.anchor.attribute, {})
                for text in rule.anchor.texts:
                    index.setdefault(text, []).append(rule)

    def standing(self, subject: Subject) -> Standing:
        """What the rules make of the subject, whose groups are those it is in by other ways than them."""
        if subject.state == DEACTIVATED:
            return Standing(frozenset(), {}, {})
        candidates = [
            rule
            for rule in {each.native_id: each for each in self._candidates(subject)}.values()
            if subject.native_id not in rule.excluded
        ]
        plain = [rule for rule in candidates if not rule.calls]
        asking = [rule for rule in candidates if rule.calls]
        found = {rule.native_id: _known(rule, subject) for rule in plain}
        for _ in range(ROUNDS if asking else 0):
            seen = self._joined(subject, found)
            now = {rule.native_id: _known(rule, seen) for rule in asking}
            if all(native in found and found[native] == match for native, match in now.items()):
                break
            found |= now
        else:
            found |= {rule.native_id: Unknown(CIRCLE) for rule in asking}
        return self._summed(found)

    def _candidates(self, subject: Subject) -> Iterator[Rule]:
        yield from self._loose
        for name, index in self._equal.items():
            value = subject.attribute(name)
            if isinstance(value, str):
                yield from index.get(value, ())
            elif value is not UNSET:
                yield from (rule for rules in index.values() for rule in rules)
        for name, begun in self._prefixes.items():
            value = subject.attribute(name)
            text = value if isinstance(value, str) else None
            yield from (rule for prefix, rule in begun if text is None or text.startswith(prefix))

    def _joined(self, subject: Subject, found: Mapping[str, bool | Unknown]) -> SubjectLike:
        """The subject in the groups that follow from what was found so far."""
        if subject.group_ids is None or subject.group_names is None:
            return subject
        sure = self._fed(native for native, match in found.items() if match is True)
        maybe = self._fed(native for native, match in found.items() if isinstance(match, Unknown))
        ids = subject.group_ids | sure
        names = subject.group_names | {self._names.get(target, target) for target in sure}
        left = maybe - ids
        inside = replace(subject, group_ids=ids, group_names=names)
        return _Perhaps(inside, {target: self._names.get(target, target) for target in left})

    def _fed(self, rules: Iterable[str]) -> frozenset[str]:
        return frozenset(target for native in rules for target in self._targets(native))

    def _targets(self, native: str) -> tuple[str, ...]:
        return self._rules[native].targets

    def _summed(self, found: Mapping[str, bool | Unknown]) -> Standing:
        groups: dict[str, tuple[str, ...]] = {}
        for native, match in found.items():
            for target in self._targets(native) if match is True else ():
                groups[target] = (*groups.get(target, ()), native)
        return Standing(
            frozenset(native for native, match in found.items() if match is True),
            groups,
            {native: match.reason for native, match in found.items() if isinstance(match, Unknown)},
        )


@dataclass(frozen=True)
class _Perhaps(SubjectLike):
    """A subject that may also be in some more groups."""

    subject: Subject
    groups: Mapping[str, str]
    """Native id → name."""

    def attribute(self, name: str) -> Value:
        return self.subject.attribute(name)

    def internal(self, name: str) -> Value:
        return self.subject.internal(name)

    def member(self, call: Call, values: list[str]) -> Truth:
        sure = self.subject.member(call, values)
        if sure is False and may_be_in(call, values, self.groups):
            return Unknown(MAYBE_MEMBER)
        return sure


def _known(rule: Rule, subject: SubjectLike) -> bool | Unknown:
    return fits(rule.node, subject) if rule.node else False
