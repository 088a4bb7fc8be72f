"""Records out of JSON whose shape is another system's.

An answer that is no JSON spoils the read; one odd record is a BadRecord, and only that record's problem.
"""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from orgmodel.reports import SourceFailed

from .values import TEXT, clean

LONGEST_KEY = 320
"""Ids and e-mail addresses stand in indexes; no real one is longer."""
Record = Mapping[str, Any]


class BadRecord(ValueError):
    """Why one record cannot be used; the text names the field, never the value."""


def decoded(body: bytes, path: str, label: str) -> dict[str, Any]:
    """The object that an answer holds; whole numbers stay exact. Raises SourceFailed."""
    try:
        found: Any = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        found = _leniently(body)
    if not isinstance(found, dict):
        raise SourceFailed(f"{label}'s answer to {path} is not the JSON it should be; nothing was applied.")
    return found


def _leniently(body: bytes) -> Any:
    """The standard decoder also takes half of a surrogate pair, which spoils a whole page otherwise."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def listed(answer: Record, name: str, path: str, label: str) -> list[Any]:
    """The list that an answer must hold. Raises SourceFailed."""
    found = answer.get(name)
    if not isinstance(found, list):
        raise SourceFailed(f"{label}'s answer to {path} holds no list of records; nothing was applied.")
    return found


def record(raw: Any) -> Record:
    """One record of a list. Raises BadRecord."""
    if not isinstance(raw, dict):
        raise BadRecord("is no record")
    return raw


def part(found: Record, name: str) -> Record:
    """A record within a record; empty where it is not given. Raises BadRecord."""
    raw = found.get(name)
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise BadRecord(f"{name} is no record")
    return raw


def parts(found: Record, name: str) -> list[Record]:
    """Records within a record; none where they are not given. Raises BadRecord."""
    raw = found.get(name)
    if raw is None:
        return []
    if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
        raise BadRecord(f"{name} is no list of records")
    return raw


def text(found: Record, name: str, longest: int = TEXT) -> str:
    """A text, or a number as text; empty where it is not given. Raises BadRecord."""
    raw = found.get(name)
    if raw is None:
        return ""
    if isinstance(raw, bool | dict | list):
        raise BadRecord(f"{name} is no text")
    return clean(raw, longest).strip()


def key(found: Record, name: str) -> str:
    """An id, to the letter; empty where it is not given. Raises BadRecord."""
    raw = text(found, name, LONGEST_KEY + 1)
    if len(raw) > LONGEST_KEY:
        raise BadRecord(f"{name} is longer than {LONGEST_KEY} characters")
    return raw


def key_of(raw: Any, name: str = "id") -> str:
    """The id of a record that may be odd in any way; empty where it cannot be told."""
    try:
        return key(record(raw), name)
    except BadRecord:
        return ""
