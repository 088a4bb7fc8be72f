"""What a change of a person's attributes would do."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.people import find_person
from orgmodel.queries.rehearsal.copy_colleague import likeness
from orgmodel.queries.rehearsal.supposition import CannotSuppose, Question
from orgmodel.queries.rehearsal.whatif import NoAccount, WhatIf, what_if
from orgmodel.queries.visibility import OPERATOR
from orgmodel.why.causes import shown
from orgmodel.why.levels import instead


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
        parser.add_argument(
            "--move-to",
            default="",
            metavar="UNIT",
            help="a unit by name, slug, id or kind:slug; the units above it and its lead follow",
        )
        parser.add_argument(
            "--keep",
            action="append",
            default=[],
            metavar="ATTRIBUTE",
            help="an attribute that the move is to leave as it is",
        )
        parser.add_argument("--like", metavar="COLLEAGUE", help="take over what rules read of this person")
        super().add_arguments(parser)

    def ask(self, options: dict[str, Any]) -> WhatIf:
        given, like = dict(_pair(each) for each in options["set"]), options["like"]
        keep = frozenset(name.removeprefix("user.") for name in options["keep"])
        if not (given or like or options["move_to"].strip()):
            raise CommandError(
                "Write --move-to UNIT, --set ATTRIBUTE=VALUE, or --like COLLEAGUE.", returncode=2
            )
        who = find_person(options["person"])
        wanted = (likeness(who, find_person(like), OPERATOR) if like else {}) | given
        question = Question(wanted, options["move_to"].strip(), keep)
        try:
            return what_if(who, question, OPERATOR, settings.SIGHTLINE.conventions)
        except (NoAccount, CannotSuppose) as error:
            raise CommandError(str(error), returncode=1) from error

    def show(self, answer: WhatIf, console: Console) -> None:
        said = ", ".join(f"{name} = {shown(value)}" for name, value in answer.set.items())
        text(console, f"{answer.person.name} with {said}")
        for follow in answer.brought.follows if answer.brought else ():
            if follow.attribute in answer.follows:
                text(console, f"follows: {follow.attribute} = {follow.shown}. {follow.because}")
        for note in answer.notes:
            text(console, note)
        for title, accesses in (("would gain", answer.gains), ("would lose", answer.loses)):
            found = table(f"{title} {apps_counted(len(accesses))}", "App", "Level", "Why")
            for each in accesses:
                row(found, each.app.name, each.level, each.cause.sentence())
            console.print(found)
        if answer.level_changed:
            found = table("would hold at another level", "App", "Level", "Why")
            for change in answer.level_changed:
                level = f"{instead(change.before, change.now.level)} ({change.direction})"
                row(found, change.app.name, level, change.now.cause.sentence())
            console.print(found)
        text(console, f"would keep {apps_counted(len(answer.keeps))}")
        for unknown in answer.unknown:
            of = f"group {unknown.group}" if unknown.group else f"rule {unknown.rule}"
            text(console, f"cannot be foreseen: {of}: {unknown.reason}")


def apps_counted(count: int) -> str:
    """So many apps."""
    return f"{count} app" if count == 1 else f"{count} apps"


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise CommandError(f"Write --set ATTRIBUTE=VALUE, not {text[:80]!r}.", returncode=2)
    return name.strip().removeprefix("user."), value.strip()
