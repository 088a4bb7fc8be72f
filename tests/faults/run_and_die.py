"""One `manage.py sync` or planning in a process that kills itself at the named step, as a power cut would.

Arguments: name of the database, address of Okta, its token, step.
"""

import os
import signal
import sys
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import django
import httpx

from orgmodel.conventions import Conventions, Notify
from orgmodel.sources.okta import OktaSettings

DATABASE, OKTA, TOKEN, STEP = sys.argv[1:]
STATEMENTS = {
    "the run has begun": "CREATE TEMP TABLE",
    "the merge begins": "pg_advisory_xact_lock",
    "members are merged": "orgmodel_grant",
    "the run is recorded": 'UPDATE "orgmodel_run"',
    "the run is committed": "DROP TABLE IF EXISTS stage_",
    "findings are written": "orgmodel_finding",
}
"""Step → a part of the statement before which a sync dies; others come after the merge has begun."""
PLANNING = {
    "the brake is pulled": "pg_advisory_xact_lock",
    "a case is taken": "FOR UPDATE",
    "messages are written": 'INSERT INTO "notifier_outbox"',
    "the case is settled": 'UPDATE "orgmodel_move"',
    "admins are asked": 'FROM "orgmodel_finding"',
}
"""The same for a planning."""
EARLY = {"the run has begun", "the merge begins"}
STEPS = STATEMENTS | PLANNING
CALLS = {"the third call": 3}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Watch:
    """Sees every statement."""

    def __init__(self) -> None:
        self.begun = STEP in EARLY or STEP in PLANNING

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.begun |= STATEMENTS["the merge begins"] in sql
        if self.begun and STEP in STEPS and STEPS[STEP] in sql:
            die()
        return execute(sql, params, many, context)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = DATABASE
    conventions = Conventions(notify=Notify(settle_minutes=0, quiet_hours=None, mass_change_share=1.0))
    settings.SIGHTLINE = replace(
        settings.SIGHTLINE,
        sources={"okta": OktaSettings(url=OKTA, token=TOKEN, budget=1.0)},
        conventions=conventions,
        notify="on",
    )
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    send, left = httpx.Client.send, [CALLS.get(STEP, 0)]

    def counted(client: httpx.Client, *arguments: Any, **more: Any) -> httpx.Response:
        left[0] -= 1
        if left[0] == 0:
            die()
        return send(client, *arguments, **more)

    with connection.execute_wrapper(Watch()), patch.object(httpx.Client, "send", counted):
        if STEP in PLANNING:
            call_command("notify", "--plan")
        else:
            call_command("sync")


main()
