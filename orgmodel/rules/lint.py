"""Warnings about a set of rules, given the people, attributes and groups they are about.

Only what is known is held against a rule: attributes that nobody read, groups that nobody named and rules
whose people were not looked at are passed over. What is provable between rules stands in between.py.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from . import tree
from .functions import FUNCTIONS, MEMBERSHIPS, PROPERTY
from .mistakes import BadExpression
from .parse import parse
from .patterns import matches
from .population import Fit
from .remarks import Kind, NamedRule, Remark, Severity, Tenant, listed, quoted
from .rule_relations import Shape, constants, contained, duplicates, equality, shape, waiting
from .similarity import FAR, nearness
from .values import Unknown

RULES, TARGETS, EXCLUDED, NAME, NEAR = 2_000, 100, 100, 50, 0.9
"""Okta's limits: rules of a tenant, groups and people left out, characters of a name; and what is near."""
CATALOGUE = 2_000
"""An attribute with more texts tells people apart, not kinds of people: letters are not compared."""
FEW = 10
"""Of fewer people any rule may take everybody."""
DOCUMENTED = frozenset({*FUNCTIONS, *MEMBERSHIPS, PROPERTY})
_AT_ONCE = "It asks that {} is {} and {} at once, which it never is. Is OR meant?"
_ONE_OF_TWO = "It asks that {} is not {} or not {}, which is so for everybody. Is AND meant?"
_CIRCLE = "behind it, rules wait for one another in a circle"


