"""Reads the sources and applies what they say, or only shows what would change."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from orgmodel.configuration import Configuration
from orgmodel.management.answer import console_on, interactive, row, table, text
from orgmodel.management.migrated import NeedsTables
from orgmodel.sync.configured import NotConfigured, require_usable_database, sync
from orgmodel.sync.runs import SyncOutcome

REFUSED = {"failed", "quarantined"}


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
            self._show(outcomes)
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
                bar.update(task, description=f"{outcome.source} {outcome.outcome}; reading on")
        return outcomes

    def _show(self, outcomes: list[SyncOutcome]) -> None:
        console = console_on(self.stdout)
        made = table("", "Source", "SyncOutcome", "Calls", "Seconds", "Changed")
        for outcome in outcomes:
            changed = ", ".join(
                f"{kind} +{verbs['began']} -{verbs['ended']} ~{verbs['changed']}"
                for kind, verbs in outcome.counts.items()
                if verbs["began"] or verbs["ended"] or verbs["changed"]
            )
            row(
                made,
                outcome.source,
                outcome.outcome,
                outcome.calls,
                f"{outcome.seconds:.1f}",
                changed or "nothing",
            )
        console.print(made)
        for outcome in outcomes:
            if outcome.reason:
                text(console, f"{outcome.source}: {outcome.reason}")
            for problem in outcome.problems[:20]:
                text(
                    console, f"{outcome.source}: {problem['where']} {problem['record']}: {problem['reason']}"
                )
            for kind, why in outcome.not_visible.items():
                text(console, f"{outcome.source}: {kind} is not visible: {why}")
