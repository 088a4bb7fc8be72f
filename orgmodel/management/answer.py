"""What all commands that answer a question share: arguments, --json, and errors that say what to do."""

import json
import sys
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import IO, Any, ClassVar, cast

from django.conf import settings
from django.core.management.base import CommandError, OutputWrapper
from django.utils import timezone
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orgmodel.answers import ArgumentValues, Asker
from orgmodel.queries.moments import BadMoment, parse_moment
from orgmodel.queries.pages.freshness import freshness, known_since
from orgmodel.queries.people import Ambiguous, NotFound
from orgmodel.queries.refusals import BadQuestion, NoAnswer
from orgmodel.queries.unit_names import NamesOfUnits
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.questions import QUESTIONS, Argument, ask
from orgmodel.why.caveats import known_only_since

from .migrated import NeedsTables


def operator(at: str = "") -> Viewer:
    """Whoever runs the commands: units are called by the names that people use, and those of then beside."""
    return replace(OPERATOR, spoken=NamesOfUnits(settings.SIGHTLINE.conventions, at))


class AnswerCommand(NeedsTables, ABC):
    """Asks one question of the list, then prints JSON of the contract or a readable answer."""

    question: ClassVar[str]
    files: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Arguments that are given here as the path of a file: how that is written, and what the file holds."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.help = cls.__dict__.get("help", QUESTIONS[cls.question].words)

    def add_arguments(self, parser: ArgumentParser) -> None:
        for argument in self._arguments():
            _add(parser, argument)
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = self.ask(options)
        except (NotFound, NoAnswer, BadQuestion, CommandError) as error:
            refused, body = self._refused(error, options)
            if options["json"]:
                self.stdout.write(json.dumps(body, indent=2, ensure_ascii=False))
            raise refused from error
        caveat = _known_of_then(options)
        if options["json"]:
            self.stdout.write(json.dumps(self.as_json(answer), indent=2, ensure_ascii=False))
            if caveat:
                self.stderr.write(caveat)  # The shape of the answer is the contract's.
            return
        console = console_on(self.stdout)
        if caveat:
            text(console, caveat)
        self.show(answer, console)

    def ask(self, options: dict[str, Any]) -> Any:
        """The answer. Raises what a question may raise, and CommandError."""
        return ask(
            self.question,
            self.argument_values(options),
            Asker(operator(options.get("at") or ""), settings.SIGHTLINE.conventions),
        )

    def argument_values(self, options: dict[str, Any]) -> ArgumentValues:
        """The arguments of the question, from the options of the command."""
        return {each.name: options[each.name] for each in QUESTIONS[self.question].arguments}

    def refusal(self, sentence: str, options: dict[str, Any]) -> str:
        """What is printed where there is no answer."""
        return sentence

    def _refused(self, error: Exception, options: dict[str, Any]) -> tuple[CommandError, dict[str, Any]]:
        """How a command without an answer ends, and what its JSON says: `error`, and what may be meant."""
        if isinstance(error, CommandError):
            return error, {"error": str(error)}
        if isinstance(error, Ambiguous):
            sentence = error.sentence if options["json"] else str(error)
            return CommandError(sentence, returncode=1), error.as_json()
        if isinstance(error, BadQuestion):
            sentence = str(error) if isinstance(error, BadMoment) else f"{error}{self._usage()}"
            return CommandError(sentence, returncode=2), {"error": sentence}
        sentence = self.refusal(str(error), options)
        near = {"nearest": list(error.near)} if isinstance(error, NotFound) else {}
        return CommandError(sentence, returncode=1), {"error": sentence, **near}

    def _arguments(self) -> Iterator[Argument]:
        for each in QUESTIONS[self.question].arguments:
            shape, words = self.files.get(each.name, (each.shape, each.words))
            yield replace(each, shape=shape, words=words)

    def _usage(self) -> str:
        """What the arguments that go by a name are called here."""
        named = [each for each in self._arguments() if each.named or not each.required]
        options = ", ".join(f"{_option(each)} {each.shape or each.name.upper()}" for each in named)
        return f" Options: {options}." if options else ""

    def as_json(self, answer: Any) -> Any:
        """The answer in the contract's shape."""
        return answer.as_json()

    @abstractmethod
    def show(self, answer: Any, console: Console) -> None:
        """The answer for a reader."""


def _known_of_then(options: dict[str, Any]) -> str:
    """What must be said of an answer about the time before the first read; empty where nothing need be."""
    moment = options.get("since") or options.get("at")
    if not moment:
        return ""
    began = known_since(parse_moment(moment).at, freshness(timezone.now()))
    return known_only_since(timezone.localtime(began)) if began else ""


def _add(parser: ArgumentParser, argument: Argument) -> None:
    """Required arguments are positional, optional ones are named."""
    shape = argument.shape or argument.name.upper()
    if argument.required and not argument.named:
        parser.add_argument(argument.name, metavar=shape, help=argument.words)
        return
    name, more = _option(argument), {"metavar": shape, "help": argument.words}
    if argument.many:
        parser.add_argument(name, action="append", default=[], **cast(Any, more))
    else:
        parser.add_argument(name, default="", required=argument.required, **cast(Any, more))


def _option(argument: Argument) -> str:
    return f"--{argument.name.replace('_', '-')}"


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
