"""Outcomes a test can script for the next calls: the ways in which Slack, or the way to it, fails."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["refuse", "rate_limit", "status", "close", "reset", "hang", "nonsense", "pass"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One scripted outcome. With `record` the call takes effect before its answer is spoilt."""

    kind: Kind
    code: str = ""
    status: int = 0
    seconds: float = 0.0
    record: bool = False


def refuse(code: str) -> Fault:
    """200 with ok:false and this error code."""
    return Fault("refuse", code=code)


def rate_limit(retry_after: int = 30) -> Fault:
    """429 with Retry-After in seconds."""
    return Fault("rate_limit", seconds=retry_after)


def status(number: int, *, record: bool = False) -> Fault:
    """An HTTP status such as 500, 502 or 503 with a page of HTML instead of an answer, 200 too."""
    return Fault("status", status=number, record=record)


def close(*, record: bool = False) -> Fault:
    """The connection is closed after the request was read."""
    return Fault("close", record=record)


def reset(*, record: bool = False) -> Fault:
    """The connection is reset after the request was read."""
    return Fault("reset", record=record)


def hang(seconds: float, *, record: bool = False) -> Fault:
    """No answer for so many seconds, then the connection is closed."""
    return Fault("hang", seconds=seconds, record=record)


def nonsense(*, record: bool = False) -> Fault:
    """200 with JSON that says neither that it worked nor that it did not."""
    return Fault("nonsense", record=record)


def record_then_drop() -> Fault:
    """The message is stored and the answer never comes: what makes careless clients send twice."""
    return close(record=True)


def healthy() -> Fault:
    """No fault: a good answer between two scripted bad ones."""
    return Fault("pass")
