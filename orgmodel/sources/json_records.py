"""Records out of JSON whose shape is another system's: their parts, their ids, and those given twice.

An answer without its list spoils the read; one odd record is a BadRecord, and only that record's problem.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from orgmodel.reports import SourceFailed

from .record_problems import BadRecord
from .values import TEXT, clean

LONGEST_KEY = 320
"""Ids and e-mail addresses stand in indexes; no real one is longer."""
Record = Mapping[str, Any]


def listed(answer: Any, name: str, path: str, label: str) -> list[Any]:
    """The list that an answer must hold, which is an object then. Raises SourceFailed."""
    found = answer.get(name) if isinstance(answer, dict) else None
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


class Repeats:
    """What a list has given so far, as fingerprints: one that shifts while it is paged repeats records."""

    def __init__(self) -> None:
        self._prints: dict[str, int] = {}
        self._differing: set[str] = set()
        self.count = 0
        """How often a record was given again, with the same content or another."""

    def __iter__(self) -> Iterator[str]:
        """The ids."""
        return iter(self._prints)

    def seen(self, native_id: str, raw: Any) -> bool:
        """Whether the same record was given before; one that differs was not, and is noted as differing."""
        if not native_id:
            return False
        known, this = self._prints.get(native_id), _print(raw)
        if known is None:
            self._prints[native_id] = this
            return False
        self.count += 1
        if known != this:
            self._differing.add(native_id)
        return known == this

    def differs(self, native_id: str) -> bool:
        """Whether the record was given in two forms: then neither is sure."""
        return native_id in self._differing


def _print(raw: Any) -> int:
    try:
        return hash(msgspec.json.encode(raw, order="deterministic"))
    except (msgspec.MsgspecError, UnicodeError, TypeError):
        return hash(repr(raw))
