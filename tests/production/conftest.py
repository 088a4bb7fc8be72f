"""Nordwind on the wire (Okta, Slack, issuer), and installations of Sightline that know only its addresses."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.okta.server import OktaServer
from sandbox.okta.state import User
from sandbox.slack.server import SlackPerson, SlackServer
from tests.flows.conftest import Clock, found_company
from tests.portal.issuer import Issuer, serving
from tests.production.databases import Database, Embedded, external, external_programs
from tests.production.installation import CONVENTIONS, SETTINGS, Installation

Install = Callable[[str], Installation]


@dataclass
class Company:
    """Nadia is in Radish under Radovan; Lena leads Cucumber; Tomas is IT."""

    okta: OktaServer
    slack: SlackServer
    issuer: Issuer
    users: dict[str, User]

    def move(self, name: str, team: str, manager: str) -> None:
        """HR moves somebody to a team and a manager; Okta's rules run."""
        number = self.users[manager].profile["employeeNumber"]
        with self.okta.tenant.lock:
            self.okta.tenant.set_profile(self.users[name], {"team": team, "managerId": number})

    def messages(self) -> Counter[str]:
        """How many messages each person has got, by first name."""
        return Counter(post.user_id.removeprefix("U").lower() for post in list(self.slack.posts))

    def texts(self, name: str) -> list[str]:
        """What somebody has got, oldest first."""
        return [post.text for post in list(self.slack.posts) if post.user_id == f"U{name.upper()}"]


@pytest.fixture
def company() -> Iterator[Company]:
    """Founded an hour ago, in real time from now on."""
    clock = Clock()
    tenant, users, _groups = found_company(clock)
    clock.at = None

    def accounts() -> list[SlackPerson]:
        return [SlackPerson(f"{name}@nordwind.example", name.title(), f"U{name.upper()}") for name in users]

    with OktaServer(tenant) as okta, SlackServer(accounts) as slack, serving() as issuer:
        issuer.people = {
            name: {"sub": user.id, "email": f"{name}@nordwind.example", "email_verified": True}
            for name, user in users.items()
        }
        issuer.people["stranger"] = {
            "sub": "00ustranger",
            "email": "s@elsewhere.example",
            "email_verified": True,
        }
        yield Company(okta, slack, issuer, users)


@pytest.fixture
def install(company: Company, tmp_path: Path) -> Iterator[Install]:
    """Makes an installation on a database of the named kind; its processes have ended when the test has."""
    with ExitStack() as stack:

        def make(kind: str) -> Installation:
            (tmp_path / "sightline.toml").write_text(CONVENTIONS, encoding="utf-8")
            made = Installation(
                tmp_path,
                stack.enter_context(_database(kind, tmp_path)),
                {
                    **SETTINGS,
                    "SIGHTLINE_CONFIG": str(tmp_path / "sightline.toml"),
                    "OKTA_URL": company.okta.url,
                    "OKTA_TOKEN": company.okta.token,
                    "SLACK_API_URL": company.slack.api_url,
                    "SLACK_BOT_TOKEN": company.slack.token,
                    "OIDC_ISSUER": company.issuer.address,
                },
            )
            stack.callback(made.abandon)
            return made

        yield make


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[Database]:
    if kind == "embedded":
        yield Embedded(folder / "data" / "postgres")
        return
    programs = external_programs()
    if programs is None:
        pytest.skip("This machine has no PostgreSQL 15 or newer of its own (initdb was not found).")
    with external(programs, folder) as made:
        yield made
