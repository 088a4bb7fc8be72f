"""The members of a group in as few calls as this Okta allows, with the rules that put them there."""

from collections.abc import Iterator
from typing import Any

from . import shapes
from .answers import Refused
from .paging import Pages

MEMBERS = "/api/v1/groups/{}/users"
WAYS = tuple(
    {"limit": size, **rules} for size in ("1000", "200") for rules in ({"expand": "group-rules"}, {})
)
"""How to ask, the best way first: a page of 1,000 is allowed and 200 advised, and before June 2026 no Okta
told of rules."""
PLAINEST = WAYS[-1]


class Members:
    """Asks for members, from several threads. The first way that Okta takes is kept to."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._way: dict[str, str] | None = None
        """None: not yet known."""

    def pages(self, group: str) -> Iterator[list[Any]]:
        """Pages of its members. Raises NotVisible, Gone, SourceFailed; Refused where no way is taken."""
        ways = WAYS if self._way is None else tuple({id(way): way for way in (self._way, PLAINEST)}.values())
        for way in ways:
            try:
                yield from self._pages.rows(MEMBERS.format(group), way, shapes.Member, "grant")
            except Refused:
                if way is PLAINEST:
                    raise
            else:
                self._way = self._way or way
                return
