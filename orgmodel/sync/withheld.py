"""What an answer that is held back would have done: kept with the run, so that admins can judge it."""

from typing import Any

from django.db import connection

from .changes import LABELS
from .merge import Noted

SHOWN = 20
"""Names of each kind; of the rest only the number is kept."""
VERBS = ("ended", "changed", "began")
"""What vanishes is judged first."""


def would_do(noted: Noted) -> dict[str, dict[str, Any]]:
    """Kind → how many rows would begin, end and change, and `names`: up to SHOWN of them, each as verb, whose
    and what. To be asked inside the merge, before it is undone.
    """
    return {kind: {**verbs, "names": _names(kind, set(verbs))} for kind, verbs in noted.items()}


def _names(kind: str, verbs: set[str]) -> list[list[str]]:
    found: list[list[str]] = []
    if kind not in LABELS:
        return found
    with connection.cursor() as cursor:
        # Verb by verb and never sorted: an answer may hold millions of rows.
        for verb in filter(verbs.__contains__, VERBS):
            cursor.execute(f"{LABELS[kind]} LIMIT {SHOWN - len(found)}", [kind, verb])
            found += [[verb, *row] for row in sorted(cursor.fetchall())]
    return found
