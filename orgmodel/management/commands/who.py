"""Who has an app or is in a group, by which paths."""

from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.access.caveats import caveats, unusable_people
from orgmodel.queries.access.holdings import Holder, who
from orgmodel.queries.access.routes import Target
from orgmodel.queries.moments import Moment
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR


@dataclass(frozen=True)
class Holders:
    """The answer to "who has it"."""

    target: Target
    moment: Moment
    people: tuple[Holder, ...]
    unusable: tuple[str, ...] = ()
    """Who is assigned to it and cannot use it."""

    def as_json(self) -> dict[str, Any]:
        return {
            "target": self.target.as_json(),
            "at": self.moment.at.isoformat(),
            "people": [holder.as_json() for holder in self.people],
        }


class Command(AnswerCommand):
    help = "Who has an app or is in a group, by which paths."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", help="label, name or native id of an app or group")
        super().add_arguments(parser)

    def ask(self, options: dict[str, Any]) -> Holders:
        moment = self.moment(options)
        target = find_target(options["target"], OPERATOR, moment)
        return Holders(target, moment, who(target, moment, OPERATOR), unusable_people(target, moment))

    def show(self, answer: Holders, console: Console) -> None:
        made = table(f"{answer.target.name}: {len(answer.people)} people", "Person", "Level", "Why")
        for holder in answer.people:
            row(made, holder.person.name, holder.level, holder.paths[0].sentence)
        console.print(made)
        for sentence in (*caveats(answer.target, answer.moment), *answer.unusable):
            text(console, sentence)
