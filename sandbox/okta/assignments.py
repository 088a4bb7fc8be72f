"""The apps of a pretend tenant and who has them; each act moves the stamps and stands in the log."""

from collections.abc import Iterable
from typing import Any

from .directory import Directory
from .seating import reseat
from .state import OKTA, Actor, App, Group, Push, User


class Assignments(Directory):
    """Apps, their assignments and pushes, by what people, the API or provisioning do to them."""

    everyone: Group

    def add_app(
        self, label: str, name: str = "", features: Iterable[str] = (), status: str = "ACTIVE"
    ) -> App:
        """An app without anybody assigned."""
        now = self.now()
        made = App(
            self._id("0oa"), name or label.lower().replace(" ", "_"), label, list(features), now, now, status
        )
        self.apps[made.id] = made
        self._event("application.lifecycle.create", OKTA, app=made)
        return made

    def edit_app(
        self, app: App, *, label: str | None = None, implicit: bool | None = None, actor: Actor = OKTA
    ) -> None:
        """Change the label, or whether everyone may use it without an assignment."""
        app.label = app.label if label is None else label
        app.implicit = app.implicit if implicit is None else implicit
        app.updated = self.now()
        self._event("application.lifecycle.update", actor, app=app)

    def switch_app(self, app: App, *, on: bool, actor: Actor = OKTA) -> None:
        """The app is switched on or off; its assignments stay."""
        app.status, app.updated = "ACTIVE" if on else "INACTIVE", self.now()
        self._event(f"application.lifecycle.{'activate' if on else 'deactivate'}", actor, app=app)

    def delete_app(self, app: App, actor: Actor = OKTA) -> None:
        """The app vanishes, and with it everybody's assignment to it."""
        for user_id in app.seats:
            self.users[user_id].apps.discard(app.id)
        for opened in self.opens.values():
            opened.discard(app.id)
        del self.apps[app.id]
        self._event("application.lifecycle.delete", actor, app=app)

    def assign_group(
        self, app: App, group: Group, priority: int = 0, actor: Actor = OKTA, **profile: Any
    ) -> None:
        """The group opens the app with this assignment profile (role and the like)."""
        again = group.id in app.groups
        app.groups[group.id] = (priority, profile, self.now())
        self.opens.setdefault(group.id, set()).add(app.id)
        kind = "update" if again else "add"
        self._event(f"group.application_assignment.{kind}", actor, group=group, app=app)
        self._reseat_all(group)

    def unassign_group(self, app: App, group: Group, actor: Actor = OKTA) -> None:
        """The group no longer opens the app."""
        if app.groups.pop(group.id, None):
            self.opens[group.id].discard(app.id)
            self._event("group.application_assignment.remove", actor, group=group, app=app)
            self._reseat_all(group)

    def assign_user(self, app: App, user: User, actor: Actor = OKTA, **profile: Any) -> None:
        """A direct assignment; it wins over those by group."""
        app.direct[user.id] = profile
        user.apps.add(app.id)
        if user.id in app.seats:
            self._event("application.user_membership.update", actor, user=user, app=app)
        self.reseat(user, actor)

    def unassign_user(self, app: App, user: User, actor: Actor = OKTA) -> None:
        """The direct assignment ends; one by group may remain."""
        if app.direct.pop(user.id, None) is not None:
            self.reseat(user, actor)
            if user.id in app.seats:
                self._event("application.user_membership.update", actor, user=user, app=app)

    def edit_seat(self, app: App, user: User, actor: Actor | None = None, **profile: Any) -> None:
        """The app's own list gives somebody another profile; without an actor it came from the app."""
        seat = app.seats[user.id]
        seat.profile, seat.updated = profile, self.now()
        what = "user_membership.update" if actor else "provision.user.import_profile"
        self._event(f"application.{what}", actor or OKTA, user=user, app=app)

    def deliver(self, app: App, user: User, *, failed: bool) -> None:
        """Okta passes the assignment on to the app, or cannot."""
        seat = app.seats[user.id]
        seat.sync_state, seat.updated = "ERROR" if failed else "SYNCHRONIZED", self.now()
        self._event("application.provision.user.push", OKTA, user=user, app=app, failed=failed)

    def add_push(self, app: App, group: Group, status: str = "ACTIVE", error: str = "") -> Push:
        """A mapping that pushes the group to the app."""
        app.pushes.append(Push(self._id("gPm"), group.id, None, self.now(), status, error))
        self._event("application.provision.group_push.mapping.created", OKTA, group=group, app=app)
        return app.pushes[-1]

    def remove_push(self, app: App, push: Push) -> None:
        """The group is pushed there no more."""
        app.pushes.remove(push)
        group = self.groups[push.group]
        self._event("application.provision.group_push.removed", OKTA, group=group, app=app)

    def reseat(self, user: User, actor: Actor = OKTA) -> None:
        """Make the user's app assignments follow from their groups and direct assignments."""
        if user.status == "DEPROVISIONED":
            return
        groups = {each for each in user.groups | {self.everyone.id} if user.id in self.groups[each].members}
        opened = {app for group in groups for app in self.opens.get(group, ())}
        for app, what in reseat(user, groups, [self.apps[each] for each in opened], self.apps, self.now()):
            self._event(f"application.user_membership.{what}", actor, user=user, app=app)

    def _reseat_all(self, group: Group) -> None:
        if not self.quiet:
            for user_id in list(group.members):
                self.reseat(self.users[user_id])

    def _event(self, kind: str, actor: Actor, **about: Any) -> None:
        if not self.quiet:
            self.log.add(kind, actor, **about)
