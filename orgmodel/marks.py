"""Marks that a reader puts among its facts: what it has seen whole, and what it could not read."""

from typing import Literal, NamedTuple


class Covered(NamedTuple):
    """The reader has seen all facts of a kind, or all that one owner has: what it did not give has ended.

    Owner: the native id of the group or app in whose list they stand, of the account that holds them, or of
    the single record that was asked for; empty: the whole kind.
    """

    kind: str
    owner: str = ""
    owned_by: Literal["record", "account"] = "record"


class Unreadable(NamedTuple):
    """A record of a kind is there and could not be read, or the list of this owner: what was known stays."""

    kind: str
    native_id: str
    """Empty: it cannot be told which."""
