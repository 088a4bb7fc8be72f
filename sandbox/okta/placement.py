"""Which groups the active rules give a user, and what that changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from .naive_rules import NotSupported, fits
from .state import Group, Rule, User


@dataclass(frozen=True, slots=True)
class Placed:
    """Groups that rules give anew and that rules take away, each with one rule that is the reason."""

    entered: dict[str, str]
    left: dict[str, str]


def place(user: User, rules: Mapping[str, Rule], groups: Mapping[str, Group], everyone: str) -> Placed | None:
    """Evaluate every active rule once for this user and note the result on them; None: nothing changed.

    A rule that was switched off leaves its members as they are, and so does one that is INVALID.
    """
    names = {each: groups[each].name for each in user.groups | {everyone}}
    wanted: dict[str, set[str]] = {}
    for rule in rules.values():
        if rule.status == "ACTIVE" and user.id not in rule.excluded and _fits(rule, user, names):
            for target in rule.targets:
                wanted.setdefault(target, set()).add(rule.id)
    held = {group: given for group, given in user.ruled.items() if _alive(given, rules)}
    if wanted == held:
        return None
    dormant = {group: given for group, given in user.ruled.items() if group not in held}
    user.ruled = {**dormant, **wanted}
    user.hand -= wanted.keys()
    return Placed(
        {group: min(wanted[group]) for group in sorted(wanted.keys() - held.keys())},
        {group: min(held[group]) for group in sorted(held.keys() - wanted.keys())},
    )


def _alive(given: set[str], rules: Mapping[str, Rule]) -> bool:
    return any(rule in rules and rules[rule].status == "ACTIVE" for rule in given)


def _fits(rule: Rule, user: User, groups: dict[str, str]) -> bool:
    try:
        return fits(rule.expression, user.profile, groups)
    except NotSupported:
        return False  # Okta could read the rule; this user's values do not go with it.
