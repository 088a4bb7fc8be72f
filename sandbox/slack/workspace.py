"""What the pretend workspace knows: its people, their direct messages with the bot, and every post."""

import itertools
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

TEAM_ID = "T0NORDWIND"
BOT_USER_ID = "U0SIGHTLINE"
BOT_ID = "B0SIGHTLINE"
APP_ID = "A0SIGHTLINE"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlackPerson:
    """One member of the workspace."""

    email: str
    name: str
    user_id: str
    deleted: bool = False
    tz: str = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Post:
    """One message as stored: `channel` is the D… id, `reached` is false for a deactivated person."""

    user_id: str
    channel: str
    ts: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    edited: bool = False
    reached: bool = True
    arguments: Json = field(default_factory=dict)

    @property
    def at(self) -> float:
        """Seconds since the epoch at which Slack stored the message."""
        return float(self.ts)

    def message(self, *, all_metadata: bool = True) -> Json:
        """The message object as the Web API shows it."""
        body: Json = {
            "type": "message",
            "user": BOT_USER_ID,
            "bot_id": BOT_ID,
            "app_id": APP_ID,
            "team": TEAM_ID,
            "ts": self.ts,
            "text": self.text,
            "blocks": [
                {**block, "block_id": block.get("block_id") or f"b{n}"} for n, block in enumerate(self.blocks)
            ],
        }
        if self.metadata:
            body["metadata"] = self.metadata if all_metadata else {"event_type": self.metadata["event_type"]}
        if self.thread_ts:
            body["thread_ts"] = self.thread_ts
        return body


class Workspace:
    """People come from outside on every question; direct messages and posts are kept here."""

    def __init__(self, people: Callable[[], Iterable[SlackPerson]], clock: Callable[[], float] = time.time):
        self._people = people
        self._clock = clock
        self._lock = threading.Lock()
        self._serial = itertools.count(1)
        self._posts: list[Post] = []

    @property
    def posts(self) -> list[Post]:
        """Every stored message, oldest first."""
        with self._lock:
            return list(self._posts)

    def people(self) -> list[SlackPerson]:
        return list(self._people())

    def person(self, user_id: str) -> SlackPerson | None:
        return next((person for person in self._people() if person.user_id == user_id), None)

    def by_email(self, email: str) -> SlackPerson | None:
        address = email.strip().lower()
        return next((person for person in self._people() if person.email.lower() == address), None)

    @staticmethod
    def dm_of(user_id: str) -> str:
        """The id of the direct message between the bot and a person; the same one every time."""
        return "D" + user_id[1:]

    def owner(self, channel: str) -> SlackPerson | None:
        """The person behind a channel argument, which is a user id or the id of a direct message."""
        if channel[:1] in {"U", "W"}:
            return self.person(channel)
        return next((p for p in self._people() if self.dm_of(p.user_id) == channel), None)

    def add(self, person: SlackPerson, arguments: Json) -> Post:
        """Store a checked message to a person."""
        with self._lock:
            post = Post(
                user_id=person.user_id,
                channel=self.dm_of(person.user_id),
                ts=f"{int(self._clock())}.{next(self._serial):06d}",
                text=arguments.get("text") or "",
                blocks=arguments.get("blocks") or [],
                metadata=arguments.get("metadata"),
                thread_ts=arguments.get("thread_ts"),
                reached=not person.deleted,
                arguments={k: v for k, v in arguments.items() if k != "token"},
            )
            self._posts.append(post)
            return post

    def edit(self, channel: str, ts: str, arguments: Json) -> Post | None:
        """Replace text and blocks of a stored message; None when there is no such message."""
        with self._lock:
            for place, post in enumerate(self._posts):
                if post.channel == channel and post.ts == ts:
                    text, blocks = arguments.get("text"), arguments.get("blocks")
                    changed = replace(
                        post,
                        text=post.text if text is None else text,
                        blocks=blocks if blocks is not None else ([] if text is not None else post.blocks),
                        metadata=arguments.get("metadata", post.metadata) or None,
                        edited=True,
                    )
                    self._posts[place] = changed
                    return changed
        return None

    def dm(self, channel: str) -> list[Post]:
        """The messages of one direct message, oldest first."""
        with self._lock:
            return [post for post in self._posts if post.channel == channel]

    def dump(self) -> Json:
        """Everything kept here as JSON."""
        with self._lock:
            return {"posts": [asdict(post) for post in self._posts]}

    def load(self, state: Json) -> None:
        """Replace everything kept here by what `dump` gave."""
        with self._lock:
            self._posts = [Post(**post) for post in state["posts"]]
            serials = [int(post.ts.partition(".")[2]) for post in self._posts]
            self._serial = itertools.count(max(serials, default=0) + 1)
