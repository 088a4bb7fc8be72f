"""Raw rows: the driver gives jsonb as text, so that only what is needed gets decoded."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

BATCH = 500
"""Rows of an export that are in memory at once."""
T = TypeVar("T")


def in_batches(rows: Iterable[T]) -> Iterator[list[T]]:
    """The rows, so many at a time."""
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


def json_value(raw: Any) -> Any:
    """The value of a jsonb column of a raw row."""
    return json.loads(raw) if isinstance(raw, str) else raw
