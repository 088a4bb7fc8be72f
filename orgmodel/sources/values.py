"""Single values from sources, made fit for the database and limited in length."""

import json
import math
import re
from datetime import date
from typing import Any

from orgmodel.facts import Scalar, Value, composed

NAME, TEXT, LEVEL, SHORT = 500, 2000, 200, 300
MOST_ITEMS = 1000
_ADDRESS = r"([^\s<>@,;\"]+@[^\s<>@,;\"]+)"
_DRESSED = re.compile(rf"(?i)(?:[^<>]*<(?:mailto:)?{_ADDRESS}>|mailto:{_ADDRESS})")
NO_END = 9999
"""The year by which many HR systems say that something has no end."""
NO_DAYS = frozenset(
    {date(1, 1, 1), date(1753, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)}
)
"""The zero of programs, databases and spreadsheets: how they write that there is no date."""


def clean(raw: Any, longest: int) -> str:
    """Text that a database can hold: no NUL, no lone surrogate, letters composed, no longer than this."""
    if type(raw) is str and len(raw) <= longest and raw.isascii() and "\x00" not in raw:
        return raw  # As nearly every value is: this runs for all of them.
    if raw is None or isinstance(raw, dict | list):
        return ""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)  # A number of an HR system that went through JSON: 10482, not 10482.0.
    text = raw if isinstance(raw, str) else str(raw)
    return composed(text[: longest * 2].replace("\x00", "").encode("utf-8", "ignore").decode())[:longest]


def kept_value(raw: Any) -> Value | None:
    """A profile value as it is stored: text, number, truth or a list of these; None when unset or odd."""
    if raw is None:
        return None
    if isinstance(raw, list):
        items = (_scalar(each) for each in raw[:MOST_ITEMS])
        return [item for item in items if item is not None]
    if isinstance(raw, dict):
        return clean(json.dumps(raw), TEXT)
    return _scalar(raw)


def _scalar(raw: Any) -> Scalar | None:
    if isinstance(raw, str):
        return clean(raw, TEXT)
    if isinstance(raw, float) and not math.isfinite(raw):
        return None
    return raw if isinstance(raw, bool | int | float) else None


def undressed(text: str) -> str:
    """An address without what it is written in: of `Nadia Brandt <nadia@nordwind.example>` what is between
    the brackets. Anything else as it stands.
    """
    found = _DRESSED.fullmatch(text)
    return (found[1] or found[2]) if found else text


def day(raw: Any) -> date | None:
    """The day of an ISO date or date-time; None when it is none, or stands for no end."""
    if not isinstance(raw, str):
        return None
    try:
        found = date.fromisoformat(raw.strip()[:10])
    except ValueError:
        return None
    return unless_endless(found)


def unless_endless(found: date) -> date | None:
    """The day, or nothing where it stands for *no end*, or for no date at all."""
    return found if found.year < NO_END and found not in NO_DAYS else None
