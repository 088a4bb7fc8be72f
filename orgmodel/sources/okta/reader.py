"""A full read of an Okta organisation: which calls, in which order, and what each may fail with.

Rules come first, because their expressions name the user attributes that must be kept. Groups and apps
are then read in parallel, a few at a time; batches come out as they arrive.
"""

import queue
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from orgmodel.facts import Fact, Problem, Report, SourceFailed

from . import parse, shapes
from .client import Gone, NotVisible, OktaClient, OktaConnection

READERS = 4
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
    ' or eventType eq "resource.owner.update"'
)
ATTRIBUTE = re.compile(r"\buser\.([A-Za-z_]\w*)")

Batch = Sequence[Fact]
Job = Callable[[], Iterator[Batch]]


@dataclass(frozen=True)
class _Group:
    id: str
    type: str
    members: int | None


@dataclass(frozen=True)
class _App:
    id: str
    pushes: bool


class OktaReader:
    """One full read. `keep`: attributes that units and moves name. `log_since`: for the first log read."""

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
        self._groups: list[_Group] = []
        self._apps: list[_App] = []

    def batches(self) -> Iterator[Batch]:
        """All facts of the organisation. Raises SourceFailed."""
        try:
            yield from self._rules()
            self._schemas()
            yield from self._users()
            yield from self._list_groups()
            yield from self._list_apps()
            yield from self._parallel([*self._group_jobs(), *self._app_jobs()])
            yield from self._log()
        finally:
            self.report.calls = self._client.calls
            self._client.close()

    def _rows(
        self, path: str, params: Mapping[str, str], shape: type[Any], kind: str, **more: Any
    ) -> Iterator[list[Any]]:
        problems: list[Problem] = []
        for body in self._client.pages(path, params, **more):
            found = parse.rows(body, shape, path, kind, problems)
            self.report.problems.extend(problems)
            problems.clear()
            yield found

    def _blind(self, kind: str, why: NotVisible) -> None:
        self.report.not_visible.setdefault(kind, str(why))

    def _rules(self) -> Iterator[Batch]:
        names: set[str] = set()
        try:
            for page in self._rows("/api/v1/groups/rules", {"limit": "200"}, shapes.Rule, "rule"):
                facts = [parse.rule(row) for row in page]
                names.update(name for fact in facts for name in ATTRIBUTE.findall(fact.expression))
                yield facts
        except NotVisible as why:
            self._blind("rule", why)
        known = self._parser
        self._parser = parse.Parser(
            known.id_attribute,
            known.manager_attribute,
            known.email_attribute,
            known.level_keys,
            known.keep | (names - {"getInternalProperty"}),
        )

    def _schemas(self) -> None:
        """The schemas: whether this token may see which attributes exist."""
        for path in (
            "/api/v1/meta/schemas/group/default",
            "/api/v1/meta/schemas/user/default",
            "/api/v1/meta/types/user",
        ):
            try:
                self._client.one(path)
            except (NotVisible, Gone) as why:
                self.report.not_visible.setdefault("schema", str(why))

    def _users(self) -> Iterator[Batch]:
        params = {"search": "status pr", "limit": "200"}
        try:
            for page in self._rows("/api/v1/users", params, shapes.User, "account", headers=WITHOUT_SECRETS):
                yield [self._parser.account(row) for row in page]
        except NotVisible as why:
            raise SourceFailed(f"The people cannot be read. {why}") from why

    def _list_groups(self) -> Iterator[Batch]:
        try:
            for page in self._rows(
                "/api/v1/groups", {"limit": "200", "expand": "stats"}, shapes.Group, "resource"
            ):
                facts = [parse.group(row) for row in page]
                self._groups.extend(_Group(fact.native_id, fact.type, fact.members) for fact in facts)
                yield facts
        except NotVisible as why:
            raise SourceFailed(f"The groups cannot be read. {why}") from why

    def _list_apps(self) -> Iterator[Batch]:
        try:
            for page in self._rows("/api/v1/apps", {"limit": "200"}, shapes.App, "resource"):
                facts = [parse.app(row) for row in page]
                self._apps.extend(_App(fact.native_id, "GROUP_PUSH" in fact.features) for fact in facts)
                yield facts
        except NotVisible as why:
            raise SourceFailed(f"The apps cannot be read. {why}") from why

    def _group_jobs(self) -> Iterator[Job]:
        # A listing that shifts may name a group twice: it is read once.
        for group in {group.id: group for group in self._groups}.values():
            if group.members != 0:
                yield partial(self._members, group)
            yield partial(self._owners, group)

    def _app_jobs(self) -> Iterator[Job]:
        for app in {app.id: app for app in self._apps}.values():
            yield partial(self._app_groups, app)
            yield partial(self._app_users, app)
            if app.pushes:
                yield partial(self._pushes, app)

    def _members(self, group: _Group) -> Iterator[Batch]:
        params = {"limit": "200", "expand": "group-rules"}
        path = f"/api/v1/groups/{group.id}/users"
        for page in self._part("grant", path, params, shapes.Member):
            yield [parse.member(group.type, group.id, row) for row in page]

    def _owners(self, group: _Group) -> Iterator[Batch]:
        path = f"/api/v1/groups/{group.id}/owners"
        for page in self._part("owner", path, {"limit": "1000"}, shapes.Owner):
            yield [parse.owner(group.id, row) for row in page]

    def _app_groups(self, app: _App) -> Iterator[Batch]:
        path = f"/api/v1/apps/{app.id}/groups"
        for page in self._part("edge", path, {"limit": "200"}, shapes.AppGroup):
            yield [self._parser.edge(app.id, row) for row in page]

    def _app_users(self, app: _App) -> Iterator[Batch]:
        path = f"/api/v1/apps/{app.id}/users"
        for page in self._part("seat", path, {"limit": "500"}, shapes.AppUser):
            yield [self._parser.seat(app.id, row) for row in page]

    def _pushes(self, app: _App) -> Iterator[Batch]:
        path = f"/api/v1/apps/{app.id}/group-push/mappings"
        for page in self._part("push", path, {"limit": "1000"}, shapes.Push):
            yield [parse.push(app.id, row) for row in page]

    def _part(self, kind: str, path: str, params: dict[str, str], shape: type[Any]) -> Iterator[list[Any]]:
        """Pages of one object's part: gone with its object is empty, not permitted is unknown."""
        try:
            yield from self._rows(path, params, shape, kind)
        except Gone:
            return
        except NotVisible as why:
            self._blind(kind, why)

    def _log(self) -> Iterator[Batch]:
        params = {"limit": "1000", "sortOrder": "ASCENDING", "filter": LOG_FILTER}
        if self._log_cursor:
            params["after"] = self._log_cursor
        elif self._log_since:
            params["since"] = self._log_since.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        self.report.cursor = self._log_cursor
        try:
            for number, (body, cursor) in enumerate(self._client.log_pages("/api/v1/logs", params), 1):
                found = parse.rows(body, shapes.Event, "/api/v1/logs", "", self.report.problems)
                yield parse.events(found)
                self.report.cursor = cursor or self.report.cursor
                if not found or number >= LOG_PAGES:
                    return
        except (NotVisible, Gone) as why:
            self.report.not_visible.setdefault("event", str(why))

    def _parallel(self, jobs: list[Job]) -> Iterator[Batch]:
        """Run the jobs in a few threads; their batches come out here, in any order."""
        todo: queue.SimpleQueue[Job] = queue.SimpleQueue()
        for job in jobs:
            todo.put(job)
        done: queue.Queue[Batch | BaseException | None] = queue.Queue(maxsize=32)
        stopped = threading.Event()
        threads = [
            threading.Thread(target=_work, args=(todo, done, stopped), daemon=True) for _ in range(READERS)
        ]
        for thread in threads:
            thread.start()
        running = len(threads)
        try:
            while running:
                item = done.get()
                if item is None:
                    running -= 1
                elif isinstance(item, BaseException):
                    raise item
                else:
                    yield item
        finally:
            stopped.set()
            if running:
                self._client.close()
            while any(thread.is_alive() for thread in threads):
                _drain(done)
                threads[0].join(0.01)


def _work(todo: "queue.SimpleQueue[Job]", done: "queue.Queue[Any]", stopped: threading.Event) -> None:
    try:
        while not stopped.is_set():
            try:
                job = todo.get_nowait()
            except queue.Empty:
                break
            for batch in job():
                if batch:
                    done.put(batch)
                if stopped.is_set():
                    break
    except BaseException as error:  # noqa: BLE001  # handed to the reading thread, which raises it
        done.put(error)
    finally:
        done.put(None)


def _drain(done: "queue.Queue[Any]") -> None:
    try:
        while True:
            done.get_nowait()
    except queue.Empty:
        return
