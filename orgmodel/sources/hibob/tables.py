"""The dated tables of HiBob: work rows become stretches, lifecycle rows periods of employment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from orgmodel.facts import Value
from orgmodel.reports import Problem, Report
from orgmodel.sources.hr_records import Stretch
from orgmodel.sources.json_api import HIDDEN
from orgmodel.sources.values import NAME, clean, day

from .client import HiBobClient
from .fields import MANAGER, TABLE, Fields, id_of, within
from .labels import Labels, Unresolved

WORK, LIFECYCLE = "/bulk/people/work", "/bulk/people/lifecycle"
Row = Mapping[str, Any]


@dataclass
class Table:
    """One bulk table, read for some people at a time: memory does not grow with the company."""

    client: HiBobClient
    path: str
    kind: str
    """What a refusal of one person's rows leaves unknown; empty: nothing."""
    report: Report
    hidden: str = ""
    """Why nobody's rows are visible; empty: they are."""
    unreadable: dict[str, str] = field(default_factory=dict)
    """Person → why one of their rows cannot be used."""
    has_rows: bool = False
    _whole: dict[str, list[dict[str, Any]]] | None = None
    """Everybody's rows, where HiBob gives them whomever it is asked for."""

    def by_person(self, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """The rows of these people, each once: its id is unique for one person alone. Raises SourceFailed."""
        if self.hidden or not ids:
            return {}
        found = self._read(ids) if self._whole is None else self._whole
        if self._whole is None and not found.keys() <= {*ids}:
            self._whole = found
        self.has_rows = self.has_rows or any(found.values())
        return {person: found[person] for person in ids if person in found}

    def _read(self, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, dict[str, dict[str, Any]]] = {}
        try:
            for results, errors in self.client.table(self.path, ids):
                for result in results:
                    person = id_of(result.get("employeeId")) if isinstance(result, dict) else ""
                    if person:
                        rows = found.setdefault(person, {})
                        for row in _rows(result.get("values")):
                            _keep(rows, row)
                self.report.problems += [_refused(self.path, error, self.kind) for error in errors]
        except HIDDEN as why:
            self.hidden = f"{why} Grant “View histories” of the category."
            return {}
        return {person: list(rows.values()) for person, rows in found.items()}


@dataclass(frozen=True, slots=True)
class Stage:
    """One lifecycle row. `word`: HiBob's status from this day on."""

    since: date
    word: str


class WorkTable:
    """Work rows as stretches."""

    def __init__(
        self, client: HiBobClient, fields: Fields, labels: Labels, today: date, report: Report
    ) -> None:
        self._table = Table(client, WORK, "planned", report)
        self._labels, self._today = labels, today
        self._paths = {
            name: path.removeprefix(TABLE)
            for name, path in fields.by_name.items()
            if path.startswith(TABLE) and (name == MANAGER or name in fields.attributes)
        }
        self._people, self._dated = 0, False
        self.unreadable = self._table.unreadable
        self.unresolved: dict[str, str] = {}
        """Person → the field of a future row whose value is no item of its list."""

    def of(self, ids: Sequence[str]) -> dict[str, list[Stretch]]:
        """The stretches of these people. Raises SourceFailed."""
        found = {}
        for person, rows in self._table.by_person(ids).items():
            self._people += 1
            self._dated = self._dated or len(rows) > 1 or any(row.get("isCurrent") is False for row in rows)
            try:
                found[person] = [self._stretch(row, person) for row in rows]
            except ValueError:
                self.unreadable[person] = f"{WORK}: a row has no day from which, or no days on which it holds"
        return found

    @property
    def hidden(self) -> str:
        """Why nobody's past and plans are visible, once all are read; empty: they are."""
        if self._people > 1 and not self._dated:
            return (
                f"{WORK}: HiBob gives the current row of everybody alone. Grant the service user"
                " “View histories” of the category Work."
            )
        return self._table.hidden

    def _stretch(self, row: Row, person: str) -> Stretch:
        """Raises ValueError for a row without days."""
        since, last = day(row.get("effectiveDate")), day(row.get("endEffectiveDate"))
        if since is None or (last is not None and last < since):
            raise ValueError("no days")
        attributes: dict[str, Value] = {}
        manager: str | None = None
        for name, path in self._paths.items():
            there, raw = within(row, path)
            if not there:
                continue
            if name == MANAGER:
                manager = id_of(raw)
                continue
            try:
                attributes[name] = self._labels.value(TABLE + path, raw)
            except Unresolved:
                if since > self._today:
                    self.unresolved[person] = TABLE + path
        # HiBob names the last day that counts.
        return Stretch(since, last + timedelta(days=1) if last else None, attributes, manager)


class LifecycleTable:
    """Lifecycle rows as stages."""

    def __init__(self, client: HiBobClient, report: Report) -> None:
        self._table = Table(client, LIFECYCLE, "", report)
        self.unreadable = self._table.unreadable

    def of(self, ids: Sequence[str]) -> dict[str, list[Stage]]:
        """The stages of these people, oldest first. Raises SourceFailed."""
        found = {}
        for person, rows in self._table.by_person(ids).items():
            stages = []
            for row in rows:
                since = day(row.get("effectiveDate"))
                if since is None:
                    self.unreadable[person] = f"{LIFECYCLE}: a row has no day from which it holds"
                    continue
                stages.append(Stage(since, clean(row.get("status"), NAME).strip()))
            found[person] = sorted(stages, key=lambda each: each.since)
        return found

    @property
    def has_rows(self) -> bool:
        """Whether any row was visible."""
        return self._table.has_rows


def _rows(values: Any) -> Iterator[dict[str, Any]]:
    yield from (row for row in values or () if isinstance(row, dict)) if isinstance(values, list) else ()


def _keep(rows: dict[str, dict[str, Any]], row: dict[str, Any]) -> None:
    """Of a row that comes twice, as pages shift, the one that was changed last."""
    key = id_of(row.get("id")) or f"day {row.get('effectiveDate')}"
    known = rows.get(key)
    if known is None or str(row.get("modificationDate") or "") >= str(known.get("modificationDate") or ""):
        rows[key] = row


def _refused(path: str, error: Any, kind: str) -> Problem:
    person = id_of(error.get("employeeId", error.get("id"))) if isinstance(error, dict) else id_of(error)
    # Without an id it would stand for anybody: then it is only a remark.
    reason = "HiBob does not show these rows to the service user (MISSING_PERMISSION)"
    return Problem(path, person, reason, kind if person else "")


def word_on(stages: Sequence[Stage], today: date) -> str:
    """The status of a day: of the latest row that has begun; before the first row that row's."""
    begun = [each for each in stages if each.since <= today]
    return begun[-1].word if begun else stages[0].word if stages else ""
