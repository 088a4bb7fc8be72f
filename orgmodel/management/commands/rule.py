"""What an expression of a group rule says, and what it makes of somebody."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.people import find_person
from orgmodel.queries.rules.expression import BadProfile, Reading, read_for_person, read_for_profile

VERDICTS = {True: "fits", False: "does not fit", None: "not known"}
HOLDS = {True: "holds", False: "fails", None: "not known"}


class Command(AnswerCommand):
    help = "Says an expression of a group rule in words and evaluates it for a person or a made-up profile."
    dated = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("expression", help="as it stands in the rule, in quotes")
        whom = parser.add_mutually_exclusive_group()
        whom.add_argument("--person", help="e-mail, id, login or name")
        whom.add_argument(
            "--profile",
            metavar="FILE.json",
            help='a JSON object of attributes, plus "groups": [names] and "status"',
        )
        super().add_arguments(parser)

    def ask(self, options: dict[str, Any]) -> Reading:
        expression: str = options["expression"]
        if options["profile"] is None:
            person = find_person(options["person"]) if options["person"] else None
            return read_for_person(expression, person)
        try:
            return read_for_profile(expression, _profile(Path(options["profile"])))
        except BadProfile as error:
            raise CommandError(f"{options['profile']}: {error}", returncode=1) from error

    def show(self, answer: Reading, console: Console) -> None:
        if answer.error:
            text(
                console, f"invalid, column {answer.error.column}: {answer.error.message} {answer.error.hint}"
            )
            return
        text(console, answer.words)
        if answer.said is None:
            return
        reason = f": {answer.said.reason}" if answer.said.reason else ""
        text(console, f"{VERDICTS[answer.said.value]}{reason}")
        clauses = table("clause by clause", "The rule asks", "Value", "Holds", "")
        for clause in answer.said.clauses:
            row(clauses, clause.text, clause.value, HOLDS[clause.holds], clause.reason or clause.near)
        console.print(clauses)


def _profile(path: Path) -> dict[str, Any]:
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadProfile(f"cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadProfile("is not JSON in UTF-8.") from error
    if not isinstance(given, dict):
        raise BadProfile("must hold one JSON object of attributes.")
    return given
