"""The whole sandbox in one process: company, Okta, Slack, HR feed and a clock that can be set."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from .airtable.server import AirtableServer
from .company import SIGHTLINE_TOML, Company
from .firm import real_time
from .hris.kinds import SERVERS
from .hris.records import write_feed
from .loopback import Loopback
from .memory import read_memory, write_memory
from .okta.server import OktaServer
from .refusals import Refused
from .scenario import SCENES
from .slack.server import SlackPerson, SlackServer
from .year import FOUNDED_DAYS_AGO, begin, moment_of, year

FILES = "csv"
"""The kind of HR system, or control plane, that is files alone."""
CONTROL_PLANES = {AirtableServer.kind: AirtableServer}
"""Kind, as CONTROL_PLANE names it → the pretend server."""


class Clock:
    """Real time (or what stands for it), or a moment it was set to."""

    def __init__(self, at: datetime | None = None, real: Callable[[], datetime] = real_time) -> None:
        self.at = at
        self.real = real

    def __call__(self) -> datetime:
        return self.at or self.real()


class Sandbox:
    """Nordwind on loopback while `with` lasts; `feed_dir` holds the HR files.

    `hris`: csv, or a kind of HR system (sandbox/hris/kinds.py) that serves the same records beside the files.
    `units`: csv, or airtable for a base that serves the same units.

    Given a folder it goes on with the company that a former run left there, or founds one that is a year
    old, and keeps what happens. Given a company it serves that one, and nothing outlives it.
    """

    def __init__(
        self,
        home: Company | Path,
        *,
        okta_port: int = 0,
        slack_port: int = 0,
        hris: str = FILES,
        hris_port: int = 0,
        units: str = FILES,
        units_port: int = 0,
        feed_dir: Path | None = None,
        seed: int = 7,
        size: str = "demo",
        now: Callable[[], datetime] = real_time,
    ) -> None:
        """Raises ValueError when another version left the company in the folder."""
        self._scratch = TemporaryDirectory(prefix="nordwind-") if isinstance(home, Company) else None
        self.folder = Path(self._scratch.name) if self._scratch else Path(str(home))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.feed_dir = feed_dir or self.folder / "feed"
        known = None if isinstance(home, Company) else read_memory(self.folder)
        self.clock = Clock(known.at if known else None, now)
        if isinstance(home, Company):
            self.company = home
        elif known:
            self.company = known.company
        else:
            self.clock.at = moment_of(FOUNDED_DAYS_AGO, self.clock())
            self.company = Company(seed, size, self.clock)
            begin(self.company)
        self.company.resume(self.clock)
        self.lock = threading.RLock()
        self.okta = OktaServer(self.company.tenant, okta_port)
        self.hris = None if hris == FILES else SERVERS[hris](self.company.records, hris_port)
        """The pretend HR system; None: the files are all there is."""
        self.control = None if units == FILES else CONTROL_PLANES[units](self.company.records, units_port)
        """The pretend control plane; None: units.csv."""
        self.slack = SlackServer(self._members, slack_port, clock=lambda: self.clock().timestamp())
        if known:
            self.slack.load(known.posts)
        self._kept: Mapping[str, object] = {}

    @classmethod
    def demo(cls, now: Callable[[], datetime] = real_time, seed: int = 7) -> Self:
        """Nordwind at demo size by this clock, for the time of a `with`."""
        return cls(Company(seed, "demo", now), now=now)

    @property
    def _servers(self) -> tuple[Loopback, ...]:
        return tuple(filter(None, (self.okta, self.slack, self.hris, self.control)))

    @property
    def variables(self) -> dict[str, str]:
        """The variables by which Sightline reads people and units, HRIS among them."""
        people = self.hris.settings() if self.hris else {"HRIS": FILES}
        return people | (self.control.settings() if self.control else {})

    @property
    def config(self) -> Path:
        """The sightline.toml of the company: one for each kind of HR system, whose fields it names."""
        return self.folder / (f"sightline-{self.hris.kind}.toml" if self.hris else "sightline.toml")

    @property
    def feed(self) -> Path:
        """Another name of `feed_dir`."""
        return self.feed_dir

    def __enter__(self) -> Self:
        self.save()
        for each in self._servers:
            each.start()
        return self

    def __exit__(self, *error: object) -> None:
        for each in self._servers:
            each.stop()
        self.save()
        if self._scratch:
            self._scratch.cleanup()

    def play(self, scene: str, **args: str) -> None:
        """Play one scene now. Raises LookupError for unknown names, TypeError for wrong arguments."""
        if scene not in SCENES:
            raise Refused(f"no scene is called {scene}")
        found = SCENES[scene]
        with self.lock, self.company.tenant.lock:
            self.company.start_due()
            found.play(self.okta.faults if found.over == "faults" else self.company, **args)
            self.save()

    def next_of_year(self, today: datetime) -> tuple[datetime, str] | None:
        """Play the next scene of the year at its time; None when it is over, and the clock is real again."""
        with self.lock:
            scenes = year(self.company)
            if self.company.played >= len(scenes):
                self.clock.at = None
                self.save()
                return None
            dated = scenes[self.company.played]
            at = self.clock.at = moment_of(dated.days_ago, today)
            self.company.played += 1
            self.play(dated.scene, **dated.args)
            return at, dated.scene

    def set_clock(self, at: datetime | None) -> None:
        """Stand still at a moment, or follow real time again. Raises Refused without a time zone."""
        if at is not None and at.tzinfo is None:
            raise Refused("the time needs a time zone")
        with self.lock:
            self.clock.at = at and at.astimezone(UTC)
            self.save()

    def save(self) -> None:
        """Write the feed, and everything else into one file, each replaced in one step."""
        with self.lock, self.company.tenant.lock:
            self._write_feed()
            if self._scratch is None:
                posts = self.slack.dump()
                write_memory(self.folder, self.company, posts, self.clock.at)
                self._kept = posts
        if not self.config.exists():
            fields = self.hris.conventions() if self.hris else ""
            self.config.write_text(fields + SIGHTLINE_TOML, encoding="utf-8")

    def save_messages(self) -> None:
        """Save when Slack has taken or changed messages since the last time."""
        if self.slack.dump() != self._kept:
            self.save()

    def _write_feed(self) -> None:
        company = self.company
        teams = chain.from_iterable(company.assignments.values())
        write_feed(self.feed_dir, company.people.values(), company.units.values(), teams)

    def state(self) -> Mapping[str, object]:
        """What an onlooker may want to know."""
        with self.lock:
            return {
                "now": self.clock().isoformat(),
                "people": len(self.company.people),
                "played": self.company.played,
                "faults": self.okta.faults.on,
                "calls": sum(self.okta.calls.values()),
            }

    def _members(self) -> list[SlackPerson]:
        return [
            SlackPerson(
                person.email,
                person.name,
                f"U{person.employee_number}",
                deleted=person.status == "ended",
                tz=person.time_zone,
            )
            for person in list(self.company.people.values())
        ]
