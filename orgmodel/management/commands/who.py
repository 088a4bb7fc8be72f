"""Who has an app or is in a group, by which paths."""

from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.access.caveats import caveats
from orgmodel.queries.access.who import Who


class Command(AnswerCommand):
    question = "who"

    def show(self, answer: Who, console: Console) -> None:
        number = "everybody" if answer.target.for_all else f"{len(answer.people)} people"
        made = table(f"{answer.target.name}: {number}", "Person", "Level", "Why")
        for holder in answer.people:
            row(made, holder.person.name, holder.level, holder.paths[0].sentence)
        console.print(made)
        for sentence in (*caveats(answer.target, answer.moment), *answer.unusable):
            text(console, sentence)
