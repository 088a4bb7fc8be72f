"""Sightline as anybody may ask it, by its commands with --json: all that the oracle knows of it."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, load_command_class
from django.test import override_settings

import notifier.acts
from notifier.acts import Actor, drop, release
from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions, Notify, UnitKind, Visibility
from sandbox.okta.server import OktaServer
from sandbox.slack.server import SlackServer
from tests.configurations import feed_in, okta_at

from .due import CONFIDENTIAL

Json = dict[str, Any]
KINDS = tuple(
    UnitKind(kind, attribute, f"{prefix}-<slug>", f"AUTO {kind}", "airtableId", "parentId")
    for kind, attribute, prefix in (
        ("team", "team", "team"),
        ("department", "department", "dept"),
        ("area", None, "area"),
        ("chapter", None, "chapter"),
    )
)
CONVENTIONS = Conventions(
    unit_kinds=KINDS,
    visibility=Visibility(confidential_apps=CONFIDENTIAL),
    shrink_share=1.0,
    notify=Notify(settle_minutes=0, quiet_hours=None, mass_change_people=1000, mass_change_share=1.0),
)
"""A dozen people: one who leaves is a large share, and no mass."""


@contextmanager
def connected(okta: OktaServer, slack: SlackServer, feed: Path | None) -> Iterator[None]:
    """Sightline's settings as its administrator would write them for this company."""
    found = replace(
        Configuration(entrance="tests"),
        sources=okta_at(okta),
        slack_bot_token=slack.token,
        slack_api_url=slack.api_url,
        notify="on",
        conventions=CONVENTIONS,
    )
    if feed is not None:
        found = replace(found, hris="csv", sources={**found.sources, **feed_in(feed)})
    with override_settings(SIGHTLINE=found):
        yield


@cache
def _command(name: str, floor: str = "orgmodel") -> BaseCommand:
    """The command, once: whether the database is migrated need not be looked up for every question."""
    found = load_command_class(floor, name)
    found.requires_migrations_checks = False
    return found


def sync(*, full: bool = True) -> list[Json]:
    """Read everything, or what has changed; the outcome of each source, also where it was refused."""
    out = StringIO()
    with suppress(SystemExit):  # A source was refused; which one, and why, is in the answer.
        call_command(_command("sync"), "--json", *(["--full"] if full else []), stdout=out)
    found: list[Json] = json.loads(out.getvalue())
    return found


def ask(question: str, *words: str, at: datetime | None = None) -> Json:
    """The answer to `access ADDRESS`, `who APP`, `team UNIT` …; {"refused": …} where there is none.

    "code" is then the exit code, and "candidates" are what a name may mean that several have.
    """
    out = StringIO()
    dated = [f"--at={at.isoformat()}"] if at else []
    try:
        call_command(_command(question), *words, *dated, "--json", stdout=out)
    except CommandError as error:
        named = json.loads(out.getvalue() or "{}")
        return {"refused": str(error), "code": error.returncode, "candidates": named.get("candidates", [])}
    found: Json = json.loads(out.getvalue())
    return found


def findings(detector: str) -> list[Json]:
    """What a detector finds."""
    out = StringIO()
    call_command(_command("drift"), f"--detector={detector}", "--json", stdout=out)
    found: list[Json] = json.loads(out.getvalue())
    return found


@contextmanager
def held() -> Iterator[None]:
    """NOTIFY is set to hold."""
    with override_settings(SIGHTLINE=replace(settings.SIGHTLINE, notify="hold")):
        yield


@contextmanager
def masses() -> Iterator[None]:
    """A change of two people is a mass change."""
    now = settings.SIGHTLINE
    strict = replace(now.conventions, notify=replace(now.conventions.notify, mass_change_people=1))
    with override_settings(SIGHTLINE=replace(now, conventions=strict)):
        yield


def decide(ids: Iterable[str], who: str, reason: str, *, let_go: bool) -> None:
    """What an admin does on the page of messages: release these, or drop them."""
    act = release if let_go else drop
    act([UUID(each) for each in ids], Actor(who), reason)


def acts(message: str) -> list[tuple[str, str]]:
    """Who did something about a message, and why."""
    return [(each.who, each.reason) for each in notifier.acts.acts(UUID(message))]


def messages() -> list[Json]:
    """Plan and send what is due, and give every message that there is, the newest first."""
    call_command(_command("notify", "notifier"), stdout=StringIO())
    out = StringIO()
    call_command(_command("outbox", "notifier"), "--json", stdout=out)
    found: list[Json] = json.loads(out.getvalue())
    return found
