"""One system that speaks JSON over HTTP: an address at a time, decoded, and what its refusals mean.

SourceFailed   nothing may be applied; the text says what to do
└── Refused    400 or 501: a request that the system does not accept
NotVisible     403: the credentials may not see this part; it is unknown, not empty
Gone           404: there is nothing at this address
"""

import json
import re
from collections.abc import Generator, Mapping
from typing import Any

import httpx
import msgspec

from orgmodel.reports import SourceFailed

from .http import Answer, Host, HttpClient, RetryAfter, require_json

TOKEN = "HRIS_TOKEN"  # noqa: S105  # the name of a setting
USER_AND_TOKEN = "HRIS_USER and HRIS_TOKEN"  # noqa: S105  # the names of two settings
UNSTATED_WAIT = 15.0
"""Seconds to wait where a refusal does not say how long: eight of them outlast a window of a minute."""
LONGEST_PATH, MOST_COMPLAINT = 160, 20_000
_REFUSED = frozenset({400, 501})
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")


class Refused(SourceFailed):
    """`words`: all words of the complaint, to be compared with the names that were asked for."""

    def __init__(self, text: str, words: frozenset[str] = frozenset()) -> None:
        super().__init__(text)
        self.words = words


class NotVisible(Exception):
    """403: the credentials may not see this part."""


class Gone(Exception):
    """404: there is nothing at this address."""


HIDDEN = (NotVisible, Gone)
"""Either way a part is not seen, and the read may go on without it."""


class Unhurried(RetryAfter):
    """The rates of a system that may refuse without saying for how long."""

    def refused(self, headers: Mapping[str, str]) -> float:
        return super().refused(headers) if headers.get("retry-after") else UNSTATED_WAIT


class Bearer(httpx.Auth):
    """Signs each request with a token, which no representation shows."""

    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request with the header of the token."""
        request.headers["Authorization"] = self._header
        yield request


class JsonApi:
    """Gets the JSON of one system, and of no other host. Further arguments are those of the HttpClient.

    `rights`: what the credentials need in order to read a part, as an instruction: `grant persons:read`.
    `credentials`: which settings hold them, as a sentence names them. `accept`: the media types that are
    asked for.
    """

    def __init__(
        self,
        host: Host,
        auth: httpx.Auth,
        rights: str,
        *,
        credentials: str = TOKEN,
        accept: str = "application/json",
        **client: Any,
    ) -> None:
        self._host, self._rights, self._credentials = host, rights, credentials
        self._headers = {"Accept": accept}
        self._http = HttpClient(host, auth=auth, **{"rates": Unhurried(), **client})

    @property
    def calls(self) -> int:
        """How often the system was asked."""
        return self._http.calls

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._http.close()

    def get(self, path: str, params: Mapping[str, str] | None = None) -> tuple[Any, bytes]:
        """An answer, decoded and as it came. Raises NotVisible, Gone, SourceFailed."""
        return self._content(path, self._http.get(path, dict(params or {}), self._headers))

    def search(self, path: str, question: Any) -> tuple[Any, bytes]:
        """Like get, where a system takes its questions by POST: for what reads, and never for what writes."""
        headers = {**self._headers, "Content-Type": "application/json"}
        return self._content(path, self._http.search(path, msgspec.json.encode(question), headers))

    def _content(self, path: str, answer: Answer) -> tuple[Any, bytes]:
        shown = path[:LONGEST_PATH]
        if answer.status != httpx.codes.OK:
            raise self._refusal(shown, answer)
        require_json(answer, shown, self._host)
        try:
            return decoded(answer.body), answer.body
        except ValueError:
            raise SourceFailed(
                f"{self._host.label}'s answer to {shown} is not complete JSON, as if it had been cut off;"
                " nothing was applied. Sync again later."
            ) from None

    def _refusal(self, path: str, answer: Answer) -> Exception:
        label, status = self._host.label, answer.status
        if status == httpx.codes.UNAUTHORIZED:
            return SourceFailed(
                f"{label} refused the credentials (401); nothing was applied. Check {self._credentials}."
            )
        if status == httpx.codes.FORBIDDEN:
            return NotVisible(f"{path}: the credentials may not read it (403); {self._rights}.")
        if status == httpx.codes.NOT_FOUND:
            return Gone(f"{path}: {label} has nothing at this address (404); check {self._host.setting}.")
        if status in _REFUSED:
            return Refused(
                f"{label} does not accept the request to {path} ({status}); nothing was applied,"
                " sync again later.",
                frozenset(_WORD.findall(answer.body[:MOST_COMPLAINT].decode("utf-8", "replace"))),
            )
        if httpx.codes.MULTIPLE_CHOICES <= status < httpx.codes.BAD_REQUEST:
            return SourceFailed(
                f"{label} redirects {path} to another address ({status}), which is not followed;"
                f" check {self._host.setting}."
            )
        return SourceFailed(f"{label} answered {status} to {path}; nothing was applied, sync again later.")


def decoded(body: bytes) -> Any:
    """JSON as plain values, whole numbers to the last digit. Raises ValueError where it is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    # The standard decoder also takes half of a surrogate pair, which would spoil the whole answer.
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("nested too deeply") from None
