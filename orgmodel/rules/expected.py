"""All rules against all people at once: who matches, who may match, and the groups that follow.

Rules that ask for groups are looked at again and again, until the groups no longer change.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from .batch_index import Look, Memberships
from .population import Expected, Fit, Population, Rule

ROUNDS = 12
"""How often rules that ask for groups are looked at; chains of rules longer than that are not resolved."""
CIRCLE = "the rules depend on each other in a circle or a chain that is too long"


def expected(rules: Sequence[Rule], population: Population) -> Expected:
    """Whom each rule takes and what groups follow."""
    look = Look(population)
    readable = [rule for rule in rules if rule.node is not None]
    found = {rule.native_id: look.fit(rule) for rule in readable if not rule.calls}
    asking = [rule for rule in readable if rule.calls]
    feeding: dict[str, list[str]] = {}
    for rule in readable if asking else ():
        for target in rule.targets:
            feeding.setdefault(target, []).append(rule.native_id)
    for _ in range(ROUNDS if asking else 0):
        look.memberships = Memberships(population, feeding, found)
        before = {rule.native_id: found.get(rule.native_id) for rule in asking}
        found = found | {rule.native_id: look.fit(rule) for rule in asking}
        if all(found[native] == fit for native, fit in before.items()):
            break
    else:
        nobody = Fit(frozenset(), dict.fromkeys(range(len(population.natives)), CIRCLE))
        found = found | {rule.native_id: nobody for rule in asking}
    groups, unknown = _groups(readable, found)
    return Expected(found, groups, unknown)


Groups = dict[str, frozenset[int]]


def _groups(rules: Iterable[Rule], found: Mapping[str, Fit]) -> tuple[Groups, Groups]:
    """Group → people who are put there, and people of whom it cannot be known."""
    feeding: dict[str, list[Fit]] = {}
    for rule in rules:
        for target in rule.targets:
            feeding.setdefault(target, []).append(found[rule.native_id])
    sure = {group: _all(fit.people for fit in fits) for group, fits in feeding.items()}
    maybe = {group: _all(fit.unknown.keys() for fit in fits) for group, fits in feeding.items()}
    return sure, {group: people - sure[group] if people else people for group, people in maybe.items()}


def _all(sets: Iterable[AbstractSet[int]]) -> frozenset[int]:
    """Their union; a single one is taken as it is."""
    listed = list(sets)
    return frozenset(listed[0]) if len(listed) == 1 else frozenset().union(*listed)
