"""One system that speaks JSON to the bearer of a token: an address at a time, decoded.

SourceFailed           nothing may be applied; the text says what to do
NotVisible and Gone    403 and 404 (refusals): this part is unknown, not empty
"""

from collections.abc import Generator, Mapping
from typing import Any

import httpx

from .http import Host, HttpClient
from .json_client import decoded
from .refusals import Gone, NotVisible, Refusals

TOKEN = "HRIS_TOKEN"  # noqa: S105  # the name of a setting
HIDDEN = (NotVisible, Gone)
"""Either way a part is not seen, and the read may go on without it."""


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

    `rights`: what the token needs to read a part, as an order.
    """

    def __init__(self, host: Host, auth: httpx.Auth, rights: str, **client: Any) -> None:
        self._host = host
        self._refusals = Refusals(host, TOKEN, rights)
        self._http = HttpClient(host, auth=auth, **client)

    @property
    def calls(self) -> int:
        """How often the system was asked."""
        return self._http.calls

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._http.close()

    def get(self, path: str, params: Mapping[str, str] | None = None) -> tuple[Any, bytes]:
        """An answer, decoded and as it came. Raises NotVisible, Gone, SourceFailed."""
        answer = self._http.get(path, dict(params or {}), {})
        self._refusals.require_good(path, answer)
        return decoded(answer.body, self._host.label, path), answer.body
