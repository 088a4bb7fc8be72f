"""What changed for a person between two moments, and why."""

from argparse import ArgumentParser
from typing import Any

from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.history.diff import Diff, diff
from orgmodel.queries.moments import BadMoment
from orgmodel.queries.people import find_person
from orgmodel.queries.visibility import OPERATOR

LISTS = (
    ("gained", "New"),
    ("lost", "Gone"),
    ("kept_unexplained", "Still held, and no rule gives it"),
    ("still_through", "Still held another way"),
    ("pending", "Still pending"),
)


class Command(AnswerCommand):
    help = "What changed for a person, and why."
    dated = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="e-mail, id, login or name")
        parser.add_argument("--since", required=True, metavar="T", help="a date or date-time")
        parser.add_argument("--until", default="", metavar="T", help="a date or date-time; now if left out")
        super().add_arguments(parser)

    def ask(self, options: dict[str, Any]) -> Diff:
        since, until = self.moment(options, "since"), self.moment(options, "until")
        if since.at > until.at:
            raise BadMoment("--since lies after --until; give the earlier date first.")
        return diff(find_person(options["person"]), since, until, OPERATOR)

    def show(self, answer: Diff, console: Console) -> None:
        for flip in answer.attributes:
            text(console, f"{flip.attribute}: {flip.before or 'nothing'} → {flip.after or 'nothing'}")
        for name, title in LISTS:
            items = getattr(answer, name)
            if items:
                made = table(title, "App", "Level", "Why")
                for each in items:
                    row(made, each.app.name, each.level, each.cause.sentence())
                console.print(made)
        if answer.level_changed:
            made = table("At another level", "App", "Level", "Before", "Why")
            for each in answer.level_changed:
                row(made, each.app.name, each.now.level, each.before, each.now.cause.sentence())
            console.print(made)
        if not answer.differs and not answer.attributes:
            text(console, "Nothing changed.")
