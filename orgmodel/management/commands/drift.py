"""Findings: where intent and reality part."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.findings.lists import FindingRow, findings
from orgmodel.reconcile import DETECTORS


class Command(AnswerCommand):
    help = "Where intent and reality part."
    dated = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--detector", default="", metavar="NAME", help=", ".join(DETECTORS))
        super().add_arguments(parser)

    def ask(self, options: dict[str, Any]) -> tuple[FindingRow, ...]:
        if options["detector"] and options["detector"] not in DETECTORS:
            raise CommandError(f"No detector is called so; known are {', '.join(DETECTORS)}.", returncode=1)
        return findings(detector=options["detector"])

    def as_json(self, answer: tuple[FindingRow, ...]) -> list[dict[str, Any]]:
        return [each.as_json() for each in answer]

    def show(self, answer: tuple[FindingRow, ...], console: Console) -> None:
        made = table(f"{len(answer)} findings", "Severity", "Detector", "Finding", "Since")
        for each in answer:
            row(made, each.severity, each.detector, each.sentence, f"{each.first_seen:%Y-%m-%d}")
        console.print(made)
        if not answer:
            text(console, "Intent and reality agree, as far as Sightline can see.")
