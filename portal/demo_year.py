"""Playing the year that has passed, scene by scene through the real sync, by the pretend company's clock."""

import json
import urllib.request
from datetime import datetime, timedelta

from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from notifier.deliver import deliver
from notifier.options import slack_from_settings
from notifier.plan import plan
from orgmodel.models import Run
from orgmodel.sync.configured import sync

SCENES = 21
"""The founding and every scene of the year, for the bar."""


def play_year(control: str) -> None:
    """Go on from the scene at which an earlier start was stopped; does nothing once the year is over."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("A year at Nordwind", total=SCENES)
        if not Run.objects.exists():
            _live(control, datetime.fromisoformat(_ask(control, "/state")["now"]))
        bar.advance(task)
        while "at" in (answer := _ask(control, "/year/next", post=True)):
            bar.update(
                task, advance=1, description=f"A year at Nordwind: {answer['scene'].replace('_', ' ')}"
            )
            _live(control, datetime.fromisoformat(answer["at"]) + timedelta(minutes=3))


def _live(control: str, now: datetime) -> None:
    """What Sightline does with a scene: it reads at once, and tells when the case has settled and a second
    sync says so again.
    """
    configuration = settings.SIGHTLINE
    settled = now + timedelta(minutes=configuration.conventions.notify.settle_minutes + 1)
    for at in (now, settled):
        _ask(control, "/clock", at=at.isoformat())
        for outcome in sync(configuration, now=at):
            if outcome.reason:
                raise SystemExit(f"{outcome.source}: {outcome.reason}")
    plan(configuration, settled)
    deliver(settled, slack_from_settings())


def _ask(control: str, path: str, *, post: bool = False, **fields: str) -> dict[str, str]:
    request = urllib.request.Request(  # noqa: S310  # the sandbox's own address, on loopback
        control + path,
        data=json.dumps(fields).encode() if post or fields else None,
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  # as above
        found: dict[str, str] = json.load(answer)
    return found