@dataclass(frozen=True)
class Nearby:
    """The texts that people have in one attribute, by what is seldom mistaken in them, with their letters."""

    texts: Mapping[str, int]

    @cached_property
    def _alike(self) -> Mapping[str, Mapping[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for text in self.texts:
            for key in _keys(text)[: 2 if len(self.texts) <= CATALOGUE else 1]:
                found.setdefault(key, {})[text] = _letters(text)
        return found

    def nearest(self, want: str, constants: Collection[str]) -> tuple[str, str]:
        """The text most people have, of those near to it that are not asked for, and how it differs."""
        exact, loose = (self._alike.get(key, {}) for key in _keys(want))
        close = set(exact)
        if want not in self.texts:
            letters = _letters(want)
            close.update(each for each, its in loose.items() if (its ^ letters).bit_count() <= 2 * (FAR - 1))
        near = [
            (how.startswith("two"), -self.texts[each], each, how)
            for each in close.difference(constants)
            if (how := nearness(each, want))
        ]
        return min(near, default=(False, 0, "", ""))[2:]


def _keys(text: str) -> tuple[str, str]:
    """Without spaces and capitals; and its digits alone, for 4102 is never nearly 4103."""
    return f"letters {''.join(text.split()).casefold()}", f"digits {''.join(filter(str.isdigit, text))}"


def _letters(text: str) -> int:
    """Which letters are there, as bits: one more or less changes one, another in its place two."""
    return sum({1 << ord(sign) % 64 for sign in text})


def remarks(rules: Sequence[NamedRule], tenant: Tenant) -> dict[str, tuple[Remark, ...]]:
    """Rule → what is odd about it, the worst first; under "" what is about all of them."""
    found: dict[str, list[Remark]] = {}
    shapes: dict[str, Shape] = {}
    near = {name: Nearby(texts) for name, texts in tenant.values.items()}
    names = Nearby(dict.fromkeys(tenant.schema or (), 0))
    for rule in rules:
        of_rule = found[rule.native_id] = [*_limits(rule), *_targets(rule, tenant)]
        try:
            node = parse(rule.expression)
        except BadExpression as error:
            of_rule.append(
                Remark("invalid", "high", f"It cannot be read. {error}", column=error.mistake.column)
            )
            continue
        whole, nodes = shape(node), tuple(node.walk())
        unclear = [*_undocumented(nodes), *_attributes(nodes, tenant, names)]
        of_rule += [*unclear, *_logic(whole.node), *_near_values(nodes, near)]
        of_rule += _taken(tenant.fits.get(rule.native_id), tenant.people, explained=bool(unclear))
        if rule.status == "active":
            shapes[rule.native_id] = whole
    for native, remark in _compared({each.native_id: each for each in rules}, shapes, tenant):
        found[native].append(remark)
    found[""] = [*_limit("many-rules", f"There are {len(rules):,} rules", len(rules), RULES)]
    for of_rule in found.values():
        of_rule.sort(key=lambda each: ("high", "medium", "low").index(each.severity))
    return {native: tuple(of_rule) for native, of_rule in found.items() if of_rule}


def _limits(rule: NamedRule) -> Iterator[Remark]:
    feeds, leaves = len(rule.targets), len(rule.excluded)
    yield from _limit("many-targets", f"It feeds {feeds} groups", feeds, TARGETS)
    yield from _limit("many-excluded", f"It leaves out {leaves} people", leaves, EXCLUDED)
    if len(rule.name) > NAME:
        yield Remark("long-name", "low", f"Its name has {len(rule.name)} characters; Okta allows {NAME}.")


def _limit(kind: Kind, sentence: str, number: int, most: int) -> Iterator[Remark]:
    if number >= NEAR * most:
        yield Remark(kind, "high" if number >= most else "medium", f"{sentence}; Okta allows {most:,}.")


def _targets(rule: NamedRule, tenant: Tenant) -> Iterator[Remark]:
    if not rule.targets:
        yield Remark("no-target", "medium", "It has no target group: whoever matches gets nothing.")
    for target in rule.targets:
        group, called = tenant.groups.get(target), tenant.called(target)
        if group and group.gone:
            yield Remark("target-gone", "high", f"Its target {called} no longer exists.", about=target)
        elif group and group.retired:
            sentence = f"Its target {called} is the group of a retired unit."
            yield Remark("target-retired", "medium", sentence, about=target)


def _undocumented(nodes: Sequence[tree.Node]) -> Iterator[Remark]:
    for (why,), column in _first(((why,), each) for each in nodes if (why := _unclear(each))):
        yield Remark("undocumented", "medium", f"{why}: whom it takes cannot be known.", (), column, why)


def _unclear(node: tree.Node) -> str:
    match node:
        case tree.Member(name=name) | tree.Method(name=name):
            return f".{name} is not documented for group rules"
        case tree.Call(name=name) if name not in DOCUMENTED:
            return f"{name} is not a documented function of group rules"
        case (
            tree.Call(name="isMemberOfGroupNameRegex", arguments=(tree.Literal(value=str(pattern)),))
            | tree.Compare(operator="matches", right=tree.Literal(value=str(pattern)))
        ) if isinstance(matches("", pattern), Unknown):
            return f"The pattern {quoted(pattern)} needs more than can be evaluated safely"
    return ""


def _attributes(nodes: Sequence[tree.Node], tenant: Tenant, names: Nearby) -> Iterator[Remark]:
    """Attributes that do not exist, or that nobody has."""
    read = (((each.name,), each) for each in nodes if isinstance(each, tree.Attribute))
    for (name,), column in _first(read):
        filled = tenant.filled.get(name)
        if tenant.schema is not None and name not in tenant.schema and not filled:
            meant, _ = names.nearest(name, ())
            hint = f" Is {quoted(meant)} meant?" if meant else ""
            sentence = f"The Okta profile has no attribute {quoted(name)}.{hint}"
            yield Remark("unknown-attribute", "high", sentence, (), column, name)
        elif filled == 0 and tenant.people:
            sentence = f"Nobody has a value in {quoted(name)}."
            yield Remark("empty-attribute", "medium", sentence, (), column, name)


def _logic(node: tree.Node) -> Iterator[Remark]:
    """Two values of one attribute, where the other of "and" and "or" was meant."""
    for each in node.walk():
        both = isinstance(each, tree.And)
        seen: dict[str, str] = {}
        parts = each.parts if isinstance(each, tree.And | tree.Or) else ()
        for part in sorted(parts, key=lambda part: part.span):
            name, text = equality(part, "==" if both else "!=") or ("", "")
            if name and (other := seen.setdefault(name, text)) != text:
                kind: Kind = "contradiction" if both else "always"
                template = _AT_ONCE if both else _ONE_OF_TWO
                values = quoted(name), quoted(other), quoted(text)
                yield Remark(kind, "high", template.format(*values), (), part.span[0] + 1, name)
                break


def _taken(fit: Fit | None, people: int, *, explained: bool) -> Iterator[Remark]:
    """Nobody, everybody, and people of whom it cannot be known unless the reason was told."""
    if fit is None or not people:
        return
    if not fit.people and not fit.unknown:
        yield Remark("never", "low", f"It takes nobody: none of {people:,} people matches.")
    if len(fit.people) >= people >= FEW:
        yield Remark("everybody", "low", f"It takes everybody: all {people:,} people match.")
    for reason, number in Counter(() if explained else fit.unknown.values()).most_common():
        sentence = f"Whether it takes {number:,} of {people:,} people cannot be known: {reason}."
        yield Remark("cannot-tell", "low", sentence, about=reason)


def _near_values(nodes: Sequence[tree.Node], around: Mapping[str, Nearby]) -> Iterator[Remark]:
    """Texts that nobody has, or that some write otherwise."""
    constants_at = list(_first((pinned, each) for each in nodes for pinned in constants(each)))
    for (name, text), column in constants_at:
        near = around.get(name) or Nearby({})
        have, how = near.nearest(text, [other for (same, other), _ in constants_at if same == name])
        if have:
            people = "1 person" if near.texts[have] == 1 else f"{near.texts[have]:,} people"
            sentence = (
                f"{'It asks for' if text in near.texts else 'Nobody has'} {quoted(text)} in {quoted(name)}"
            )
            sentence += f", but {quoted(have)} ({people}) {'' if how.startswith('differs') else 'is '}{how}."
            grave: Severity = "medium" if text in near.texts else "high"
            yield Remark("near-value", grave, sentence, (), column, f"{name} {text}")


def _first(found: Iterable[tuple[tuple[str, ...], tree.Node]]) -> Iterable[tuple[tuple[str, ...], int]]:
    """Each thing once, with the column where it stands first."""
    columns: dict[tuple[str, ...], int] = {}
    for key, node in found:
        columns.setdefault(key, node.span[0] + 1)
    return columns.items()


def _compared(
    rules: Mapping[str, NamedRule], shapes: Mapping[str, Shape], tenant: Tenant
) -> Iterator[tuple[str, Remark]]:
    """What rules in force have to do with one another; `shapes`: theirs."""

    def named(native: str) -> str:
        return quoted(rules[native].name or native)

    for same in duplicates(shapes, rules):
        for native in same:
            others = tuple(each for each in same if each != native)
            sentence = f"It says the same as {listed(others, named)}, for the same groups."
            if len({rules[each].excluded for each in same}) > 1:
                sentence += " Whom one leaves out, another takes in."
            yield native, Remark("duplicate", "medium", sentence, others)
    for native, wider in contained(shapes, rules).items():
        for wide, groups in wider.items():
            called = listed(groups, tenant.called)
            sentence = f"For {called} it adds nothing: whoever matches it matches {named(wide)} too."
            yield native, Remark("contained", "low", sentence, (wide,))
    names = {native: group.name for native, group in tenant.groups.items()}
    for native, found in waiting([rules[native] for native in shapes], names).items():
        others = tuple(each for each in found.circle or found.feeders if each != native)
        required, by = listed(found.groups, tenant.called), listed(others, named)
        if found.circle:
            sentence = f"It waits for itself{', through ' if by else ''}{by}: it asks for {required}."
            yield native, Remark("circle", "high", sentence, others)
        else:
            chain = f"a chain of {found.depth} rules, one after the other" if found.depth else _CIRCLE
            sentence = f"It asks for {required}, fed by {by}: {chain}."
            yield native, Remark("cascade", "low" if found.depth else "medium", sentence, others)
