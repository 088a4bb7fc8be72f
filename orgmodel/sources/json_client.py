"""JSON of a system that takes HTTP Basic: one address at a time, and what its refusals mean.

SourceFailed        nothing may be applied; the text says what to do
├── Refused         400: a question that the system does not take
└── Absent          404: there is nothing at this address
NotVisible          403: this login may not see this part; it is unknown, not empty
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from orgmodel.reports import SourceFailed

from .basic_login import BasicLogin
from .http import Host, HttpClient, require_json

LONGEST_PATH = 160
MOST_COMPLAINT = 20_000
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")


class Refused(SourceFailed):
    """400. `words`: all words of the complaint, to be held against the names that were asked for."""

    def __init__(self, text: str, words: frozenset[str] = frozenset()) -> None:
        super().__init__(text)
        self.words = words


class Absent(SourceFailed):
    """404: there is nothing at this address."""


class NotVisible(Exception):
    """403: this login may not see this part."""


class JsonClient:
    """Gets answers below the address of the login. Further arguments are those of the HttpClient."""

    def __init__(self, login: BasicLogin, label: str, **http: Any) -> None:
        parts = urlsplit(login.url)
        self.host = Host(f"{parts.scheme}://{parts.netloc}", label, "HRIS_URL")
        self.prefix = parts.path
        self._http = HttpClient(self.host, auth=httpx.BasicAuth(login.user, login.token), **http)

    @property
    def calls(self) -> int:
        """How often the system was asked."""
        return self._http.calls

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, params: Mapping[str, str]) -> tuple[Any, bytes]:
        """The content of an answer, and its bytes. `path`: from the root of the host.

        Raises NotVisible and SourceFailed.
        """
        answer = self._http.get(path, dict(params), {})
        label, shown = self.host.label, path[:LONGEST_PATH]
        match answer.status:
            case httpx.codes.OK:
                pass
            case httpx.codes.UNAUTHORIZED:
                raise SourceFailed(
                    f"{label} refused the login (401). Check HRIS_USER and HRIS_TOKEN, and that the user is"
                    " neither locked nor expired."
                )
            case httpx.codes.FORBIDDEN:
                raise NotVisible(f"{shown}: the user of HRIS_USER may not read it (403).")
            case httpx.codes.NOT_FOUND:
                raise Absent(f"{label} has nothing at {shown} (404); check HRIS_URL and sightline.toml.")
            case httpx.codes.BAD_REQUEST:
                raise Refused(
                    f"{label} does not take the question {shown} (400); nothing was applied.",
                    frozenset(_WORD.findall(answer.body[:MOST_COMPLAINT].decode("utf-8", "replace"))),
                )
            case other if httpx.codes.MULTIPLE_CHOICES <= other < httpx.codes.BAD_REQUEST:
                raise SourceFailed(
                    f"{label} sends {shown} on to another address ({other}), which is not followed; check"
                    " HRIS_URL."
                )
            case other:
                raise SourceFailed(
                    f"{label} answered {other} to {shown}; nothing was applied, sync again later."
                )
        require_json(answer, shown, self.host)
        return decoded(answer.body, label, shown), answer.body


def decoded(body: bytes, label: str, path: str) -> Any:
    """JSON as plain values, whole numbers to the last digit. Raises SourceFailed where it is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        # The standard decoder also takes half of a surrogate pair, which would spoil the whole answer.
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            pass
    raise SourceFailed(
        f"{label}'s answer to {path} is no whole JSON, as if it had been cut off; nothing was applied."
        " Sync again later."
    )
