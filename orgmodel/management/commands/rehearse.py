"""What a proposed reorganisation would do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import CommandError
from rich.console import Console

from orgmodel.answers import ArgumentValues
from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.rehearsal.rehearse import Rehearsal

SHOWN = 50


def contents(name: str) -> str:
    """The text of a file."""
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not UTF-8.", returncode=1) from error
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.", returncode=1) from error


class Command(AnswerCommand):
    question = "rehearse"
    files: ClassVar[Mapping[str, tuple[str, str]]] = {
        "changes": ("CHANGES.csv", "a file that says who moves and which units change"),
        "chart": ("CHART.csv", "a file with the org chart as it is; the changes are then the one to be"),
    }

    def argument_values(self, options: dict[str, Any]) -> ArgumentValues:
        return {name: contents(path) for name, path in super().argument_values(options).items() if path}

    def refusal(self, sentence: str, options: dict[str, Any]) -> str:
        return f"{options['changes']}: nothing was rehearsed.\n{sentence}"

    def show(self, answer: Rehearsal, console: Console) -> None:
        named = "1 person is named" if answer.people == 1 else f"{answer.people} people are named"
        text(console, f"{named}; access changes for {answer.changed}.")
        apps = table("Per app", "App", "Gain", "Lose", "Seats then")
        for tally in answer.per_app:
            row(apps, tally.app.name, tally.gains, tally.loses, tally.then)
        console.print(apps)
        each_one = table("Per person", "Person", "Gains", "Loses", "Not known")
        for each in answer.per_person[:SHOWN]:
            gained = ", ".join(access.app.name for access in each.gains)
            lost = ", ".join(access.app.name for access in each.loses)
            row(each_one, each.person.name, gained, lost, ", ".join(rule.rule for rule in each.unknown))
        console.print(each_one)
        if len(answer.per_person) > SHOWN:
            text(console, f"… and {len(answer.per_person) - SHOWN} more; --json tells all of them.")
        for note in answer.notes:
            text(console, note)
        for title, names in (
            ("No group stands for", answer.units_without_group),
            ("No rule feeds", answer.groups_without_rule),
            ("Would match nobody", answer.rules_without_people),
            ("To retire", answer.groups_to_retire),
        ):
            if names:
                text(console, f"{title}: {', '.join(names)}")
