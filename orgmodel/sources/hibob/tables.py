"""The dated tables of HiBob: work rows become stretches, lifecycle rows periods of employment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from orgmodel.facts import Value
from orgmodel.reports import Problem, Report
from orgmodel.sources.hr_records import Stretch
from orgmodel.sources.values import NAME, clean, day

from .client import HiBobClient, NotVisible
from .fields import MANAGER, TABLE, Fields, id_of, within
from .labels import Labels, Unresolved

WORK, LIFECYCLE = "/bulk/people/work", "/bulk/people/lifecycle"
Row = Mapping[str, Any]


@dataclass
class Table:
    """What one table gives, by person."""

    rows: dict[str, list[Any]] = field(default_factory=dict)
    hidden: str = ""
    """Why nobody's rows are visible; empty: they are."""
    unreadable: dict[str, str] = field(default_factory=dict)
    """Person → why one of their rows cannot be used."""
    unresolved: dict[str, str] = field(default_factory=dict)
    """Person → the field of a future row whose value is no item of its list."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One lifecycle row. `word`: HiBob's status from this day on."""

    since: date
    word: str


def read_work(client: HiBobClient, fields: Fields, labels: Labels, today: date, report: Report) -> Table:
    """Everybody's work rows as stretches. Raises SourceFailed."""
    table = Table()
    paths = {
        name: path.removeprefix(TABLE)
        for name, path in fields.by_name.items()
        if path.startswith(TABLE) and (name == MANAGER or name in fields.attributes)
    }
    several = future = False
    for person, rows in _by_person(client, WORK, table, report, "planned").items():
        several = several or len(rows) > 1
        future = future or any(row.get("isCurrent") is False for row in rows)
        try:
            table.rows[person] = [_stretch(row, paths, labels, today, person, table) for row in rows]
        except ValueError:
            table.unreadable[person] = f"{WORK}: a row has no day from which, or no days on which it holds"
    if len(table.rows) > 1 and not (several or future) and not table.hidden:
        table.hidden = (
            f"{WORK}: HiBob gives the current row of everybody alone. Grant the service user"
            " “View histories” of the category Work."
        )
    return table


def read_lifecycle(client: HiBobClient, report: Report) -> Table:
    """Everybody's lifecycle rows as stages, oldest first. Raises SourceFailed."""
    table = Table()
    for person, rows in _by_person(client, LIFECYCLE, table, report, "").items():
        found = []
        for row in rows:
            since = day(row.get("effectiveDate"))
            if since is None:
                table.unreadable[person] = f"{LIFECYCLE}: a row has no day from which it holds"
                continue
            found.append(Stage(since, clean(row.get("status"), NAME).strip()))
        table.rows[person] = sorted(found, key=lambda each: each.since)
    return table


def _by_person(
    client: HiBobClient, path: str, table: Table, report: Report, kind: str
) -> dict[str, list[dict[str, Any]]]:
    """Everybody's rows, each once: the id of a row is unique for one person alone."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    try:
        for results, errors in client.table(path):
            for result in results:
                person = id_of(result.get("employeeId")) if isinstance(result, dict) else ""
                if person:
                    rows = found.setdefault(person, {})
                    for row in _rows(result.get("values")):
                        _keep(rows, row)
            report.problems += [_refused(path, error, kind) for error in errors]
    except NotVisible as why:
        table.hidden = f"{why} Grant “View histories” of the category."
        return {}
    return {person: list(rows.values()) for person, rows in found.items()}


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


def _stretch(
    row: Row, paths: Mapping[str, str], labels: Labels, today: date, person: str, table: Table
) -> Stretch:
    """Raises ValueError for a row without days."""
    since, last = day(row.get("effectiveDate")), day(row.get("endEffectiveDate"))
    if since is None or (last is not None and last < since):
        raise ValueError("no days")
    attributes: dict[str, Value] = {}
    manager: str | None = None
    for name, path in paths.items():
        there, raw = within(row, path)
        if not there:
            continue
        if name == MANAGER:
            manager = id_of(raw)
            continue
        try:
            attributes[name] = labels.value(TABLE + path, raw)
        except Unresolved:
            if since > today:
                table.unresolved[person] = TABLE + path
    # HiBob names the last day that counts.
    return Stretch(since, last + timedelta(days=1) if last else None, attributes, manager)


def word_on(stages: Sequence[Stage], today: date) -> str:
    """The status of a day: of the latest row that has begun; before the first row that row's."""
    begun = [each for each in stages if each.since <= today]
    return begun[-1].word if begun else stages[0].word if stages else ""
