"""Sightline, reading in a process of its own: as the pipe tells it, until that is closed or it is killed.

Arguments: name of the database, address of Okta, its token. What reads is a child of the process that was
started: that one has everything loaded, and makes another child where one was killed. Each writes its process
id first.
"""

import json
import os
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

from orgmodel.conventions import Conventions, Notify
from orgmodel.sources.okta import OktaSettings, declared, stamps
from orgmodel.sync import parameters

CONVENTIONS = Conventions(
    shrink_share=1.0,
    notify=Notify(settle_minutes=0, quiet_hours=None, mass_change_people=1000, mass_change_share=1.0),
)
"""A small company: what one act ends is a large share of it."""


def settings_of(url: str, token: str) -> dict[str, Any]:
    """The source, read as fast as it goes."""
    return {"okta": OktaSettings(url=url, token=token, budget=1.0)}


def read(*, full: bool, seconds: float | None) -> list[str]:
    """One sync; how each run of it ended."""
    from django.conf import settings

    from orgmodel.sync.configured import sync

    outcomes = sync(settings.SIGHTLINE, full=full, seconds=seconds)
    return [f"{each.outcome} {each.reason}".strip() for each in outcomes]


def hurry() -> None:
    """What takes hours at an organisation takes seconds here: lists lag less, all is read more often."""
    declared.SOON = declared.LONGEST = timedelta(seconds=15)
    stamps.OVERLAP = timedelta(seconds=5)
    parameters.CLOCKS = timedelta(seconds=1)


def main() -> None:
    database, url, token = sys.argv[1:]
    # Whoever stops the soak wants its judgement, which needs a reader; the closed pipe ends this.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    settings.SIGHTLINE = replace(settings.SIGHTLINE, sources=settings_of(url, token), conventions=CONVENTIONS)
    django.setup()
    hurry()
    import orgmodel.sync.configured  # noqa: F401  # once, and not by every child

    code = -signal.SIGKILL
    while code == -signal.SIGKILL:
        child = os.fork()
        if not child:
            _answer()
            return
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.exit(code)


def _answer() -> None:
    _write(os.getpid())
    for line in sys.stdin:
        _write(read(**json.loads(line)))


def _write(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
