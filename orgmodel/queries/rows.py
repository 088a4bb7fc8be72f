"""Raw rows: the driver gives jsonb as text, so that only what is needed gets decoded."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import msgspec

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
    if not isinstance(raw, str):
        return raw
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        # A number that is no float: the standard library takes it, a good deal slower.
        return json.loads(raw)
