"""Reads the sources and applies what they say, or only shows what would change."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from orgmodel.configuration import Configuration
from orgmodel.kinds import in_words
from orgmodel.management.answer import console_on, interactive, row, table, text
from orgmodel.management.migrated import NeedsTables
from orgmodel.queries.pages.run_words import OUTCOMES, PREVIEWED, changes_in_words
from orgmodel.sync.configured import NotConfigured, require_usable_database, sync
from orgmodel.sync.runs import SyncOutcome

REFUSED = {"failed", "quarantined"}
SHOWN = 20
"""Problems of one source that are printed for a reader."""


class Command(NeedsTables):
    help = "Reads the sources and applies what they say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "sources", nargs="*", help="okta, hris, control …; all that are set up if left out"
        )
        parser.add_argument(
            "--full",
            action="store_true",
            help="read everything, also where only what has changed need be read",
        )
        parser.add_argument("--preview", action="store_true", help="show what would change; write nothing")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def check_migrations(self) -> None:
        """Before anything is asked of its tables: whether this database can carry a sync at all."""
        try:
            require_usable_database()
        except NotConfigured as error:
            raise CommandError(str(error), returncode=1) from error
        super().check_migrations()

    def handle(self, *args: Any, **options: Any) -> None:
        configuration = settings.SIGHTLINE
        try:
            outcomes = self._read(
                configuration, options["sources"], preview=options["preview"], full=options["full"]
            )
        except NotConfigured as error:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(error)}, indent=2, ensure_ascii=False))
            raise CommandError(str(error), returncode=1) from error
        if options["json"]:
            self.stdout.write(
                json.dumps([asdict(outcome) for outcome in outcomes], indent=2, ensure_ascii=False)
            )
        else:
            self._show(outcomes, preview=options["preview"])
        if any(outcome.outcome in REFUSED for outcome in outcomes):
            raise SystemExit(1)

    def _read(
        self, configuration: Configuration, names: list[str], *, preview: bool, full: bool
    ) -> list[SyncOutcome]:
        outcomes = []
        bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not interactive(),
        )
        with bar:
            task = bar.add_task("reading the sources", total=None)
            for outcome in sync(configuration, names, preview=preview, full=full):
                outcomes.append(outcome)
                bar.update(task, description=f"{outcome.source}: {OUTCOMES[outcome.outcome]}; reading on")
        return outcomes

    def _show(self, outcomes: list[SyncOutcome], *, preview: bool) -> None:
        console = console_on(self.stdout)
        words = PREVIEWED if preview else OUTCOMES
        made = table("", "Source", "Outcome", "Calls", "Seconds", "Would change" if preview else "Changed")
        for outcome in outcomes:
            changes = changes_in_words(outcome.counts) or "nothing"
            word = words.get(outcome.outcome, outcome.outcome)
            row(made, outcome.source, word, outcome.calls, f"{outcome.seconds:.1f}", changes)
        console.print(made)
        for outcome in outcomes:
            for line in _notes(outcome):
                text(console, f"{outcome.source}: {line}")


def _notes(outcome: SyncOutcome) -> Iterator[str]:
    """Why it ended so, what could not be read, and how many more problems there are than are shown."""
    if outcome.reason:
        yield outcome.reason
    for problem in outcome.problems[:SHOWN]:
        yield f"{' '.join(filter(None, (problem['where'], problem['record'])))}: {problem['reason']}"
    if (more := len(outcome.problems) - SHOWN) > 0:
        problems = "1 more problem" if more == 1 else f"{more} more problems"
        yield f"{problems} not shown; --json prints all {len(outcome.problems)}."
    for kind, why in outcome.not_visible.items():
        yield f"Sightline cannot read {in_words(kind)}: unknown, not empty ({why})"
