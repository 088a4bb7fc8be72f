"""Requests to Personio: lists page by page along their links, never beyond the configured host."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx

from orgmodel.reports import SourceFailed
from orgmodel.sources.http import PATIENCE, TRIES, Host, HttpClient
from orgmodel.sources.json_records import BadRecord, Record, decoded, listed, part, text
from orgmodel.sources.list_end import ListEnd
from orgmodel.sources.refusals import Refusals, Unhurried

from .auth import PersonioAuth
from .settings import PersonioSettings

LABEL = "Personio"
PAGE = "50"
"""The most that a page of persons may hold; a larger one is refused with 400."""
LONGEST_LINK = 4_000


class PersonioClient:
    """Reads lists. Safe to use from several threads; `close` makes all of them give up soon.

    Further arguments are those of the HttpClient.
    """

    def __init__(
        self,
        settings: PersonioSettings,
        *,
        tries: int = TRIES,
        patience: int = PATIENCE,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        jitter: float = 1.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._host = Host(settings.url, LABEL, "HRIS_URL")
        self._refusals = Refusals(
            self._host,
            "HRIS_USER and HRIS_TOKEN",
            "grant personio:persons:read and personio:org-units:read to the API credentials",
        )
        self._http = HttpClient(
            self._host,
            auth=PersonioAuth(settings, clock),
            rates=Unhurried(),
            tries=tries,
            patience=patience,
            sleep=sleep,
            clock=clock,
            jitter=jitter,
            transport=transport,
        )

    @property
    def calls(self) -> int:
        """How often Personio was asked, without the calls for tokens."""
        return self._http.calls

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._http.close()

    def pages(self, path: str, params: Mapping[str, str] | None = None) -> Iterator[list[Any]]:
        """The records of each page of a list. Raises NotVisible, Gone, SourceFailed."""
        asked_for = {"limit": PAGE, **(params or {})}
        request, end = (path, asked_for), ListEnd(path, LABEL)
        while True:
            end.expect(*request)
            answer = self._http.get(*request, {})
            self._refusals.require_good(path, answer)
            page = decoded(answer.body, path, LABEL)
            following = self._next(path, page)
            if following:
                end.given(answer.body)
            yield listed(page, "_data", path, LABEL)
            if not following:
                return
            # A link may lose what was asked for beside the cursor.
            request = (path, {**asked_for, **following})

    def _next(self, path: str, page: Record) -> dict[str, str]:
        """The parameters of the next page; none at the end. Raises SourceFailed."""
        try:
            link = text(part(part(part(page, "_meta"), "links"), "next"), "href", LONGEST_LINK)
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
