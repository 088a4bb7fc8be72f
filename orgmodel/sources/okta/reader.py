"""A full read of an Okta organisation: which calls, in which order, and what each may fail with.

Rules come first, because their expressions name the user attributes that must be kept. Groups and apps
are then read in parallel, a few at a time; batches come out as they arrive.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import Part, Report, SourceFailed
from orgmodel.sources.http import LANES

from . import long_lists, owner_age, parse, push_search, rule_look, shapes, stamps
from .answers import Gone, NotVisible
from .budget import pace_cursor
from .client import OktaClient, OktaConnection
from .log_reading import LogReading
from .long_lists import LongLists
from .named import Named
from .openings import Openings
from .owner_age import OwnerAge
from .paging import Pages
from .part_queue import PartQueue
from .parts import EVERYONE, PATHS, Batch, Parts, of_everyone
from .pushes import ANNOUNCED, Pushes
from .schemas import NOT_READ, NoSchema, user_schemas
from .states import GONE
from .unlisted import ask_for_unlisted
from .workers import Workers

WITHOUT_SECRETS = {
    "Content-Type": (
        "application/json; okta-response=omitCredentials,omitCredentialsLinks,omitTransitioningToStatus"
    )
}
PACE = "pace"
"""The stream that says how much of each rate bucket was used."""
ATTRIBUTE = re.compile(r"\buser\.([A-Za-z_]\w*)")


@dataclass(frozen=True)
class _Group:
    type: str
    members: int | None
    created: datetime | None


class OktaReader:
    """One full read. `keep`: attributes that units and moves name; `kept`: those that were kept before.

    `log_since`: for the first log read. `seconds`: after so long single groups and apps are left for the next
    slice, and soon where one is `awaited`. `whole`: when the last read of everything that came to its end
    began; None: there was none. Further arguments (`sleep`, `clock`, `jitter`, `transport`) go to the client.
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
        pushes_cursor: str = "",
        owners_cursor: str = "",
        long_cursor: str = "",
        kept: str = "",
        now: datetime | None = None,
        seconds: float | None = None,
        whole: datetime | None = None,
        awaited: Callable[[], bool] = lambda: False,
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
        self._named = Named()
        self._log = LogReading(self._client, self.report, log_cursor, log_since, self._named.take)
        self._pages = Pages(self._client, self.report)
        self._names: dict[str, str] = {}
        self._parts = Parts(self._pages, self.report, self._names)
        self._openings = Openings(self._client, self._pages)
        # A first read has nobody to leave anything to: what has changed is not told before its end.
        spare, self._long = whole is not None, LongLists(long_cursor)
        self._queue = PartQueue(self._client, self._parts, seconds, awaited, spare=spare, long=self._long)
        self._first, self._pushes_cursor, self._kept = whole is None, pushes_cursor, kept
        self._people, self._active = set[str](), set[str]()
        self._rule_marks: stamps.RuleMarks = {}
        self._user_stamps, self._group_stamps = list[stamps.Stamped](), list[stamps.Stamped]()
        self._groups: dict[str, _Group] = {}
        self._now = now or datetime.now(UTC)
        sliced = seconds is not None
        self._pushes = Pushes(self._parts, pushes_cursor, self._now, whole=whole, in_slices=sliced)
        self._owner_age = OwnerAge(owners_cursor, self._now, whole=whole, in_slices=sliced)

    def batches(self) -> Iterator[Batch]:
        """All facts of the organisation. Raises SourceFailed."""
        try:
            yield from self._log.before_the_lists()
            yield from self._rules()
            yield from self._schemas()
            yield from self._users()
            yield from self._list_groups()
            yield from self._list_apps()
            yield from self._of_everyone()
            yield from self._queue.results(self._lines_of_parts(), self._parser)
            if not self._queue.left:
                yield from Workers([self._pushes.silent_apps()], LANES, self._client.close).results()
            yield [Covered("account"), Covered("resource")]
            yield from ([mark] for mark in self._settled())
            yield from self._unlisted()
            yield from self._log.after_the_lists()
            yield self.report.unreadable()
            self._note_stamps()
        finally:
            self.report.calls = self._client.calls
            self._client.close()

    def _whole(
        self, what: str, path: str, params: Mapping[str, str], shape: type[Any], kind: str, **more: Any
    ) -> Iterator[list[Any]]:
        """Pages of a listing without which nothing can be said. Raises SourceFailed."""
        try:
            yield from self._pages.rows(path, params, shape, kind, **more)
        except NotVisible as why:
            raise SourceFailed(f"The {what} cannot be read. {why}") from why
        except Gone as why:
            raise SourceFailed(
                f"The {what} cannot be read: Okta has no {path}. Check that OKTA_URL is the org's own."
            ) from why

    def _not_visible(self, kind: str, why: Exception) -> None:
        reason = f"{why}: Okta has nothing at this address." if isinstance(why, Gone) else str(why)
        self.report.not_visible.setdefault(kind, reason)

    def _rules(self) -> Iterator[Batch]:
        names: set[str] = set()
        try:
            for page in self._pages.rows("/api/v1/groups/rules", {"limit": "200"}, shapes.Rule, "rule"):
                facts = [parse.rule(row) for row in page]
                self._rule_marks.update(stamps.marks_of(facts))
                names.update(name for fact in facts for name in ATTRIBUTE.findall(fact.expression))
                yield facts
            yield [Covered("rule")]
            self.report.cursors[stamps.RULES] = stamps.rules_cursor(self._rule_marks)
            self.report.cursors[stamps.RULES_READ] = self._now.isoformat()
            self.report.cursors[rule_look.PLACE] = rule_look.first_place(self._now)
        except (NotVisible, Gone) as why:
            self._not_visible("rule", why)
            # What rules name is not known now: what they named before is not taken away from anybody.
            names.update(self._kept.split())
        self._parser = replace(self._parser, keep=self._parser.keep | (names - {"getInternalProperty"}))

    def _schemas(self) -> Iterator[Batch]:
        """The attributes that exist. What cannot be read is not visible: what was known of them stays."""
        try:
            yield user_schemas(self._client, self._parser)
            yield [Covered("schema")]
        except NOT_READ as why:
            self._not_visible("schema", why)
        except NoSchema as why:
            self.report.not_visible.setdefault("schema", str(why))

    def _users(self) -> Iterator[Batch]:
        params = {"search": "status pr", "limit": "200"}
        for page in self._whole(
            "people", "/api/v1/users", params, shapes.User, "account", headers=WITHOUT_SECRETS
        ):
            self._people.update(row.id for row in page)
            self._active.update(row.id for row in page if row.status != GONE)
            self._user_stamps.extend((row.id, row.lastUpdated) for row in page)
            yield [self._parser.account(row) for row in page]

    def _unlisted(self) -> Iterator[Batch]:
        """People whom the list left out and whom groups and apps of the same read name."""
        missing = sorted(self._parts.named - self._people) if self._people else []
        for row in ask_for_unlisted(self._pages, self.report, missing):
            yield [self._parser.account(row)]

    def _list_groups(self) -> Iterator[Batch]:
        params = {"limit": "200", "expand": "stats"}
        for page in self._whole("groups", "/api/v1/groups", params, shapes.Group, "resource"):
            facts = [parse.group(row) for row in page]
            # A listing that shifts may name a group twice: its members are read once.
            known = zip(page, facts, strict=True)
            self._groups.update({row.id: _Group(fact.type, fact.members, row.created) for row, fact in known})
            self._names.update({fact.native_id: fact.name for fact in facts})
            self._group_stamps.extend(
                (row.id, stamps.last_change(row) if row.lastMembershipUpdated else None) for row in page
            )
            self._pushes.count(page)
            self._openings.note_groups(page)
            yield facts

    def _list_apps(self) -> Iterator[Batch]:
        for page in self._whole("apps", "/api/v1/apps", {"limit": "200"}, shapes.App, "resource"):
            facts = [parse.app(row) for row in page]
            for row in page:
                self._pushes.note(row)
            self._openings.note_apps(page)
            self._names.update({fact.native_id: fact.name for fact in facts})
            yield facts

    def _of_everyone(self) -> Iterator[Batch]:
        """The group of all, where it counts as many as are not deactivated: then it need not be listed."""
        for native, group in self._groups.items():
            if group.type == EVERYONE and group.members == len(self._active) > 0:
                self._parts.given("grant", native)
                yield of_everyone(native, self._active)

    def _lines_of_parts(self) -> list[list[Part]]:
        """Of apps, and of groups; first what the log names, which has changed since the last read."""
        named = self._named.members | self._named.openings | self._named.apps
        named |= {app for _, app in self._named.seats} | self._named.owners | self._named.pushes
        if "" in self._named.owners:
            self._owner_age.ask_all()
        self._long.forget(all_but={*self._groups, *self._pushes.apps})
        lines = (self._app_parts(), self._group_parts())
        return [sorted(line, key=lambda part: part.owner not in named) for line in lines]

    def _group_parts(self) -> Iterator[Part]:
        for native, group in self._groups.items():
            if group.members == 0:
                self._parts.given("grant", native)
            elif not self._parts.is_read("grant", native):
                yield Part("grant", native, group.type)
        for native, group in self._groups.items():
            if self._owner_age.asks(native, group.created, self._named.owners):
                yield Part("owner", native)

    def _app_parts(self) -> Iterator[Part]:
        unopened = self._openings.none_of() - self._named.openings - self._named.apps
        for native in self._pushes.apps:
            if native in unopened:
                self._parts.given("edge", native)
            else:
                yield Part("edge", native)
            yield Part("seat", native)
            if self._pushes.asks(native, self._named.pushes):
                yield Part("push", native, ANNOUNCED)

    def _settled(self) -> Iterator[Covered | Unreadable]:
        """How far the lists of groups and apps were read, and when apps are to be asked for pushes again."""
        left = self._queue.left
        if left:
            yield from self._parts.settle(partly=PATHS)
            left += self._pushes.left()
        else:
            yield from self._pushes.settle(partly=set() if self._owner_age.asks_all else {"owner"})
        self.report.left = [part for part in left if part.kind not in self.report.not_visible]
        if self._first:
            # What was never read is not known: nobody shall take it for empty.
            yield from (Unreadable(part.kind, part.owner) for part in self.report.left)
        if (search := self._pushes.cursor(in_slices=bool(left))) is not None:
            self.report.cursors[push_search.STREAM] = search
        self.report.cursors[owner_age.STREAM] = self._owner_age.cursor
        self._note_what_hid()

    def _note_what_hid(self) -> None:
        """Owners or pushes that could not be read are asked for again, whatever their age."""
        hidden = {*self.report.not_visible, *(problem.kind for problem in self.report.problems)}
        if "owner" in hidden:
            self.report.cursors[owner_age.STREAM] = ""
        search = push_search.last_search(self.report.cursors.get(push_search.STREAM, self._pushes_cursor))
        if "push" in hidden and search:
            self.report.cursors[push_search.STREAM] = replace(search, hidden=True).cursor

    def _note_stamps(self) -> None:
        """From where reading what changed may go on: only where every record says when it last did."""
        for stream, stamped in ((stamps.USERS, self._user_stamps), (stamps.GROUPS, self._group_stamps)):
            found = stamps.newest(stamped)
            self.report.cursors[stream] = found.cursor if found else ""
        self.report.cursors[stamps.KEPT] = self.keeps
        self._note_state()

    def _note_state(self) -> None:
        """What bears no stamp: assignments that end their waiting, and what was used of the rates."""
        self.report.cursors[stamps.WAITING] = " ".join(sorted(self._parts.waiting)[: stamps.MOST_WAITING])
        self.report.cursors[PACE] = pace_cursor(self._client.pace)
        self.report.cursors[long_lists.STREAM] = self._long.cursor

    @property
    def keeps(self) -> str:
        """The attributes that are kept, as the settings and the rules name them."""
        return " ".join(sorted(self._parser.keep))
