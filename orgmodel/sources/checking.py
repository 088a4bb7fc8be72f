"""A source's checks for the doctor, part by part: what can be read, and what to do where it cannot."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from orgmodel.reports import SourceFailed

from .json_api import HIDDEN
from .source import Line

QUICK: dict[str, Any] = {"tries": 2, "patience": 1}
"""Arguments of an HttpClient: nobody waits long for the doctor."""


class Closable(Protocol):
    """Whatever has connections."""

    def close(self) -> None:
        """Close them."""


def checked(label: str, system: Closable, lines: Iterator[Line]) -> Iterator[Line]:
    """The lines, and one more where the system fails as a whole; `system` is closed at the end."""
    try:
        yield from lines
    except SourceFailed as why:
        yield Line(False, f"{label} cannot be read", str(why))
    finally:
        system.close()


def part(what: str, read: Callable[[], object], *, hidden: bool | None = False) -> Line:
    """Whether a part can be read. `hidden`: a failure (False) or a note (None) where it may not be seen.

    Raises SourceFailed.
    """
    try:
        read()
    except HIDDEN as why:
        return Line(hidden, f"{what} cannot be read", str(why))
    return Line(True, f"{what} can be read")
