"""What happens to many at once and unlogged: first placement, and the bulk of a large company."""

import re
from collections.abc import Iterator

from .firm import Firm
from .names import TEAMS, WORDS
from .okta.naive_rules import fits
from .okta.state import User
from .okta.tenant import Tenant
from .sizes import Size

PLAIN = re.compile(r'user\.(\w+) == "([^"\\]*)"')
NAMED = re.compile(r'isMemberOfGroupName\("([^"]+)"\)')
READ = ("title", "userType", "department", "area", "team", "specialisation")
"""The attributes that Nordwind's rules read."""
LEVELS = ("Viewer", "Editor", "Admin")


def place_everybody(tenant: Tenant) -> None:
    """Let the rules place everybody in one pass, and the groups open their apps."""
    plain, others = _by_value(tenant)
    seen: dict[tuple[object, ...], list[str]] = {}
    shared = {rule.id: {rule.id} for rule in tenant.rules.values()}
    for user in tenant.users.values():
        key = tuple(user.profile.get(name) for name in READ)
        if key not in seen:
            seen[key] = [rule for each in zip(READ, key, strict=True) for rule in plain.get(each, ())]
            seen[key] += [rule for rule, text in others if fits(text, user.profile, {})]
        for rule in seen[key]:
            for target in tenant.rules[rule].targets:
                # One set for all: rules replace a user's sets, they do not change them.
                user.ruled[target] = user.ruled[target] | {rule} if target in user.ruled else shared[rule]
                tenant.groups[target].members[user.id] = None
    _follow_groups(tenant)
    for user in tenant.users.values():
        tenant.reseat(user)


def _by_value(tenant: Tenant) -> tuple[dict[tuple[object, ...], list[str]], list[tuple[str, str]]]:
    """Rules of one comparison by attribute and value, and all others that do not look at groups."""
    plain: dict[tuple[object, ...], list[str]] = {}
    others: list[tuple[str, str]] = []
    for rule in tenant.rules.values():
        match = PLAIN.fullmatch(rule.expression)
        if match:
            plain.setdefault((match[1], match[2]), []).append(rule.id)
        elif "isMember" not in rule.expression:
            others.append((rule.id, rule.expression))
    return plain, others


def _follow_groups(tenant: Tenant) -> None:
    """Rules that look at groups are evaluated only for the members of the groups they name."""
    for rule in tenant.rules.values():
        named = [tenant.group(name) for name in NAMED.findall(rule.expression)]
        for user in [tenant.users[each] for group in named for each in group.members]:
            if fits(rule.expression, user.profile, {each: tenant.groups[each].name for each in user.groups}):
                for target in rule.targets:
                    user.ruled.setdefault(target, {rule.id})
                    tenant.groups[target].members[user.id] = None


def fill(firm: Firm, size: Size) -> None:
    """Groups, apps and memberships by hand until the company is as large as it shall be."""
    tenant, users = firm.tenant, list(firm.tenant.users.values())
    names = _names()
    groups = [
        tenant.add_group(f"app-{next(names)}", "Filled by the access portal")
        for _ in range(size.groups - len(tenant.groups))
    ]
    held = sum(len(group.members) for group in tenant.groups.values()) - len(tenant.everyone.members)
    missing = max(size.memberships - held, 0)
    for number, group in enumerate(groups):
        count = missing // len(groups) + (number < missing % len(groups))
        _fill_group(group.id, group.members, users, firm.random.randrange(len(users)), count)
    labels = _names()
    for number in range(size.apps - len(tenant.apps)):
        app = tenant.add_app(next(labels).replace("-", " ").capitalize(), features=())
        for priority in range(min(1 + number % 3, len(groups))):
            group = groups[(number * 7 + priority) % len(groups)]
            tenant.assign_group(app, group, priority, role=LEVELS[priority])
    for user in users if groups else ():
        tenant.reseat(user)


def _fill_group(group: str, members: dict[str, None], users: list[User], first: int, count: int) -> None:
    for place in range(count):
        user = users[(first + place) % len(users)]
        user.hand.add(group)
        members[user.id] = None


def _names() -> Iterator[str]:
    """beetroot-ledger, … and when all are used up beetroot-ledger-2, …; each once."""
    again = 0
    while True:
        again += 1
        for word in WORDS:
            for team in TEAMS:
                yield f"{team.lower()}-{word}" + (f"-{again}" if again > 1 else "")
