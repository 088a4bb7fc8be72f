"""Okta as the registry knows it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial

from orgmodel.sources.source import Issuer, Line, Reading, Source

from . import fixes, long_lists, owner_age, push_search, rule_look, stamps
from .auth import Credentials
from .budget import pace_of
from .changes import OktaChanges
from .check import check
from .client import OktaConnection
from .hook import HOOK
from .log_reading import LOG
from .reader import PACE, OktaReader
from .settings import OktaSettings, settings
from .states import HINDRANCES, LINES, SEATS, STATES, UNUSABLE
from .streams import STREAMS, rates

LOG_KEPT = timedelta(days=90)
"""How long Okta keeps its log."""
LONGEST = timedelta(days=1)
"""After so long everything is read again at once."""
SOON = timedelta(hours=6)
"""The same where it is read in slices."""
HINTS = {
    "account": "It takes okta.users.read.",
    "edge": "It takes okta.apps.read.",
    "event": "It takes okta.logs.read; until then nobody can say who did what.",
    "grant": "It takes okta.groups.read, and okta.apps.read for direct assignments.",
    "owner": "It takes okta.groups.read, and Okta Identity Governance, which knows group owners.",
    "push": "It takes okta.apps.read and okta.groups.read.",
    "resource": "It takes okta.groups.read and okta.apps.read.",
    "rule": "It takes okta.groups.read and an admin role that may see group rules.",
    "schema": "It takes okta.schemas.read; until then the types of attributes are guessed.",
    "seat": "It takes okta.apps.read.",
}
"""What the token needs for a kind of fact (scopes of Okta's Management API)."""


def connection(settings: OktaSettings, cursors: Mapping[str, str] | None = None) -> OktaConnection:
    """Where Okta is and who asks. `cursors`: of the reads before, which count against the same minute."""
    credentials = Credentials(
        settings.token, settings.client_id, settings.private_key, settings.key_id, settings.dpop
    )
    return OktaConnection(settings.url, credentials, settings.budget, pace_of((cursors or {}).get(PACE, "")))


def reader(settings: OktaSettings, reading: Reading) -> OktaReader:
    """One read of the organisation: of what changed where everything was read lately, else of everything.

    The log goes on where the last one ended.
    """
    conventions, cursors = reading.conventions, reading.cursors
    units = {kind.attribute for kind in conventions.unit_kinds if kind.attribute}
    return _how(reading)(
        connection(settings, cursors),
        level_keys=conventions.level_keys,
        id_attribute=conventions.people.id_attribute,
        manager_attribute=conventions.people.manager_attribute,
        email_attribute=conventions.people.email_attribute,
        keep=frozenset(units | set(conventions.move_attributes)),
        log_cursor=cursors.get(LOG, ""),
        log_since=reading.now - LOG_KEPT,
        pushes_cursor=cursors.get(push_search.STREAM, ""),
        owners_cursor=cursors.get(owner_age.STREAM, ""),
        long_cursor=cursors.get(long_lists.STREAM, ""),
        kept=cursors.get(stamps.KEPT, ""),
        now=reading.now,
        seconds=reading.seconds,
        whole=reading.whole,
        awaited=reading.awaited,
    )


def _how(reading: Reading) -> Callable[..., OktaReader]:
    cursors = reading.cursors
    users, groups = (stamps.stamps_of(cursors.get(stream, "")) for stream in (stamps.USERS, stamps.GROUPS))
    lately = reading.under_way or _is_recent(reading)
    log_and_attributes = cursors.get(LOG) and cursors.get(stamps.KEPT)
    if reading.full or not lately or not log_and_attributes or users is None or groups is None:
        return OktaReader
    return partial(
        OktaChanges,
        users=users,
        groups=groups,
        rules=cursors.get(stamps.RULES, ""),
        rules_place=cursors.get(rule_look.PLACE, ""),
        waiting=cursors.get(stamps.WAITING, ""),
        left=reading.left,
        hinted=reading.named,
        opened_by=reading.opened_by,
    )


def _is_recent(reading: Reading) -> bool:
    """Everything was read lately: what no list and no line tells is at most so old."""
    longest = LONGEST if reading.seconds is None else SOON
    return reading.whole is not None and reading.whole <= reading.now < reading.whole + longest


def issuer(settings: OktaSettings, address: str) -> Issuer:
    """Okta's org authorization server, or a custom one of the same organisation."""
    if address == settings.url:
        return "own"
    return "custom" if address.startswith(f"{settings.url}/oauth2/") else ""


def checks(settings: OktaSettings) -> Iterator[Line]:
    """Whether the token may read what a sync reads."""
    yield from check(connection(settings))


SOURCE = Source(
    name="okta",
    kind="okta",
    combine="priority",
    label="Okta",
    a_sync="An Okta sync",
    # Whoever has no record of HR is a person by the account alone.
    roles=frozenset({"people", "access"}),
    set_up="set OKTA_URL and OKTA_TOKEN",
    settings=settings,
    reader=reader,
    needed=True,
    every=timedelta(minutes=1),
    address=lambda settings: settings.url,
    address_variable="OKTA_URL",
    issuer=issuer,
    checks=checks,
    states=STATES,
    hindrances=HINDRANCES,
    lines=LINES,
    seats=SEATS,
    unusable=UNUSABLE,
    plans=fixes,
    hints=HINTS,
    hook=HOOK,
    streams=STREAMS,
    rates=rates,
)
