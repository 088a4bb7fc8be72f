"""What all commands that answer a question share: --json, --at, and errors that say what to do."""

import json
import sys
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orgmodel.queries.moments import BadMoment, Moment, parse_moment
from orgmodel.queries.people import Ambiguous, NotFound


class AnswerCommand(BaseCommand, ABC):
    """Asks, then prints JSON of the contract or a readable answer."""

    dated = True
    """Whether the question takes --at."""
    requires_migrations_checks = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")
        if self.dated:
            parser.add_argument("--at", default="", metavar="T", help="a date or date-time in the past")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = self.ask(options)
        except Ambiguous as error:
            if options["json"]:
                self.stdout.write(json.dumps(error.as_json(), indent=2, ensure_ascii=False))
            raise CommandError(error.sentence if options["json"] else str(error), returncode=1) from error
        except NotFound as error:
            raise CommandError(str(error), returncode=1) from error
        except BadMoment as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(self.as_json(answer), indent=2, ensure_ascii=False))
        else:
            self.show(answer, console_on(self.stdout))

    @abstractmethod
    def ask(self, options: dict[str, Any]) -> Any:
        """The answer, from the queries."""

    def as_json(self, answer: Any) -> Any:
        """The answer in the contract's shape."""
        return answer.as_json()

    @abstractmethod
    def show(self, answer: Any, console: Console) -> None:
        """The answer for a reader."""

    @staticmethod
    def moment(options: dict[str, Any], name: str = "at") -> Moment:
        return parse_moment(str(options[name] or ""))


def console_on(out: OutputWrapper) -> Console:
    """A console that writes where the command's output goes, names never read as markup."""
    return Console(file=cast(IO[str], out), highlight=False, emoji=False)


def table(title: str, *columns: str) -> Table:
    """An empty table; cells go in through `row`, so that names cannot be read as markup."""
    made = Table(title=escape(title), title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def row(made: Table, *cells: object) -> None:
    """One row of plain text."""
    made.add_row(*(escape(str(cell)) for cell in cells))


def text(console: Console, line: str) -> None:
    """A line of plain text, never markup."""
    console.print(escape(line))


def interactive() -> bool:
    """Whether a person is watching: only then a progress bar is drawn."""
    return sys.stderr.isatty()
