"""A bundle of evidence about a person, and the check of one."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from rich.console import Console

from orgmodel.management.answer import AnswerCommand, text
from orgmodel.management.bundle import BadBundle, verify, write_bundle
from orgmodel.queries.refusals import BadQuestion


class Command(AnswerCommand):
    question = "evidence"

    help = "Writes what an auditor asks about a person, or a person and an app, into a zip; or checks one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", nargs="?", default="", help="e-mail, id, login or name")
        parser.add_argument("target", nargs="?", default="", metavar="APP", help="an app or a group")
        parser.add_argument("--out", metavar="FILE.zip", help="where to write the bundle")
        parser.add_argument("--verify", metavar="FILE.zip", help="check the hashes of a bundle")
        parser.add_argument("--at", default="", metavar="T", help="a date or date-time in the past")
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def ask(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["verify"]:
            return _verified(Path(options["verify"]))
        if not options["person"] or not options["out"]:
            raise BadQuestion("Name a person and --out FILE.zip, or --verify FILE.zip.")
        found, out = super().ask(options), Path(options["out"])
        try:
            files = write_bundle(found, out)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.", returncode=1) from error
        return {"file": str(out), "files": files, "apps": len(found.apps), "events": len(found.events)}

    def _usage(self) -> str:
        return " Usage: evidence PERSON [APP] --out FILE.zip [--at T]."

    def as_json(self, answer: dict[str, Any]) -> dict[str, Any]:
        return answer

    def show(self, answer: dict[str, Any], console: Console) -> None:
        if "apps" in answer:
            apps, lines = answer["apps"], answer["events"]
            held = f"{apps} app{'' if apps == 1 else 's'}"
            text(console, f"{answer['file']}: {held}, {lines} line{'' if lines == 1 else 's'} of Okta’s log.")
        else:
            text(console, f"{answer['file']}: every hash agrees.")


def _verified(path: Path) -> dict[str, Any]:
    try:
        problems = verify(path)
    except BadBundle as error:
        raise CommandError(str(error), returncode=1) from error
    if problems:
        raise CommandError(f"{path}: {' '.join(problems)}", returncode=1)
    return {"file": str(path), "valid": True}
