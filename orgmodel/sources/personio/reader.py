"""A full read of Personio: org units, then persons page by page, each with their employments.

Always a full one: a termination stands on the employment and need not move the person's own time of change.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from orgmodel.facts import AccountFact, Fact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import Problem, Report, SourceFailed
from orgmodel.sources.http import LANES
from orgmodel.sources.json_api import HIDDEN, Gone
from orgmodel.sources.json_records import Record, Repeats, key_of, record
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.source import Reading

from . import people, units
from .client import PersonioClient
from .employments import ATTRIBUTES
from .fields import CustomFields
from .settings import PersonioSettings

EMPLOYMENTS = "/v2/persons/{id}/employments"
NAMES = frozenset({"first_name", "last_name", "preferred_name", "email"})


class PersonioReader:
    """One full read. Further arguments go to the PersonioClient."""

    source = "hris"

    def __init__(self, settings: PersonioSettings, reading: Reading, **client: Any) -> None:
        self.report = Report()
        self._client = PersonioClient(settings, **client)
        self._beside = "units" in reading.beside
        self._fields = CustomFields(reading.conventions.people_fields.fields)
        self._units = units.OrgUnits(units.unit_types(reading.conventions), self.report)
        self._placed = frozenset() if self._beside else frozenset(self._units.types.attributes.values())
        """Attributes that later assignments plan."""
        self._people = people.People(reading.conventions, self._units, self._fields, self.report, reading.now)
        self._persons = self._read = self._named = 0
        """Persons that were listed, that were understood, that showed a name."""
        self._repeats = Repeats()
        self._hidden: set[Unreadable] = set()
        """What the credentials do not see of single persons: it stays as it was known."""
        self._shown: set[str] = set()
        """What the employments showed beside id and status."""

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Units, accounts, plans, assignments, and how far they are all. Raises SourceFailed."""
        pool = ThreadPoolExecutor(LANES)
        try:
            self._read_units()
            if not self._beside:
                yield list(self._units.facts())
            yield from self._read_people(pool)
            self._require_visible()
            yield [Covered("account"), Covered("planned")]
            if self._units.visible:
                yield [Covered("unit"), Covered("assignment")]
            yield [*self.report.unreadable(), *self._hidden]
        finally:
            self.report.calls = self._client.calls
            self._client.close()
            pool.shutdown(cancel_futures=True)

    def _read_units(self) -> None:
        try:
            for type_ in self._units.types.kinds:
                for page in self._client.pages(units.PATH, {"type": type_}):
                    self._units.add(type_, page)
        except HIDDEN as why:
            self._units.visible = False
            self.report.not_visible |= dict.fromkeys(("unit", "assignment", "attribute"), str(why))

    def _read_people(self, pool: ThreadPoolExecutor) -> Iterator[Sequence[Fact]]:
        repeats = self._repeats
        try:
            for page in self._client.pages(people.PATH):
                fresh = [each for each in page if not repeats.seen(key_of(each), each)]
                self._persons += len(fresh)
                for raw, answer in zip(fresh, pool.map(self._employments, fresh), strict=True):
                    yield from self._person(raw, answer, again=repeats.differs(key_of(raw)))
        except HIDDEN as why:
            raise SourceFailed(f"Personio's persons cannot be read. {why}") from why

    def _employments(self, raw: Any) -> list[Any] | Gone:
        """The employments of one person, or that there is nothing at their address. Raises NotVisible."""
        own = key_of(raw)
        path = f"{people.PATH}/{quote(own, safe='')}/employments"
        try:
            return [row for page in self._client.pages(path) for row in page] if own else []
        except Gone as why:
            return why

    def _person(self, raw: Any, rows: list[Any] | Gone, *, again: bool) -> Iterator[Sequence[Fact]]:
        try:
            person = self._understood(record(raw), rows)
        except BadRecord as why:
            self.report.problems.append(Problem(people.PATH, key_of(raw), str(why), "account"))
            return
        self._read += 1
        self._hidden |= {Unreadable(kind, key_of(raw)) for kind in person.hidden}
        if person.late:
            reason = "is called active after the last day of the employment; the day counts"
            self.report.problems.append(Problem(EMPLOYMENTS, key_of(raw), reason))
        accounts = [each for each in person.facts if isinstance(each, AccountFact)]
        yield accounts
        if not again:
            planned = (each for each in person.facts if not isinstance(each, AccountFact))
            yield [each for each in planned if each.attribute not in self._placed]
            yield [] if self._beside else person.assignments

    def _understood(self, found: Record, rows: list[Any] | Gone) -> people.Person:
        """The person, with a note of what is shown of persons and employments at all. Raises BadRecord."""
        self._named += not NAMES.isdisjoint(found)
        if isinstance(rows, Gone):
            raise BadRecord("employments are not there (404)")
        shown = (row.keys() for row in rows if isinstance(row, dict))
        self._shown.update(name for names in shown for name in ATTRIBUTES if name in names)
        return self._people.person(found, rows)

    def _require_visible(self) -> None:
        """Nothing that is hidden from the credentials may look empty. Raises SourceFailed."""
        if not self._persons:
            return
        hint = "choose the attributes that the API credentials may read (docs/sources/personio.md)"
        if not self._named:
            raise SourceFailed(f"Personio shows no names of persons; nothing was applied: {hint}.")
        if not self._shown:
            raise SourceFailed(
                f"Personio shows nothing of employments but their status; nothing was applied: {hint}."
            )
        if not self._read:
            raise SourceFailed(
                "Not one person of Personio could be understood; nothing was applied. The problems say why."
            )
        if why := self._fields.hidden():
            self.report.not_visible.setdefault("attribute", why)
            self._hidden |= {Unreadable("attribute", each) for each in self._repeats}
        for kind, name in (("manager", "supervisor"), ("attribute", "org_units"), ("attribute", "position")):
            if name not in self._shown and kind not in self._fields.fields:
                self.report.not_visible.setdefault(kind, f"No employment shows {name}; {hint}.")
