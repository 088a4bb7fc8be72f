"""What a change of a person's attributes would do."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.likeness import likeness
from orgmodel.queries.people import find_person
from orgmodel.queries.visibility import OPERATOR
from orgmodel.queries.whatif import NoAccount, WhatIf, what_if


class Command(AnswerCommand):
    help = "What a change of a person's attributes would do to their access. Nothing is changed."
    dated = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="e-mail, id, login or name")
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="ATTRIBUTE=VALUE",
            help="an attribute of the Okta profile and its new value; nothing after = takes it away",
        )
        parser.add_argument("--like", metavar="COLLEAGUE", help="take over what rules read of this person")
        super().add_arguments(parser)

    def ask(self, options: dict[str, Any]) -> WhatIf:
        given, like = dict(_pair(each) for each in options["set"]), options["like"]
        if not given and not like:
            raise CommandError("Write --set ATTRIBUTE=VALUE, or --like COLLEAGUE.", returncode=2)
        who = find_person(options["person"])
        wanted = (likeness(who, find_person(like), OPERATOR) if like else {}) | given
        try:
            return what_if(who, wanted, OPERATOR)
        except NoAccount as error:
            raise CommandError(str(error), returncode=1) from error

    def show(self, answer: WhatIf, console: Console) -> None:
        said = ", ".join(f"{name} = {value}" for name, value in answer.set.items())
        text(console, f"{answer.person.name} with {said}")
        for note in answer.notes:
            text(console, note)
        for title, accesses in (("would gain", answer.gains), ("would lose", answer.loses)):
            found = table(f"{title} {len(accesses)} apps", "App", "Level", "Why")
            for each in accesses:
                row(found, each.app.name, each.level, each.cause.sentence())
            console.print(found)
        text(console, f"would keep {len(answer.keeps)} apps")
        for rule in answer.unknown:
            text(console, f"not known: rule {rule.rule}: {rule.reason}")


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise CommandError(f"Write --set ATTRIBUTE=VALUE, not {text[:80]!r}.", returncode=2)
    return name.strip().removeprefix("user."), value.strip()
