"""Findings: where access differs from policy."""

from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.findings.lists import Findings


class Command(AnswerCommand):
    question = "drift"

    def show(self, answer: Findings, console: Console) -> None:
        made = table(f"{len(answer.rows)} findings", "Severity", "Detector", "Finding", "Since")
        for each in answer.rows:
            row(made, each.severity, each.detector, each.sentence, f"{each.first_seen:%Y-%m-%d}")
        console.print(made)
        if not answer.rows:
            text(console, "Access agrees with policy, as far as Sightline can see.")
