"""What values look like on the wire of OData v2: `/Date(…)/`, nested records, ids."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from orgmodel.sources.json_records import LONGEST_KEY
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.values import TEXT, clean, unless_endless

Row = Mapping[str, Any]
_DATE = re.compile(r"/Date\((-?[0-9]{1,17})(?:[+-][0-9]{4})?\)/")
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def value(row: Row, path: str) -> Any:
    """What stands at a path such as `emplStatusNav/externalCode`; of several records in the first."""
    found: Any = row
    for name in path.split("/"):
        if isinstance(found, Mapping) and isinstance(found.get("results"), list):
            found = next(iter(found["results"]), None)
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def text(row: Row, path: str, longest: int = TEXT) -> str:
    """A text, or a number as one. Raises BadRecord for a number that is not whole."""
    found = value(row, path)
    if isinstance(found, float):
        raise BadRecord(f"{path} holds a number that is not whole")
    if isinstance(found, bool):
        return "true" if found else "false"
    return clean(found, longest).strip()


def key(row: Row, path: str) -> str:
    """An id to the letter. Raises BadRecord where it is too long to be one."""
    found = text(row, path)
    if len(found) > LONGEST_KEY:
        raise BadRecord(f"{path} is longer than {LONGEST_KEY} characters")
    return found


def day(row: Row, path: str) -> date | None:
    """A calendar day: midnight UTC stands for it, wherever the person is. None: no day, or no end.

    Raises BadRecord where it is none.
    """
    raw = value(row, path)
    if raw is None or raw == "":
        return None
    try:
        return unless_endless(_day(raw))
    except (ValueError, TypeError, OverflowError):
        raise BadRecord(f"{path} is no date") from None


def _day(raw: Any) -> date:
    if found := _DATE.fullmatch(raw):
        return (_ZERO + timedelta(milliseconds=int(found[1]))).date()
    return date.fromisoformat(raw[: len("2026-03-01")])


def first_day_out(last: date | None) -> date | None:
    """SuccessFactors names the last day that counts; here a time ends with the first that does not."""
    return last + timedelta(days=1) if last else None
