"""Static files served in place, at addresses that change with their content, compressed at the start.

No step collects them, so none can be forgotten: names, digests and packed bodies are made by each process.
"""

import gzip
import hashlib
import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cache
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, find
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import Response, StaticFile

STAMP = 12
"""Hexadecimal digits of a file's digest that stand in its address."""
STAMPED = re.compile(rf"\.[0-9a-f]{{{STAMP}}}(\.[^./]+)")


def plain(name: str) -> str:
    """A name or address without its stamp.

    >>> plain("portal/base.0123456789ab.css")
    'portal/base.css'
    """
    return STAMPED.sub(r"\1", name)


@cache
def stamped(name: str) -> str:
    """The name with the digest of its file in it; the name itself where there is no such file."""
    path = find(name)
    if not isinstance(path, str) or not Path(path).is_file():
        return name
    stem, suffix = posixpath.splitext(name)
    return f"{stem}.{hashlib.sha256(Path(path).read_bytes()).hexdigest()[:STAMP]}{suffix}"


class Statics(StaticFilesStorage):
    """The storage that `{% static %}` asks; while developing, files keep their names."""

    def url(self, name: str | None) -> str:
        """The address of a file, which is another one once the file has changed."""
        known = stamped(name) if name and not settings.DEBUG else name or ""
        if known not in self._addresses:
            self._addresses[known] = super().url(known)
        return self._addresses[known]

    @cached_property
    def _addresses(self) -> dict[str, str]:
        """By name; a page asks for the sprite a hundred times."""
        return {}


class StampedFinder(AppDirectoriesFinder):
    """Finds files by their stamped names, so that whoever serves files by finders serves these too."""

    def find(self, path: str, *args: Any, **kwargs: Any) -> Any:
        """As its kind: the path of the file, or all of them."""
        name = plain(path)
        return super().find(name, *args, **kwargs) if name != path else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        """Nothing: each file is there once, by its own name."""
        return iter(())


@cache
def bodies(path: str) -> dict[str, bytes]:
    """What a file holds by its encoding: "" as it is, and gzip where that is shorter."""
    body = Path(path).read_bytes()
    packed = gzip.compress(body, mtime=0)
    return {"": body} | ({"gzip": packed} if len(packed) < len(body) else {})


class Packed(StaticFile):  # type: ignore[misc]  # the library carries no types
    """A file that lies ready in memory: as it is, and packed where that is shorter."""

    def __init__(self, path: str, headers: list[tuple[str, str]], stat_cache: Any = None) -> None:
        super().__init__(path, headers, stat_cache=stat_cache)
        self.bodies = bodies(path)

    def get_response(self, method: str, request_headers: dict[str, str]) -> Any:
        """The packed body for whoever takes it and wants it whole."""
        response = super().get_response(method, request_headers)
        if response.status != HTTPStatus.OK:
            return response
        takes = "gzip" in request_headers.get("HTTP_ACCEPT_ENCODING", "") and "gzip" in self.bodies
        body = self.bodies["gzip" if takes else ""]
        headers = Headers([*response.headers])
        headers["Content-Length"] = str(len(body))
        headers["Vary"] = "Accept-Encoding"
        if takes:
            headers["Content-Encoding"] = "gzip"
        if response.file is not None:
            response.file.close()
        return Response(HTTPStatus.OK, headers.items(), None if method == "HEAD" else BytesIO(body))


class StaticsMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]  # the library carries no types
    """Serves every file by its own name for a minute, and by its stamped name for a year."""

    FOREVER = 365 * 24 * 3600

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """A stamp of another version, met while machines are upgraded one by one, gets what we have."""
        path, files = request.path_info, self.files
        if path not in files and (known := files.get(plain(path))):
            served: HttpResponseBase = self.serve(known, request)
            return served
        response: HttpResponseBase = super().__call__(request)
        return response

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        """The file under both of its addresses."""
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
        known = self.static_prefix + stamped(url.removeprefix(self.static_prefix))
        super().add_file_to_dictionary(known, path, stat_cache=stat_cache)

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> Any:
        """The file with its headers."""
        if self.autorefresh:
            return super().get_static_file(path, url, stat_cache=stat_cache)
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        return Packed(path, headers.items(), stat_cache)
