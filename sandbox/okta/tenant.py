"""A pretend Okta tenant that behaves: profile changes run rules, rules fill groups, groups open apps."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .log import Log
from .naive_rules import NotSupported, fits
from .state import OKTA, Actor, App, Group, Profile, Push, Rule, Seat, User, make_id


@dataclass
class Tenant:
    """The organisation. `attribution`: whether it tells which rule put a member into a group."""

    now: Callable[[], datetime]
    attribution: bool = True
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    quiet: bool = False
    """While the company is founded nothing is logged and no rule runs by itself."""

    def __post_init__(self) -> None:
        self.log = Log(self.now)
        self.lock = threading.RLock()
        self._numbers: dict[str, int] = {}
        self.everyone = self.add_group("Everyone", "All users in your organization", "BUILT_IN")

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key not in {"lock", "now"}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.lock = threading.RLock()

    def add_user(self, login: str, status: str = "ACTIVE", **profile: Any) -> User:
        """A new user; the rules look at them at once."""
        now = self.now()
        made = User(self._id("00u"), {"login": login, "email": login, **profile}, now, now, status, now)
        self.users[made.id] = made
        self._enter(made, self.everyone, None)
        self._event("user.lifecycle.create", OKTA, user=made)
        self.run_rules([made])
        return made

    def user(self, login: str) -> User:
        """The user with this login."""
        return next(user for user in self.users.values() if user.profile["login"] == login)

    def group(self, name: str) -> Group:
        """The group with this name."""
        return next(group for group in self.groups.values() if group.name == name)

    def app(self, label: str) -> App:
        """The app with this label."""
        return next(app for app in self.apps.values() if app.label == label)

    def set_profile(self, user: User, values: Profile, actor: Actor = OKTA) -> None:
        """Change attributes (None clears one); the rules run when anything differs."""
        changed = [key for key, value in values.items() if user.profile.get(key) != value]
        if not changed:
            return
        for key in changed:
            user.profile[key] = values[key]
        user.updated = self.now()
        self._event(
            "user.account.update_profile", actor, user=user, debug={"changedAttributes": ",".join(changed)}
        )
        self.run_rules([user])

    def deactivate(self, user: User, actor: Actor = OKTA) -> None:
        """The user becomes DEPROVISIONED: assignments to apps go, memberships by rule stay."""
        user.status, user.changed, user.updated = "DEPROVISIONED", self.now(), self.now()
        self._event("user.lifecycle.deactivate", actor, user=user)
        self._leave(user, self.everyone)
        for app in self.apps.values():
            app.direct.pop(user.id, None)
            if app.seats.pop(user.id, None):
                self._event("application.user_membership.remove", OKTA, user=user, app=app)

    def activate(self, user: User, actor: Actor = OKTA) -> None:
        """A staged or deactivated user becomes ACTIVE and the rules run."""
        user.status, user.changed, user.updated = "ACTIVE", self.now(), self.now()
        self._event("user.lifecycle.activate", actor, user=user)
        self._enter(user, self.everyone, None)
        self.run_rules([user])
        self._seat(user)

    def delete(self, user: User) -> None:
        """The user vanishes for good."""
        for group in self.groups.values():
            group.members.pop(user.id, None)
        for app in self.apps.values():
            app.seats.pop(user.id, None)
            app.direct.pop(user.id, None)
        del self.users[user.id]
        self._event("user.lifecycle.delete.completed", OKTA, user=user)

    def add_group(self, name: str, description: str = "", kind: str = "OKTA_GROUP", **profile: Any) -> Group:
        """A group of the given type; further keys are custom profile keys."""
        now = self.now()
        values = {"name": name, "description": description or None, **profile}
        made = Group(self._id("00g"), kind, values, now, now, now)
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
        for rule in self.rules.values():
            if group.id in rule.targets:
                rule.status = "INVALID"
        del self.groups[group.id]
        for user_id in group.members:
            self._seat(self.users[user_id])

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
            self.rules[rule_id].excluded.append(user.id)
            self.rules[rule_id].updated = self.now()
            self._event("group.user_membership.rule.add_exclusion", OKTA, user=user)
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
        if status == "ACTIVE":
            self.run_rules(self.users.values())
        return made

    def edit_rule(self, rule: Rule, *, expression: str | None = None, status: str | None = None) -> None:
        """Change the expression or the status; deactivating leaves members as they are."""
        rule.expression = expression if expression is not None else rule.expression
        rule.status = status or rule.status
        rule.updated = self.now()
        if rule.status == "ACTIVE":
            self.run_rules(self.users.values())

    def add_app(
        self, label: str, name: str = "", features: Iterable[str] = (), status: str = "ACTIVE"
    ) -> App:
        """An app without anybody assigned."""
        now = self.now()
        made = App(
            self._id("0oa"), name or label.lower().replace(" ", "_"), label, list(features), now, now, status
        )
        self.apps[made.id] = made
        return made

    def assign_group(
        self, app: App, group: Group, priority: int = 0, actor: Actor = OKTA, **profile: Any
    ) -> None:
        """The group opens the app with this assignment profile (role and the like)."""
        app.groups[group.id] = (priority, profile, self.now())
        self._event("group.application_assignment.add", actor, group=group, app=app)
        for user_id in group.members:
            self._seat(self.users[user_id], [app])

    def unassign_group(self, app: App, group: Group, actor: Actor = OKTA) -> None:
        """The group no longer opens the app."""
        if app.groups.pop(group.id, None):
            self._event("group.application_assignment.remove", actor, group=group, app=app)
            for user_id in group.members:
                self._seat(self.users[user_id], [app])

    def assign_user(self, app: App, user: User, actor: Actor = OKTA, **profile: Any) -> None:
        """A direct assignment."""
        app.direct[user.id] = profile
        self._event("application.user_membership.add", actor, user=user, app=app)
        self._seat(user, [app])

    def unassign_user(self, app: App, user: User, actor: Actor = OKTA) -> None:
        """The direct assignment ends; one by group may remain."""
        if app.direct.pop(user.id, None) is not None:
            self._event("application.user_membership.remove", actor, user=user, app=app)
            self._seat(user, [app])

    def add_push(self, app: App, group: Group, status: str = "ACTIVE", error: str = "") -> Push:
        """A mapping that pushes the group to the app."""
        made = Push(self._id("gPm"), group.id, None, self.now(), status, error)
        app.pushes.append(made)
        return made

    def reseat(self, user: User) -> None:
        """Make the user's app assignments follow from the groups they are in."""
        self._seat(user)

    def run_rules(self, users: Iterable[User]) -> None:
        """Evaluate every active rule for these users, again as long as memberships change."""
        if self.quiet:
            return
        for user in list(users):
            if user.status == "DEPROVISIONED":
                continue
            for _ in range(5):
                if not self._run_once(user):
                    break

    def _run_once(self, user: User) -> bool:
        names = {each: self.groups[each].name for each in user.groups | {self.everyone.id}}
        wanted: dict[str, set[str]] = {}
        for rule in self.rules.values():
            if rule.status == "ACTIVE" and user.id not in rule.excluded and self._fits(rule, user, names):
                for target in rule.targets:
                    wanted.setdefault(target, set()).add(rule.id)
        held = {group: rules for group, rules in user.ruled.items() if self._kept(rules)}
        if wanted == held:
            return False
        dormant = {group: rules for group, rules in user.ruled.items() if group not in held}
        user.ruled = {**dormant, **wanted}
        for group_id in sorted(wanted.keys() - held.keys()):
            user.hand.discard(group_id)
            self._enter(user, self.groups[group_id], OKTA, min(wanted[group_id]))
        for group_id in sorted(held.keys() - wanted.keys()):
            if group_id not in user.hand:
                self._leave(user, self.groups[group_id], OKTA, min(held[group_id]))
        return True

    def _kept(self, rules: set[str]) -> bool:
        """A rule that was switched off leaves its members: nothing takes them out any more."""
        return any(rule in self.rules and self.rules[rule].status == "ACTIVE" for rule in rules)

    def _fits(self, rule: Rule, user: User, groups: dict[str, str]) -> bool:
        try:
            return fits(rule.expression, user.profile, groups)
        except NotSupported:
            rule.status = "INVALID"
            return False

    def _enter(self, user: User, group: Group, actor: Actor | None, rule: str = "") -> None:
        if user.id in group.members:
            return
        group.members[user.id] = None
        group.membership = self.now()
        if actor:
            debug = {"triggeredByGroupRuleId": rule} if rule else {}
            self._event("group.user_membership.add", actor, user=user, group=group, debug=debug)
        self._seat(user)

    def _leave(self, user: User, group: Group, actor: Actor = OKTA, rule: str = "") -> None:
        if group.members.pop(user.id, 0) == 0:
            return
        group.membership = self.now()
        debug = {"triggeredByGroupRuleId": rule} if rule else {}
        self._event("group.user_membership.remove", actor, user=user, group=group, debug=debug)
        self._seat(user)

    def _seat(self, user: User, apps: Iterable[App] | None = None) -> None:
        """Make the user's app assignments follow from groups and direct assignments."""
        if user.status == "DEPROVISIONED":
            return
        groups = {each for each in user.groups | {self.everyone.id} if user.id in self.groups[each].members}
        for app in self.apps.values() if apps is None else apps:
            ways = sorted((app.groups[each][0], each) for each in groups if each in app.groups)
            direct = user.id in app.direct
            seat = app.seats.get(user.id)
            if not ways and not direct:
                if seat:
                    del app.seats[user.id]
                    self._event("application.user_membership.remove", OKTA, user=user, app=app)
                continue
            profile = app.direct[user.id] if direct else app.groups[ways[0][1]][1]
            if seat is None:
                app.seats[user.id] = Seat(user.id, "USER" if direct else "GROUP", dict(profile), self.now())
                self._event("application.user_membership.add", OKTA, user=user, app=app)
            else:
                seat.scope, seat.profile = "USER" if direct else "GROUP", dict(profile)

    def _event(self, kind: str, actor: Actor, **about: Any) -> None:
        if not self.quiet:
            self.log.add(kind, actor, **about)

    def _id(self, prefix: str) -> str:
        self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
        return make_id(prefix, self._numbers[prefix])
