"""Entities of the OData API, page by page, with all of their past and future."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from orgmodel.reports import SourceFailed
from orgmodel.sources.basic_login import BasicLogin
from orgmodel.sources.http import Bounds
from orgmodel.sources.json_api import Refused
from orgmodel.sources.list_end import ListEnd

LABEL = "SuccessFactors"
SERVICE = "/odata/v2"
ALWAYS = {"fromDate": "1900-01-01", "toDate": "9999-12-31"}
"""Without these an entity with dates gives what holds today, and nothing else."""
BOUNDS = Bounds(silence=180)
RIGHTS = "give the role of HRIS_USER OData API read access to it"


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked of one entity: `a/b` is the field b of what the navigation a leads to."""

    entity: str
    fields: Sequence[str]
    key: Sequence[str]
    """By what pages are ordered: without an order rows may come twice, or not at all."""
    optional: frozenset[str] = frozenset()
    """Left out where the tenant has no such field."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Field → the setting that named it."""

    def without(self, words: frozenset[str]) -> "Selection | None":
        """Without the optional fields that a refusal names; None: it names none of them."""
        dropped = {each for each in self.optional if each.rsplit("/", 1)[-1] in words}
        if not dropped:
            return None
        fields = [each for each in self.fields if each not in dropped]
        return Selection(self.entity, fields, self.key, self.optional - dropped, self.settings)

    def params(self) -> dict[str, str]:
        """The question."""
        navs = dict.fromkeys(each.rsplit("/", 1)[0] for each in self.fields if "/" in each)
        found = {"$format": "json", "$select": ",".join(self.fields), "$orderby": ",".join(self.key)}
        return {**found, **({"$expand": ",".join(navs)} if navs else {}), **ALWAYS}


class Entities:
    """Asks for entities. Further arguments go to the HttpClient."""

    def __init__(self, login: BasicLogin, **options: Any) -> None:
        self._api = login.api(LABEL, RIGHTS, **{"bounds": BOUNDS, **options})
        self._service = login.prefix.removesuffix(SERVICE) + SERVICE

    @property
    def calls(self) -> int:
        """How often SuccessFactors was asked."""
        return self._api.calls

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def rows(self, selection: Selection) -> Iterator[Any]:
        """All rows, a page at a time. Raises NotVisible, Gone, SourceFailed."""
        for page in self._tried(selection, {}):
            yield from page

    def first(self, selection: Selection) -> list[Any]:
        """One row, or none. Raises NotVisible, Gone, SourceFailed."""
        return next(self._tried(selection, {"$top": "1"}))

    def _tried(self, selection: Selection, more: Mapping[str, str]) -> Iterator[list[Any]]:
        """The pages; where the question is refused for a field that need not be there, without that field."""
        while True:
            pages = self._pages(selection, more)
            try:
                first = next(pages)
            except Refused as why:
                fewer = selection.without(why.words)
                if fewer is None:
                    raise _explained(selection, why) from why
                selection = fewer
            else:
                yield first
                yield from pages
                return

    def _pages(self, selection: Selection, more: Mapping[str, str]) -> Iterator[list[Any]]:
        path = f"{self._service}/{selection.entity}"
        params, end = {**selection.params(), **more}, ListEnd(path, LABEL)
        while True:
            end.expect(path, params)
            content, body = self._api.get(path, params)
            rows, following = _page(content, path)
            yield rows
            if not following:
                return
            end.given(body if rows else b"[]")
            params = _next(following, path)


def _page(content: Any, path: str) -> tuple[list[Any], str]:
    inner = content.get("d") if isinstance(content, dict) else None
    rows = inner.get("results") if isinstance(inner, dict) else None
    following = inner.get("__next", "") if isinstance(inner, dict) else ""
    if not isinstance(rows, list) or not isinstance(following, str):
        raise SourceFailed(f"{LABEL}'s answer to {path} is no list of records; nothing was applied.")
    return rows, following


def _next(link: str, path: str) -> dict[str, str]:
    """The parameters of the next page. The host that the link names is never believed, nor another path."""
    try:
        parts = urlsplit(link)
    except ValueError:
        raise SourceFailed(f"{LABEL}'s list {path} goes on at no readable address; refused.") from None
    if parts.path.rsplit("/", 1)[-1] != path.rsplit("/", 1)[-1]:
        raise SourceFailed(f"{LABEL}'s list {path} goes on at another address; refused.")
    return dict(parse_qsl(parts.query, keep_blank_values=True))


def _explained(selection: Selection, why: Refused) -> SourceFailed:
    for name, setting in selection.settings.items():
        if why.words.intersection(name.split("/")):
            return SourceFailed(
                f"{LABEL} has no field {name} in {selection.entity}; correct {setting} in sightline.toml."
            )
    return why
