"""What belongs to one group or app: its members, owners, assignments and pushes.

A part that Okta does not give is unknown, not empty: what was known of it stays, a problem names it, and
the rest of the run goes on. Only where no part of a kind can be read is the whole kind not visible.
"""

import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from orgmodel.facts import MEMBER, Fact, GrantFact, Ref, SeatFact
from orgmodel.kinds import BY_NAME
from orgmodel.marks import Covered
from orgmodel.reports import Problem, Report, SourceFailed
from orgmodel.sources.http import PASSING

from . import parse, shapes
from .answers import Failing, Gone, NotVisible, Refused
from .members import MEMBERS, Members
from .paging import Pages
from .states import WAITS

Batch = Sequence[Fact]
MOST_FAILING, FAILING_SHARE = 25, 0.2
"""So many parts may answer with a server error, or that share of them: more means that Okta is not well."""
FEW = 3
"""Where fewer parts of a kind were asked, one that is gone says nothing about the others."""
EVERYONE = "built-in"
"""The type of the group that holds all who are not deactivated."""
PATHS = {
    "grant": MEMBERS,
    "owner": "/api/v1/groups/{}/owners",
    "edge": "/api/v1/apps/{}/groups",
    "seat": "/api/v1/apps/{}/users",
    "push": "/api/v1/apps/{}/group-push/mappings",
}
OF_APPS = frozenset({"edge", "seat", "push"})
"""Kinds whose lists are asked of apps; the others of groups."""


@dataclass
class _Tried:
    """The parts of one kind: how many were asked for, and those that cannot be read."""

    requested: int = 0
    read: set[str] = field(default_factory=set)
    unread: list[tuple[str, str, str]] = field(default_factory=list)
    """Path, native id of the object and why."""
    refused: list[str] = field(default_factory=list)
    """Why the token may not see it."""
    everywhere: bool = False
    """This organisation gives none of the kind, whatever is asked."""

    def hides_all(self, *, of_all: bool) -> bool:
        """None can be read, and not because just that one was deleted. `of_all`: all were asked for."""
        certain = (of_all and len(self.refused) == self.requested) or self.requested >= FEW
        return self.everywhere or (len(self.unread) == self.requested > 0 and certain)


