"""How Okta sends a listing: a page of rows, the Link lines beside it, and the body of a refusal."""

from typing import Any
from urllib.parse import urlencode

from .cursors import opaque, place_of
from .listings import Json, Listing, Query

ERRORS = {
    400: ("E0000001", "Api validation failed"),
    401: ("E0000011", "Invalid token provided"),
    403: ("E0000006", "You do not have permission to perform the requested action"),
    404: ("E0000007", "Not found: Resource not found"),
    405: ("E0000022", "The endpoint does not support the provided HTTP method"),
    429: ("E0000047", "API call exceeded rate limit due to too many requests."),
    500: ("E0000009", "Internal Server Error"),
}


def page(found: Listing, query: Query) -> tuple[list[Any], int | None]:
    """The rows of one page, and the place at which the next begins, or None after the last.

    Raises BadCursor, and ValueError for a limit that is none.
    """
    size = int(query.get("limit") or found.default)
    if size < min(found.least, 1):
        raise ValueError(size)
    size = min(max(size, found.least), found.most)
    shown: list[Any] = []
    place = place_of(query["after"]) if "after" in query else found.first
    while place < len(found.rows) and len(shown) < size:
        if found.keeps(found.rows[place]):
            shown.append(found.show(found.rows[place]))
        place += 1
    return shown, place if place < len(found.rows) or found.endless else None


def links(address: str, query: Query, place: int | None) -> list[tuple[str, str]]:
    """The Link lines of a page of the listing at the address; `place`: where the next page begins."""
    found = [("Link", f'<{address}?{urlencode(query)}>; rel="self"')]
    if place is not None:
        # Okta's own next links lose `expand` now and then; `since` must not stand beside a cursor.
        kept = {key: value for key, value in query.items() if key not in {"expand", "after", "since"}}
        found.append(("Link", f'<{address}?{urlencode({"after": opaque(place), **kept})}>; rel="next"'))
    return found


def refusal(status: int, code: str = "", summary: str = "") -> Json:
    """The body of an answer that refuses, by Okta's usual code of the status or another."""
    usual = ERRORS.get(status, ERRORS[500])
    return {
        "errorCode": code or usual[0],
        "errorSummary": summary or usual[1],
        "errorLink": code or usual[0],
        "errorId": "oaeSandbox",
        "errorCauses": [],
    }
