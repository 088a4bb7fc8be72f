"""The evidence of a finding in words: what is kept for machines as keys and ISO dates, as people say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from orgmodel.sources.registry import label
from portal.templatetags.sightline import day_in_words, plural

NAMES = {
    "applied": "Last sync that was applied",
    "by": "Matched by",
    "clock_minutes": "Should be closed within",
    "end_date": "Last day",
    "evidence": "How this is known",
    "last_outcome": "Outcome of the last sync",
    "minutes": "Still open after",
    "moved": "Moved",
    "overdue": "Overdue",
    "said": "Remark",
    "shared": "What they share",
    "vanished": "No longer in the HR records",
}
"""What a piece of evidence is called, where its key does not say it."""
DATES = frozenset({"since", "moved", "applied"})
DURATIONS = frozenset({"minutes", "clock_minutes"})
STATES = frozenset({"status", "state"})
"""What a source says of itself in capitals and underscores."""
ONLY_IF_SO = frozenset({"vanished", "end_date", "minutes", "column", "rules"})
"""What says something only where it is so, or known."""
FOR_MACHINES = {"move", "kind", "since_before"}
"""Keys that name nothing to people: the sentence and the date beside them say the same."""
UNIT_KIND = "unit"
"""Beside it, a kind is that of the unit."""
HOUR, DAY = 60, 24 * 60
"""In minutes."""
TWO = 2
"""From two hours, or two days, on the larger unit is enough."""


@dataclass(frozen=True)
class Piece:
    """One piece of evidence. `code`: it is an id or an expression, to be shown as written."""

    name: str
    value: str
    code: bool


def in_words(
    evidence: Mapping[str, Any], zone: tzinfo, names: Mapping[str, str] | None = None
) -> Iterator[Piece]:
    """The pieces in their order; moments in the time zone of the organisation. `names`: by native id."""
    names = names or {}
    for key, value in evidence.items():
        if key in ONLY_IF_SO and value in (None, False, "", []):
            continue
        if key in FOR_MACHINES and not (key == "kind" and UNIT_KIND in evidence):
            continue
        named = _named(value, names)
        text = named or _value(key, value, zone)
        if key == "since" and evidence.get("since_before"):
            text = f"before Sightline began ({text.partition(',')[0]})"
        code = not named and isinstance(value, str | list) and key not in {*DATES, *NAMES, *STATES, "source"}
        yield Piece(NAMES.get(key) or key.replace("_", " ").capitalize(), text, code)


def _named(value: Any, names: Mapping[str, str]) -> str:
    """An id with its name before it, a list by names alone where all are known; empty where one is not."""
    if isinstance(value, str) and value in names:
        return names[value] if names[value] == value else f"{names[value]} ({value})"
    if isinstance(value, list) and value and all(isinstance(each, str) and each in names for each in value):
        return ", ".join(names[each] for each in value)
    return ""


def _value(key: str, value: Any, zone: tzinfo) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key == "end_date":
        # What is kept is the first day that no longer counts.
        return day_in_words(date.fromisoformat(value) - timedelta(days=1))
    if key in DATES:
        return _moment(str(value), zone)
    if key in DURATIONS:
        return _duration(int(value))
    if key in STATES and isinstance(value, str):
        return value.lower().replace("_", " ")
    if key == "source":
        return label(str(value))
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_by_source(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "none"
    return str(value)


def _by_source(values: Any) -> str:
    """What each source says of one thing."""
    if not isinstance(values, Mapping):
        return _plain(values)
    pairs = ((label(source), value) for source, value in values.items())
    return ", ".join(f"{'empty' if value is None else f'“{value}”'} in {source}" for source, value in pairs)


def _moment(text: str, zone: tzinfo) -> str:
    """A day, or a moment with its time; what is neither stays as it is written."""
    try:
        if len(text) == len("2026-03-01"):
            return day_in_words(date.fromisoformat(text))
        at = datetime.fromisoformat(text).astimezone(zone)
    except ValueError:
        return text
    return f"{day_in_words(at.date())}, {at:%H:%M %Z}"


def _duration(minutes: int) -> str:
    if minutes >= TWO * DAY:
        return plural(minutes // DAY, "day")
    return plural(minutes // HOUR, "hour") if minutes >= TWO * HOUR else plural(minutes, "minute")
