"""One read of HiBob: lists, then people in batches with their rows; an answer that fails ends it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, AssignmentFact, Fact, PlannedFact
from orgmodel.marks import Covered
from orgmodel.reports import Problem, Reference, Report, SourceFailed
from orgmodel.sources.hr_records import facts_of
from orgmodel.sources.json_api import HIDDEN
from orgmodel.sources.record_problems import BadRecord

from .client import HiBobClient
from .fields import ID, MANAGER, USUAL, Fields, chosen, found, id_of
from .labels import Labels
from .lists import NamedLists, field_types, read
from .people import People
from .probe import Probe
from .rates import SEARCH
from .settings import HiBobSettings
from .tables import LifecycleTable, WorkTable
from .units import ListUnits

FIELDS, LISTS = "/company/people/fields", "/company/named-lists"
AT_ONCE = 200
"""People of one search."""
MOST_BAD = 0.1
MOST = 1000
"""Problems and references of one kind that are reported one by one."""


class HiBobReader:
    """One full read; HiBob knows no other. `units`: no control plane keeps the units, so lists make them.

    Further arguments (`sleep`, `clock`, `jitter`, `transport`) go to the client.
    """

    source = "hris"

    def __init__(
        self,
        settings: HiBobSettings,
        conventions: Conventions | None = None,
        *,
        units: bool = False,
        now: datetime | None = None,
        fields_before: str = "",
        **http: Any,
    ) -> None:
        self.report = Report()
        self._client = HiBobClient(settings, **http)
        self._conventions = conventions or Conventions()
        self._units = units
        self._now = now or datetime.now(UTC)
        self._before = fields_before
        self._bad: dict[str, str] = {}
        """Person → why the record cannot be used."""
        self._managers: dict[str, str] = {}

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Accounts, what is planned of them, assignments and units. Raises SourceFailed."""
        try:
            yield from self._read()
        finally:
            self.report.calls = self._client.calls
            self._client.close()

    def _read(self) -> Iterator[Sequence[Fact]]:
        fields = chosen(self._conventions.people_fields.fields)
        types, of_fields = self._field_types()
        probe = Probe(fields, types, self._before)
        probe.require_known()
        lists = self._lists(of_fields)
        labels = Labels(lists or NamedLists(), types)
        ids = self._ids()
        today = self._now.astimezone(self._conventions.notify.time_zone).date()
        work = WorkTable(self._client, fields, labels, today, self.report)
        lifecycle = LifecycleTable(self._client, self.report)
        people = People(fields, labels, self._conventions, self._now)
        units = ListUnits(lists, fields, self._conventions) if self._units and lists is not None else None
        for start in range(0, len(ids), AT_ONCE):
            records = self._records(fields, ids[start : start + AT_ONCE], probe)
            yield from self._facts(records, people, work, lifecycle, units)
        probe.settle(self.report, has_status=lifecycle.has_rows)
        self._settle(ids, work)
        if units is not None:
            yield units.units()
        yield self._covered(work, lists)
        if unreadable := self.report.unreadable():
            yield unreadable

    def _field_types(self) -> tuple[dict[str, str], dict[str, str]]:
        try:
            return field_types(self._client.get(FIELDS))
        except HIDDEN:
            return {}, {}

    def _lists(self, of_fields: dict[str, str]) -> NamedLists | None:
        try:
            return NamedLists(read(self._client.get(LISTS, includeArchived="true")), of_fields)
        except HIDDEN as why:
            self.report.not_visible["unit"] = str(why)
            return None

    def _ids(self) -> list[str]:
        """Everybody's id, each once. Raises SourceFailed where there is nobody."""
        try:
            records = self._client.people([ID])
        except HIDDEN as why:
            raise SourceFailed(f"The people cannot be read. {why} Nothing was applied.") from why
        found_ids = dict.fromkeys(_id_in(record) for record in records)
        if "" in found_ids:
            del found_ids[""]
            self._problem("", f"a record has no {ID}", "account")
        if not found_ids:
            raise SourceFailed(
                "HiBob shows the service user nobody: a new one may see nothing. Give it a permission group"
                " with View and with “Access data for” everybody, then sync again."
            )
        return [*found_ids]

    def _records(self, fields: Fields, ids: Sequence[str], probe: Probe) -> dict[str, dict[str, Any]]:
        """The records of these people; whoever is given twice and differently has none."""
        try:
            given = self._client.people(fields.requested, ids)
        except HIDDEN as why:
            raise SourceFailed(f"The people cannot be read. {why} Nothing was applied.") from why
        records: dict[str, dict[str, Any]] = {}
        wanted = set(ids)
        for record in given:
            native_id = _id_in(record)
            if native_id not in wanted:
                continue
            probe.saw(record)
            if records.setdefault(native_id, record) != record:
                self._bad[native_id] = "the same id appears twice, with different values"
        for native_id in wanted - records.keys():
            self._bad[native_id] = "was listed, and then not given"
        return {native_id: record for native_id, record in records.items() if native_id not in self._bad}

    def _facts(
        self,
        records: dict[str, dict[str, Any]],
        people: People,
        work: WorkTable,
        lifecycle: LifecycleTable,
        units: ListUnits | None,
    ) -> Iterator[Sequence[Fact]]:
        accounts: list[AccountFact] = []
        planned: list[PlannedFact] = []
        assignments: list[AssignmentFact] = []
        stretches, stages = work.of([*records]), lifecycle.of([*records])
        for native_id, record in records.items():
            if reason := work.unreadable.get(native_id) or lifecycle.unreadable.get(native_id):
                self._bad[native_id] = reason
                continue
            try:
                person = people.person(record, stretches.get(native_id, ()), stages.get(native_id, ()))
            except BadRecord as why:
                self._bad[native_id] = str(why)
                continue
            (account, *coming) = facts_of(person.worker, person.status, person.today)
            assert isinstance(account, AccountFact)  # noqa: S101  # facts_of gives it first
            accounts.append(account)
            ahead = [each for each in coming if isinstance(each, PlannedFact)]
            planned += ahead
            self._managers[native_id] = account.manager_ref
            if units is not None:
                first = {each.attribute: each.valid_from for each in reversed(ahead)}
                assignments += units.place(account, _raw(record, people.fields), first)
        yield from filter(None, (accounts, planned, assignments))

    def _settle(self, ids: Sequence[str], work: WorkTable) -> None:
        """Problems of single people, and managers whom nobody knows. Raises SourceFailed for too many."""
        if len(self._bad) > max(MOST_BAD * len(ids), 1) or len(self._bad) == len(ids):
            reason = next(iter(self._bad.values()))
            raise SourceFailed(
                f"HiBob: {len(self._bad)} of {len(ids)} records cannot be used, more than a tenth; nothing"
                f" was applied. The first: {reason}. Sync again later."
            )
        for native_id, reason in self._bad.items():
            self._problem(native_id, reason, "account")
        for native_id, path in work.unresolved.items():
            if native_id not in self._bad:
                self._problem(native_id, f"a future row: {path} holds no item of its list", "planned")
        known = {*ids}
        unknown = [(person, boss) for person, boss in self._managers.items() if boss and boss not in known]
        self.report.unknown += [
            Reference(SEARCH, person, USUAL[MANAGER], "manager", boss) for person, boss in unknown[:MOST]
        ]

    def _problem(self, record: str, reason: str, kind: str) -> None:
        self.report.problems.append(Problem(SEARCH, record, reason, kind))

    def _covered(self, work: WorkTable, lists: NamedLists | None) -> list[Fact]:
        """What was seen whole. Where lists make no units, those that they once made have ended."""
        marks: list[Fact] = [Covered("account")]
        if lists is not None or not self._units:
            marks += [Covered("unit"), Covered("assignment")]
        if work.hidden:
            self.report.not_visible["planned"] = work.hidden
        else:
            marks.append(Covered("planned"))
        return marks


def _id_in(record: Any) -> str:
    return id_of(found(record, ID)[1]) if isinstance(record, dict) else ""


def _raw(record: dict[str, Any], fields: Fields) -> dict[str, Any]:
    return {name: found(record, fields.by_name[name])[1] for name in fields.attributes}
