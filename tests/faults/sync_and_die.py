"""One `manage.py sync` in a process of its own that kills itself at the named step, as a power cut would.

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

DATABASE, OKTA, TOKEN, STEP = sys.argv[1:]
STATEMENTS = {
    "the run has begun": "CREATE TEMP TABLE",
    "the merge begins": "pg_advisory_xact_lock",
    "members are merged": "orgmodel_grant",
    "the run is recorded": 'UPDATE "orgmodel_run"',
    "the run is committed": "DROP TABLE IF EXISTS stage_",
    "findings are written": "orgmodel_finding",
}
"""Step → a part of the statement before which the process dies; others come after the merge has begun."""
EARLY = {"the run has begun", "the merge begins"}
CALLS = {"the third call": 3}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Watch:
    """Sees every statement."""

    def __init__(self) -> None:
        self.merging = STEP in EARLY

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.merging |= STATEMENTS["the merge begins"] in sql
        if self.merging and STEP in STATEMENTS and STATEMENTS[STEP] in sql:
            die()
        return execute(sql, params, many, context)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = DATABASE
    told = Conventions(notify=Notify(settle_minutes=0, quiet_hours=None, mass_change_share=1.0))
    settings.SIGHTLINE = replace(
        settings.SIGHTLINE, okta_url=OKTA, okta_token=TOKEN, okta_budget=1.0, conventions=told
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
        call_command("sync")


main()
