"""A hand-made source for tests of the sync: says exactly the facts it is told to say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from orgmodel.facts import (
    AccountFact,
    EdgeFact,
    EventFact,
    Evidence,
    Fact,
    GrantFact,
    Origin,
    Ref,
    ResourceFact,
    RuleFact,
    SeatFact,
    UnitFact,
    Value,
)
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import Report, SourceFailed

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def moment(days: float) -> datetime:
    """So many days after the first sync."""
    return START + timedelta(days=days)


def account(native_id: str, name: str = "", **values: object) -> AccountFact:
    attributes = {
        key: value
        for key, value in values.items()
        if key not in AccountFact._fields and isinstance(value, str | int | bool)
    }
    known = {key: value for key, value in values.items() if key in AccountFact._fields}
    blank = AccountFact(
        native_id=native_id,
        login=f"{native_id}@nordwind.example",
        email=f"{native_id}@nordwind.example",
        name=name or native_id.title(),
        status="ACTIVE",
        title="",
        worker_type="",
        manager_ref="",
        employee_number="",
        start_date=None,
        end_date=None,
        time_zone="",
        attributes=attributes,
        created=None,
        updated=None,
    )
    return blank._replace(**known)  # type: ignore[arg-type]  # only names of fields are left


def group(
    native_id: str, name: str = "", description: str = "", kind: str = "own", **profile: Value
) -> ResourceFact:
    return ResourceFact(
        "group", native_id, name or native_id, description, kind, "", profile, (), "", None, None
    )


def app(native_id: str, name: str = "", status: str = "active") -> ResourceFact:
    return ResourceFact("app", native_id, name or native_id, "", "saml", status, {}, (), "", None, None)


def member(account: str, group: str, *rules: str, attributed: bool = True) -> GrantFact:
    origin: Origin = "rule" if rules else "unknown"
    evidence: Evidence = "okta" if attributed else "none"
    return GrantFact(account, Ref("", "group", group), "member", origin, tuple(rules), evidence)


def opens(group: str, app: str, level: str = "assigned", priority: int = 0) -> EdgeFact:
    return EdgeFact(Ref("", "group", group), "member", Ref("", "app", app), level, "opens", priority, "")


def seat(account: str, app: str, scope: str = "USER", level: str = "assigned", **state: str) -> SeatFact:
    return SeatFact(
        account, app, scope, state.get("status", "ACTIVE"), state.get("sync_state", "DISABLED"), level, None
    )


def rule(native_id: str, name: str, expression: str, *targets: str, status: str = "active") -> RuleFact:
    return RuleFact(native_id, name, status, expression, targets, (), None)


def unit(kind: str, native_id: str, name: str, slug: str, **values: object) -> UnitFact:
    blank = UnitFact(kind, native_id, name, slug, "", "", True, None, None, "")
    return blank._replace(**values)  # type: ignore[arg-type]  # only names of fields are given


def added(uuid: str, account: str, group: str, at: datetime, **values: str) -> EventFact:
    return _event(uuid, "group.user_membership.add", account, group, at, values)


def removed(uuid: str, account: str, group: str, at: datetime, **values: str) -> EventFact:
    return _event(uuid, "group.user_membership.remove", account, group, at, values)


def profile_changed(uuid: str, account: str, at: datetime, *changed: str, **values: str) -> EventFact:
    return _event(uuid, "user.account.update_profile", account, "", at, values)._replace(changed=changed)


def _event(uuid: str, kind: str, account: str, group: str, at: datetime, values: dict[str, str]) -> EventFact:
    return EventFact(
        uuid=uuid,
        published=at,
        type=kind,
        actor_type=values.get("actor_type", "User"),
        actor_id=values.get("actor_id", "00uadmin"),
        actor_name=values.get("actor_name", "Tomas Okafor"),
        transaction_type=values.get("transaction_type", "WEB"),
        transaction_id=uuid,
        token_id=values.get("token_id", ""),
        rule=values.get("rule", ""),
        account=account,
        group=group,
        app="",
        changed=(),
    )


OUR_WORDS = {
    "STAGED": "pending",
    "SUSPENDED": "suspended",
    "DEPROVISIONED": "ended",
    "": "active",
    "PROVISIONED": "active",
    "RECOVERY": "active",
    "PASSWORD_EXPIRED": "active",
    "LOCKED_OUT": "active",
}


def _with_state(fact: Fact) -> Fact:
    """An account with its state in our words, as every reader gives it."""
    if not isinstance(fact, AccountFact):
        return fact
    return fact._replace(state=OUR_WORDS.get(fact.status, fact.status.lower()))


WHOLE = {
    "okta": ("account", "resource", "schema", "rule", "grant", "edge", "seat", "push", "owner"),
    "hris": ("unit", "account", "assignment", "planned"),
    "control": ("unit",),
}
"""What the sources give whole; any other gives its accounts, its resources and who holds what."""


@dataclass
class FactsReader:
    """A reader that gives `facts` in batches of `size`, and breaks after `breaks_after` of them.

    It has seen whole what its source gives, and its report does not call invisible; or just what `marks` say.
    """

    facts: Sequence[Fact]
    source: str = "okta"
    size: int = 3
    breaks_after: int | None = None
    report: Report = field(default_factory=Report)
    marks: Sequence[Covered | Unreadable] | None = None

    def covered(self) -> Sequence[Fact]:
        whole = WHOLE.get(self.source, ("account", "resource", "grant", "edge"))
        return [Covered(kind) for kind in whole if kind not in self.report.not_visible]

    def batches(self) -> Iterator[Sequence[Fact]]:
        given = 0
        facts = [_with_state(fact) for fact in self.facts]
        for kind in dict.fromkeys(type(fact) for fact in facts):
            same = [fact for fact in facts if type(fact) is kind]
            for start in range(0, len(same), self.size):
                if self.breaks_after is not None and given >= self.breaks_after:
                    raise SourceFailed("Okta cut the connection.")
                yield same[start : start + self.size]
                given += 1
        for marks in (self.covered() if self.marks is None else self.marks, self.report.unreadable()):
            for kind_of in (Covered, Unreadable):
                yield [each for each in marks if isinstance(each, kind_of)]


DAY = date(2026, 3, 1)
