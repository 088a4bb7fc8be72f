"""What happens in the pretend company: one random act after another, each by the tenant's own methods."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from sandbox.okta.state import Actor, App, Group, Rule, User
from sandbox.okta.tenant import Tenant

TEAMS = ("cucumber", "radish", "okra", "pepper", "chard", "leek")
TITLES = ("Engineer", "Analyst", "Designer", "Lead")
LEVELS = ("Viewer", "Editor", "Admin")
ACTORS = (
    Actor("00uAdminOfTheSoak0001", "Ada Admin"),
    Actor("00uAdminOfTheSoak0002", "Bo Bremer"),
    Actor("0oaFlowOfTheSoak00001", "Nightly Flow", "PublicClientApp"),
)
PEOPLE, GROUPS, RULES, APPS = (25, 60), (12, 30), (8, 16), (6, 14)
"""The company stays between these sizes."""


@dataclass
class Company:
    """The company of a seed, and what happens to it."""

    tenant: Tenant
    dice: Random
    hired: int = 0
    named: int = 0

    def found(self) -> None:
        """Teams by rule, groups by hand, apps for both."""
        tenant = self.tenant
        for team in TEAMS:
            tenant.add_rule(f"{team} team", f'user.team == "{team}"', tenant.add_group(f"team-{team}"))
        for number in range(GROUPS[0]):
            tenant.add_group(f"group-{number}")
        for label in ("Figma", "Grafana", "Sentry", "Notion", "Zoom", "Jira"):
            app = tenant.add_app(label, features=("GROUP_PUSH",))
            for priority, group in enumerate(self.dice.sample(self.own_groups, 3)):
                tenant.assign_group(app, group, priority, role=LEVELS[priority])
        while len(tenant.users) < sum(PEOPLE) // 2:
            self.hire()
        # An answer without any owner, or any push, would be taken for an empty one.
        tenant.add_owner(tenant.everyone, tenant.everyone)
        tenant.add_push(self.kept, tenant.everyone)

    def act(self) -> str:
        """One thing happens; what it was, in words."""
        acts, weights = [act for act, _ in self.acts], [weight for _, weight in self.acts]
        while not (words := self.dice.choices(acts, weights)[0]()):
            pass
        return words

    @property
    def acts(self) -> tuple[tuple[Callable[[], str], int], ...]:
        """How often each happens. One that cannot happen just now says nothing."""
        return (
            (self.move, 24),
            (self.retitle, 5),
            (self.hand_in, 14),
            (self.take_out, 10),
            (self.shut, 4),
            (self.reopen, 5),
            (self.hire, 4),
            (self.delete_user, 2),
            (self.add_group, 2),
            (self.rename_group, 2),
            (self.delete_group, 2),
            (self.add_rule, 2),
            (self.change_rule, 4),
            (self.delete_rule, 2),
            (self.open_app, 7),
            (self.close_app, 4),
            (self.assign, 6),
            (self.unassign, 5),
            (self.switch_app, 2),
            (self.add_app, 1),
            (self.delete_app, 1),
            (self.deliver, 3),
            (self.own, 1),
            (self.push, 1),
        )

    @property
    def own_groups(self) -> list[Group]:
        return [each for each in self.tenant.groups.values() if each.type == "OKTA_GROUP"]

    @property
    def active(self) -> list[User]:
        return [each for each in self.tenant.users.values() if each.status != "DEPROVISIONED"]

    @property
    def kept(self) -> App:
        """An app that is never deleted."""
        return next(iter(self.tenant.apps.values()))

    @property
    def actor(self) -> Actor:
        return self.dice.choice(ACTORS)

    @property
    def app(self) -> App:
        return self.dice.choice([*self.tenant.apps.values()])

    def name(self, what: str) -> str:
        self.named += 1
        return f"{what}-{self.named}"

    def move(self) -> str:
        user, team = self.dice.choice(self.active), self.dice.choice((*TEAMS, None))
        if user.profile.get("team") == team:
            return ""
        self.tenant.set_profile(user, {"team": team}, self.actor)
        return f"{user.id} moves to {team}"

    def retitle(self) -> str:
        user, title = self.dice.choice(self.active), self.dice.choice(TITLES)
        if user.profile.get("title") == title:
            return ""
        self.tenant.set_profile(user, {"title": title}, self.actor)
        return f"{user.id} is called {title}"

    def hand_in(self) -> str:
        user, group = self.dice.choice(self.active), self.dice.choice(self.own_groups)
        if user.id in group.members:
            return ""
        self.tenant.add_member(group, user, self.actor)
        return f"{user.id} is added to {group.name}"

    def take_out(self) -> str:
        group = self.dice.choice(self.own_groups)
        if not group.members:
            return ""
        user = self.tenant.users[self.dice.choice([*group.members])]
        self.tenant.remove_member(group, user, self.actor)
        return f"{user.id} is taken out of {group.name}"

    def shut(self) -> str:
        user = self.dice.choice(self.active)
        if len(self.active) <= PEOPLE[0]:
            return ""
        (self.tenant.deactivate if self.dice.random() < 0.6 else self.tenant.suspend)(user, self.actor)
        return f"{user.id} is {user.status}"

    def reopen(self) -> str:
        shut = [each for each in self.tenant.users.values() if each.status != "ACTIVE"]
        if not shut:
            return ""
        user = self.dice.choice(shut)
        (self.tenant.unsuspend if user.status == "SUSPENDED" else self.tenant.activate)(user, self.actor)
        return f"{user.id} is back"

    def hire(self) -> str:
        if len(self.active) >= PEOPLE[1]:
            return ""
        self.hired += 1
        login = f"person{self.hired}@nordwind.example"
        team, status = self.dice.choice(TEAMS), "STAGED" if self.dice.random() < 0.1 else "ACTIVE"
        number = str(self.hired)
        profile = {"team": team, "title": TITLES[self.hired % len(TITLES)], "employeeNumber": number}
        made = self.tenant.add_user(login, status, displayName=login, **profile)
        return f"{made.id} is hired"

    def delete_user(self) -> str:
        shut = [each for each in self.tenant.users.values() if each.status == "DEPROVISIONED"]
        if not shut:
            return ""
        gone = self.dice.choice(shut)
        self.tenant.delete(gone)
        return f"{gone.id} is deleted"

    def add_group(self) -> str:
        if len(self.own_groups) >= GROUPS[1]:
            return ""
        return f"{self.tenant.add_group(self.name('group')).name} is made"

    def rename_group(self) -> str:
        group = self.dice.choice(self.own_groups)
        self.tenant.edit_group(group, name=self.name("group"))
        return f"{group.id} is called {group.name}"

    def delete_group(self) -> str:
        if len(self.own_groups) <= GROUPS[0]:
            return ""
        group = self.dice.choice(self.own_groups)
        self.tenant.delete_group(group)
        return f"{group.name} is deleted"

    def add_rule(self) -> str:
        if len(self.tenant.rules) >= RULES[1]:
            return ""
        status = self.dice.choice(("ACTIVE", "INACTIVE"))
        groups = self.dice.sample(self.own_groups, self.dice.choice((1, 2)))
        made = self.tenant.add_rule(self.name("rule"), self._condition(), *groups, status=status)
        return f"{made.name} is made, {made.status}"

    def change_rule(self) -> str:
        rule = self._rule()
        if rule is None or rule.status == "INVALID":
            return ""
        if self.dice.random() < 0.5:
            self.tenant.edit_rule(rule, status="INACTIVE" if rule.status == "ACTIVE" else "ACTIVE")
        else:
            self.tenant.edit_rule(rule, expression=self._condition())
        return f"{rule.name} is {rule.status} and says {rule.expression}"

    def delete_rule(self) -> str:
        if len(self.tenant.rules) <= RULES[0] or (rule := self._rule()) is None:
            return ""
        members = self.dice.random() < 0.5
        self.tenant.delete_rule(rule, remove_users=members)
        return f"{rule.name} is deleted, {'with' if members else 'without'} its members"

    def _rule(self) -> Rule | None:
        return self.dice.choice([*self.tenant.rules.values()] or [None])

    def _condition(self) -> str:
        parts = self.dice.choice(("team", "title")), self.dice.choice(("team", "title"))
        values = [self.dice.choice(TEAMS if part == "team" else TITLES) for part in parts]
        return self.dice.choice(
            (
                f'user.{parts[0]} == "{values[0]}"',
                f'user.{parts[0]} == "{values[0]}" OR user.{parts[1]} == "{values[1]}"',
                f'user.{parts[0]} == "{values[0]}" AND user.{parts[1]} != "{values[1]}"',
            )
        )

    def open_app(self) -> str:
        app, group, level = self.app, self.dice.choice(self.own_groups), self.dice.choice(LEVELS)
        priority = self.dice.randrange(9)
        self.tenant.assign_group(app, group, priority, self.actor, role=level)
        return f"{group.name} opens {app.label} as {level}, {priority}"

    def close_app(self) -> str:
        app = self.app
        if not app.groups:
            return ""
        group = self.tenant.groups[self.dice.choice([*app.groups])]
        self.tenant.unassign_group(app, group, self.actor)
        return f"{group.name} opens {app.label} no more"

    def assign(self) -> str:
        app, user, level = self.app, self.dice.choice(self.active), self.dice.choice(LEVELS)
        self.tenant.assign_user(app, user, self.actor, role=level)
        return f"{user.id} is assigned to {app.label} as {level}"

    def unassign(self) -> str:
        app = self.app
        if not app.direct:
            return ""
        user = self.tenant.users[self.dice.choice([*app.direct])]
        self.tenant.unassign_user(app, user, self.actor)
        return f"{user.id} is assigned to {app.label} no more"

    def switch_app(self) -> str:
        app = self.app
        self.tenant.switch_app(app, on=app.status != "ACTIVE", actor=self.actor)
        return f"{app.label} is {app.status}"

    def add_app(self) -> str:
        if len(self.tenant.apps) >= APPS[1]:
            return ""
        return f"{self.tenant.add_app(self.name('App'), features=('GROUP_PUSH',)).label} is made"

    def delete_app(self) -> str:
        if len(self.tenant.apps) <= APPS[0]:
            return ""
        app = self.app
        if app is self.kept:
            return ""
        self.tenant.delete_app(app, self.actor)
        return f"{app.label} is deleted"

    def deliver(self) -> str:
        app = self.app
        if not app.seats:
            return ""
        user = self.tenant.users[self.dice.choice([*app.seats])]
        failed = self.dice.random() < 0.5
        self.tenant.deliver(app, user, failed=failed)
        return f"{user.id} {'is not' if failed else 'is'} delivered to {app.label}"

    def own(self) -> str:
        group, user = self.dice.choice(self.own_groups), self.dice.choice(self.active)
        if ("USER", user.id) in group.owners:
            return ""
        self.tenant.add_owner(group, user)
        return f"{user.id} owns {group.name}"

    def push(self) -> str:
        app, group = self.app, self.dice.choice(self.own_groups)
        if app.pushes and app is not self.kept and self.dice.random() < 0.5:
            self.tenant.remove_push(app, self.dice.choice(app.pushes))
            return f"a group is pushed to {app.label} no more"
        self.tenant.add_push(app, group)
        return f"{group.name} is pushed to {app.label}"
