"""What an expression of a group rule says, and what it makes of somebody."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from rich.console import Console

from orgmodel.answers import ArgumentValues
from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.refusals import BadQuestion
from orgmodel.queries.rules.expression import BadProfile, Reading

VERDICTS = {True: "matches", False: "does not match", None: "not known"}
HOLDS = {True: "holds", False: "fails", None: "not known"}


class Command(AnswerCommand):
    question = "rule"
    files: ClassVar[Mapping[str, tuple[str, str]]] = {
        "profile": (
            "FILE.json",
            'a file with a JSON object of attributes, plus "groups": [names] and "status"',
        )
    }

    def argument_values(self, options: dict[str, Any]) -> ArgumentValues:
        if options["person"] and options["profile"]:
            raise BadQuestion("Give a person or a profile, not both.")
        path = options["profile"]
        return {**super().argument_values(options), "profile": _profile(Path(path)) if path else None}

    def refusal(self, sentence: str, options: dict[str, Any]) -> str:
        return f"{options['profile']}: {sentence}" if options["profile"] else sentence

    def show(self, answer: Reading, console: Console) -> None:
        if answer.error:
            text(
                console, f"invalid, column {answer.error.column}: {answer.error.message} {answer.error.hint}"
            )
            return
        text(console, answer.words)
        if answer.explanation is None:
            return
        reason = f": {answer.explanation.reason}" if answer.explanation.reason else ""
        text(console, f"{VERDICTS[answer.explanation.value]}{reason}")
        clauses = table("clause by clause", "The rule asks", "Value", "Holds", "")
        for clause in answer.explanation.clauses:
            row(clauses, clause.text, clause.value, HOLDS[clause.holds], clause.reason or clause.near)
        console.print(clauses)


def _profile(path: Path) -> dict[str, Any]:
    try:
        profile = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadProfile(f"cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadProfile("is not JSON in UTF-8.") from error
    if not isinstance(profile, dict):
        raise BadProfile("must hold one JSON object of attributes.")
    return profile
