"""Who has an app: assignments to users follow from the groups they are in and from direct assignments."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from .state import App, Profile, Seat, User

Change = tuple[App, str]
"""The app, and "add" or "remove"."""


def reseat(
    user: User, groups: Iterable[str], apps: Iterable[App], seated: Mapping[str, App], at: datetime
) -> list[Change]:
    """Bring the user's seats in `apps` in line with the groups they are in; what began and what ended.

    `seated`: every app by id, to end seats in apps that no longer stand among `apps`.
    """
    changes: list[Change] = []
    looked_at = {app.id: app for app in apps} | {each: seated[each] for each in user.apps if each in seated}
    held = set(groups)
    for app in looked_at.values():
        expected = _expected_seat(user, held, app, at)
        seat = app.seats.get(user.id)
        if expected is None:
            user.apps.discard(app.id)
            if app.seats.pop(user.id, None):
                changes.append((app, "remove"))
        elif seat is None:
            app.seats[user.id] = expected
            user.apps.add(app.id)
            changes.append((app, "add"))
        elif (seat.scope, seat.profile) != (expected.scope, expected.profile):
            seat.scope, seat.profile, seat.updated = expected.scope, expected.profile, at
    return changes


def _expected_seat(user: User, groups: set[str], app: App, at: datetime) -> Seat | None:
    """A direct assignment wins; else the group with the lowest priority number gives the profile."""
    if user.id in app.direct:
        return Seat(user.id, "USER", app.direct[user.id], at)
    ways = [(app.groups[each][0], each) for each in groups & app.groups.keys()]
    if not ways:
        return None
    profile: Profile = app.groups[min(ways)[1]][1]
    return Seat(user.id, "GROUP", profile, at)
