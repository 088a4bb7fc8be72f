"""What a unit has."""

from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table
from orgmodel.queries.access.team import Team

SOURCE_WORDS = {
    "unit": "comes with it",
    "ancestor": "from the unit above",
    "everyone": "everyone has it",
    "individual": "held by some",
}
NEARLY = "nearly everyone has it"


class Command(AnswerCommand):
    question = "team"

    def show(self, answer: Team, console: Console) -> None:
        people = ", ".join(member.name for member in answer.members) or "nobody"
        made = table(f"{answer.unit.name}: {people}", "App", "Level", "Where from", "Through", "Held by")
        for each in answer.apps:
            through = ", ".join(group.name for group in each.through)
            row(
                made,
                each.app.name,
                each.level,
                NEARLY if each.source == "everyone" and each.nearly else SOURCE_WORDS[each.source],
                through,
                f"{each.held_by} of {each.of}",
            )
        console.print(made)
