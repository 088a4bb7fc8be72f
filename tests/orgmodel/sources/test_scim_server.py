"""SCIM as another server understands it: scim2-server on loopback, which shares no code with us."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import httpx
import pytest
from scim2_server.applications.wsgi import WSGIApplication
from scim2_server.memory import InMemoryStorage
from scim2_server.utils import load_default_provider

from orgmodel.sources.scim import ScimReader, ScimSettings

from .hr_reads import QUICK, Read, reading

CORE = "urn:ietf:params:scim:schemas:core:2.0"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CROWD = 130
"""More than a page holds."""


class Quiet(WSGIRequestHandler):
    """Prints nothing."""

    timeout = 10

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Nobody reads it."""


@contextmanager
def served() -> Iterator[str]:
    """The address of an empty service."""
    application = WSGIApplication(InMemoryStorage(), load_default_provider())
    with WSGIServer(("127.0.0.1", 0), Quiet) as server:
        server.set_app(application)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v2"
        finally:
            server.shutdown()
            thread.join(10)


class Client:
    """Fills the service, as an identity provider would."""

    def __init__(self, address: str) -> None:
        headers = {"Content-Type": "application/scim+json"}
        self._http = httpx.Client(base_url=address, headers=headers, timeout=10)

    def add(self, path: str, **resource: Any) -> str:
        """The id of the new resource."""
        answer = self._http.post(path, json=resource)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def user(self, name: str, **more: Any) -> str:
        first, last = name.split(" ", 1)
        address = f"{first.lower()}@nordwind.example"
        return self.add(
            "/Users",
            schemas=[f"{CORE}:User", ENTERPRISE],
            userName=address,
            displayName=name,
            name={"givenName": first, "familyName": last},
            emails=[{"value": address, "type": "work", "primary": True}],
            **more,
        )

    def close(self) -> None:
        self._http.close()


@pytest.fixture
def address() -> Iterator[str]:
    with served() as found:
        yield found


def test_what_another_server_makes_of_the_rfc_is_read_as_it_is_meant(address: str) -> None:
    client = Client(address)
    bo = client.user("Bo Lind", title="Lead")
    employee = {"employeeNumber": "007066", "department": "Engineering", "manager": {"value": bo}}
    ines = client.user("Inès Ørsted", userType="Employee", **{ENTERPRISE: employee})
    gone = client.user("Uma Rao", active=False)
    crowd = [client.user(f"Person{number} Rest") for number in range(CROWD)]
    members = [{"value": each, "type": "User"} for each in (bo, ines)]
    radish = client.add("/Groups", schemas=[f"{CORE}:Group"], displayName="team-radish", members=members)
    client.close()
    by = reading('people.fields = {team = "groups:team-<slug>"}')
    found = Read(ScimReader(ScimSettings(address, "token"), by, **QUICK))
    assert {*found.accounts} == {bo, ines, gone, *crowd}
    assert found.covered == {"unit", "account", "assignment", "planned"}
    assert (found.problems, found.report.not_visible, found.report.calls) == ([], {}, 4)
    account = found.accounts[ines]
    assert (account.name, account.email, account.state) == ("Inès Ørsted", "inès@nordwind.example", "active")
    assert (account.employee_number, account.manager_ref, account.worker_type) == ("007066", bo, "Employee")
    assert account.attributes == {"department": "Engineering", "team": "radish"}
    assert (found.accounts[bo].title, found.accounts[gone].state) == ("Lead", "ended")
    assert {unit.native_id: unit.name for unit in found.units.values()} == {radish: "radish"}
    assert {(each.person, each.unit) for each in found.assignments} == {(bo, radish), (ines, radish)}
