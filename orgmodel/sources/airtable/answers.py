"""What Airtable's answers mean: its errors, and JSON as plain values.

SourceFailed        nothing may be applied; the text says what to do
└── ListingLost     the place in a listing is gone: it must begin again
"""

import re
from typing import Any

import httpx

from orgmodel.reports import SourceFailed
from orgmodel.sources.http import Answer
from orgmodel.sources.json_api import decoded

LOST = frozenset({"LIST_RECORDS_ITERATOR_NOT_AVAILABLE", "INVALID_OFFSET_VALUE"})
SCOPES = "data.records:read and schema.bases:read"
_TYPE = re.compile(r"[A-Z][A-Z_]{1,79}")


class ListingLost(SourceFailed):
    """Whoever reads a listing too slowly loses the place in it."""


def require_good(what: str, answer: Answer) -> None:
    """Returns for an answer of 200. Raises SourceFailed, ListingLost."""
    status, error = answer.status, _type(answer.body)
    if status == httpx.codes.OK:
        return
    kind = f"{status} {error}".strip()
    if status == httpx.codes.UNAUTHORIZED:
        raise SourceFailed(f"Airtable refused the token ({kind}). Make a new one and set AIRTABLE_TOKEN.")
    if status == httpx.codes.FORBIDDEN:
        raise SourceFailed(
            f"Airtable does not let the token read {what} ({kind}). Give it the scopes {SCOPES} and"
            " access to the base, and check AIRTABLE_BASE."
        )
    if status == httpx.codes.NOT_FOUND:
        raise SourceFailed(
            f"Airtable has not found {what} ({kind})."
            " Check AIRTABLE_BASE, and the token's access to the base."
        )
    if status == httpx.codes.UNPROCESSABLE_ENTITY and error in LOST:
        raise ListingLost(f"Airtable lost the place in {what} ({kind}); nothing was applied. Sync again.")
    if status == httpx.codes.UNPROCESSABLE_ENTITY:
        raise SourceFailed(
            f"Airtable does not take the question for {what} ({kind}); nothing was applied. If a column was"
            " just changed, sync again."
        )
    raise SourceFailed(f"Airtable answered {kind} to {what}; nothing was applied. Sync again later.")


def rows(body: bytes, key: str, what: str) -> tuple[list[Any], str]:
    """The list under a key of the answer, and where it goes on (empty: its end). Raises SourceFailed."""
    whole = _value(body)
    found = whole.get(key) if isinstance(whole, dict) else None
    offset = whole.get("offset") if isinstance(whole, dict) else None
    if not isinstance(found, list) or not isinstance(offset, str | None):
        raise SourceFailed(
            f"Airtable's answer to {what} is no list of {key}; nothing was applied. Sync again later."
        )
    return found, offset or ""


def _value(body: bytes) -> Any:
    try:
        return decoded(body)
    except ValueError:
        return None


def _type(body: bytes) -> str:
    """The word for an error: `{"error": {"type": …}}` or `{"error": …}`."""
    whole = _value(body)
    error = whole.get("error") if isinstance(whole, dict) else None
    word = error.get("type") if isinstance(error, dict) else error
    return word if isinstance(word, str) and _TYPE.fullmatch(word) else ""
