"""What a person has, by which paths."""

from argparse import ArgumentParser
from typing import Any

from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.access.holdings import Access, AccessOfPerson, Membership, access
from orgmodel.queries.people import find_person
from orgmodel.queries.visibility import OPERATOR


class Command(AnswerCommand):
    help = "What a person has, by which paths."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="e-mail, id, login or name")
        super().add_arguments(parser)

    def ask(self, options: dict[str, Any]) -> AccessOfPerson:
        return access(find_person(options["person"]), self.moment(options), OPERATOR)

    def show(self, answer: AccessOfPerson, console: Console) -> None:
        apps = table(f"{answer.person.name} has {len(answer.apps)} apps", "App", "Level", "Since", "Why")
        for each in answer.apps:
            row(apps, each.app.name, each.level, day(each), each.paths[0].sentence)
        console.print(apps)
        groups = table(f"and is in {len(answer.groups)} groups", "Group", "Origin", "Since", "Why")
        for member in answer.groups:
            row(groups, member.group.name, member.origin, day(member), member.cause.sentence())
        console.print(groups)
        if not answer.apps and not answer.groups:
            text(console, "Nothing that Sightline can see.")


def day(held: Access | Membership) -> str:
    """Since when, as a day; what the first read found had begun before it."""
    return f"{'before ' if held.before else ''}{held.since:%Y-%m-%d}"
