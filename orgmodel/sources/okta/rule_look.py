"""Whether many rules are still as they were: a page of them for each quiet minute.

No log tells of rules. Where they stand on several pages, reading all of them each minute would cost more
calls than everything else that is read of a quiet organisation. What changes for anybody by an edited rule is
other news: then all are read.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import msgspec

from . import parse, shapes
from .answers import Gone, NotVisible, Refused
from .client import OktaClient
from .decode import rows
from .stamps import RuleMarks, marks_of

PLACE = "rules looked at"
"""The cursor that says where the next look goes on."""
LATELY = timedelta(minutes=5)
"""Whoever has not looked for so long reads all."""
MINUTE = timedelta(minutes=1)
PAGE = 200
A_LITTLE_LATE = 0.25
"""Of a minute: a read that comes some seconds after it needs no further page."""
RULES = "/api/v1/groups/rules"


@dataclass(frozen=True)
class Place:
    """Where a round stands. `at`: when the last look was; `seen`: rules met; `after`: Okta's cursor."""

    at: datetime
    seen: int = 0
    after: str = ""


class RuleLook:
    """`known`: the rules as they were read last; `place`: the cursor."""

    def __init__(self, client: OktaClient, known: RuleMarks, place: str, now: datetime) -> None:
        self._client, self._known, self._now = client, known, now
        self._place = _place_of(place)
        self.has_ended = False
        """All have been looked at since it last was so."""

    @property
    def is_enough(self) -> bool:
        """A part of them can be looked at: they stand on several pages, and the last look was lately."""
        return 0 < self._pages < -(-len(self._known) // PAGE)

    @property
    def _pages(self) -> int:
        """One for each minute since the last look; 0: that was too long ago, or is not known."""
        if self._place is None or not self._place.at <= self._now < self._place.at + LATELY:
            return 0
        return max(1, ceil((self._now - self._place.at) / MINUTE - A_LITTLE_LATE))

    def goes_on_at(self) -> str:
        """Look at the next ones: the cursor after that, empty where they are no longer as they were.

        Raises SourceFailed.
        """
        place = self._place
        for _ in range(self._pages):
            if place is None:
                return ""
            place = self._after(place)
        return msgspec.json.encode(place).decode() if place else ""

    def _after(self, place: Place) -> Place | None:
        params = {"limit": str(PAGE), **({"after": place.after} if place.after else {})}
        try:
            body, after = self._client.page(RULES, params)
        except (NotVisible, Gone, Refused):
            return None
        marks = marks_of(parse.rule(row) for row in rows(body, shapes.Rule, RULES, "rule", []))
        if any(self._known.get(rule) != mark for rule, mark in marks.items()):
            return None
        seen = place.seen + len(marks)
        if not after:
            self.has_ended = True
            return Place(self._now) if seen == len(self._known) else None
        return Place(self._now, seen, after)


def first_place(now: datetime) -> str:
    """After all rules were read."""
    return msgspec.json.encode(Place(now)).decode()


def _place_of(cursor: str) -> Place | None:
    try:
        found = msgspec.json.decode(cursor, type=Place)
    except msgspec.MsgspecError:
        return None
    return found if found.at.tzinfo else None
