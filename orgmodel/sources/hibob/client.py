"""Requests to HiBob and what its answers mean.

SourceFailed   nothing may be applied; the text says what to do
NotVisible     403 or 404: this part is unknown, not empty
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import msgspec

from orgmodel.reports import SourceFailed
from orgmodel.sources.http import Answer, Host, HttpClient, require_json
from orgmodel.sources.list_end import ListEnd

from .rates import SEARCH, HiBobRates
from .settings import HiBobSettings

PAGE = "200"
"""The most rows that a page of a table may have."""


class NotVisible(Exception):
    """The service user may not see this part, or HiBob has none."""


class HiBobClient:
    """Reads answers. Further arguments (`sleep`, `clock`, `jitter`, `transport` …) are the HttpClient's."""

    def __init__(self, settings: HiBobSettings, **http: Any) -> None:
        self._host = Host(settings.url, "HiBob", "HRIS_URL")
        auth = httpx.BasicAuth(settings.user, settings.token)
        self._http = HttpClient(self._host, auth=auth, rates=HiBobRates(), **http)

    @property
    def calls(self) -> int:
        """How often HiBob was asked."""
        return self._http.calls

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._http.close()

    def get(self, path: str, **params: str) -> Any:
        """The JSON of one answer. Raises NotVisible, SourceFailed."""
        return self._content(path, self._http.get(path, params, {}))

    def people(self, fields: Sequence[str], ids: Sequence[str] = ()) -> list[Any]:
        """The records of these people, of all without ids: every one that may be seen, in one answer.

        Raises NotVisible, SourceFailed.
        """
        question: dict[str, Any] = {
            "fields": list(fields),
            "showInactive": True,
            "humanReadable": "APPEND",
        }
        if ids:
            question["filters"] = [{"fieldPath": "root.id", "operator": "equals", "values": list(ids)}]
        body = msgspec.json.encode(question)
        answer = self._http.search(SEARCH, body, {"Content-Type": "application/json"})
        return _list_in(self._content(SEARCH, answer), "employees", SEARCH)

    def table(self, path: str, ids: Sequence[str] = ()) -> Iterator[tuple[list[Any], list[Any]]]:
        """Page by page of a bulk table, of these people (200 at most): its results, and its errors.

        Raises NotVisible, SourceFailed.
        """
        end = ListEnd(path, "HiBob")
        wanted = {"limit": PAGE} | ({"employeeIds": ",".join(ids)} if ids else {})
        params = wanted
        while True:
            end.expect(path, params)
            answer = self._http.get(path, params, {})
            page = self._content(path, answer)
            errors = page.get("errors") if isinstance(page, dict) else None
            yield _list_in(page, "results", path), errors if isinstance(errors, list) else []
            following = page.get("response_metadata")
            cursor = following.get("next_cursor") if isinstance(following, dict) else None
            if not isinstance(following, dict) or "next_cursor" not in following:
                raise SourceFailed(f"HiBob's answer to {path} does not say whether it is the last page.")
            if cursor is None or cursor == "":
                return
            end.given(answer.body)
            params = {**wanted, "cursor": str(cursor)}

    def _content(self, path: str, answer: Answer) -> Any:
        _require_good(path, answer.status)
        require_json(answer, path, self._host)
        return _decoded(path, answer.body)


def _require_good(path: str, status: int) -> None:
    if status == httpx.codes.UNAUTHORIZED:
        raise SourceFailed(
            "HiBob refuses the service user (401); check HRIS_USER and HRIS_TOKEN before the next sync:"
            " after several refusals HiBob blocks the address that asks."
        )
    if status in {httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND}:
        raise NotVisible(f"{path}: HiBob does not show it to the service user ({status}).")
    if status == httpx.codes.BAD_REQUEST:
        raise SourceFailed(
            f"HiBob does not take the question to {path} (400); check people.fields in sightline.toml."
        )
    if status != httpx.codes.OK:
        raise SourceFailed(f"HiBob answers {path} with {status}; nothing was applied. Sync again later.")


def _decoded(path: str, body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    # The standard decoder also takes half of a surrogate pair, which a name may hold.
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise SourceFailed(
            f"HiBob's answer to {path} is no readable JSON; nothing was applied. Sync again later."
        ) from None


def _list_in(content: Any, name: str, path: str) -> list[Any]:
    found = content.get(name) if isinstance(content, dict) else None
    if not isinstance(found, list):
        raise SourceFailed(f"HiBob's answer to {path} holds no list of {name}; nothing was applied.")
    return found
