"""What an edge is called: a group opens an app, is part of a group, is mirrored; a parent passes on. Pure."""

from collections.abc import Mapping
from typing import NamedTuple


class Relation(NamedTuple):
    """Words between the two ends of an edge: as it is, when it began, and when it ended."""

    holds: str
    began: str
    ended: str


PART = "part"
"""A group that opens a group: its people are in that one too."""
RELATIONS: Mapping[str, Relation] = {
    "opens": Relation("opens", "now opens", "no longer opens"),
    PART: Relation("is part of", "is now part of", "is no longer part of"),
    "cascades": Relation("passes on to", "now passes on to", "no longer passes on to"),
    "contains": Relation("contains", "now contains", "no longer contains"),
    "mirrors": Relation("is mirrored as", "is now mirrored as", "is no longer mirrored as"),
}


def relation_of(sort: str, kind: str) -> str:
    """The key in `RELATIONS` of an edge of this sort that leads to this kind of resource.

    >>> relation_of("opens", "group"), relation_of("opens", "app"), relation_of("mirrors", "group")
    ('part', 'opens', 'mirrors')
    """
    if sort not in RELATIONS:
        sort = "opens"
    return PART if (sort, kind) == ("opens", "group") else sort
