"""What may go wrong with any source: each fault by its name, on the wire and in the files of the CSV feed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from orgmodel.reports import Reader
from orgmodel.sources.csv.people import PeopleReader
from orgmodel.sources.csv.units import UnitsReader
from sandbox.hris.records import write_feed

from .fault_systems import INES, RADISH, Fault, Handler, Http, System

Spoiler = Callable[[Http, httpx.Request, Handler], httpx.Response]
"""Answers a request for the list that is meant otherwise than the system would."""
HOSTILE = "<script>alert(1)</script>'; DROP TABLE x; --\u202e ${7*7} =1+1"
LOSES = ("total", "totalResults")
"""How answers call the number of all records."""


@dataclass
class Files(System):
    """The CSV feed. `spoil` changes the bytes of the file that is meant once it is written."""

    folder: Path = Path()
    file: str = "people.csv"
    spoil: Callable[[Path], object] = lambda _: None

    def reader(self, now: datetime) -> Reader:
        write_feed(self.folder, self.records.people.values(), self.records.units.values())
        self.spoil(self.folder / self.file)
        return PeopleReader(self.folder) if self.file == "people.csv" else UnitsReader(self.folder)


def spoil(system: System, fault: str) -> None:
    """Lets it happen in the next read."""
    if fault == "id reuse":
        system.becomes_another()
        return
    if fault == "blank column":
        for person in system.records.people.values():
            person.manager_id = ""
        for unit in system.records.units.values():
            unit.active_from = None
        return
    if fault == "hostile text":
        if system.keeps_units:
            system.records.units[RADISH].name = HOSTILE
        else:
            system.records.people[INES].title = HOSTILE
        return
    if fault == "clock skew" or isinstance(system, Files):
        if isinstance(system, Files):
            system.spoil = _IN_FILES.get(fault, lambda _: None)
        return
    assert isinstance(system, Http)
    system.fault = _on_the_wire(system, fault)


def _on_the_wire(system: Http, fault: str) -> Fault:
    if fault == "19-digit ids":
        return lambda request, serve: _with(serve(request), _numbers(serve(request).content))
    if fault in {"cursor expired", "paging loop"}:
        return _later_pages(system, loop=fault == "paging loop")

    def meant(request: httpx.Request, serve: Handler) -> httpx.Response:
        return _SPOILT[fault](system, request, serve) if _listed(system, request) else serve(request)

    return meant


def _listed(system: Http, request: httpx.Request) -> bool:
    return request.url.path.endswith(system.listing)


def _later_pages(system: Http, *, loop: bool) -> Fault:
    first: list[httpx.Response] = []

    def paged(request: httpx.Request, serve: Handler) -> httpx.Response:
        if not request.url.path.endswith(system.paged or system.listing):
            return serve(request)
        if not first:
            first.append(serve(request))
        elif not loop:
            return httpx.Response(system.lost[0], json=system.lost[1])
        return _with(first[0], first[0].content)

    return paged


def _with(response: httpx.Response, body: bytes, kind: str = "") -> httpx.Response:
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    headers |= {"content-type": kind} if kind else {}
    return httpx.Response(response.status_code, content=body, headers=headers)


def _numbers(body: bytes) -> bytes:
    """Ids of many digits as numbers, as a system that counts its people writes them."""
    for digits in ("777", "901", "902"):
        body = body.replace(
            b'"3332883884017713' + digits.encode() + b'"', b"3332883884017713" + digits.encode()
        )
    return body


def _refused(status: int, **headers: str) -> Spoiler:
    return lambda _system, _request, _serve: httpx.Response(status, json={"error": "no"}, headers=headers)


def _raised(error: type[httpx.TransportError]) -> Spoiler:
    def fail(_system: Http, request: httpx.Request, _serve: Handler) -> httpx.Response:
        raise error("over", request=request)

    return fail


def _bytes(change: Callable[[bytes], bytes], kind: str = "") -> Spoiler:
    def changed(_system: Http, request: httpx.Request, serve: Handler) -> httpx.Response:
        response = serve(request)
        return _with(response, change(response.content), kind)

    return changed


def _rows(change: Callable[[list[Any]], list[Any]], *, empty: bool = False) -> Spoiler:
    def changed(system: Http, request: httpx.Request, serve: Handler) -> httpx.Response:
        response = serve(request)
        body = response.json()
        _change(body, system.rows, change)
        if empty and isinstance(body, dict):
            for found in (body, body.get("meta", {})):
                found.update(dict.fromkeys(found.keys() & {*LOSES}, 0))
        return _with(response, json.dumps(body, ensure_ascii=False).encode())

    return changed


def _change(body: Any, path: str, change: Callable[[list[Any]], list[Any]]) -> None:
    if not path:
        body[:] = change(body)
        return
    *above, last = path.split(".")
    for name in above:
        body = body[name]
    if last in body:
        body[last] = change(body[last])


def _two_forms(system: Http, request: httpx.Request, serve: Handler) -> httpx.Response:
    """The record that is meant is in the answer a second time, as if it were somebody else's."""
    with system.another():
        other = serve(request).json()
    found: list[Any] = []

    def look(rows: list[Any]) -> list[Any]:
        found.extend(_meant(system, rows))
        return rows

    _change(other, system.rows, look)
    return _rows(lambda rows: [*rows, *found] if _meant(system, rows) else rows)(system, request, serve)


