"""Findings: where access differs from policy."""

from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.findings.lists import Findings


class Command(AnswerCommand):
    question = "drift"

    def show(self, answer: Findings, console: Console) -> None:
        number = len(answer.rows)
        count = f"{number} finding{'' if number == 1 else 's'}"
        made = table(count, "Severity", "Detector", "Finding", "First seen")
        for each in answer.rows:
            row(made, each.severity, each.detector, each.sentence, f"{each.first_seen:%Y-%m-%d}")
        console.print(made)
        if not answer.rows:
            text(console, answer.nothing)
