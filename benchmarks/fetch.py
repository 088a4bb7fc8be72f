"""The least that a full read over the wire can do: ask for the same pages in turn and decode them.

The plainest client there is: one connection, no library above the standard one's.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from orgmodel.sources.okta import shapes

from .tenant import Tenant

NEXT = re.compile(r'<([^>]+)>; *rel="next"')
USERS = {"search": "status pr", "limit": "200"}
GROUPS = {"limit": "200", "expand": "stats"}
MEMBERS = {"limit": "1000", "expand": "group-rules"}
SCHEMAS = ("/meta/schemas/group/default", "/meta/schemas/user/default", "/meta/types/user")


class Client:
    """Asks one question after another over one connection."""

    def __init__(self, tenant: Tenant) -> None:
        there = urlsplit(tenant.url)
        self._connection = HTTPConnection(str(there.hostname), there.port, timeout=60)
        self._headers = {"Authorization": f"SSWS {tenant.token}", "Accept": "application/json"}

    def get(self, path: str) -> tuple[bytes, str]:
        """The body of an answer, and the address of what follows it."""
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        body, links = answer.read(), ", ".join(answer.headers.get_all("Link", []))
        if answer.status != HTTPStatus.OK:
            raise SystemExit(f"{path} answered {answer.status}.")
        following = NEXT.search(links)
        return body, following[1] if following else ""

    def close(self) -> None:
        self._connection.close()


def fetch(tenant: Tenant) -> int:
    """Read every page but those of the log into memory's way and forget it; how many there were."""
    client = Client(tenant)
    try:
        return sum(1 for _ in _everything(client))
    finally:
        client.close()


def _everything(client: Client) -> Iterator[list[Any]]:
    yield from _pages(client, "/groups/rules", {"limit": "200"}, shapes.Rule)
    for path in SCHEMAS:
        yield [client.get(f"/api/v1{path}")[0]]
    yield from _pages(client, "/users", USERS, shapes.User)
    groups, apps = [], []
    for page in _pages(client, "/groups", GROUPS, shapes.Group):
        groups += page
        yield page
    for page in _pages(client, "/apps", {"limit": "200"}, shapes.App):
        apps += page
        yield page
    for group in groups:
        if _has_members(group):
            yield from _pages(client, f"/groups/{group.id}/users", MEMBERS, shapes.Member)
        yield from _pages(client, f"/groups/{group.id}/owners", {"limit": "1000"}, shapes.Owner)
    for app in apps:
        yield from _pages(client, f"/apps/{app.id}/groups", {"limit": "200"}, shapes.AppGroup)
        yield from _pages(client, f"/apps/{app.id}/users", {"limit": "500"}, shapes.AppUser)
        if "GROUP_PUSH" in (app.features or ()):
            path = f"/apps/{app.id}/group-push/mappings"
            yield from _pages(client, path, {"limit": "1000"}, shapes.Push)


def _has_members(group: shapes.Group) -> bool:
    """It has members that no list has told of before: everyone's are the people who are not deactivated."""
    stats = group.embedded.stats if group.embedded else None
    return group.type != "BUILT_IN" and (stats is None or stats.usersCount != 0)


def _pages(client: Client, path: str, params: dict[str, str], shape: Any) -> Iterator[list[Any]]:
    decoder = msgspec.json.Decoder(list[shape])
    body, following = client.get(f"/api/v1{path}?{urlencode(params)}")
    while True:
        yield decoder.decode(body)
        if not following:
            return
        # As with the real Okta, a next link does not always carry what was asked for.
        parts = urlsplit(following)
        query = urlencode(dict(parse_qsl(parts.query)) | params)
        body, following = client.get(f"{parts.path}?{query}")