def _meant(system: Http, rows: list[Any]) -> list[Any]:
    return [row for row in rows if row.get(system.key) in {INES, RADISH}]


HTML = b"<!doctype html><title>Sign in</title><p>Sign in"
_SPOILT: dict[str, Spoiler] = {
    "empty": _rows(lambda _: [], empty=True),
    "partial": _rows(lambda rows: rows[: len(rows) // 2]),
    "truncated": _bytes(lambda body: body[: len(body) * 2 // 3]),
    "duplicated": _rows(lambda rows: rows * 2),
    "reordered": _rows(lambda rows: rows[::-1]),
    "401": _refused(401),
    "403": _refused(403),
    "404": _refused(404),
    "429 storm": _refused(429, **{"Retry-After": "1"}),
    "5xx": _refused(503),
    "slow": _raised(httpx.ReadTimeout),
    "cut": _raised(httpx.RemoteProtocolError),
    "HTML with 200": _bytes(lambda _: HTML, "text/html; charset=utf-8"),
    "wrong charset": _bytes(
        lambda body: json.dumps(json.loads(body), ensure_ascii=False).encode("latin-1", "replace"),
        "application/json; charset=iso-8859-1",
    ),
    "duplicate ids": _two_forms,
}


def _lines(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Path], None]:
    """Changes the lines below the header."""

    def changed(file: Path) -> None:
        header, *lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join([header, *change(lines)]))

    return changed


def _again(lines: list[bytes]) -> list[bytes]:
    """The line that is meant is there a second time, with another name."""
    other = [line.replace("Inès Ørsted".encode(), b"Zoe").replace(b"Red Radish", b"Zoe") for line in lines]
    return [*lines, *(line for line in other if line not in lines)]


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


_IN_FILES: dict[str, Callable[[Path], object]] = {
    "empty": _lines(lambda _: []),
    "partial": _lines(lambda lines: lines[: len(lines) // 2]),
    "truncated": lambda file: file.write_bytes(file.read_bytes()[:-40]),
    "duplicated": _lines(lambda lines: lines * 2),
    "reordered": _lines(lambda lines: lines[::-1]),
    "403": _folder,
    "404": Path.unlink,
    "HTML with 200": lambda file: file.write_bytes(HTML),
    "wrong charset": lambda file: file.write_bytes(file.read_text().encode("latin-1", "replace")),
    "19-digit ids": lambda file: file.write_bytes(
        file.read_bytes().replace(f"\n{INES},".encode(), b"\n3.33288E+18,")
    ),
    "duplicate ids": _lines(_again),
}
