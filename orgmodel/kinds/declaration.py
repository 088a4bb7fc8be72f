"""What a declaration of a kind of fact says: where it is kept, how much may vanish, what it is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from orgmodel.facts import Ref

RECORDS = 2
"""So many accounts, groups, units … may always go: in a small company that is a large share."""
FACTS = 10
"""The same for what people and groups have: one leaver of a small company takes this much along."""
LAST_VALUES = 2
"""A value that no more than so many had may disappear altogether."""
IDLE = "no longer be active"


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of something may vanish in one run. `sync/measures` says which rows it means."""

    name: str
    """What people call it, in the plural."""
    tolerated: int = FACTS
    last: int = 0
    """So many may be the last ones. 0: never believed to be empty."""
    net: bool = False
    """What began makes up for what ended: memberships are replaced in a reorganisation, identities never."""
    because: tuple[str, ...] = ()
    """Limits whose own loss explains this one: then only they are told."""
    would: str = "vanish"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact. `name` is what counts, changes and problems call it."""

    name: str
    one: str
    many: str
    table: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    """Columns of the table whose change is a change of the fact; the key says which fact it is."""
    limits: tuple[Limit, ...] = ()
    fact: type[Any] | None = None
    """What readers give; None: it follows from other facts."""
    owner: str = ""
    """Field of the fact that names the group or app in whose list it stands; empty: in no such list."""
    listed: str = ""
    """What the list of one group or app holds, with a place for its name: "members of {}"."""
    listed_alone: str = ""
    """The same where the group or app was named before."""
    feed: str = ""
    """What the filter of the feed calls it; empty: the feed does not tell it."""
    without: str = ""
    """What a reader does not get to know while a source does not let us read it, as a clause."""
    identified: tuple[str, ...] = ()
    """Fields that tell a record from another; empty where the fact is no record with an id."""
    only_adds: bool = False
    """It never ends: a log is quiet when nothing happens."""
    passes: bool = False
    """It ends by itself, or is called off: whatever goes of it is nothing lost."""

    @property
    def stage(self) -> str:
        """The staging table."""
        return f"stage_{self.name}"

    @property
    def columns(self) -> Mapping[str, str]:
        """Fields of the fact → PostgreSQL types, in the order of the fact."""
        return _columns(self.fact) if self.fact else {}  # type: ignore[arg-type]  # a class is hashable


@cache
def _columns(fact: Any) -> Mapping[str, str]:
    return {name: _type(hint) for name, hint in get_type_hints(fact).items()}


def _type(hint: Any) -> str:
    """The column type of a field: str → text, Sequence[str] → text[], Mapping → jsonb, X | None → X."""
    plain = next((each for each in get_args(hint) if each is not type(None)), hint)
    if get_origin(hint) is Literal:
        return "text"
    if get_origin(hint) is not None and issubclass(get_origin(hint), Mapping):
        return "jsonb"
    if get_origin(hint) is not None and issubclass(get_origin(hint), Sequence):
        return "text[]"
    return _TYPES[plain]


_TYPES: Mapping[Any, str] = {
    str: "text",
    Ref: "text[]",
    int: "int",
    bool: "boolean",
    date: "date",
    datetime: "timestamptz",
}
