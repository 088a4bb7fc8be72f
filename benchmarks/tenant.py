"""The pretend company's Okta in a process of its own: what it has, how often it was asked, and its moves."""

from collections import Counter
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from .beside import Beside, questions
from .calls import Counts

if TYPE_CHECKING:
    from sandbox.okta.tenant import Tenant as Served


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


def count(tenant: "Served") -> Counts:
    """The counts of a tenant of the sandbox."""
    groups, apps = tenant.groups.values(), tenant.apps.values()
    return Counts(
        users=len(tenant.users),
        rules=len(tenant.rules),
        members=tuple(len(group.members) for group in groups),
        owners=tuple(len(group.owners) for group in groups),
        app_groups=tuple(len(app.groups) for app in apps),
        app_users=tuple(len(app.seats) for app in apps),
        pushes=tuple(len(app.pushes) for app in apps if "GROUP_PUSH" in app.features),
    )


def _serve(pipe: Connection, size: str) -> None:
    from sandbox.company import Company
    from sandbox.okta.server import OktaServer

    company = Company(size=size)
    tenant = company.tenant
    _age(tenant)
    with OktaServer(tenant) as okta:
        pipe.send((okta.url, okta.token, company.sightline_toml(), count(tenant)))
        for what, people in questions(pipe):
            if what == "move":
                pipe.send(_move(tenant, people))
            else:
                pipe.send(Counter(okta.calls))
                okta.calls.clear()


def _age(tenant: "Served") -> None:
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
