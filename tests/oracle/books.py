"""The simulator's own books: who and what there is, and how Okta reacts, in plain dicts and sets.

Written to be obviously right, not fast. What Okta does stands in its documentation: a rule fills and empties
its groups while it is active; switched off it leaves everybody where they are; who is taken out by hand is
excluded from the rules that would bring them back; a deactivated user loses direct assignments, not groups.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date

from .conditions import Condition
from .happened import NOTHING, Because, Event, Sight, turned

GONE = "DEPROVISIONED"


@dataclass
class Account:
    """An Okta user. `hand`: groups by a direct add; `ruled`: group → the rules that gave it."""

    id: str
    email: str
    profile: dict[str, str]
    status: str = "ACTIVE"
    hand: set[str] = field(default_factory=set)
    ruled: dict[str, set[str]] = field(default_factory=dict)
    direct: dict[str, str] = field(default_factory=dict)
    """App → level of a direct assignment."""
    by_human: dict[str, bool] = field(default_factory=dict)
    """Group → whether a human, not an automation, added the person last."""
    given: set[tuple[str, str]] = field(default_factory=set)
    """Group and rule of memberships that a read saw as given by the rule, for as long as they last."""
    hanging: set[str] = field(default_factory=set)
    """Apps whose assignment is in error, for as long as there is one."""
    seen: dict[str, Sight] = field(default_factory=dict)
    """Rule → what it last looked at while it was active."""
    read: Sight = NOTHING
    """What the last read saw."""


@dataclass(frozen=True)
class Placed:
    """HR places somebody in a unit, from a day until the first that no longer counts."""

    unit: str
    since: date
    until: date | None = None

    def counts(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass
class Record:
    """What HR says of somebody."""

    id: str
    email: str
    name: str
    values: dict[str, str]
    manager: str = ""
    """Id of the manager's record."""
    status: str = "active"
    start: date = date(2024, 1, 1)
    placed: list[Placed] = field(default_factory=list)


@dataclass
class Group:
    """A group. `unit`: the id of the unit that it stands for."""

    id: str
    name: str
    unit: str = ""
    everyone: bool = False


@dataclass
class Rule:
    """A group rule."""

    id: str
    condition: Condition
    targets: list[str]
    status: str = "ACTIVE"
    excluded: set[str] = field(default_factory=set)
    name: str = ""
    changed: int = 0
    """The read that first sees it as it is."""


@dataclass
class App:
    """An app. `opens`: group → priority and level; priorities differ within an app."""

    id: str
    label: str
    active: bool = True
    opens: dict[str, tuple[int, str]] = field(default_factory=dict)


@dataclass
class Unit:
    """An org unit. `value`: what attributes call it; `slug` and `name` may change, `value` still means it."""

    id: str
    kind: str
    value: str
    name: str
    slug: str
    parent: str = ""
    lead: str = ""
    """Address of whoever leads it, where records say so."""
    until: date | None = None
    """The first day on which it is no more, where records say so."""
    heir: str = ""
    """Id of the unit into which it was merged."""


def home(books: "Books", team: Unit) -> str:
    """The value of the department above a team, or empty."""
    above: Unit | None = team
    while above is not None and above.kind != "department":
        above = books.units.get(above.parent)
    return above.value if above else ""


