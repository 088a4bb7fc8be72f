"""What has changed in an Okta organisation since the last read: a handful of calls.

Okta lists users and groups by when they last changed, members included; what happens to apps and to the
assignments to them, and what is deleted, is named by its log. Rules are few and are read whole. Owners and
pushes, and whatever no list and no line tells, wait for the next full read, which comes every day.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from orgmodel.facts import MEMBER, GrantFact, Ref, ResourceFact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import SourceFailed
from orgmodel.sources.http import LANES

from . import parse, shapes, stamps
from .answers import Gone, NotVisible
from .client import OktaConnection
from .named import Named
from .parts import Batch
from .reader import WITHOUT_SECRETS, OktaReader, last_change
from .stamps import Stamps
from .workers import Job, Workers

EVERYONE = "built-in"
"""The type of the group that holds all who are not deactivated: its members are not listed for that."""
GONE = "DEPROVISIONED"


class OktaChanges(OktaReader):
    """One read of what changed. `users`, `groups`: how far those were read; `kept`: which attributes.

    Further arguments are those of the OktaReader.
    """

    def __init__(
        self, connection: OktaConnection, *, users: Stamps, groups: Stamps, kept: str, **more: Any
    ) -> None:
        super().__init__(connection, **more)
        self.report.mode = "incremental"
        self._users_read, self._groups_read, self._kept = users, groups, kept
        self._named = Named()
        self._changed: dict[str, str] = {}
        """Users that were given → their status."""
        self._groups_given: dict[str, ResourceFact] = {}

    def batches(self) -> Iterator[Batch]:
        """All facts that may have changed. Raises SourceFailed."""
        try:
            yield from self._lines()
            yield from self._rules()
            yield from self._changed_users()
            yield from self._changed_groups()
            yield from self._named_apps()
            yield from Workers([self._app_jobs(), self._group_jobs()], LANES, self._client.close).results()
            yield from self._of_everyone()
            yield self._parts.settle(partly={"grant", "edge", "seat", "owner", "push"})
            yield self.report.unreadable()
            if self.keeps != self._kept:
                # A rule now asks for what was not kept: of all who did not change it is unknown.
                self.report.cursors[stamps.FULL] = ""
        finally:
            self.report.calls = self._client.calls
            self._client.close()

    def _lines(self) -> Iterator[Batch]:
        try:
            for lines in self._log.batches():
                self._named.take(lines)
                yield lines
        except (NotVisible, Gone) as why:
            self.report.cursors[stamps.FULL] = ""
            raise SourceFailed(
                f"The log cannot be read, so nobody knows what changed; the next sync reads everything. {why}"
            ) from why

    def _changed_users(self) -> Iterator[Batch]:
        params = {"filter": f'lastUpdated gt "{self._users_read.since}"', "limit": "200"}
        for page in self._whole(
            "people", "/api/v1/users", params, shapes.User, "account", headers=WITHOUT_SECRETS
        ):
            yield from self._given_users(page)
            self._users_read = self._users_read.further((row.id, row.lastUpdated) for row in page)
        for native in sorted(self._named.users - self._changed.keys()):
            yield from self._given_users(self._one(f"/api/v1/users/{native}", shapes.User))
            if native not in self._changed:
                yield [Covered("account", native)]
        self.report.cursors[stamps.USERS] = self._users_read.cursor

    def _given_users(self, page: list[shapes.User]) -> Iterator[Batch]:
        self._changed.update((row.id, row.status or "") for row in page)
        yield [self._parser.account(row) for row in page]
        yield [Covered("account", row.id) for row in page]

    def _changed_groups(self) -> Iterator[Batch]:
        since = self._groups_read.since
        changed = f'lastUpdated gt "{since}" or lastMembershipUpdated gt "{since}"'
        params = {"filter": changed, "limit": "200", "expand": "stats"}
        for page in self._whole("groups", "/api/v1/groups", params, shapes.Group, "resource"):
            yield from self._given_groups(page)
            for row in page:
                if not self._groups_read.has_read(row.id, last_change(row)):
                    self._named.members.add(row.id)
            self._groups_read = self._groups_read.further((row.id, last_change(row)) for row in page)
        for native in sorted((self._named.groups | self._named.members) - self._groups_given.keys()):
            yield from self._given_groups(self._one(f"/api/v1/groups/{native}", shapes.Group))
            if native not in self._groups_given:
                yield [Covered("resource", native)]
        self.report.cursors[stamps.GROUPS] = self._groups_read.cursor

    def _given_groups(self, page: list[shapes.Group]) -> Iterator[Batch]:
        facts = [parse.group(row) for row in page]
        self._groups_given.update((fact.native_id, fact) for fact in facts)
        self._names.update((fact.native_id, fact.name) for fact in facts)
        yield facts
        yield [Covered("resource", fact.native_id) for fact in facts]

    def _named_apps(self) -> Iterator[Batch]:
        for native in sorted(self._named.apps):
            found = [parse.app(row) for row in self._one(f"/api/v1/apps/{native}", shapes.App)]
            self._names.update((fact.native_id, fact.name) for fact in found)
            yield found
            yield [Covered("resource", native)]

    def _one(self, path: str, shape: type[Any]) -> list[Any]:
        """One record; none where it is gone. Raises SourceFailed."""
        try:
            return self._pages.one(path, shape)
        except Gone:
            return []
        except NotVisible as why:
            raise SourceFailed(f"{path} cannot be read. {why}") from why

    def _app_jobs(self) -> Iterator[Job[Batch]]:
        people, apps = self._named.seats_to_read()
        for native in sorted(self._named.openings | self._named.apps):
            yield partial(self._parts.app_groups, self._parser, native)
        for native in sorted({*apps, *self._named.apps}):
            yield partial(self._parts.app_users, self._parser, native)
        for native in people:
            yield partial(self._apps_of, native)

    def _apps_of(self, native: str) -> Iterator[Batch]:
        """Everything that one user is assigned to: one question for all their apps."""
        params = {"filter": f'user.id eq "{native}"', "expand": f"user/{native}", "limit": "200"}
        try:
            for page in self._pages.rows("/api/v1/apps", params, shapes.AppOfUser, "seat"):
                yield [
                    self._parser.seat(row.id, row.embedded.user)
                    for row in page
                    if row.embedded and row.embedded.user
                ]
        except (NotVisible, Gone):
            yield [Unreadable("seat", native)]
        else:
            yield [Covered("seat", native, "account")]

    def _group_jobs(self) -> Iterator[Job[Batch]]:
        for native in sorted(self._named.members):
            known = self._groups_given.get(native)
            if known and known.type != EVERYONE:
                yield partial(self._parts.members, native, known.type)

    def _of_everyone(self) -> Iterator[Batch]:
        """Whoever appeared belongs to the group of all; who is deactivated has no access to end."""
        groups = [native for native, fact in self._groups_given.items() if fact.type == EVERYONE]
        people = [native for native, status in self._changed.items() if status != GONE]
        for group in groups:
            target = Ref("", "group", group)
            yield [GrantFact(native, target, MEMBER, "automation", (), "okta") for native in people]
