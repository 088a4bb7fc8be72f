"""A pretend Okta tenant that behaves: profile changes run rules, rules fill groups, groups open apps."""

from collections.abc import Iterable
from typing import Any

from .assignments import Assignments
from .naive_rules import readable
from .placement import place
from .state import OKTA, Actor, App, Group, Profile, Rule, User


class Tenant(Assignments):
    """The organisation. `attribution`: whether it tells which rule put a member into a group.

    Its methods are what people, the API or the automation do. Nothing else may change what it holds: they
    alone move the stamps and write the lines of the log by which a reader learns that something changed.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self.everyone = self.add_group("Everyone", "All users in your organization", "BUILT_IN")

    def add_user(self, login: str, status: str = "ACTIVE", **profile: Any) -> User:
        """A new user; the rules look at them at once."""
        now = self.now()
        made = User(self._id("00u"), {"login": login, "email": login, **profile}, now, now, status, now)
        self.users[made.id] = made
        self._enter(made, self.everyone, None)
        self._event("user.lifecycle.create", OKTA, user=made)
        self.run_rules([made])
        return made

    def set_profile(self, user: User, values: Profile, actor: Actor = OKTA) -> None:
        """Change attributes (None clears one); the rules run when anything differs."""
        changed = [key for key, value in values.items() if user.profile.get(key) != value]
        if not changed:
            return
        for key in changed:
            user.profile[key] = values[key]
        user.updated = self.now()
        debug = {"changedAttributes": ",".join(changed)}
        self._event("user.account.update_profile", actor, user=user, debug=debug)
        for app_id in sorted(user.apps) if "login" in changed else ():
            self._event("application.user_membership.change_username", OKTA, user=user, app=self.apps[app_id])
        self.run_rules([user])

    def deactivate(self, user: User, actor: Actor = OKTA) -> None:
        """The user becomes DEPROVISIONED: assignments to apps go, memberships by rule stay."""
        self._becomes(user, "DEPROVISIONED")
        self._event("user.lifecycle.deactivate", actor, user=user)
        self._leave(user, self.everyone, None)
        for app in [self.apps[each] for each in sorted(user.apps)]:
            app.direct.pop(user.id, None)
            del app.seats[user.id]
            self._event("application.user_membership.remove", OKTA, user=user, app=app)
        user.apps.clear()

    def suspend(self, user: User, actor: Actor = OKTA) -> None:
        """The user cannot sign in for a while; memberships and assignments stay."""
        self._becomes(user, "SUSPENDED")
        self._event("user.lifecycle.suspend", actor, user=user)

    def unsuspend(self, user: User, actor: Actor = OKTA) -> None:
        """The user is ACTIVE again."""
        self._becomes(user, "ACTIVE")
        self._event("user.lifecycle.unsuspend", actor, user=user)
        self.run_rules([user])

    def activate(self, user: User, actor: Actor = OKTA) -> None:
        """A staged or deactivated user becomes ACTIVE and the rules run."""
        self._becomes(user, "ACTIVE")
        self._event("user.lifecycle.activate", actor, user=user)
        self._enter(user, self.everyone, None)
        self.run_rules([user])
        self.reseat(user)

    def delete(self, user: User) -> None:
        """The user vanishes for good."""
        for group in self.groups.values():
            if group.members.pop(user.id, 0) != 0 and group is self.everyone:
                # Of other groups it is not known that the deletion of a member moves their stamp.
                group.membership = self.now()
        for app_id in user.apps:
            self.apps[app_id].seats.pop(user.id, None)
            self.apps[app_id].direct.pop(user.id, None)
        del self.users[user.id]
        self._owns_nothing(user.id)
        self._event("user.lifecycle.delete.completed", OKTA, user=user)

    def add_group(
        self,
        name: str,
        description: str = "",
        kind: str = "OKTA_GROUP",
        *,
        source: App | None = None,
        **profile: Any,
    ) -> Group:
        """A group of the given type; further keys are custom profile keys. `source`: of an APP_GROUP."""
        now = self.now()
        values = {"name": name, "description": description or None, **profile}
        made = Group(self._id("00g"), kind, values, now, now, now, source.id if source else "")
        self.groups[made.id] = made
        self._event("group.lifecycle.create", OKTA, group=made)
        return made

    def edit_group(self, group: Group, **profile: Any) -> None:
        """Change the name, the description or custom keys."""
        group.profile.update(profile)
        group.updated = self.now()
        self._event("group.profile.update", OKTA, group=group)

    def delete_group(self, group: Group) -> None:
        """The group vanishes; rules that aim at it become INVALID."""
        for user in self.users.values():
            user.hand.discard(group.id)
            user.ruled.pop(group.id, None)
        for app in self.apps.values():
            app.groups.pop(group.id, None)
            app.pushes[:] = [push for push in app.pushes if push.group != group.id]
        self._owns_nothing(group.id)
        for rule in self.rules.values():
            if group.id in rule.targets or group.id in rule.expression:
                self._invalidate(rule)
        del self.groups[group.id]
        self._event("group.lifecycle.delete", OKTA, group=group)
        for user_id in group.members:
            self.reseat(self.users[user_id])

    def add_member(self, group: Group, user: User, actor: Actor) -> None:
        """Somebody, or something, adds the user directly."""
        if group.id not in user.groups:
            user.hand.add(group.id)
            self._enter(user, group, actor)

    def remove_member(self, group: Group, user: User, actor: Actor) -> None:
        """Taken out by hand: every rule that would put the user back gets an exclusion."""
        if group.id not in user.groups:
            return
        for rule_id in user.ruled.pop(group.id, set()):
            rule = self.rules[rule_id]
            rule.excluded.append(user.id)
            rule.updated = self.now()
            self._event("group.user_membership.rule.add_exclusion", OKTA, user=user, rule=rule)
        user.hand.discard(group.id)
        self._leave(user, group, actor)

    def add_rule(
        self,
        name: str,
        expression: str,
        *targets: Group,
        status: str = "ACTIVE",
        excluded: Iterable[User] = (),
    ) -> Rule:
        """A group rule; an active one is evaluated for everybody at once."""
        now = self.now()
        made = Rule(
            self._id("0pr"),
            name,
            expression,
            [group.id for group in targets],
            now,
            now,
            status,
            [user.id for user in excluded],
        )
        self.rules[made.id] = made
        self._check(made)
        if made.status == "ACTIVE":
            self.run_rules(self.users.values())
        return made

    def edit_rule(
        self, rule: Rule, *, name: str | None = None, expression: str | None = None, status: str | None = None
    ) -> None:
        """Change the name, expression or status; deactivating leaves members as they are."""
        rule.name = name or rule.name
        rule.expression = expression if expression is not None else rule.expression
        rule.status = status or rule.status
        rule.updated = self.now()
        self._check(rule)
        if rule.status == "ACTIVE":
            self.run_rules(self.users.values())
        elif status == "INACTIVE":
            self._event("group.user_membership.rule.deactivated", OKTA, rule=rule)

    def delete_rule(self, rule: Rule, *, remove_users: bool = False) -> None:
        """The rule vanishes; members whom no other rule put there leave, or stay as if added by hand."""
        del self.rules[rule.id]
        for user in self.users.values():
            for group_id in [each for each, given in user.ruled.items() if rule.id in given]:
                user.ruled[group_id].discard(rule.id)
                if user.ruled[group_id]:
                    continue
                del user.ruled[group_id]
                if remove_users:
                    self._leave(user, self.groups[group_id], OKTA, rule.id)
                else:
                    user.hand.add(group_id)

    def add_owner(self, group: Group, owner: User | Group) -> None:
        """Somebody, or a group, answers for the group."""
        group.owners.append(("USER" if isinstance(owner, User) else "GROUP", owner.id))
        self._event("resource.owner.update", OKTA, group=group)

    def run_rules(self, users: Iterable[User]) -> None:
        """Evaluate every active rule for these users, again as long as memberships change."""
        if self.quiet:
            return
        for user in list(users):
            for _ in range(5):
                if user.status == "DEPROVISIONED" or not self._place(user):
                    break

    def _owns_nothing(self, native: str) -> None:
        for group in self.groups.values():
            group.owners[:] = [owner for owner in group.owners if owner[1] != native]

    def _becomes(self, user: User, status: str) -> None:
        user.status, user.changed, user.updated = status, self.now(), self.now()

    def _check(self, rule: Rule) -> None:
        if rule.status == "ACTIVE" and not readable(rule.expression):
            self._invalidate(rule)

    def _invalidate(self, rule: Rule) -> None:
        rule.status, rule.updated = "INVALID", self.now()
        self._event("group.user_membership.rule.invalidate", OKTA, rule=rule)

    def _place(self, user: User) -> bool:
        placed = place(user, self.rules, self.groups, self.everyone.id)
        if placed is None:
            return False
        for group_id, rule in placed.entered.items():
            self._enter(user, self.groups[group_id], OKTA, rule)
        for group_id, rule in placed.left.items():
            self._leave(user, self.groups[group_id], OKTA, rule)
        return True

    def _enter(self, user: User, group: Group, actor: Actor | None, rule: str = "") -> None:
        if user.id in group.members:
            return
        group.members[user.id] = None
        self._moved(user, group, actor, "add", rule)

    def _leave(self, user: User, group: Group, actor: Actor | None, rule: str = "") -> None:
        if group.members.pop(user.id, 0) == 0:
            return
        self._moved(user, group, actor, "remove", rule)

    def _moved(self, user: User, group: Group, actor: Actor | None, what: str, rule: str) -> None:
        group.membership = self.now()
        if actor:
            debug = {"triggeredByGroupRuleId": rule} if rule else {}
            self._event(f"group.user_membership.{what}", actor, user=user, group=group, debug=debug)
        self.reseat(user)
