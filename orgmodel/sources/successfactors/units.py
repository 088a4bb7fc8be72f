"""Departments, divisions and other foundation objects as units: many dated rows of one code are one unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from orgmodel.facts import UnitFact
from orgmodel.recognition import slugify
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.values import NAME as LONGEST_NAME

from . import fields as names
from .people import unit_id
from .wire import Row, day, first_day_out, key, text


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What holds of a unit from a day until the first day on which it no longer does."""

    code: str
    since: date
    until: date | None
    name: str
    parent: str
    head: str
    active: bool


def unit_row(row: Row) -> UnitRow:
    """Raises BadRecord."""
    code, name = key(row, names.CODE), text(row, names.NAME, LONGEST_NAME)
    if not code or not name:
        raise BadRecord(f"{names.NAME if code else names.CODE} is missing")
    word = text(row, names.UNIT_STATUS).upper()
    if word not in {"A", "I", ""}:
        raise BadRecord(f"{names.UNIT_STATUS} is neither A nor I")
    return UnitRow(
        code=code,
        since=day(row, names.FIRST) or date.min,
        until=first_day_out(day(row, names.LAST)),
        name=name,
        parent=key(row, names.PARENT),
        head=key(row, names.HEAD),
        active=word != "I",
    )


def unit_of(
    kind: str, entity: str, rows: Sequence[UnitRow], person_of: Mapping[str, str], today: date
) -> UnitFact:
    """The unit as it is today; before its first day as it will be, after its last as it was."""
    ordered = sorted(rows, key=lambda row: row.since)
    begun = [row for row in ordered if row.since <= today]
    now = begun[-1] if begun else ordered[0]
    first = ordered[0].since
    parent = now.parent if now.parent != now.code else ""
    return UnitFact(
        kind=kind,
        native_id=unit_id(entity, now.code),
        name=now.name,
        slug=slugify(now.name)[:LONGEST_NAME],
        parent=unit_id(entity, parent) if parent else "",
        lead=person_of.get(now.head, now.head),
        active=now.active and not (now.until is not None and now.until <= today),
        active_from=None if first == date.min else first,
        active_to=_end(ordered),
        merged_into="",
    )


def _end(ordered: Sequence[UnitRow]) -> date | None:
    """The first day on which it is inactive for good; None: it goes on."""
    last = ordered[-1]
    if last.active:
        return last.until
    since = last.since
    for row in reversed(ordered):
        if row.active:
            break
        since = row.since
    return None if since == date.min else since
