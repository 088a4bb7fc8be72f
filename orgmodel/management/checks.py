"""What makes `migrate` and `check --database default` refuse to start."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from orgmodel.queries.database import database_faults

_NUMBERS = {"version": 1, "standby": 2, "read-only": 3, "pooler": 4, "encoding": 5}


@register(Tags.database)
def usable_database(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """One error for everything that no role could mend."""
    if "default" not in (databases or ()):
        return []
    return [
        Error(fault.what, hint=fault.todo, id=f"sightline.E{_NUMBERS[fault.code]:03}")
        for fault in database_faults()
    ]
