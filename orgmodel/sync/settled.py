"""Whether anything can still follow from what is known, or all of it was derived before.

People, units, assignments and findings follow from the facts, the conventions, the day, what people decided
and our own code. A merge that derived everything and wrote nothing proves that nothing more follows from the
same; so the next one that writes no fact either need not derive it again. Whatever is written voids that.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from django.db import connection
from django.db.models import Max

from orgmodel.conventions import Conventions
from orgmodel.models import AccountDecision, Settled

UNCOUNTED = ("orgmodel_logevent", "orgmodel_settled")
"""Nothing is derived from lines of the log but causes, which are looked for whenever there are some."""


def basis(conventions: Conventions, truth: str, today: date) -> str:
    """Everything but the facts that derived rows follow from; what people decide between two merges, too."""
    decided = AccountDecision.objects.aggregate(newest=Max("pk"))["newest"]
    return digest(repr(conventions), truth, today.isoformat(), str(decided), _code())


def digest(*parts: str) -> str:
    """The same for the same texts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def standing() -> tuple[str, int]:
    """The basis on which nothing more follows, empty for none; and how many merges have written anything."""
    found = Settled.objects.values_list("basis", "writes").first()
    return found or ("", 0)


def note(on: str, *, wrote: bool) -> None:
    """What came of a merge that derived what follows. In its transaction, under the lock of merges."""
    proven, writes = standing()
    if wrote or proven != on:
        Settled.objects.update_or_create(
            pk=1, defaults={"basis": "" if wrote else on, "writes": writes + wrote}
        )


def written() -> int | None:
    """Rows of the read model that this transaction put in, changed or took out; None where nobody counts."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, [[*UNCOUNTED]])
        rows: int | None = cursor.fetchone()[0]
    return rows


_WRITTEN = """
    SELECT CASE WHEN current_setting('track_counts')::bool THEN sum(
        pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
        + pg_stat_get_xact_tuples_deleted(oid))::bigint END
    FROM pg_class WHERE relkind = 'r' AND relname ^@ 'orgmodel_' AND relname <> ALL(%s)
      AND relnamespace = current_schema()::regnamespace"""


class Writes:
    """Whether anything was written since this was made; where nobody counts, something may have been."""

    def __init__(self) -> None:
        self._before = written()

    def any(self) -> bool:
        return self._before is None or written() != self._before


@cache
def _code() -> str:
    """Tells one release of this package from another."""
    return digest(*sorted(_files(Path(__file__).resolve().parents[1])))


def _files(package: Path) -> Iterator[str]:
    for path in package.rglob("*.py"):
        about = path.stat()
        yield f"{path.relative_to(package)} {about.st_size} {about.st_mtime_ns}"
