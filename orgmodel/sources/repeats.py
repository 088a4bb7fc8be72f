"""Records that a list gives twice because it shifts while it is paged."""

from collections.abc import Iterator
from typing import Any

import msgspec


class Repeats:
    """What was given so far, as fingerprints: memory for ids alone."""

    def __init__(self) -> None:
        self._prints: dict[str, int] = {}
        self._differing: set[str] = set()
        self.count = 0
        """How often a record was given again, with the same content or another."""

    def __len__(self) -> int:
        return len(self._prints)

    def __iter__(self) -> Iterator[str]:
        """The ids."""
        return iter(self._prints)

    def __contains__(self, native_id: str) -> bool:
        return native_id in self._prints

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
