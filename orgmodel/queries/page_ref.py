"""A reference from an answer to a page; the portal turns it into an address."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["home", "person", "unit", "app", "group", "move", "why"]


@dataclass(frozen=True)
class PageRef:
    """A page of the portal. `key`: its key in addresses; of a move its id."""

    kind: Kind
    key: str = ""
    about: str = ""
    """Of a why: the key of the group or app; `key` is that of the person."""
