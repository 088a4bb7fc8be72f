"""A full read of a SCIM service provider: its limits, groups where they are units, then users."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from orgmodel.facts import AccountFact, AssignmentFact, Fact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import Problem, Report, SourceFailed
from orgmodel.sources.json_api import HIDDEN, Gone
from orgmodel.sources.json_records import Record, key_of
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.source import Reading

from . import groups
from .client import Limits, ScimClient
from .fields import UserFields
from .listing import Listing
from .people import People
from .settings import ScimSettings

USERS = "/Users"
BATCH = 2_000


class ScimReader:
    """One full read. Further arguments go to the ScimClient."""

    source = "hris"

    def __init__(self, settings: ScimSettings, reading: Reading, **client: Any) -> None:
        self.report = Report()
        self._client = ScimClient(settings, **client)
        self._beside = "units" in reading.beside
        self._fields = UserFields(reading.conventions.people_fields.fields)
        self._conventions = reading.conventions
        self._groups = groups.Groups(self._conventions, self._fields.groups, self.report)
        self._people = People(reading.conventions, self._fields, reading.now)
        self._listed = self._understood = 0

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Units, accounts, assignments, and how far they are all. Raises SourceFailed."""
        try:
            limits = self._client.limits()
            if self._fields.groups:
                self._read_groups(limits)
            if not self._beside:
                yield list(self._groups.facts())
            users = Listing(self._client, USERS, limits)
            yield from self._read_users(users)
            self._require_understood()
            if not self._beside:
                yield from self._assignments(users)
            yield [*map(Covered, self._whole(users))]
            yield [*self.report.unreadable(), *self._hidden(users)]
        finally:
            self.report.calls = self._client.calls
            self._client.close()

    def _read_groups(self, limits: Limits) -> None:
        """The groups, or that nothing is known of them: half of them would take people out of units."""
        listing = Listing(self._client, groups.PATH, limits)
        try:
            for page in listing.pages():
                for raw in page:
                    self._groups.add(raw, self._members(raw))
        except HIDDEN as why:
            listing.doubt = str(why)
        if listing.doubt:
            self._groups = groups.Groups(self._conventions, self._fields.groups, self.report)
            reason = f"Not all groups were seen: {listing.doubt}"
            self.report.not_visible |= dict.fromkeys(("unit", "assignment", "attribute"), reason)
        self._groups.settle()

    def _members(self, raw: Any) -> list[Record]:
        """A list may leave out members: then the group alone says them."""
        found, own = groups.members_of(raw), key_of(raw)
        if found is None and own:
            try:
                alone, _ = self._client.get(f"{groups.PATH}/{quote(own, safe='')}")
                found = groups.members_of(alone)
            except Gone:
                return []
        return found or []

    def _read_users(self, users: Listing) -> Iterator[Sequence[Fact]]:
        try:
            for page in users.pages():
                accounts: list[Fact] = []
                for raw in page:
                    accounts += self._user(raw)
                yield accounts
        except HIDDEN as why:
            raise SourceFailed(f"The users cannot be read. {why} Check HRIS_URL and HRIS_TOKEN.") from why

    def _user(self, raw: Any) -> list[AccountFact]:
        own = key_of(raw)
        self._listed += 1
        try:
            facts = [*self._people.facts(raw, self._groups.values(own))]
        except BadRecord as why:
            self.report.problems.append(Problem(USERS, own, str(why), "account"))
            return []
        self._understood += 1
        return [each for each in facts if isinstance(each, AccountFact)]

    def _require_understood(self) -> None:
        if self._listed and not self._understood:
            raise SourceFailed(
                "Not one user of SCIM could be understood; nothing was applied. The problems say why."
            )
        if self._listed and (why := self._fields.hidden()):
            self.report.not_visible.setdefault("attribute", why)

    def _assignments(self, users: Listing) -> Iterator[Sequence[Fact]]:
        batch: list[AssignmentFact] = []
        for each in self._groups.assignments(users):
            batch.append(each)
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch

    def _whole(self, users: Listing) -> Sequence[str]:
        """The kinds of which everything was seen."""
        if users.doubt:
            reason = f"Not all users were seen: {users.doubt}. Nobody counts as gone until a sync sees all."
            self.report.not_visible["account"] = reason
        units = () if "unit" in self.report.not_visible else ("unit", "assignment")
        return (*units, *(() if users.doubt else ("account", "planned")))

    def _hidden(self, users: Listing) -> Iterator[Unreadable]:
        """Of whom something is hidden: it stays as it was known."""
        everybody = users if "attribute" in self.report.not_visible else ()
        yield from (Unreadable("attribute", each) for each in everybody)
        for each in self._groups.unsure:
            yield from (Unreadable(kind, each) for kind in ("attribute", "assignment"))
