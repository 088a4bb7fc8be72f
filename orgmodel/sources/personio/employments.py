"""Employments of one person: which of them counts on a day, and what the others come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from orgmodel.sources.hr_records import status_of
from orgmodel.sources.json_records import Record, key, part, parts, record, text
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.values import NAME, day

ATTRIBUTES = ("employment_start_date", "position", "supervisor", "org_units")
"""What the permission for attributes shows of an employment beside its id and its status."""


@dataclass(frozen=True, slots=True)
class Employment:
    """One employment. Days: the first one, the last at work, the first on which it no longer is."""

    status: str
    start: date | None
    last_at_work: date | None
    end: date | None
    supervisor: str | None
    """None: it is not shown."""
    title: str | None
    units: Sequence[tuple[str, str]] | None
    """Type and id of the org units; None: they are not shown."""

    def status_on(self, today: date) -> str:
        """The status in our words; a last day at work before the last day is a garden leave."""
        on_leave = self.last_at_work is not None and self.last_at_work < today
        return "garden_leave" if on_leave and self.status in {"active", "leave"} else self.status


@dataclass(frozen=True, slots=True)
class Employments:
    """All employments of a person as they stand on a day."""

    current: Sequence[Employment]
    """The main one first: the one that began last."""
    coming: Sequence[Employment]
    """In the order in which they begin."""
    past: Sequence[Employment]
    """The latest first."""

    @property
    def main(self) -> Employment:
        """The one that speaks for the person today."""
        return (*self.current, *self.coming, *self.past)[0]

    @property
    def later(self) -> Sequence[Employment]:
        """Those that begin later than the main one and change what it says."""
        return self.coming if self.current else self.coming[1:]

    @property
    def end(self) -> date | None:
        """The first day without any employment; None: there is no such day yet."""
        ends = [each.end for each in self.current or [self.main]]
        last = None if None in ends else max(filter(None, ends))
        for each in self.later:
            if last is not None and each.start is not None and each.start <= last:
                last = None if each.end is None else max(last, each.end)
        return last


def employment(raw: Any, words: Mapping[str, str]) -> Employment:
    """One row of the list. `words`: the tenant's own words for a status. Raises BadRecord."""
    found = record(raw)
    status = status_of(text(found, "status"), words)
    if status is None:
        raise BadRecord("status of an employment is a word that is not known; see csv.status_words")
    start = _day(found, "employment_start_date")
    termination = part(found, "termination")
    last_at_work = _day(termination, "last_working_day")
    last = _day(termination, "termination_date") or last_at_work
    if start and last and last < start:
        last = last_at_work = None  # The end of an earlier time that was not taken out.
    return Employment(
        status=status,
        start=start,
        last_at_work=last_at_work,
        end=last + timedelta(days=1) if last else None,
        supervisor=key(part(found, "supervisor"), "id") if "supervisor" in found else None,
        title=text(part(found, "position"), "title", NAME) if "position" in found else None,
        units=_units(found),
    )


def standing(found: Iterable[Employment], today: date) -> Employments:
    """Sorts the employments of one person by the day."""
    current, coming, past = [], [], []
    for each in found:
        if each.status == "ended" or (each.end is not None and each.end <= today):
            past.append(each)
        elif each.start is not None and each.start > today:
            coming.append(each)
        else:
            current.append(each)
    return Employments(
        sorted(current, key=_start, reverse=True),
        sorted(coming, key=_start),
        sorted(past, key=lambda each: (each.end or each.start or date.min, _start(each)), reverse=True),
    )


def _start(each: Employment) -> date:
    return each.start or date.min


def _day(found: Record, name: str) -> date | None:
    raw = text(found, name)
    parsed = day(raw)
    if raw and parsed is None and not raw.startswith(("9999", "0000", "0001")):
        raise BadRecord(f"{name} is no date such as 2026-03-01")
    return parsed


def _units(found: Record) -> Sequence[tuple[str, str]] | None:
    if "org_units" not in found:
        return None
    pairs = [(text(each, "type", NAME).casefold(), key(each, "id")) for each in parts(found, "org_units")]
    return list(dict.fromkeys(pair for pair in pairs if all(pair)))
