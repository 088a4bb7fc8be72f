"""The least that a full read over the wire can do: ask for the same pages in turn and decode them."""

from collections.abc import Iterator
from typing import Any

import httpx
import msgspec

from orgmodel.sources.okta import shapes

from .tenant import Tenant

USERS = {"search": "status pr", "limit": "200"}
GROUPS = {"limit": "200", "expand": "stats"}
MEMBERS = {"limit": "200", "expand": "group-rules"}
SCHEMAS = ("/meta/schemas/group/default", "/meta/schemas/user/default", "/meta/types/user")


def fetch(tenant: Tenant) -> int:
    """Read every page but those of the log into memory's way and forget it; how many there were."""
    with httpx.Client(
        base_url=f"{tenant.url}/api/v1", headers={"Authorization": f"SSWS {tenant.token}"}, timeout=60
    ) as client:
        return sum(1 for _ in _everything(client))


def _everything(client: httpx.Client) -> Iterator[list[Any]]:
    yield from _pages(client, "/groups/rules", {"limit": "200"}, shapes.Rule)
    for path in SCHEMAS:
        yield [client.get(path).raise_for_status().content]
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
    stats = group.embedded.stats if group.embedded else None
    return stats is None or stats.usersCount != 0


def _pages(client: httpx.Client, path: str, params: dict[str, str], shape: Any) -> Iterator[list[Any]]:
    decoder = msgspec.json.Decoder(list[shape])
    answer = client.get(path, params=params)
    while True:
        yield decoder.decode(answer.raise_for_status().content)
        following = answer.links.get("next", {}).get("url")
        if not following:
            return
        # As with the real Okta, a next link does not always carry what was asked for.
        answer = client.get(httpx.URL(following).copy_merge_params(params))
