"""JSON over HTTP as HR systems speak it: what their statuses mean, answers decoded, ids to the letter.

SourceFailed   nothing may be applied; the text says what to do
NotVisible     403 or 404: this part is unknown, not empty; the read may go on without it
"""

import json
from collections.abc import Generator, Mapping
from typing import Any

import httpx
import msgspec

from orgmodel.reports import SourceFailed

from .http import Answer, Host, HttpClient, require_json
from .values import clean

LONGEST_ID = 320
"""Ids stand in indexes; no real one is longer."""
TOKEN = "HRIS_TOKEN"  # noqa: S105  # the name of a setting


class NotVisible(Exception):
    """403 or 404: this part may not be seen, or is not there. The text says which, without what to do."""


class Bearer(httpx.Auth):
    """Signs each request with a token, which no representation shows."""

    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request with the header of the token."""
        request.headers["Authorization"] = self._header
        yield request


class JsonApi:
    """Gets the JSON of one system, and of no other host. Further arguments are those of the HttpClient."""

    def __init__(self, host: Host, auth: httpx.Auth, **client: Any) -> None:
        self._host = host
        self._http = HttpClient(host, auth=auth, **client)

    @property
    def calls(self) -> int:
        """How often the system was asked."""
        return self._http.calls

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._http.close()

    def get(self, path: str, params: Mapping[str, str] | None = None) -> tuple[Any, bytes]:
        """An answer, decoded and as it came. Raises NotVisible and SourceFailed."""
        answer = self._http.get(path, dict(params or {}), {})
        self._require_good(path, answer)
        require_json(answer, path, self._host)
        return self._decoded(path, answer.body), answer.body

    def _require_good(self, path: str, answer: Answer) -> None:
        status, label = answer.status, self._host.label
        if status == httpx.codes.UNAUTHORIZED:
            raise SourceFailed(
                f"{label} refused the token (401); nothing was applied. Make a new one there and set {TOKEN}."
            )
        if status == httpx.codes.FORBIDDEN:
            raise NotVisible(f"{label} does not let this token read {path} (403)")
        if status == httpx.codes.NOT_FOUND:
            raise NotVisible(f"{label} has no {path} for this token (404)")
        if 300 <= status < 400:  # noqa: PLR2004  # redirects are not followed
            raise SourceFailed(
                f"{label} answered {path} with another address ({status}); nothing was applied."
                f" Check that {self._host.setting} is the organisation's own."
            )
        if status != httpx.codes.OK:
            raise SourceFailed(f"{label} answered {status} to {path}; nothing was applied, sync again later.")

    def _decoded(self, path: str, body: bytes) -> Any:
        try:
            return msgspec.json.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass
        try:
            # This one also takes half of a surrogate pair, which msgspec lets spoil the whole page.
            return json.loads(body)
        except (ValueError, RecursionError):
            raise SourceFailed(
                f"{self._host.label}'s answer to {path} is no whole JSON; nothing was applied,"
                " sync again later."
            ) from None


def identifier(raw: Any) -> str:
    """An id as the system gives it, text or number, to the letter; empty for what cannot be one."""
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        return ""
    found = clean(raw, LONGEST_ID + 1).strip()
    return found if len(found) <= LONGEST_ID else ""


def records(raw: Any, path: str, host: Host) -> list[dict[str, Any]]:
    """The rows of a list; what is no record among them becomes an empty one. Raises SourceFailed."""
    if not isinstance(raw, list):
        raise SourceFailed(f"{host.label}'s answer to {path} is no list of records; nothing was applied.")
    return [each if isinstance(each, dict) else {} for each in raw]
