"""What has changed in an Okta organisation since the last read: a handful of calls.

Okta lists users and groups by when they last changed, members included; what happens to apps and to the
assignments to them, to owners and pushes, and what is deleted, is named by its log. Rules are few and are
read whole. Whatever no list and no line tells waits for the next read of everything, which goes on meanwhile.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from orgmodel.facts import MEMBER, GrantFact, Ref, ResourceFact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import Part, Problem, WholeReadNeeded
from orgmodel.sources.http import LANES

from . import owner_age, parse, rule_look, shapes, stamps
from .answers import Failing, Gone, NotVisible, Refused
from .client import OktaConnection
from .parts import EVERYONE, OF_APPS, PATHS, Batch, of_everyone
from .reader import WITHOUT_SECRETS, OktaReader
from .rule_look import RuleLook
from .stamps import Stamps
from .states import GONE
from .workers import Job, Workers

MOST_MOVED = 100
"""Of more people at once, what they are assigned to is taken from the lines about that alone."""


class OktaChanges(OktaReader):
    """One read of what changed. `users`, `groups`: how far those were read; `rules`: as they were (cursor),
    `rules_place`: how far the look through them has come; `kept`: which attributes were; `waiting`: who had
    an assignment that Okta was still working on; `left`: of a read of everything that goes on; `hinted`: kind
    and native id of what a hook has named; `opened_by`: the apps that groups opened, as far as is known.

    Further arguments are those of the OktaReader.
    """

    def __init__(
        self,
        connection: OktaConnection,
        *,
        users: Stamps,
        groups: Stamps,
        rules: str,
        rules_place: str,
        kept: str,
        waiting: str,
        left: Sequence[Part] = (),
        hinted: Callable[[], Collection[tuple[str, str]]] = tuple,
        opened_by: Callable[[Collection[str]], Collection[str]] = lambda groups: (),
        **more: Any,
    ) -> None:
        super().__init__(connection, kept=kept, **more)
        self.report.mode = "incremental"
        self._users_read, self._groups_read = users, groups
        self._rules_known, self._waiting = stamps.marks_from(rules), frozenset(waiting.split())
        self._rule_look = RuleLook(self._client, self._rules_known, rules_place, self._now)
        self._rules_looked_at = False
        self._left_over, self._hinted, self._opened_by = left, hinted, opened_by
        self._rules_seen = False
        self._given: set[str] = set()
        self._came: set[str] = set()
        """Users who are new, or changed since the last read."""
        self._left: set[str] = set()
        """Those who were deactivated since then: what they still belong to is asked of them."""
        self._groups_given: dict[str, ResourceFact] = {}
        self._no_more: set[str] = set()
        """What was deleted: of what hung on it nothing is asked for, or it would seem hidden."""

    def batches(self) -> Iterator[Batch]:
        """All facts that may have changed. Raises SourceFailed."""
        try:
            self._named.hint(self._hinted())
            yield from self._lines()
            yield from self._rules_if_due(quiet=self._named.is_empty)
            yield from self._changed_users()
            yield from self._changed_groups()
            yield from self._rules_if_due(quiet=not (self._came or self._left or self._named.members))
            yield from self._named_apps()
            self._named.openings.update(self._opened_by(self._no_more))
            yield from Workers([self._app_jobs(), self._group_jobs()], LANES, self._client.close).results()
            yield from self._of_everyone()
            yield from self._queue.results(self._lines_left(), self._parser)
            self._note_state()
            yield self._parts.settle(partly=PATHS)
            self._note_what_hid()
            if "" in self._named.owners:
                self.report.cursors[owner_age.STREAM] = ""
            yield self.report.unreadable()
            # Where a rule now asks for what was not kept, it is unknown of all who did not change.
            self.report.cursors[stamps.KEPT] = self._kept if self.keeps == self._kept else ""
        finally:
            self.report.calls = self._client.calls
            self._client.close()

    def _lines(self) -> Iterator[Batch]:
        try:
            yield from self._log.batches()
        except (NotVisible, Gone) as why:
            raise WholeReadNeeded(f"The log cannot be read, so nobody knows what changed. {why}") from why

    def _rules_if_due(self, *, quiet: bool) -> Iterator[Batch]:
        """Many rules are read only with other news, or where a look at a part of them finds some."""
        if self._rules_seen or (quiet and self._rules_looked_at):
            return
        if quiet and self._rule_look.is_enough and (place := self._rule_look.goes_on_at()):
            self._rules_looked_at = True
            self.report.cursors[rule_look.PLACE] = place
            if self._rule_look.has_ended:
                self.report.cursors[stamps.RULES_READ] = self._now.isoformat()
            # What they ask for of each user is known from before.
            self._parser = replace(self._parser, keep=self._parser.keep | {*self._kept.split()})
            return
        self._rules_seen = True
        yield from self._rules()
        self._named.members |= stamps.touched_by_rules(self._rules_known, self._rule_marks)

    def _changed_users(self) -> Iterator[Batch]:
        before = self._users_read
        params = {"filter": f'lastUpdated gt "{before.condition}"', "limit": "200"}
        for page in self._whole(
            "people", "/api/v1/users", params, shapes.User, "account", headers=WITHOUT_SECRETS
        ):
            stamps.require_changed(((row.id, row.lastUpdated) for row in page), before)
            yield from self._given_users(page)
            self._users_read = self._users_read.further((row.id, row.lastUpdated) for row in page)
        stamps.require_known(self._users_read, self._given | self._named.users)
        for native in sorted(self._named.users - self._given):
            found = self._one(f"/api/v1/users/{native}", native, shapes.User, "account")
            yield from self._given_users(found or [])
            if found is None:
                self._users_read = self._users_read.without(native)
                self._no_more.add(native)
                yield [Covered("account", native)]
        self.report.cursors[stamps.USERS] = self._users_read.cursor

    def _given_users(self, page: list[shapes.User]) -> Iterator[Batch]:
        fresh = [row for row in page if not self._users_read.has_read(row.id, row.lastUpdated)]
        self._left.update(row.id for row in fresh if row.status == GONE)
        self._came.update(row.id for row in fresh if row.status != GONE)
        self._given.update(row.id for row in page)
        yield [self._parser.account(row) for row in page]
        yield [Covered("account", row.id) for row in page]

    def _changed_groups(self) -> Iterator[Batch]:
        before = self._groups_read
        since = before.condition
        changed = f'lastUpdated gt "{since}" or lastMembershipUpdated gt "{since}"'
        params = {"filter": changed, "limit": "200", "expand": "stats"}
        for page in self._whole("groups", "/api/v1/groups", params, shapes.Group, "resource"):
            stamps.require_changed(((row.id, stamps.last_change(row)) for row in page), before)
            yield from self._given_groups(page)
            for row in page:
                if not self._groups_read.has_read(row.id, stamps.last_change(row)):
                    self._named.members.add(row.id)
            self._groups_read = self._groups_read.further((row.id, stamps.last_change(row)) for row in page)
        stamps.require_known(self._groups_read, self._groups_given.keys() | self._named.groups)
        for native in sorted((self._named.groups | self._named.members) - self._groups_given.keys()):
            found = self._one(f"/api/v1/groups/{native}", native, shapes.Group, "resource")
            yield from self._given_groups(found or [])
            if found is None:
                self._groups_read = self._groups_read.without(native)
                self._no_more.add(native)
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
            found = self._one(f"/api/v1/apps/{native}", native, shapes.App, "resource")
            facts = [parse.app(row) for row in found or []]
            self._names.update((fact.native_id, fact.name) for fact in facts)
            yield facts
            if facts or found is None:
                yield [Covered("resource", native)]
            if found is None:
                self._no_more.add(native)

    def _one(self, path: str, native: str, shape: type[Any], kind: str) -> list[Any] | None:
        """One record; empty where it cannot be read, so that what was known stays; None where it is gone."""
        try:
            found = [row for row in self._pages.one(path, shape) if row.id == native]
        except Gone:
            return None
        except (NotVisible, Refused, Failing) as why:
            self.report.problems.append(Problem(path, native, f"was named by the log: {why}", kind))
            return []
        if not found:
            self.report.problems.append(Problem(path, native, "was named by the log and is unreadable", kind))
        return found

    def _app_jobs(self) -> Iterator[Job[Batch]]:
        people, apps = self._named.seats_to_read()
        for native in sorted((self._named.openings | self._named.apps) - self._no_more):
            yield partial(self._parts.app_groups, self._parser, native)
        for native in sorted({*apps, *self._named.apps, *self._named.openings} - self._no_more):
            yield partial(self._parts.app_users, self._parser, native)
        for native in sorted(self._named.pushes - self._no_more):
            yield partial(self._parts.pushes, native, announced=False)
        for native in sorted({*people, *self._moved(), *self._waiting} - self._no_more):
            yield partial(self._apps_of, native)

    def _moved(self) -> set[str]:
        """Whose groups changed: as whom they are known in an app may change without a line about it."""
        return self._named.moved if len(self._named.moved) <= MOST_MOVED else set()

    def _apps_of(self, native: str) -> Iterator[Batch]:
        """Everything that one user is assigned to: one question for all their apps."""
        params = {"filter": f'user.id eq "{native}"', "expand": f"user/{native}", "limit": "200"}
        try:
            for page in self._pages.rows("/api/v1/apps", params, shapes.AppOfUser, "seat"):
                found = ((row.id, row.embedded.user) for row in page if row.embedded and row.embedded.user)
                yield self._parts.seats(self._parser, found)
        except (NotVisible, Gone):
            yield [Unreadable("seat", native)]
        else:
            yield [Covered("seat", native, "account")]

    def _group_jobs(self) -> Iterator[Job[Batch]]:
        for native in sorted(self._left):
            yield partial(self._groups_of, native)
        for native in sorted(self._named.members):
            known = self._groups_given.get(native)
            if known and known.type != EVERYONE:
                yield partial(self._parts.members, native, known.type)

        for native in sorted(self._named.owners - {"", *self._no_more}):
            yield partial(self._parts.owners, native)

    def _groups_of(self, native: str) -> Iterator[Batch]:
        """The groups of one user. By which rules is not told here, so what is known of that stays."""
        path = f"/api/v1/users/{native}/groups"
        try:
            for page in self._pages.rows(path, {"limit": "200"}, shapes.Group, "grant"):
                targets = [Ref("", "group", row.id) for row in page]
                yield [GrantFact(native, each, MEMBER, "unknown", (), "none") for each in targets]
        except (NotVisible, Gone):
            yield [Unreadable("grant", native)]
        else:
            yield [Covered("grant", native, "account")]

    def _of_everyone(self) -> Iterator[Batch]:
        """Whoever appeared belongs to the group of all; who was deactivated is asked for."""
        groups = [native for native, fact in self._groups_given.items() if fact.type == EVERYONE]
        for group in groups:
            yield of_everyone(group, self._came)

    def _lines_left(self) -> list[list[Part]]:
        """What is left of a read of everything, without what was read just now: of apps, and of groups."""
        lines: dict[bool, list[Part]] = {True: [], False: []}
        for part in self._left_over:
            if part.owner not in self._no_more and not self._parts.is_read(part.kind, part.owner):
                lines[part.kind in OF_APPS].append(part)
        return [lines[True], lines[False]]