@dataclass
class Books:
    """Everything at one moment. People are known by their address."""

    accounts: dict[str, Account] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    departed: dict[str, Account] = field(default_factory=dict)
    """Employee number → the users who were deleted for good, as they last were."""
    events: list[Event] = field(default_factory=list)
    today: date = date(2026, 3, 2)
    reads: int = 0
    """How many reads there were."""

    def copy(self) -> "Books":
        """The books as they stand, for later. What happens in the copy is not noted."""
        return deepcopy(self, {id(self.events): []})

    def is_read(self) -> None:
        """A read saw everything as it is."""
        self.reads += 1
        for account in self.accounts.values():
            account.read, held = self._sight(account), self.groups_of(account)
            account.given = {each for each in account.given if each[0] in held}
            account.given |= {(group, rule) for group, rules in account.ruled.items() for rule in rules}

    def note(self, verb: str, because: Because, email: str = "", thing: str = "", app: str = "") -> None:
        """Something began or ended."""
        self.events.append(Event(self.reads, verb, because, email, thing, app))

    def _sight(self, account: Account) -> Sight:
        names = frozenset(self.groups[each].name for each in self.groups_of(account))
        return Sight(dict(account.profile), names)

    def groups_of(self, account: Account) -> set[str]:
        """Everybody who is not deactivated is in Everyone too."""
        shared = {each.id for each in self.groups.values() if each.everyone and account.status != GONE}
        return account.hand | set(account.ruled) | shared

    def look(self, *accounts: Account) -> None:
        """The active rules look at these accounts, again as long as memberships change."""
        for account in accounts:
            while account.status != GONE and self._placed(account):
                pass

    def look_at_all(self) -> None:
        """A rule began to act: it looks at everybody."""
        self.look(*self.accounts.values())

    def _placed(self, account: Account) -> bool:
        before, now = self.groups_of(account), self._sight(account)
        given: dict[str, set[str]] = {}
        for rule in self.rules.values():
            fits = rule.status == "ACTIVE" and account.email not in rule.excluded
            if fits and rule.condition.holds(account.profile, now.groups):
                for target in rule.targets:
                    given.setdefault(target, set()).add(rule.id)
        kept = {group: rules for group, rules in account.ruled.items() if not self._acting(rules)}
        held, account.ruled = account.ruled, {**kept, **given}
        account.hand -= set(given)
        after = self.groups_of(account)
        for group in sorted({*held, *given}):
            old, new = held.get(group, set()), given.get(group, kept.get(group, set()))
            # Of a membership that stays: another reason for it, which a read that saw none of it may tell.
            for verb, rules in (("began", new - old), ("ended", old - new)):
                if rules:
                    self.note(verb, self._by_rule(account, rules, now), account.email, group)
        account.seen |= {each.id: now for each in self.rules.values() if each.status == "ACTIVE"}
        return after != before

    def _by_rule(self, account: Account, rules: set[str], now: Sight) -> Because:
        """Why these rules give a group to the person, or no more."""
        found = [self.rules[each] for each in sorted(rules) if each in self.rules]
        known = [account.seen.get(each.id, account.read) for each in found]
        turns = {
            attribute
            for rule, seen in zip(found, known, strict=True)
            for before in (seen, account.read)
            for attribute in turned(rule.condition, before, now)
        }
        names = frozenset(each.name for each in found)
        edited = any(rule.changed == self.reads for rule in found)
        return Because("rule changed" if edited else "rule", names, frozenset(turns), sure=not edited)

    def _acting(self, rules: set[str]) -> bool:
        return any(self.rules[each].status == "ACTIVE" for each in rules if each in self.rules)

    def hand_in(self, account: Account, group: str, because: Because) -> None:
        """Somebody adds the person to the group."""
        if group not in self.groups_of(account):
            account.hand.add(group)
            account.by_human[group] = because.kind == "admin"
            self.note("began", because, account.email, group)
            self.look(account)

    def take_out(self, account: Account, group: str, because: Because) -> None:
        """Somebody takes the person out; the rules that had given the group exclude them from now on."""
        for rule in account.ruled.pop(group, set()):
            self.rules[rule].excluded.add(account.email)
        account.hand.discard(group)
        self.note("ended", because, account.email, group)
        self.look(account)

    def deactivate(self, account: Account, because: Because) -> None:
        """The person can no longer sign in: direct assignments go, memberships stay."""
        account.status = GONE
        for app in account.direct:
            self.note("ended", because, account.email, app=app)
        account.direct.clear()
        self.note("ended", because, account.email)
        self._everyone("ended", because, account)

    def activate(self, account: Account, because: Because) -> None:
        """The person can sign in from now on."""
        was, account.status = account.status, "ACTIVE"
        if was == GONE:
            self.note("began", because, account.email)
            self._everyone("began", because, account)
        self.look(account)

    def _everyone(self, verb: str, because: Because, account: Account) -> None:
        for group in [each.id for each in self.groups.values() if each.everyone]:
            self.note(verb, because, account.email, group)

    def enter(self, account: Account) -> None:
        """A new account."""
        because = Because("account created", thing=account.email)
        self.accounts[account.email] = account
        self.note("began", because, account.email)
        self._everyone("began", because, account)
        self.look(account)

    def delete_group(self, group: str) -> None:
        """The group is gone; rules that aim at it act no more."""
        because = Because("group deleted", thing=self.groups[group].name)
        for account in self.accounts.values():
            if group in self.groups_of(account):
                self.note("ended", because, account.email, group)
            account.hand.discard(group)
            account.ruled.pop(group, None)
        for app in self.apps.values():
            if app.opens.pop(group, None):
                self.note("ended", because, thing=group, app=app.id)
        del self.groups[group]
        for rule in self.rules.values():
            if group in rule.targets:
                rule.status, rule.changed = "INVALID", self.reads
        self.look_at_all()

    def delete_rule(self, rule: str, *, members_too: bool) -> None:
        """The rule is gone; whom it had put somewhere is taken out or left as if added by hand."""
        gone = self.rules.pop(rule)
        because = Because("rule deleted", frozenset({gone.name}))
        for account in self.accounts.values():
            for group in [each for each, given in account.ruled.items() if rule in given]:
                account.ruled[group].discard(rule)
                if not account.ruled[group]:
                    del account.ruled[group]
                    if members_too:
                        self.note("ended", because, account.email, group)
                    else:
                        account.hand.add(group)
        self.look_at_all()
