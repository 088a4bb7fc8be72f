"""The whole sandbox in one process: company, Okta, Slack, HR feed, a clock that can be set, and its memory."""

import pickle
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from .company import SIGHTLINE_TOML, Company
from .hris.records import write_feed
from .okta.server import OktaServer
from .scenario import FOUNDED, SCENES, moment_of, year
from .slack.server import SlackPerson, SlackServer


class Clock:
    """Real time, or a moment it was set to."""

    def __init__(self) -> None:
        self.at: datetime | None = None

    def __call__(self) -> datetime:
        return self.at or datetime.now(UTC)


class Sandbox:
    """Nordwind on loopback. `folder` holds its memory and the HR feed; a second start continues there."""

    def __init__(self, folder: Path, *, okta_port: int = 0, slack_port: int = 0, seed: int = 7) -> None:
        self.folder = folder
        self.feed = folder / "feed"
        self.clock = Clock()
        self.lock = threading.RLock()
        folder.mkdir(parents=True, exist_ok=True)
        self.company, posts = self._remember(seed)
        self.okta = OktaServer(self.company.tenant, okta_port)
        self.slack = SlackServer(self._members, slack_port, clock=lambda: self.clock().timestamp())
        if posts is not None:
            self.slack.load(posts)
        self.save()

    def __enter__(self) -> Self:
        self.okta.start()
        self.slack.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.okta.stop()
        self.slack.stop()
        self.save()

    def play(self, scene: str, **with_: str) -> None:
        """Play one scene now. Raises LookupError for an unknown scene or name."""
        with self.lock, self.company.tenant.lock:
            try:
                SCENES[scene].play(self.company, **with_)
            except StopIteration:
                raise LookupError(f"{scene}: nobody and nothing is called that") from None
        self.save()

    def next_of_year(self, today: datetime) -> tuple[datetime, str] | None:
        """Play the next scene of the year at its time; None when the year is over, and the clock is real again."""
        scenes = year(self.company)
        if self.company.played >= len(scenes):
            self.clock.at = None
            return None
        dated = scenes[self.company.played]
        self.clock.at = moment_of(dated, today)
        self.company.played += 1
        self.play(dated.scene, **dated.with_)
        return self.clock.at, dated.scene

    def save(self) -> None:
        """Write the feed, and everything else into one file, each replaced in one step."""
        with self.lock, self.company.tenant.lock:
            write_feed(self.feed, self.company.people.values(), self.company.units.values())
            draft = self.folder / "nordwind.new"
            draft.write_bytes(pickle.dumps((self.company, self.slack.dump())))
            draft.replace(self.folder / "nordwind.pickle")
        toml = self.folder / "sightline.toml"
        if not toml.exists():
            toml.write_text(SIGHTLINE_TOML, encoding="utf-8")

    def _remember(self, seed: int) -> tuple[Company, dict[str, object] | None]:
        known = self.folder / "nordwind.pickle"
        if not known.exists():
            self.clock.at = moment_of(FOUNDED, datetime.now(UTC))
            return Company(self.clock, seed), None
        # The file is our own, written beside the database by this very class.
        company, posts = pickle.loads(known.read_bytes())  # noqa: S301
        company.resume(self.clock)
        return company, posts

    def _members(self) -> list[SlackPerson]:
        return [
            SlackPerson(
                person.email, person.name, f"U{person.employee_number}", deleted=person.status == "ended"
            )
            for person in self.company.people.values()
        ]
