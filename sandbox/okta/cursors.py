"""Opaque cursors: a place in a listing, written so that nobody is tempted to compute one."""

import base64


class BadCursor(ValueError):
    """A cursor that this server did not give (E0000029)."""


def opaque(place: int) -> str:
    """The cursor of a place."""
    return base64.urlsafe_b64encode(f"at:{place}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> int:
    """The place that a cursor means. Raises BadCursor."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        if not raw.startswith("at:"):
            raise BadCursor(cursor)
        return int(raw.removeprefix("at:"))
    except ValueError:
        raise BadCursor(cursor) from None
