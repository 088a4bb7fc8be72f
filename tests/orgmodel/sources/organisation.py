"""A tiny Okta on an in-process transport: one page per answer, scripted by path."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx

HOST = "https://nordwind.okta.example"
Answer = Callable[[httpx.Request], httpx.Response]


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> httpx.Response:
    return httpx.Response(
        status,
        content=json.dumps(body).encode(),
        headers={"content-type": "application/json", **(headers or {})},
    )


def error(status: int, code: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
    return answer({"errorCode": code, "errorSummary": "no"}, status, headers)


@dataclass
class Organisation:
    """Lists by path; `special` answers first, as often as it holds answers for the path."""

    lists: dict[str, list[Any]] = field(default_factory=dict)
    special: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)
    page: int = 200

    @property
    def calls(self) -> Counter[str]:
        return Counter(request.url.path for request in self.asked)

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._handle)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path.removeprefix("/api/v1")
        if self.special.get(path):
            return self.special[path].pop(0)(request)
        if path.startswith("/meta/"):
            return answer({})
        start = int(request.url.params.get("after", "0"))
        size = min(self.page, int(request.url.params.get("limit", "200")))
        rows = self.lists.get(path, [])
        headers = []
        if start + size < len(rows) or path == "/logs":
            # As Okta does: the next link loses expand, and the self link is a header line of its own.
            query = urlencode({"after": min(start + size, len(rows)), "limit": size})
            headers = [
                ("link", f'<{HOST}{request.url.path}?limit={size}>; rel="self"'),
                ("link", f'<{HOST}{request.url.path}?{query}>; rel="next"'),
            ]
        body = json.dumps(rows[start : start + size]).encode()
        return httpx.Response(200, content=body, headers=[("content-type", "application/json"), *headers])
