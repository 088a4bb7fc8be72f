"""The pretend company's Okta in a process of its own: what it has, how often it was asked, and its moves."""

import random
from collections import Counter
from datetime import timedelta
from http import HTTPStatus
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from .beside import Beside, questions
from .calls import Counts

if TYPE_CHECKING:
    from sandbox.okta.event_hooks import EventHook
    from sandbox.okta.tenant import Tenant as Served


CHOICE = random.Random(7)  # noqa: S311  # the same company has the same changes


class Tenant(Beside):
    """The company of this size, served while `with` lasts."""

    def __init__(self, size: str) -> None:
        super().__init__(_serve, size)

    @property
    def url(self) -> str:
        return str(self.announced[0])

    @property
    def token(self) -> str:
        return str(self.announced[1])

    @property
    def conventions(self) -> str:
        """Its sightline.toml."""
        return str(self.announced[2])

    @property
    def counts(self) -> Counts:
        """What it had when it was founded."""
        found: Counts = self.announced[3]
        return found

    def calls(self) -> Counter[str]:
        """How often each address was asked since the last time this was called."""
        found: Counter[str] = self.ask("calls", 0)
        return found

    def move(self, people: int) -> int:
        """So many people, at least one, change to the team of another; how many did."""
        return int(self.ask("move", people))

    def change(self) -> tuple[str, str]:
        """One person goes to the team of another: the login, and the name of the team's group."""
        login, group = self.ask("change", 0)
        return str(login), str(group)

    def deliver(self, address: str, authorization: str) -> int:
        """Deliver what has happened to this address, as Okta's event hook does; how many were refused.

        What happened before the first time is not delivered.
        """
        return int(self.ask("deliver", (address, authorization)))


def count(tenant: "Served") -> Counts:
    """The counts of a tenant of the sandbox."""
    groups, apps = tenant.groups.values(), tenant.apps.values()
    return Counts(
        users=len(tenant.users),
        rules=len(tenant.rules),
        members=tuple(len(group.members) for group in groups if group is not tenant.everyone),
        owners=tuple(len(group.owners) for group in groups),
        opened=tuple(len(tenant.opens.get(group.id, ())) for group in groups),
        app_groups=tuple(len(app.groups) for app in apps),
        app_users=tuple(len(app.seats) for app in apps),
        pushes=tuple(len(app.pushes) for app in apps if "GROUP_PUSH" in app.features),
    )


def _serve(pipe: Connection, size: str) -> None:
    from sandbox.company import Company
    from sandbox.okta.event_hooks import EventHook
    from sandbox.okta.server import OktaServer

    company = Company(size=size)
    tenant = company.tenant
    age(tenant)
    hooks: dict[str, EventHook] = {}
    with OktaServer(tenant) as okta:
        pipe.send((okta.url, okta.token, company.sightline_toml(), count(tenant)))
        for what, given in questions(pipe):
            if what == "move":
                pipe.send(_move(tenant, given))
            elif what == "change":
                pipe.send(_change(tenant))
            elif what == "deliver":
                pipe.send(_deliver(tenant, hooks, *given))
            else:
                pipe.send(Counter(okta.calls))
                okta.calls.clear()


def age(tenant: "Served") -> None:
    """As if each had changed at an hour of its own: a list of the last minutes does not name everybody."""
    for hours, user in enumerate(tenant.users.values(), 1):
        user.updated -= timedelta(hours=hours)
    for hours, group in enumerate(tenant.groups.values(), 1):
        group.updated = group.membership = group.updated - timedelta(hours=hours)


def _move(tenant: "Served", people: int) -> int:
    placed: list[Any] = [
        user for user in tenant.users.values() if user.status == "ACTIVE" and user.profile.get("team")
    ]
    chosen = placed[:: max(len(placed) // people, 1)][:people]
    other = next(user for user in placed if user.profile["team"] != chosen[-1].profile["team"])
    teams = [user.profile["team"] for user in (*chosen[1:], other)]
    with tenant.lock:
        for user, team in zip(chosen, teams, strict=True):
            tenant.set_profile(user, {"team": team})
    return len(chosen)


def _change(tenant: "Served") -> tuple[str, str]:
    """Somebody goes to a team whose group they are not in."""
    placed = [user for user in tenant.users.values() if user.status == "ACTIVE" and user.profile.get("team")]
    user = CHOICE.choice(placed)
    other = CHOICE.choice([each for each in placed if each.profile["team"] != user.profile["team"]])
    before = set(user.groups)
    with tenant.lock:
        tenant.set_profile(user, {"team": other.profile["team"]})
    came = [tenant.groups[each].name for each in user.groups - before]
    return str(user.profile["email"]), next(name for name in came if name.startswith("team-"))


def _deliver(tenant: "Served", hooks: "dict[str, EventHook]", address: str, authorization: str) -> int:
    from sandbox.okta.event_hooks import EventHook

    if address not in hooks:
        hooks[address] = EventHook(tenant, address, authorization)
    hook = hooks[address]
    before = len(hook.answers)
    hook.deliver()
    return sum(answer != HTTPStatus.NO_CONTENT for answer in hook.answers[before:])
