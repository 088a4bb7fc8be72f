"""Okta's JSON into typed rows. One unreadable row is a problem with its id; the page goes on without it."""

import json
from functools import lru_cache
from typing import Any

import msgspec

from orgmodel.reports import Problem, SourceFailed
from orgmodel.sources.values import clean

LONGEST_ID = 100


def rows(body: bytes, shape: Any, where: str, kind: str, problems: list[Problem]) -> list[Any]:
    """The rows of a page. Raises SourceFailed when the page is no list."""
    try:
        whole: list[Any] = _decoder(list[shape]).decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _row_by_row(body, shape, where, kind, problems)
    return whole


def _row_by_row(body: bytes, shape: Any, where: str, kind: str, problems: list[Problem]) -> list[Any]:
    # The standard decoder also takes half of a surrogate pair, which msgspec lets spoil the whole page.
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, list):
        raise SourceFailed(
            f"Okta's answer to {where} is not a complete list of records; nothing was applied,"
            " sync again later."
        )
    found = []
    for row in raw:
        try:
            found.append(msgspec.convert(row, shape))
        except (msgspec.MsgspecError, UnicodeError) as error:
            problems.append(Problem(where, _id_of(row), f"unreadable: {_without_values(error)}", kind))
    return found


@lru_cache(maxsize=64)
def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)


def _id_of(row: Any) -> str:
    found = row.get("id") or row.get("uuid") if isinstance(row, dict) else None
    return clean(found, LONGEST_ID) if isinstance(found, str) else ""


def _without_values(error: Exception) -> str:
    """msgspec names types and places, never values; other errors quote what they met."""
    return str(error)[:160] if isinstance(error, msgspec.MsgspecError) else type(error).__name__
