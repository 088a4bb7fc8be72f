"""How far the streams of sources were read, and which complete reads have come to their end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from orgmodel.models import SourceCursor

WHOLE, BEGUN = "whole", "begun"
"""Streams of ours: when the last read that is complete began, and when the one that goes on did."""


@dataclass(frozen=True)
class CompleteRead:
    """How far a source has been read as a whole."""

    whole: datetime | None = None
    """When the last complete read that came to its end began; None: there was none, or none in slices."""
    begun: datetime | None = None
    """Since when one goes on."""


def cursors_of(sources: Iterable[str]) -> dict[str, dict[str, str]]:
    """Source → stream → where its next read goes on; one query."""
    found: dict[str, dict[str, str]] = {source: {} for source in sources}
    rows = SourceCursor.objects.filter(source__in=[*found]).values_list("source", "stream", "value")
    for source, stream, value in rows:
        found[source][stream] = value
    return found


def complete_read(cursors: Mapping[str, str]) -> CompleteRead:
    """What the cursors of one source say of it."""
    whole, begun = cursors.get(WHOLE), cursors.get(BEGUN)
    return CompleteRead(
        datetime.fromisoformat(whole) if whole else None, datetime.fromisoformat(begun) if begun else None
    )
