"""Requests to Personio: lists page by page along their links, never beyond the configured host."""

import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from orgmodel.reports import SourceFailed
from orgmodel.sources.http import Host
from orgmodel.sources.json_api import USER_AND_TOKEN, JsonApi
from orgmodel.sources.json_records import Record, listed, part, text
from orgmodel.sources.list_end import ListEnd
from orgmodel.sources.record_problems import BadRecord

from .auth import PersonioAuth
from .settings import PersonioSettings

LABEL = "Personio"
PAGE = "50"
"""The most that a page of persons may hold; a larger one is refused with 400."""
LONGEST_LINK = 4_000
RIGHTS = "grant personio:persons:read and personio:org-units:read to the API credentials"


class PersonioClient:
    """Reads lists. Safe to use from several threads; `close` makes all of them give up soon.

    Further arguments are those of the HttpClient.
    """

    def __init__(self, settings: PersonioSettings, **client: Any) -> None:
        self._host = Host(settings.url, LABEL, "HRIS_URL")
        auth = PersonioAuth(settings, client.get("clock", time.monotonic))
        self._api = JsonApi(self._host, auth, RIGHTS, credentials=USER_AND_TOKEN, **client)

    @property
    def calls(self) -> int:
        """How often Personio was asked, without the calls for tokens."""
        return self._api.calls

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._api.close()

    def pages(self, path: str, params: Mapping[str, str] | None = None) -> Iterator[list[Any]]:
        """The records of each page of a list. Raises NotVisible, Gone, SourceFailed."""
        asked_for = {"limit": PAGE, **(params or {})}
        request, end = (path, asked_for), ListEnd(path, LABEL)
        while True:
            end.expect(*request)
            answer, body = self._api.get(*request)
            page = listed(answer, "_data", path, LABEL)
            following = self._next(path, answer)
            if following:
                end.given(body)
            yield page
            if not following:
                return
            # A link may lose what was asked for beside the cursor.
            request = (path, {**asked_for, **following})

    def _next(self, path: str, answer: Record) -> dict[str, str]:
        """The parameters of the next page; none at the end. Raises SourceFailed."""
        try:
            link = text(part(part(part(answer, "_meta"), "links"), "next"), "href", LONGEST_LINK)
            parts, ours = urlsplit(link), urlsplit(self._host.origin)
        except (BadRecord, ValueError):
            raise SourceFailed(f"{LABEL}'s list {path} goes on at no readable address; refused.") from None
        if not link:
            return {}
        elsewhere = parts.netloc and (parts.scheme, parts.netloc) != (ours.scheme, ours.netloc)
        if elsewhere or unquote(parts.path) != unquote(path):
            raise SourceFailed(
                f"{LABEL}'s list {path} goes on at another address; refused. Check that HRIS_URL is the"
                " address that Personio's links name."
            )
        return dict(parse_qsl(parts.query, keep_blank_values=True))
