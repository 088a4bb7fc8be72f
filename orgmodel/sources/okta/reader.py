"""A full read of an Okta organisation: which calls, in which order, and what each may fail with.

Rules come first, because their expressions name the user attributes that must be kept. Groups and apps
are then read in parallel, a few at a time; batches come out as they arrive.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from orgmodel.facts import Fact, Problem, Report, SourceFailed

from . import parse, shapes
from .answers import Gone, NotVisible, Refused
from .client import LANES, OktaClient, OktaConnection
from .decode import rows
from .workers import Job, Workers

LOG_PAGES = 500
"""At most so many pages of the log in one run; the next run goes on from its cursor."""
WITHOUT_SECRETS = {
    "Content-Type": (
        "application/json; okta-response=omitCredentials,omitCredentialsLinks,omitTransitioningToStatus"
    )
}
LOG_FILTER = (
    'eventType sw "group." or eventType sw "application." or eventType sw "user.lifecycle."'
    ' or eventType sw "user.account." or eventType sw "system.import."'
    ' or eventType sw "app.user_management" or eventType eq "resource.owner.update"'
    ' or eventType sw "access.request."'
)
ATTRIBUTE = re.compile(r"\buser\.([A-Za-z_]\w*)")
USER_SCHEMA = "/api/v1/meta/schemas/user/default"
VANISHING = frozenset({"grant", "edge", "seat"})
"""Kinds of which an object that vanished while it was read must not look emptied."""

Batch = Sequence[Fact]


@dataclass(frozen=True)
class _Group:
    type: str
    members: int | None


@dataclass(frozen=True)
class _App:
    pushes: bool


class OktaReader:
    """One full read. `keep`: attributes that units and moves name. `log_since`: for the first log read.

    Further arguments (`sleep`, `clock`, `jitter`, `transport`) go to the OktaClient.
    """

    source = "okta"

    def __init__(
        self,
        connection: OktaConnection,
        *,
        level_keys: Sequence[str] = (),
        id_attribute: str = "employeeNumber",
        manager_attribute: str = "managerId",
        email_attribute: str = "email",
        keep: frozenset[str] = frozenset(),
        log_cursor: str = "",
        log_since: datetime | None = None,
        **client: Any,
    ) -> None:
        self.report = Report()
        self._client = OktaClient(connection, **client)
        self._parser = parse.Parser(
            id_attribute,
            manager_attribute,
            email_attribute,
            level_keys,
            parse.WORK_ATTRIBUTES | keep | {id_attribute, manager_attribute},
        )
        self._log_cursor, self._log_since = log_cursor, log_since
        self._expands: bool | None = None
        """Whether this Okta takes the question for the rules of members; None: not yet known."""
        self._groups: dict[str, _Group] = {}
        self._apps: dict[str, _App] = {}

    def batches(self) -> Iterator[Batch]:
        """All facts of the organisation. Raises SourceFailed."""
        try:
            yield from self._rules()
            yield from self._schemas()
            yield from self._users()
            yield from self._list_groups()
            yield from self._list_apps()
            yield from Workers([self._app_jobs(), self._group_jobs()], LANES, self._client.close).results()
            yield from self._log()
        finally:
            self.report.calls = self._client.calls
            self._client.close()

    def _rows(
        self, path: str, params: Mapping[str, str], shape: type[Any], kind: str, **more: Any
    ) -> Iterator[list[Any]]:
        for body in self._client.pages(path, params, **more):
            problems: list[Problem] = []
            found = rows(body, shape, path, kind, problems)
            self.report.problems.extend(problems)
            yield found

    def _whole(
        self, what: str, path: str, params: Mapping[str, str], shape: type[Any], kind: str, **more: Any
    ) -> Iterator[list[Any]]:
        """Pages of a listing without which nothing can be said. Raises SourceFailed."""
        try:
            yield from self._rows(path, params, shape, kind, **more)
        except NotVisible as why:
            raise SourceFailed(f"The {what} cannot be read. {why}") from why
        except Gone as why:
            raise SourceFailed(
                f"The {what} cannot be read: Okta has no {path}. Check that OKTA_URL is the org's own."
            ) from why

    def _blind(self, kind: str, why: Exception) -> None:
        told = f"{why}: Okta has nothing at this address." if isinstance(why, Gone) else str(why)
        self.report.not_visible.setdefault(kind, told)

    def _rules(self) -> Iterator[Batch]:
        names: set[str] = set()
        try:
            for page in self._rows("/api/v1/groups/rules", {"limit": "200"}, shapes.Rule, "rule"):
                facts = [parse.rule(row) for row in page]
                names.update(name for fact in facts for name in ATTRIBUTE.findall(fact.expression))
                yield facts
        except (NotVisible, Gone) as why:
            self._blind("rule", why)
        self._parser = replace(self._parser, keep=self._parser.keep | (names - {"getInternalProperty"}))

    def _schemas(self) -> Iterator[Batch]:
        """The attributes that exist; the other schemas tell whether this token may see them."""
        for path in (
            "/api/v1/meta/schemas/group/default",
            USER_SCHEMA,
            "/api/v1/meta/types/user",
        ):
            try:
                body = self._client.one(path)
                if path == USER_SCHEMA:
                    yield self._schema(body)
            except (NotVisible, Gone) as why:
                self._blind("schema", why)

    def _schema(self, body: bytes) -> Batch:
        """What cannot be read is as good as not visible: what was known of the schema stays."""
        try:
            return self._parser.schema(msgspec.json.decode(body, type=shapes.Schema))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self.report.not_visible.setdefault("schema", "Okta’s answer is no schema.")
            return []

    def _users(self) -> Iterator[Batch]:
        params = {"search": "status pr", "limit": "200"}
        for page in self._whole(
            "people", "/api/v1/users", params, shapes.User, "account", headers=WITHOUT_SECRETS
        ):
            yield [self._parser.account(row) for row in page]

    def _list_groups(self) -> Iterator[Batch]:
        params = {"limit": "200", "expand": "stats"}
        for page in self._whole("groups", "/api/v1/groups", params, shapes.Group, "resource"):
            facts = [parse.group(row) for row in page]
            # A listing that shifts may name a group twice: its members are read once.
            self._groups.update({fact.native_id: _Group(fact.type, fact.members) for fact in facts})
            yield facts

    def _list_apps(self) -> Iterator[Batch]:
        for page in self._whole("apps", "/api/v1/apps", {"limit": "200"}, shapes.App, "resource"):
            facts = [parse.app(row) for row in page]
            self._apps.update({fact.native_id: _App("GROUP_PUSH" in fact.features) for fact in facts})
            yield facts

    def _group_jobs(self) -> Iterator[Job[Batch]]:
        for native, group in self._groups.items():
            if group.members != 0:
                yield partial(self._members, native, group.type)
            yield partial(self._owners, native)

    def _app_jobs(self) -> Iterator[Job[Batch]]:
        for native, app in self._apps.items():
            yield partial(self._app_groups, native)
            yield partial(self._app_users, native)
            if app.pushes:
                yield partial(self._pushes, native)

    def _members(self, group: str, kind: str) -> Iterator[Batch]:
        if self._expands is not False:
            try:
                yield from self._member_pages(group, kind, {"expand": "group-rules"})
            except Refused:
                # An Okta of before June 2026 may not know this question: then nobody is attributed.
                self._expands = bool(self._expands)
            else:
                self._expands = True
                return
        yield from self._member_pages(group, kind, {})

    def _member_pages(self, group: str, kind: str, expand: dict[str, str]) -> Iterator[Batch]:
        path = f"/api/v1/groups/{group}/users"
        for page in self._part("grant", path, group, {"limit": "200", **expand}, shapes.Member):
            yield [parse.member(kind, group, row) for row in page]

    def _owners(self, group: str) -> Iterator[Batch]:
        path = f"/api/v1/groups/{group}/owners"
        for page in self._part("owner", path, group, {"limit": "1000"}, shapes.Owner):
            yield [parse.owner(group, row) for row in page]

    def _app_groups(self, app: str) -> Iterator[Batch]:
        path = f"/api/v1/apps/{app}/groups"
        for page in self._part("edge", path, app, {"limit": "200"}, shapes.AppGroup):
            yield [self._parser.edge(app, row) for row in page]

    def _app_users(self, app: str) -> Iterator[Batch]:
        path = f"/api/v1/apps/{app}/users"
        for page in self._part("seat", path, app, {"limit": "500"}, shapes.AppUser):
            yield [self._parser.seat(app, row) for row in page]

    def _pushes(self, app: str) -> Iterator[Batch]:
        path = f"/api/v1/apps/{app}/group-push/mappings"
        for page in self._part("push", path, app, {"limit": "1000"}, shapes.Push):
            yield [parse.push(app, row) for row in page]

    def _part(
        self, kind: str, path: str, owner: str, params: dict[str, str], shape: type[Any]
    ) -> Iterator[list[Any]]:
        """Pages of one object's part. Gone with its object: what it had stays until the next read finds
        it no longer listed. Not permitted: unknown."""
        try:
            yield from self._rows(path, params, shape, kind)
        except Gone:
            if kind in VANISHING:
                self.report.problems.append(Problem(path, owner, "deleted while it was read", kind))
        except NotVisible as why:
            self._blind(kind, why)

    def _log(self) -> Iterator[Batch]:
        self.report.cursor = self._log_cursor
        try:
            if self._log_cursor:
                try:
                    yield from self._log_from({"after": self._log_cursor})
                except Refused:
                    # How long a cursor lives is not told; events are known by their uuid, so none doubles.
                    self.report.cursor = ""
                else:
                    return
            yield from self._log_from(self._since())
        except (NotVisible, Gone) as why:
            self._blind("event", why)

    def _since(self) -> dict[str, str]:
        if self._log_since is None:
            return {}
        return {"since": self._log_since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")}

    def _log_from(self, place: dict[str, str]) -> Iterator[Batch]:
        params = {"limit": "1000", "sortOrder": "ASCENDING", "filter": LOG_FILTER, **place}
        for number, (body, cursor) in enumerate(self._client.log_pages("/api/v1/logs", params), 1):
            found = rows(body, shapes.Event, "/api/v1/logs", "", self.report.problems)
            yield parse.events(found)
            stands = cursor in {"", self.report.cursor}
            self.report.cursor = cursor or self.report.cursor
            if not found or stands or number >= LOG_PAGES:
                return
