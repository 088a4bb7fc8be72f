"""The world: every act happens on the wire (pretend Okta, HR files) and, apart from it, in the books."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

from sandbox.okta.state import Actor
from sandbox.okta.tenant import Tenant

from .answers import unhang
from .books import GONE, Account, App, Books, Group, Record, Rule, Unit
from .conditions import Condition
from .filing import write_records
from .happened import Because

ACTORS = (
    Actor("00uAdminOfOracle00001", "Ada Admin"),
    Actor("00uAdminOfOracle00002", "Bo Bremer"),
    Actor("0oaFlowOfOracle000001", "Nightly Flow", "PublicClientApp"),
)
"""Two people of IT, and an automation."""


def present() -> datetime:
    """The pretend Okta's clock, which is the one of the whole process."""
    return datetime.now(UTC)


def first_name(email: str) -> str:
    """What people call somebody with this address."""
    return email.partition("@")[0].title()


def full_name(email: str) -> str:
    """What a message calls them."""
    return f"{first_name(email)} Lind"


@dataclass
class World:
    """One company. `feed`: where HR keeps its files; None: Okta's profiles are the HR."""

    feed: Path | None
    tenant: Tenant = field(default_factory=lambda: Tenant(present))
    books: Books = field(default_factory=Books)
    waiting: list[tuple[int, Callable[[], None]]] = field(default_factory=list)
    """What HR or Okta will only hear in so many turns."""
    hands: Random = field(default_factory=lambda: Random("hands"))
    """Who of IT does something."""
    numbered: int = 0

    def __post_init__(self) -> None:
        shared = self.tenant.everyone
        self.books.groups[shared.id] = Group(shared.id, shared.name, everyone=True)

    def number(self) -> int:
        """One that no other thing has."""
        self.numbered += 1
        return self.numbered

    def _actor(self) -> tuple[Actor, Because]:
        """Somebody of IT, and what is then the cause."""
        found = self.hands.choice(ACTORS)
        return found, Because("admin" if found.kind == "User" else "automation", actor=found.name)

    def turn(self) -> None:
        """What is late arrives."""
        self._forget_hanging()
        due = [act for turns, act in self.waiting if turns <= 0]
        self.waiting = [(turns - 1, act) for turns, act in self.waiting if turns > 0]
        for act in due:
            act()

    def account(self, email: str) -> Account:
        return self.books.accounts[email]

    def hire(self, email: str, profile: Mapping[str, str], status: str = "ACTIVE") -> None:
        """A new Okta user."""
        given = {"firstName": first_name(email), "lastName": "Lind", **profile}
        user = self.tenant.add_user(email, status, **given)
        self._settle()
        self.books.enter(Account(user.id, email, {"login": email, "email": email, **given}, status))

    def record(self, email: str, values: Mapping[str, str], manager: str, number: str, start: date) -> None:
        """A new HR record, where HR keeps records."""
        if self.feed is not None:
            name = f"{first_name(email)} Lind"
            status = "pending" if start > present().date() else "active"
            self.books.records[email] = Record(
                f"h{number}", email, name, dict(values), manager, status, start
            )

    def set_profile(self, email: str, values: Mapping[str, str]) -> None:
        """Okta's profile changes; an empty value takes the attribute away."""
        account = self.account(email)
        self.tenant.set_profile(self.tenant.users[account.id], {k: v or None for k, v in values.items()})
        self._settle()
        account.profile = {k: v for k, v in {**account.profile, **values}.items() if v}
        self.books.look(account)

    def set_status(self, email: str, status: str) -> None:
        """Suspended, deactivated, or active again."""
        account, user = self.account(email), self.tenant.users[self.account(email).id]
        actor, _ = self._actor()
        if status == GONE:
            self.tenant.deactivate(user, actor)
            self.books.deactivate(account, Because("deactivated", actor=actor.name, thing=email))
            return
        if account.status in {GONE, "STAGED"}:
            self.tenant.activate(user, actor)
            self._settle()
            self.books.activate(account, Because("activated", actor=actor.name, thing=email))
            return
        if status == "SUSPENDED":
            self.tenant.suspend(user, actor)
        else:
            self.tenant.unsuspend(user, actor)
        self._settle()
        account.status = status
        self.books.look(account)

    def delete_user(self, email: str) -> None:
        """The Okta user vanishes for good; the history keeps who it was."""
        self.tenant.delete(self.tenant.users[self.account(email).id])
        gone, because = self.books.accounts.pop(email), Because("account deleted", thing=email)
        for group in self.books.groups.values():
            if group.id in self.books.groups_of(gone) or group.name in gone.read.groups:
                self.books.note("ended", because, email, group.id)
        self.books.note("ended", because, email)
        self.books.departed[gone.profile["employeeNumber"]] = gone

    def add_group(self, name: str, description: str = "", unit: Unit | None = None) -> Group:
        """A group, or the group that stands for a unit."""
        custom: dict[str, Any] = {"airtableId": unit.id, "parentId": unit.parent or None} if unit else {}
        made = self.tenant.add_group(name, description, **custom)
        self.books.groups[made.id] = Group(made.id, name, unit.id if unit else "")
        return self.books.groups[made.id]

    def rename_group(self, group: str, name: str, description: str = "") -> None:
        """Only what people call it; its id stays."""
        self.tenant.edit_group(self.tenant.groups[group], name=name, description=description or None)
        self._settle()
        self.books.groups[group].name = name
        self.books.look_at_all()

    def reparent(self, unit: str, parent: str) -> None:
        """A unit hangs under another one from now on; its group says so too."""
        self.books.units[unit].parent = parent
        for group in self.books.groups.values():
            if group.unit == unit:
                self.tenant.edit_group(self.tenant.groups[group.id], parentId=parent or None)

    def delete_group(self, group: str) -> None:
        """The group vanishes."""
        self.tenant.delete_group(self.tenant.groups[group])
        self._settle()
        if self.feed is None and (unit := self.books.groups[group].unit):
            unhang(self.books, unit)  # Only the group said where it hangs.
        self.books.delete_group(group)

    def hand_in(self, email: str, group: str) -> None:
        """An admin adds the person to the group."""
        user = self.tenant.users[self.account(email).id]
        actor, because = self._actor()
        self.tenant.add_member(self.tenant.groups[group], user, actor)
        self._settle()
        self.books.hand_in(self.account(email), group, because)

    def take_out(self, email: str, group: str) -> None:
        """An admin takes the person out of the group."""
        user = self.tenant.users[self.account(email).id]
        actor, because = self._actor()
        self.tenant.remove_member(self.tenant.groups[group], user, actor)
        self._settle()
        self.books.take_out(self.account(email), group, because)

    def add_rule(self, name: str, condition: Condition, targets: list[str], *, on: bool = True) -> Rule:
        """A rule; an active one acts at once."""
        status = "ACTIVE" if on else "INACTIVE"
        groups = [self.tenant.groups[each] for each in targets]
        made = self.tenant.add_rule(name, condition.text, *groups, status=status)
        self._settle()
        self.books.rules[made.id] = Rule(
            made.id, condition, list(targets), status, name=name, changed=self.books.reads
        )
        self.books.look_at_all()
        return self.books.rules[made.id]

    def edit_rule(self, rule: str, condition: Condition) -> None:
        """Another condition: as Okta wants it, switched off, changed and switched on."""
        self.switch_rule(rule, on=False)
        self.tenant.edit_rule(self.tenant.rules[rule], expression=condition.text)
        self.books.rules[rule].condition = condition
        self.switch_rule(rule, on=True)

    def switch_rule(self, rule: str, *, on: bool) -> None:
        """A rule begins to act, or acts no more and leaves everybody where they are."""
        status = "ACTIVE" if on else "INACTIVE"
        self.tenant.edit_rule(self.tenant.rules[rule], status=status)
        self._settle()
        self.books.rules[rule].status, self.books.rules[rule].changed = status, self.books.reads
        self.books.look_at_all()

    def delete_rule(self, rule: str, *, members_too: bool) -> None:
        """The rule vanishes, with or without whom it had put somewhere."""
        self.tenant.delete_rule(self.tenant.rules[rule], remove_users=members_too)
        self._settle()
        self.books.delete_rule(rule, members_too=members_too)

    def add_app(self, label: str) -> App:
        """An app that nobody has yet."""
        made = self.tenant.add_app(label)
        self.books.apps[made.id] = App(made.id, label)
        return self.books.apps[made.id]

    def switch_app(self, app: str, *, on: bool) -> None:
        """An app is switched off, or on again; its assignments stay."""
        found = self.tenant.apps[app]
        actor, _ = self._actor()
        self.tenant.switch_app(found, on=on, actor=actor)
        self.books.apps[app].active = on
        because = Because(f"app {'active' if on else 'inactive'}", actor=actor.name, thing=found.label)
        self.books.note("began" if on else "ended", because, app=app)

    def open_app(self, app: str, group: str, priority: int, level: str) -> None:
        """The group opens the app at this level, or, if it did, at another one."""
        groups, profile = self.tenant.groups, {} if level == "assigned" else {"role": level}
        actor, because = self._actor()
        self.tenant.assign_group(self.tenant.apps[app], groups[group], priority, actor, **profile)
        opens = self.books.apps[app].opens
        self.books.note("changed" if group in opens else "began", because, thing=group, app=app)
        opens[group] = (priority, level)

    def close_app(self, app: str, group: str) -> None:
        """The group no longer opens the app."""
        actor, because = self._actor()
        self.tenant.unassign_group(self.tenant.apps[app], self.tenant.groups[group], actor)
        del self.books.apps[app].opens[group]
        self.books.note("ended", because, thing=group, app=app)

    def assign(self, email: str, app: str, level: str) -> None:
        """A direct assignment, or another level of it."""
        account, profile = self.account(email), {} if level == "assigned" else {"role": level}
        actor, because = self._actor()
        self.tenant.assign_user(self.tenant.apps[app], self.tenant.users[account.id], actor, **profile)
        because = self._beside(account, app, because)
        self.books.note("changed" if app in account.direct else "began", because, email, app=app)
        account.direct[app] = level

    def hang(self, email: str, app: str, *, error: bool) -> None:
        """The assignment does not get through to the app, or does again."""
        account = self.account(email)
        self.tenant.deliver(self.tenant.apps[app], self.tenant.users[account.id], failed=error)
        (account.hanging.add if error else account.hanging.discard)(app)

    def _forget_hanging(self) -> None:
        """An assignment that ended and came again is a new one."""
        for account in self.books.accounts.values():
            seats = {app: self.tenant.apps[app].seats.get(account.id) for app in account.hanging}
            account.hanging = {app for app, seat in seats.items() if seat and seat.sync_state == "ERROR"}

    def unassign(self, email: str, app: str) -> None:
        """The direct assignment ends."""
        account = self.account(email)
        actor, because = self._actor()
        self.tenant.unassign_user(self.tenant.apps[app], self.tenant.users[account.id], actor)
        del account.direct[app]
        self.books.note("ended", self._beside(account, app, because), email, app=app)

    def _beside(self, account: Account, app: str, because: Because) -> Because:
        """Where a group opens the app too, Okta's log does not tell of a direct assignment."""
        if self.books.apps[app].opens.keys() & self.books.groups_of(account):
            return replace(because, kind="direct beside a group")
        return because

    def write(self) -> None:
        """HR's files as the records stand."""
        if self.feed is not None:
            write_records(self.books, self.feed)

    def _settle(self) -> None:
        """Okta's rules act after every change of a membership, too."""
        self.tenant.run_rules(self.tenant.users.values())

    def disagreements(self) -> list[str]:
        """Where the pretend Okta is not as the books have it: one of these two is wrong, not the product."""
        found = []
        for account in self.books.accounts.values():
            user = self.tenant.users[account.id]
            there = {each.id for each in self.tenant.groups.values() if user.id in each.members}
            if there != self.books.groups_of(account):
                found.append(f"{account.email}: groups {sorted(there ^ self.books.groups_of(account))}")
            if {k: v for k, v in user.ruled.items() if v} != account.ruled or user.hand != account.hand:
                found.append(f"{account.email}: by rule {user.ruled} and {account.ruled}")
        return found