class Parts:
    """Reads parts, from several threads. `names`: of groups and apps by native id.

    `settle` says in the report what could not be read, once all parts were asked for.
    """

    def __init__(self, pages: Pages, report: Report, names: dict[str, str]) -> None:
        self._pages, self._report, self._names = pages, report, names
        self._tried: dict[str, _Tried] = {}
        self._failing: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._members = Members(pages)
        self.pushed = 0
        """Push mappings that apps gave so far."""
        self.pushing: set[str] = set()
        """The apps that gave some."""
        self.waiting: set[str] = set()
        """Users with assignments that Okta is still working on."""
        self.named: set[str] = set()
        """Users that memberships and assignments name."""

    def members(self, group: str, kind: str) -> Iterator[Batch]:
        """The members of a group of this type, with Okta's attribution where it gives one."""
        yield from self._part("grant", group, self._member_facts(group, kind))

    def owners(self, group: str) -> Iterator[Batch]:
        """Who owns a group."""
        pages = self._pages.rows(PATHS["owner"].format(group), {"limit": "1000"}, shapes.Owner, "owner")
        yield from self._part("owner", group, ([parse.owner(group, row) for row in page] for page in pages))

    def app_groups(self, parser: parse.Parser, app: str) -> Iterator[Batch]:
        """The groups that open an app."""
        pages = self._pages.rows(PATHS["edge"].format(app), {"limit": "200"}, shapes.AppGroup, "edge")
        yield from self._part("edge", app, ([parser.edge(app, row) for row in page] for page in pages))

    def app_users(self, parser: parse.Parser, app: str) -> Iterator[Batch]:
        """The people assigned to an app, directly or by a group."""
        pages = self._pages.rows(PATHS["seat"].format(app), {"limit": "500"}, shapes.AppUser, "seat")
        seats = (self.seats(parser, ((app, row) for row in self._seen(page))) for page in pages)
        yield from self._part("seat", app, seats)

    def seats(self, parser: parse.Parser, found: Iterable[tuple[str, shapes.AppUser]]) -> list[SeatFact]:
        """Assignments to these apps; who waits for one is noted."""
        facts = [parser.seat(app, row) for app, row in found]
        self.waiting.update(
            [fact.account for fact in facts if fact.status in WAITS or fact.sync_state in WAITS]
        )
        return facts

    def pushes(self, app: str, *, announced: bool) -> Iterator[Batch]:
        """The groups pushed to an app. `announced`: the app says that it takes pushes; one that does not
        says that it has none where it does not know the question (400, 404, 405)."""
        pages = self._pages.rows(PATHS["push"].format(app), {"limit": "1000"}, shapes.Push, "push")
        found = (self._counted(app, page) for page in pages)
        yield from self._part("push", app, found if announced else _none_where_not_known(found))

    def is_read(self, kind: str, owner: str) -> bool:
        """The part was asked for, and given."""
        return kind in self._tried and owner in self._tried[kind].read

    def are_nowhere(self, kind: str) -> bool:
        """This organisation has said that it gives none of the kind: to ask on is of no use."""
        return kind in self._tried and self._tried[kind].everywhere

    def given(self, kind: str, owner: str) -> None:
        """The part is known without asking for it."""
        with self._lock:
            self._tried.setdefault(kind, _Tried()).read.add(owner)

    def all_pushes_read(self) -> bool:
        """No app that was asked for its pushes hid them."""
        return not ("push" in self._tried and self._tried["push"].unread)

    def _counted(self, app: str, page: list[shapes.Push]) -> Batch:
        with self._lock:
            self.pushed += len(page)
            self.pushing.update([app] if page else ())
        return [parse.push(app, row) for row in page]

    def settle(self, partly: Collection[str] = ()) -> list[Covered]:
        """Say what could not be read: a kind as a whole, or single objects by name. The rest is covered.

        `partly`: kinds of which not all were asked for; only those that were are covered.
        """
        seen = []
        for kind in PATHS:
            tried = self._tried.get(kind, _Tried())
            if tried.hides_all(of_all=kind not in partly):
                path, _, why = tried.unread[0]
                self._report.not_visible.setdefault(kind, (tried.refused or [f"{path}: {why}."])[0])
                continue
            seen += (
                [Covered(kind, owner) for owner in sorted(tried.read)] if kind in partly else [Covered(kind)]
            )
            for path, owner, why in tried.unread:
                what = f"the {BY_NAME[kind].listed.format(self._names.get(owner, owner))}"
                reason = f"{what} cannot be read ({why}): not visible, so what was known stays"
                self._report.problems.append(Problem(path, owner, reason, kind))
        return seen

    def _member_facts(self, group: str, kind: str) -> Iterator[Batch]:
        for page in self._members.pages(group):
            yield [parse.member(kind, group, row) for row in self._seen(page)]

    def _seen(self, page: list[Any]) -> list[Any]:
        self.named.update([row.id for row in page])
        return page

    def _part(self, kind: str, owner: str, found: Iterator[Batch]) -> Iterator[Batch]:
        with self._lock:
            tried = self._tried.setdefault(kind, _Tried())
            tried.requested += 1
        try:
            yield from found
        except (NotVisible, Gone, Refused, Failing) as error:
            self._unread(tried, kind, owner, error)
        else:
            tried.read.add(owner)

    def _unread(self, tried: _Tried, kind: str, owner: str, error: Exception) -> None:
        path, why = PATHS[kind].format(owner), _why(error)
        with self._lock:
            tried.unread.append((path, owner, why))
            if isinstance(error, NotVisible):
                tried.refused.append(str(error))
                tried.everywhere = tried.everywhere or error.everywhere
            if isinstance(error, Failing) and error.status in PASSING:
                self._failing[error.status] += 1
            total = sum(each.requested for each in self._tried.values())
            if self._failing.total() > max(MOST_FAILING, FAILING_SHARE * total):
                raise SourceFailed(
                    f"Okta answers {self._failing.most_common(1)[0][0]} to more than {MOST_FAILING} questions"
                    " about single groups and apps; nothing was applied. Sync again later."
                )


def of_everyone(group: str, accounts: Iterable[str]) -> list[GrantFact]:
    """Memberships of the group of all, to which whoever is not deactivated belongs."""
    target = Ref("", "group", group)
    return [GrantFact(native, target, MEMBER, "automation", (), "okta") for native in sorted(accounts)]


def _none_where_not_known(found: Iterator[Batch]) -> Iterator[Batch]:
    try:
        yield from found
    except (Gone, Refused):
        return
    except Failing as error:
        if error.status != httpx.codes.METHOD_NOT_ALLOWED:
            raise


def may_push(features: Collection[str]) -> bool:
    """Whether an app may have push mappings though it does not announce GROUP_PUSH: it is provisioned."""
    return any(each == "SCIM_PROVISIONING" or each.startswith("PUSH_") for each in features)


def _why(error: Exception) -> str:
    if isinstance(error, NotVisible):
        return "the token may not see it"
    if isinstance(error, Gone):
        return "Okta answers 404"
    if isinstance(error, Failing):
        return f"Okta answers {error.status} {error.code}".rstrip()
    return f"Okta answers 400 {getattr(error, 'code', '')}".rstrip()
