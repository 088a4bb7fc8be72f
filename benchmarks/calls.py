"""How many calls a full read of an Okta organisation takes, written out from its counts alone.

The page sizes are Okta's own limits; nothing is taken from the reader, which is measured against this. What
the lists already tell is not asked for: the members of a group that counts none, and those of everyone.
Reading the system log is left out: how long it is depends on what happened, not on how large anything is.
"""

from collections.abc import Iterable
from dataclasses import dataclass

PAGE, SEATS, LONG = 200, 500, 1000
"""Rows of a page: of most listings; of the users of an app; of members, owners and push mappings."""
LOG = "GET /api/v1/logs"


@dataclass(frozen=True)
class Counts:
    """What an organisation has. Lists hold one number per group or per app."""

    users: int
    rules: int
    members: tuple[int, ...]
    """Of each group but everyone's; one without members is not asked for them."""
    owners: tuple[int, ...]
    """Of each group, everyone's too."""
    opened: tuple[int, ...]
    """Apps that each group opens."""
    app_groups: tuple[int, ...]
    app_users: tuple[int, ...]
    pushes: tuple[int, ...]
    """Mappings of each app that can push groups."""


def formula(counts: Counts) -> dict[str, int]:
    """Calls by address, an id standing as {id}."""
    return {
        "GET /api/v1/users": _calls([counts.users], PAGE),
        "GET /api/v1/groups": _calls([len(counts.owners)], PAGE),
        "GET /api/v1/groups/{id}/users": _calls([number for number in counts.members if number], LONG),
        "GET /api/v1/groups/{id}/owners": _calls(counts.owners, LONG),
        "GET /api/v1/groups/rules": _calls([counts.rules], PAGE),
        "GET /api/v1/apps": _calls([len(counts.app_groups)], PAGE),
        **_edges(counts),
        "GET /api/v1/apps/{id}/users": _calls(counts.app_users, SEATS),
        "GET /api/v1/apps/{id}/group-push/mappings": _calls(counts.pushes, LONG),
        "GET /api/v1/meta/schemas/group/default": 1,
        "GET /api/v1/meta/schemas/user/default": 1,
        "GET /api/v1/meta/types/user": 1,
    }


def _edges(counts: Counts) -> dict[str, int]:
    """Which group opens which app, at which level: every app is asked, or the groups that open any, and then
    the apps that these open."""
    of_apps, of_groups = "GET /api/v1/apps/{id}/groups", "GET /api/v1/groups/{id}/apps"
    all_apps = _calls(counts.app_groups, PAGE)
    groups = _calls([number for number in counts.opened if number], PAGE)
    opened = _calls([number for number in counts.app_groups if number], PAGE)
    cheaper = groups + opened < all_apps
    return {of_groups: groups, of_apps: opened} if cheaper else {of_apps: all_apps}


def _calls(listings: Iterable[int], page: int) -> int:
    """Calls for listings of so many rows; an empty one has to be asked for all the same."""
    return sum(max(1, -(-rows // page)) for rows in listings)
