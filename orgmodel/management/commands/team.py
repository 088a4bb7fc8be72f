"""What a unit has."""

from argparse import ArgumentParser
from typing import Any

from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table
from orgmodel.queries.access.team import Team, team
from orgmodel.queries.targets import find_unit
from orgmodel.queries.visibility import OPERATOR

SOURCE_WORDS = {
    "unit": "comes with it",
    "ancestor": "from the unit above",
    "everyone": "everyone has it",
    "individual": "held by some",
}


class Command(AnswerCommand):
    help = "What a team, department or other unit has."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("unit", help="slug, id, name, or kind:slug")
        super().add_arguments(parser)

    def ask(self, options: dict[str, Any]) -> Team:
        return team(find_unit(options["unit"]), self.moment(options), OPERATOR)

    def show(self, answer: Team, console: Console) -> None:
        people = ", ".join(member.name for member in answer.members) or "nobody"
        made = table(f"{answer.unit.name}: {people}", "App", "Level", "Where from", "Through", "Held by")
        for each in answer.apps:
            through = ", ".join(group.name for group in each.through)
            row(
                made,
                each.app.name,
                each.level,
                SOURCE_WORDS[each.source],
                through,
                f"{each.held_by} of {each.of}",
            )
        console.print(made)
