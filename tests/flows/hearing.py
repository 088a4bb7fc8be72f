"""Listening at Slack's end of the wire, and the few words of a message that depend on the day."""

from datetime import UTC, datetime

from orgmodel.models import Move

from .blocks import Json
from .conftest import Nordwind

Heard = dict[str, list[tuple[str, list[Json]]]]
"""First name → the text and the blocks of every message, oldest first."""

STAFF = ("Nearly everyone has it", "Slack")
TEAM = "Because your team is now Cucumber (rule “Cucumber team”)"
KEPT = "You still have, outside your new team; it won’t be removed automatically:"


def heard(nordwind: Nordwind) -> Heard:
    """Read, plan and deliver; then who got which text and which blocks, by first name."""
    nordwind.sync()
    nordwind.notify()
    names = {person.user_id: person.email.split("@")[0] for person in nordwind.slack.workspace.people()}
    found: Heard = {}
    for post in nordwind.slack.posts:
        found.setdefault(names[post.user_id], []).append((post.text, post.blocks))
    return found


def today() -> str:
    """The day as messages say it; asked anew, for a suite may run past midnight."""
    return f"{datetime.now(UTC):%-d %B}"


def kept() -> tuple[str, str]:
    """What is said of a membership that Tomas gave by hand this month."""
    return f"Added by Tomas Okafor in {datetime.now(UTC):%B}", "Radish on-call"


def link() -> str:
    """The page of the only move."""
    return f"http://127.0.0.1:8000/moves/{Move.objects.get().pk}/"
