"""What a source is to everything outside its folder: one frozen value with all there is to know about it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, Literal, Protocol, TypeVar

from orgmodel.conventions import Conventions
from orgmodel.reports import Part, Reader
from orgmodel.why.level_rules import Combine

from .fix import FixPlans
from .hooks import Hook
from .streams import RateUse, Stream

Role = Literal["people", "units", "access"]
"""people: its records make persons · units: it keeps org units · access: it says who holds what."""
READ_IN: tuple[Role, ...] = ("units", "people", "access")
"""Units before people before access: so that what follows finds what it follows from."""
STALE, TOO_OLD = timedelta(hours=2), timedelta(days=1)
Issuer = Literal["own", "custom", ""]
"""own: the subject of a login is the native id of an account here · custom: it may be · empty: another's."""
Word = TypeVar("Word", bound=str)
Settings = TypeVar("Settings")


class Environment(Protocol):
    """The variables of the process, one at a time; every mistake is an error whose sentence names it."""

    def text(self, name: str, default: str = "") -> str:
        """The value, or the content of the file that NAME_FILE names; empty: not given."""

    def needed(self, name: str, because: str) -> str:
        """Like text, but missing is a mistake; `because` completes the sentence."""

    def flag(self, name: str) -> bool:
        """1 or 0; not given is False."""

    def choice(self, name: str, choices: tuple[Word, ...], default: Word) -> Word:
        """One of the given words, in any case."""

    def share(self, name: str, default: float) -> float:
        """A number above 0 and at most 1."""

    def folder(self, name: str, because: str) -> Path:
        """The path of a folder; none is a mistake. It may be away just now."""

    def address(self, name: str, default: str = "", *, plain: bool = False, origin: bool = False) -> str:
        """An http address without a slash at its end, or empty."""


@dataclass(frozen=True)
class Line:
    """One check of the doctor: OK (True), FAIL (False) or a note (None), and what to do."""

    ok: bool | None
    what: str
    todo: str = ""


@dataclass(frozen=True)
class Reading:
    """What a reader needs beside the settings of its source."""

    conventions: Conventions
    now: datetime
    cursors: Mapping[str, str] = field(default_factory=dict)
    """Stream → where the last read of it ended, that was applied."""
    beside: frozenset[Role] = frozenset()
    """What the other sources are that are set up."""
    full: bool = True
    """Everything is to be read, whatever was read before."""
    seconds: float | None = None
    """After so long a reader that can leaves the rest for the next run; None: it reads to the end."""
    whole: datetime | None = None
    """When the last read that came to its end began."""
    under_way: bool = False
    """A read of everything has begun, and goes on with this run."""
    left: Sequence[Part] = ()
    """What is still to be read of it, as far as one run may come."""
    awaited: Callable[[], bool] = lambda: False
    """Whether a hook waits for the next run: one that can leaves the rest to a later one."""
    named: Callable[[], Collection[tuple[str, str]]] = tuple
    """Kind and native id of what a hook has named since the last read; asked as the read begins."""
    opened_by: Callable[[Collection[str]], Collection[str]] = lambda groups: ()
    """The apps that these groups opened, as far as is known; asked where groups are gone."""


@dataclass(frozen=True, kw_only=True)
class Source(Generic[Settings]):
    """One system that is read. Two organisations of the same kind are two values with names of their own."""

    name: str
    """Stands in the rows of what it said, in commands and addresses: a-z, digits and hyphens."""
    kind: str
    """Its folder below orgmodel/sources; what HRIS and CONTROL_PLANE choose by."""
    label: str
    """What people call it: Okta, HR."""
    roles: frozenset[Role]
    set_up: str
    """Which settings it takes, as an order: `set OKTA_URL and OKTA_TOKEN`."""
    settings: Callable[[Environment], Settings | None]
    """What the environment says of it, or None where it is not set up. Raises ValueError, in one sentence."""
    reader: Callable[[Settings, Reading], Reader]
    one_of_several: bool = False
    """Other kinds go by the same name: a setting chooses which of them is read."""
    needed: bool = False
    """Without it there is nothing to show: the doctor says that it is missing."""
    address: Callable[[Settings], str] = lambda _: ""
    """The origin that tells one organisation from another; empty for files."""
    address_variable: str = ""
    """The setting that holds it; empty for files."""
    address_in: Callable[[Environment], str] | None = None
    """Where secrets of it in the environment would be sent, set up or not; None: what that setting holds."""
    issuer: Callable[[Settings, str], Issuer] = lambda _given, _issuer: ""
    """What the issuer of a login, by its address, is to this source's accounts."""
    checks: Callable[[Settings], Iterator[Line]] = lambda _: iter(())
    """For the doctor. Never raises for what the source answers."""
    every: timedelta = timedelta(minutes=5)
    """How often the worker reads it."""
    stale: timedelta = STALE
    """Without a good read for so long, pages say that what they show may be old."""
    too_old: timedelta = TOO_OLD
    """Without a good read for so long it is a finding, and the portal is not ready."""
    states: Mapping[str, str] = field(default_factory=dict)
    """Its own words for the state of an account → ours (facts.STATES); empty where it says them in ours."""
    hindrances: Mapping[str, str] = field(default_factory=dict)
    """Its own words for an account that cannot be used to sign in → what is said of it: "is locked"."""
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Its own words for an account → the types of log lines that tell of it; under "": of any other word."""
    seats: Mapping[str, str] = field(default_factory=dict)
    """Its own words for the state of an app assignment → active, pending, suspended or ended."""
    unusable: Mapping[str, str] = field(default_factory=dict)
    """Its own words for an app assignment that nobody can use → what is said of it."""
    plans: FixPlans | None = None
    """What people may do there about a finding."""
    hints: Mapping[str, str] = field(default_factory=dict)
    """Kind of fact that it did not let us see → what makes it visible."""
    levels: Mapping[str, int] = field(default_factory=dict)
    """Its own words for levels → rank, where they are not on the scale of orgmodel.why.levels."""
    catalogue: frozenset[str] = frozenset()
    """What directories call it as an app: whoever is assigned such an app has an account here."""
    combine: Combine = "max"
    """Which level counts of a thing that somebody is given in several ways."""
    hook: Hook | None = None
    """How it tells by itself that something has changed; None: it is only read."""
    streams: tuple[Stream, ...] = ()
    """What is read by itself of it; empty: every sync reads everything."""
    rates: Callable[[Mapping[str, str]], tuple[RateUse, ...]] = lambda _: ()
    """By its cursors: how much of its rates the last reads used."""
    a_sync: str = ""
    """One sync of it as the subject of a sentence: `An Okta sync`; empty: made of the label."""

    @property
    def place(self) -> int:
        """By which sources are read one after another: what it is last in READ_IN."""
        return max(READ_IN.index(role) for role in self.roles)
