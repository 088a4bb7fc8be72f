"""Okta's streams in people's words, and what was used of its rate limits."""

from collections.abc import Mapping
from datetime import UTC, datetime

from orgmodel.sources.streams import RateUse, Stream

from . import owner_age, push_search, stamps
from .budget import pace_of
from .reader import PACE

BUCKETS = {
    "users": "users",
    "groups": "groups",
    "apps": "apps",
    "logs": "log",
    "users/{id}": "single users",
    "users/{id}/*": "lists of single users",
    "groups/{id}": "single groups",
    "apps/{id}": "single apps",
    "other": "everything else",
}
"""Bucket → what people call it, in the order of the page."""
NEVER = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
"""Headers give the end of a window, and may give anything."""


def _rules_read(cursors: Mapping[str, str]) -> datetime | None:
    try:
        return datetime.fromisoformat(cursors.get(stamps.RULES_READ, ""))
    except ValueError:
        return None


def _owners_asked(cursors: Mapping[str, str]) -> datetime | None:
    return owner_age.last_read(cursors.get(owner_age.STREAM, ""))


def _pushes_asked(cursors: Mapping[str, str]) -> datetime | None:
    found = push_search.last_search(cursors.get(push_search.STREAM, ""))
    return found.at if found else None


STREAMS = (
    Stream("People", frozenset({"account"})),
    Stream("Groups and apps", frozenset({"resource"})),
    Stream("Memberships", frozenset({"grant"})),
    Stream("App assignments", frozenset({"seat", "edge"})),
    Stream("Group rules", frozenset({"rule"}), read=_rules_read),
    Stream("Group owners", frozenset({"owner"}), whole=_owners_asked),
    Stream("Pushed groups", frozenset({"push"}), whole=_pushes_asked),
    Stream("Log", frozenset({"event"})),
)


def rates(cursors: Mapping[str, str]) -> tuple[RateUse, ...]:
    """What the last reads used of each bucket, in its newest minute; nothing where that is not known."""
    used = pace_of(cursors.get(PACE, ""))
    return tuple(
        RateUse(label, each.used, each.limit, datetime.fromtimestamp(each.window, UTC))
        for label, each in ((label, used.get(name)) for name, label in BUCKETS.items())
        if each is not None and each.limit > 0 and 0 < each.window < NEVER
    )
