"""One pretend company on the wire, and Sightline beside it: sync, plan and deliver as the commands do."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions, Notify
from sandbox.okta.server import OktaServer
from sandbox.okta.state import Actor, Group, User
from sandbox.okta.tenant import Tenant
from sandbox.slack.server import SlackPerson, SlackServer
from tests.configurations import okta_at
from tests.snapshots import once

TOMAS = Actor("00uTomasOkafor000001", "Tomas Okafor")
PEOPLE = ("nadia", "lena", "radovan", "tomas")
FOUNDED = datetime.now(UTC) - timedelta(hours=1)
"""The same for every company of a process, so that the first sync of one is that of all."""


@dataclass
class Clock:
    """The time of the pretend company: founded an hour before the tests, real from the first sync on."""

    at: datetime | None = FOUNDED

    def __call__(self) -> datetime:
        return self.at or datetime.now(UTC)


@dataclass
class Nordwind:
    """The company: Nadia is in Radish under Radovan; Lena leads Cucumber; Tomas is IT."""

    okta: OktaServer
    slack: SlackServer
    users: dict[str, User]
    groups: dict[str, Group]

    @property
    def tenant(self) -> Tenant:
        return self.okta.tenant

    def sync(self) -> list[dict[str, Any]]:
        """Read, and read again where something was applied: nothing is told before it is confirmed."""
        found = self.read()
        if any(each["outcome"] == "applied" for each in found):
            self.read()
        return found

    def read(self, *options: str) -> list[dict[str, Any]]:
        """Read once."""
        out = StringIO()
        try:
            call_command("sync", "--json", *options, stdout=out)
        except SystemExit as refusal:
            assert refusal.code == 1  # noqa: PT017  # the outcome itself is in the answer
        found: list[dict[str, Any]] = json.loads(out.getvalue())
        return found

    def notify(self) -> None:
        call_command("notify", stdout=StringIO())

    def dms(self) -> dict[str, list[str]]:
        """Who got what text, by first name."""
        names = {person.user_id: person.email.split("@")[0] for person in self.slack.workspace.people()}
        found: dict[str, list[str]] = {}
        for post in self.slack.posts:
            found.setdefault(names[post.user_id], []).append(post.text)
        return found

    def outbox(self) -> list[dict[str, Any]]:
        out = StringIO()
        call_command("outbox", "--json", stdout=out)
        found: list[dict[str, Any]] = json.loads(out.getvalue())
        return found


def found_company(clock: Clock) -> tuple[Tenant, dict[str, User], dict[str, Group]]:
    """Nordwind as it is before anything happens."""
    tenant = Tenant(clock)
    groups = {
        slug: tenant.add_group(
            f"team-{slug}", f"AUTO team {slug.title()}", airtableId=f"rec{slug}", active=True
        )
        for slug in ("cucumber", "radish")
    }
    groups["oncall"] = tenant.add_group("radish-oncall", "On-call rota")
    groups["staff"] = tenant.add_group("BR-ALL-EMPLOYEES", "Everybody")
    apps = {
        name: tenant.add_app(name, features=("PUSH_USER_DEACTIVATION",))
        for name in ("Figma", "Slack", "Radish staging", "Radish on-call")
    }
    tenant.assign_group(apps["Figma"], groups["cucumber"], role="Editor")
    tenant.assign_group(apps["Radish staging"], groups["radish"])
    tenant.assign_group(apps["Radish on-call"], groups["oncall"])
    tenant.assign_group(apps["Slack"], groups["staff"])
    for slug in ("cucumber", "radish"):
        tenant.add_rule(f"{slug.title()} team", f'user.team == "{slug}"', groups[slug])
    tenant.add_rule("All employees", 'user.userType != "Contractor"', groups["staff"])
    users: dict[str, User] = {}
    for number, (name, team, manager) in enumerate(
        (
            ("lena", "cucumber", ""),
            ("radovan", "radish", "lena"),
            ("tomas", "it", "lena"),
            ("nadia", "radish", "radovan"),
        ),
        1,
    ):
        users[name] = tenant.add_user(
            f"{name}@nordwind.example",
            firstName=name.title(),
            lastName="Brandt" if name == "nadia" else "Osei",
            employeeNumber=str(number),
            team=team,
            managerId=users[manager].profile["employeeNumber"] if manager else None,
        )
    tenant.add_member(groups["oncall"], users["nadia"], TOMAS)
    return tenant, users, groups


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def nordwind(db: None, settings: Any, clock: Clock) -> Iterator[Nordwind]:
    """The company after its first sync, with NOTIFY=on and no settling time."""
    tenant, users, groups = found_company(clock)

    def people() -> list[SlackPerson]:
        return [
            SlackPerson(
                user.profile["login"],
                name.title(),
                f"U{name.upper()}",
                deleted=user.status == "DEPROVISIONED",
            )
            for name, user in users.items()
        ]

    with OktaServer(tenant) as okta, SlackServer(people) as slack:
        settings.SIGHTLINE = replace(
            Configuration(entrance="tests"),
            sources=okta_at(okta),
            slack_bot_token=slack.token,
            slack_api_url=slack.api_url,
            notify="on",
            conventions=Conventions(notify=Notify(settle_minutes=0, quiet_hours=None, mass_change_share=1.0)),
        )
        company = Nordwind(okta, slack, users, groups)

        def begin() -> None:
            (outcome,) = company.sync()
            assert outcome["outcome"] == "applied", outcome
            company.notify()

        once(begin)
        assert company.dms() == {}
        clock.at = None
        yield company
