"""Where the streams of a source are: rows written together with the data that led there, or not at all."""

from collections.abc import Mapping

from orgmodel.models import SourceCursor
from orgmodel.queries.cursors import cursors_of


def cursors(source: str) -> dict[str, str]:
    """Stream → where its next read goes on."""
    return cursors_of([source])[source]


def keep_cursors(source: str, reached: Mapping[str, str]) -> None:
    """Write down how far the streams were read; inside the transaction of what was read."""
    known = cursors(source) if reached else {}
    moved = [
        SourceCursor(source=source, stream=stream, value=value)
        for stream, value in reached.items()
        if known.get(stream, "") != value
    ]
    if moved:
        SourceCursor.objects.bulk_create(
            moved, update_conflicts=True, unique_fields=["source", "stream"], update_fields=["value"]
        )
