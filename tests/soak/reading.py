"""Sightline, reading in a process of its own: as the pipe tells it, until that is closed or it is killed.

Arguments: name of the database, address of Okta, its token.
"""

import json
import os
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

from orgmodel.conventions import Conventions, Notify
from orgmodel.sources.okta import OktaSettings, declared, stamps

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
    """What takes hours at an organisation takes seconds here: lists lag less, all is read anew more often."""
    declared.SOON = declared.LONGEST = timedelta(seconds=40)
    stamps.OVERLAP = timedelta(seconds=5)


def main() -> None:
    database, url, token = sys.argv[1:]
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    settings.SIGHTLINE = replace(settings.SIGHTLINE, sources=settings_of(url, token), conventions=CONVENTIONS)
    django.setup()
    hurry()
    for line in sys.stdin:
        answer = json.dumps(read(**json.loads(line)))
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
