"""Checks settings, scopes, reachability and freshness, and says what to do."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import httpx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from notifier.models import Outbox
from notifier.options import slack_from_settings
from notifier.slack import SlackBusy, SlackRefused, SlackUncertain
from orgmodel.configuration import Configuration
from orgmodel.management.answer import console_on, row, table
from orgmodel.models import Run
from orgmodel.queries.database import database_faults, role_faults
from orgmodel.queries.pages.hook_states import hook_rows
from orgmodel.queries.pages.source_page import sources as sources_read
from orgmodel.queries.pages.source_rows import SourceRow
from orgmodel.queries.quoting import quoted
from orgmodel.queries.rights import rights_faults
from orgmodel.queries.unmatched_names import unmatched
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sources.registry import sources
from orgmodel.sources.roles import DIRECTORIES
from orgmodel.sources.source import Line
from orgmodel.sync.due import next_reads
from portal.door.issuer import discover
from portal.environment import is_loopback
from portal.heartbeat import worker

MARKS = {True: "OK", False: "FAIL", None: "note"}


class Command(BaseCommand):
    help = "Checks settings, scopes, reachability and freshness; says what to do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = list(examine(settings.SIGHTLINE))
        if options["json"]:
            self.stdout.write(json.dumps([asdict(line) for line in lines], indent=2, ensure_ascii=False))
        else:
            made = table("", "", "What", "What to do")
            for line in lines:
                row(made, MARKS[line.ok], line.what, line.todo)
            console_on(self.stdout).print(made)
        if any(line.ok is False for line in lines):
            raise SystemExit(1)


def examine(configuration: Configuration) -> Iterator[Line]:
    """Everything that can be checked without changing anything."""
    yield from _database()
    yield from _sources(configuration)
    yield from _slack(configuration)
    yield from _login(configuration)
    yield from _settings(configuration)
    with suppress(DatabaseError):  # told above
        yield from _fresh(configuration)


def _settings(configuration: Configuration) -> Iterator[Line]:
    """Settings that are allowed, and that few people mean."""
    address = configuration.base_url
    if address.startswith("http://") and not is_loopback(address):
        yield Line(
            None,
            f"BASE_URL is {address}: links in messages are plain http, and cookies are not marked secure",
            "Put a proxy with TLS in front and set BASE_URL to its https:// address.",
        )
    if not configuration.conventions.visibility.admins_group and configuration.entrance == "oidc":
        yield Line(
            None,
            "visibility.admins_group is not set: nobody is an admin",
            "Name a group that Okta itself keeps, in sightline.toml.",
        )


def _fresh(configuration: Configuration) -> Iterator[Line]:
    now = timezone.now()
    found = [each for each in sources_read(now, (), OPERATOR) if each.fresh.applied_at or each.runs]
    # Whether a group is there is known once the groups were read.
    if any(each.fresh.applied_at for each in found if each.source in DIRECTORIES):
        faults = rights_faults(configuration.conventions.visibility)
        yield from (Line(False, f"{fault.setting}: {fault.what}", fault.todo) for fault in faults)
        yield from _confidential(configuration)
    times = next_reads([each.source for each in found])
    for each in found:
        if not each.held:  # else that is said instead
            yield _last_sync(each)
        yield from _of_source(each.timed(times.get(each.source), now))
    if not found:
        yield Line(None, "Nothing was read yet", "Run manage.py sync.")
    for hook in hook_rows(configuration, now):
        # A stranger may be refused at any time, so that is no fault.
        todo = (
            ""
            if hook.received
            else f"It delivers to {hook.path} with what {hook.variable} holds; see docs/settings.md."
        )
        yield Line(True if hook.received and hook.ready else None, f"{hook.name}: {hook.sentence}", todo)
    yield from _alarms(configuration)
    yield _worker(before_the_first_sync=not found)


def _alarms(configuration: Configuration) -> Iterator[Line]:
    """What admins would have heard, had NOTIFY not been hold."""
    waiting = Outbox.objects.filter(kind="admin", state__in=["planned", "held"]).count()
    if configuration.notify == "hold" and waiting:
        alarms = "1 message to admins is" if waiting == 1 else f"{waiting} messages to admins are"
        yield Line(None, f"{alarms} not sent: NOTIFY is hold", "Read them in the outbox.")


def _confidential(configuration: Configuration) -> Iterator[Line]:
    for setting, name in unmatched(configuration.conventions.visibility):
        kind = "group" if setting.endswith("groups") else "app"
        yield Line(
            False,
            f"{setting}: no {kind} has, or had, the name or id {quoted(name)}: it hides nothing",
            f"Check how Okta writes the name, or take it out of {setting}.",
        )


def _last_sync(found: SourceRow) -> Line:
    """When the source was synced, and where that failed, why."""
    if not found.fresh.stale:
        return Line(True, found.fresh.sentence)
    newest = found.runs[0] if found.runs else None
    why = f": {newest.reason}" if newest and newest.outcome == Run.Outcome.FAILED else ""
    return Line(False, f"{found.fresh.sentence}{why}", "Run manage.py sync.")


def _of_source(found: SourceRow) -> Iterator[Line]:
    """What waits for an admin, what is not read yet, and what cannot be read and what that costs."""
    if found.held:
        yield Line(
            False,
            f"{found.name}: an answer is held back. {found.held.reason}",
            "Look at it on the sources page, then release or drop it.",
        )
    if found.complete:
        yield Line(None, f"{found.name}: {found.complete}")
    for stream in found.streams:
        if stream.left:
            yield Line(None, f"{found.name}: {stream.name}: {stream.state}")
    if found.rates:
        yield Line(True, f"{found.name}: {', '.join(rate.sentence for rate in found.rates)}")
    if found.next_read:
        when = "a sync has been due since" if found.overdue else "next sync"
        yield Line(None, f"{found.name}: {when} {found.next_read:%Y-%m-%d %H:%M} UTC")
    for unseen in found.last.unseen if found.last else ():
        cost = f"; {unseen.without}" if unseen.without else ""
        yield Line(None, f"{found.name}: {unseen.name} cannot be read{cost} ({unseen.reason})", unseen.to_do)
    if found.last and (number := found.last.problem_count):
        records = "1 record" if number == 1 else f"{number} records"
        named = len(found.last.problems)
        page = f"names the first {named} of them" if named < number else "names each of them"
        yield Line(
            None,
            f"{found.name}: {records} could not be read; what was known of them stays",
            f"The sources page {page}, and why.",
        )


def _worker(*, before_the_first_sync: bool) -> Line:
    """The worker is started last, so on a new machine it is no fault that none has run."""
    found = worker()
    known = None if before_the_first_sync else False
    return Line(known if found.silent else True, found.sentence.rstrip("."), found.to_do)


def _database() -> Iterator[Line]:
    try:
        faults = (*database_faults(), *role_faults())
    except DatabaseError as error:
        todo = f"Check DATABASE_URL, and whether the server runs ({type(error).__name__})."
        yield Line(False, "The database cannot be reached", todo)
        return
    for fault in faults:
        yield Line(False, fault.what, fault.todo[:1].upper() + fault.todo[1:])
    try:
        executor = MigrationExecutor(connection)
        behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        if not faults:
            yield Line(False, "Its tables cannot be read", "Grant the role what docs/operating.md lists.")
        return
    if behind:
        yield Line(False, "The database is not up to date", "Run manage.py migrate.")
    if not faults and not behind:
        yield Line(True, "The database can be used")


def _sources(configuration: Configuration) -> Iterator[Line]:
    for source in sources():
        if source.name in configuration.sources:
            yield from source.checks(configuration.sources[source.name])
        elif source.needed:
            yield Line(
                False, f"No {source.label} is set up", f"{source.set_up[:1].upper()}{source.set_up[1:]}."
            )


def _slack(configuration: Configuration) -> Iterator[Line]:
    if not configuration.slack_bot_token:
        yield Line(
            None,
            "No Slack is set up",
            "Set SLACK_BOT_TOKEN to send messages; until then they are only planned.",
        )
        return
    try:
        slack_from_settings().check()
    except (SlackRefused, SlackBusy, SlackUncertain, ValueError) as error:
        yield Line(
            False, "Slack refuses the bot token", f"Check SLACK_BOT_TOKEN and the app's scopes ({error})."
        )
    else:
        todo = {"hold": "Nothing is sent, nor are alarms to admins: read them in the outbox."}
        notify = configuration.notify
        yield Line(True, f"Slack can be reached; NOTIFY is {notify}", todo.get(notify, ""))


def _login(configuration: Configuration) -> Iterator[Line]:
    if configuration.entrance != "oidc":
        known = configuration.entrance == "demo"
        yield Line(
            None if known else False, "No login is set up", "" if known else "Set OIDC_ISSUER and its client."
        )
        return
    try:
        discover(configuration.oidc_issuer)
    except (httpx.HTTPError, ImproperlyConfigured) as error:
        yield Line(
            False, "The login's issuer cannot be asked", f"Check OIDC_ISSUER ({type(error).__name__})."
        )
    else:
        yield Line(True, "The login's issuer answers")
