"""What a system may send by itself: hints to look again. Nothing that a delivery says is taken as a fact."""

import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

Secrets = tuple[bytes, ...]
"""What a delivery may be signed with: one secret or, while it is being changed, the old and the new one."""
AT_ONCE = 2
LEAST_LENGTH = 8
"""Characters of a secret that a system makes; those are longer, and shorter ones can be guessed."""
NATIVE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""No address of a person, no name and nothing that could break a line of a log."""
MOST_NAMED = 1000
"""Objects of one delivery; one that names more names everything."""
LATEST = timedelta(minutes=5)
"""How old, or how far ahead of our clock, a delivery may be that is signed together with its time."""


class Named(NamedTuple):
    """An object to look at again: `account`, `group`, `app`, `rule` or `unit`, and its native id."""

    kind: str
    native_id: str


EVERYTHING = Named("", "")
"""The system does not say what has changed, or says too much."""


@dataclass(frozen=True)
class Delivery:
    """One request as it came; nothing in it may be believed before it is verified."""

    headers: Mapping[str, str]
    body: bytes
    at: datetime
    """When it came."""


@dataclass(frozen=True)
class Contents:
    """What a verified delivery comes to."""

    named: frozenset[Named] = frozenset()
    """Empty: something happened, and nothing is named."""
    key: str = ""
    """The system's own id of the delivery; empty where it gives none."""


@dataclass(frozen=True, kw_only=True)
class Hook:
    """How the deliveries of one source are known and read. Its functions are pure."""

    path: str
    """Where it delivers, behind /hooks/."""
    variable: str
    """The setting that holds its secret; without one nothing is taken."""
    verify: Callable[[Secrets, Delivery], bool]
    """Whether one of the secrets vouches for the delivery."""
    contents: Callable[[Any], Contents]
    """What the JSON of a delivery names. Never raises for what the JSON holds."""
    challenge: Callable[[Mapping[str, str]], Mapping[str, str] | None] = lambda _: None
    """By the headers of a GET: the JSON that shows that the address is ours, or None."""
    key: Callable[[str], bytes] = str.encode
    """A secret as it is written in the setting → the secret itself. Raises ValueError."""
    least: int = LEAST_LENGTH
    """Characters that a secret must have."""

    def secrets(self, text: str) -> Secrets:
        """The secrets of the setting's text. Raises ValueError in one sentence that does not repeat them."""
        written = [each.strip() for each in re.split(r"[,\n]", text) if each.strip()]
        if len(written) > AT_ONCE:
            raise ValueError(f"{self.variable} holds more than two values: keep the old one and the new one.")
        if any(len(each) < self.least for each in written):
            raise ValueError(f"{self.variable} must have at least {self.least} characters.")
        try:
            return tuple(self.key(each) for each in written)
        except ValueError as error:
            raise ValueError(f"{self.variable} is not what the system gave: it cannot be decoded.") from error


class NotJson(ValueError):
    """The body of a delivery is no JSON."""


def read(hook: Hook, body: bytes) -> Contents:
    """What a verified delivery comes to; without an id of its own it is known by its body. Raises NotJson."""
    try:
        found = hook.contents(msgspec.json.decode(body))
    except (ValueError, RecursionError) as error:
        raise NotJson from error
    named = frozenset(
        each for each in found.named if each == EVERYTHING or NATIVE_ID.fullmatch(each.native_id)
    )
    if len(named) > MOST_NAMED:
        named = frozenset({EVERYTHING})
    return Contents(named, sha256(found.key.encode(errors="replace") or body).hexdigest())


def equals_one(given: str, expected: Iterable[bytes]) -> bool:
    """Whether a header says one of the values; takes the same time whichever it is, and where it differs."""
    # Servers hand headers over as latin-1, byte for byte.
    value = given.encode("latin-1", "backslashreplace")
    return any([hmac.compare_digest(value, each) for each in expected])  # noqa: C419  # all are compared


def signature_of(delivery: Delivery, header: str, make: Callable[[bytes], bytes], secrets: Secrets) -> bool:
    """Whether a header holds the signature that one of the secrets makes."""
    return equals_one(delivery.headers.get(header, ""), map(make, secrets))


def is_fresh(moment: str, at: datetime) -> bool:
    """Whether a signed time, in seconds since 1970 or as ISO 8601 with its offset, is that of now."""
    try:
        seconds = float(moment) if moment.isascii() else float("nan")
    except ValueError:
        try:
            written = datetime.fromisoformat(moment)
        except ValueError:
            return False
        if written.tzinfo is None:
            return False
        seconds = written.timestamp()
    return abs(seconds - at.timestamp()) <= LATEST.total_seconds()


def each_of(value: object) -> list[Any]:
    """The items of a JSON list; none where it is something else."""
    return value if isinstance(value, list) else []


def fields_of(value: object) -> dict[str, Any]:
    """The fields of a JSON object; none where it is something else."""
    return value if isinstance(value, dict) else {}


def text_of(value: object) -> str:
    """A JSON text, or an id that is written as a whole number; empty where it is something else."""
    return value if isinstance(value, str) else str(value) if type(value) is int else ""
