"""What is so at a moment in the pretend Okta, by its records: a mapping from facts to what is said of them.

A fact is a tuple: its kind, then whom or what it is about. `known` puts the read model in the same words.
"""

from typing import Any

from sandbox.okta.tenant import Tenant

Fact = tuple[str, ...]
Facts = dict[Fact, Any]
ATTRIBUTES = ("team", "title")
"""Those that the company changes."""
SELDOM = frozenset({"owner", "push"})
"""Kinds of which no list and no stamp tells that they changed: they wait for a read of everything."""


def of_tenant(tenant: Tenant) -> Facts:
    """Everything that the tenant holds. Hold its lock."""
    found: Facts = {}
    for user in tenant.users.values():
        found["account", user.id] = user.status
        found |= {
            ("attribute", user.id, name): user.profile[name]
            for name in ATTRIBUTES
            if user.profile.get(name) is not None
        }
    for group in tenant.groups.values():
        found["group", group.id] = group.name
        for user_id in group.members:
            rules = tenant.users[user_id].ruled.get(group.id, ())
            found["member", user_id, group.id] = tuple(sorted(rules))
        found |= {("owner", group.id, native): "" for _, native in group.owners}
    for rule in tenant.rules.values():
        found["rule", rule.id] = (
            rule.name,
            rule.status.lower(),
            rule.expression,
            tuple(sorted(rule.targets)),
        )
    _of_apps(tenant, found)
    return found


def _of_apps(tenant: Tenant, found: Facts) -> None:
    for app in tenant.apps.values():
        found["app", app.id] = (app.label, app.status.lower())
        for group_id, (priority, profile, _) in app.groups.items():
            found["edge", group_id, app.id, _level(profile)] = priority
        for seat in app.seats.values():
            found["seat", seat.user, app.id] = (seat.scope, _level(seat.profile), seat.sync_state)
            if seat.scope == "USER":
                found["direct", seat.user, app.id, _level(seat.profile)] = ""
        found |= {("push", app.id, push.id): push.group for push in app.pushes}


def _level(profile: dict[str, Any]) -> str:
    return str(profile.get("role", "assigned"))


def without_rules(facts: Facts) -> Facts:
    """Memberships without their rules: nothing tells that who was added by hand now fits one."""
    return {fact: "" if fact[0] == "member" else value for fact, value in facts.items()}
