"""What can be asked, with which arguments, what comes back, and who may ask: the one door for every reader.

The command line and the `.json` addresses read this list; so can a chat command or an assistant. An answer
is a frozen dataclass with `as_json`, the shape of the contract. What may be seen is decided in the queries,
by the viewer of the asker.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from orgmodel.queries.quoting import quoted
from orgmodel.queries.refusals import BadQuestion
from orgmodel.reconcile import DETECTORS

from . import answers
from .answers import ArgumentValues, Asker


class Answer(Protocol):
    """What a question comes back with."""

    def as_json(self) -> Any: ...


class NotAllowed(Exception):
    """Only people who run Sightline may ask this."""


@dataclass(frozen=True)
class Argument:
    """One thing that a question takes, as text."""

    name: str
    words: str
    required: bool = False
    many: bool = False
    """Its value is a sequence of texts."""
    named: bool = False
    """Given by its name even where it must be given, so that its place does not have to be remembered."""
    shape: str = ""
    """How a value looks, where the name does not tell."""


@dataclass(frozen=True)
class Question:
    """One question. `answer` raises NotFound, Ambiguous, BadQuestion or NoAnswer, each with its sentence."""

    name: str
    words: str
    arguments: tuple[Argument, ...]
    answer: Callable[[ArgumentValues, Asker], Answer]
    admins: bool = False
    """Only for those who run Sightline, and for auditors."""

    def check(self, values: ArgumentValues) -> None:
        """Raises BadQuestion where an argument is missing or not one of this question."""
        known = {each.name for each in self.arguments}
        if strange := sorted(set(values) - known):
            names = ", ".join(each.name for each in self.arguments)
            raise BadQuestion(f"{self.name} does not take {', '.join(strange)}; it takes {names}.")
        for each in self.arguments:
            if each.required and not values.get(each.name):
                raise BadQuestion(f"{self.name} needs {each.name}: {each.words}.")


def ask(name: str, values: ArgumentValues, asker: Asker) -> Answer:
    """The answer to a question of the list. Raises what Question says, and NotAllowed."""
    question = QUESTIONS.get(name)
    if question is None:
        raise BadQuestion(f"There is no question {quoted(name, 40)}; known are {', '.join(QUESTIONS)}.")
    question.check(values)
    if question.admins and not (asker.viewer.admin or asker.viewer.auditor):
        raise NotAllowed("Only people who run Sightline may ask this.")
    return question.answer(values, asker)


PERSON = Argument("person", "e-mail, id, login or name", required=True)
SOMEBODY = Argument("person", "e-mail, id, login or name")
TARGET = Argument("target", "label, name or native id of an app or group", required=True)
AT = Argument("at", "a date or date-time in the past; now if left out", shape="T")


def _by_name(*questions: Question) -> Mapping[str, Question]:
    return {question.name: question for question in questions}


QUESTIONS = _by_name(
    Question("access", "What a person has, by which paths.", (PERSON, AT), answers.access_answer),
    Question(
        "team",
        "What a team, department or other unit has.",
        (Argument("unit", "slug, id, name, or kind:slug", required=True), AT),
        answers.team_answer,
    ),
    Question("who", "Who has an app or is in a group, by which paths.", (TARGET, AT), answers.who_answer),
    Question("why", "Why, why not, and why no longer.", (PERSON, TARGET, AT), answers.why_answer),
    Question(
        "diff",
        "What changed for a person, and why.",
        (
            PERSON,
            Argument("since", "a date (its end) or date-time", required=True, named=True, shape="T"),
            Argument("until", "a date (its end) or date-time; now if left out", shape="T"),
        ),
        answers.diff_answer,
    ),
    Question(
        "whatif",
        "What a change of a person's attributes would do to their access. Nothing is changed.",
        (
            PERSON,
            Argument(
                "set",
                "an attribute of the Okta profile and its new value; nothing after = takes it away",
                many=True,
                shape="ATTRIBUTE=VALUE",
            ),
            Argument(
                "move_to",
                "a unit by name, slug, id or kind:slug; the units above it and its lead follow",
                shape="UNIT",
            ),
            Argument("keep", "an attribute that the move is to leave as it is", many=True, shape="ATTRIBUTE"),
            Argument("like", "take over what rules read of this person", shape="COLLEAGUE"),
        ),
        answers.what_if_answer,
    ),
    Question(
        "rehearse",
        "What a reorganisation would do to everybody's access. Nothing is changed.",
        (
            Argument("changes", "the text of a CSV of who moves and which units change", required=True),
            Argument("chart", "the org chart as it is; the changes are then the one to be"),
        ),
        answers.rehearsal_answer,
        admins=True,
    ),
    Question(
        "drift",
        "Where access differs from policy.",
        (Argument("detector", f"one of {', '.join(DETECTORS)}", shape="NAME"),),
        answers.findings_answer,
        admins=True,
    ),
    Question(
        "rule",
        "Says an expression of a group rule in words and evaluates it for a person or a made-up profile.",
        (
            Argument("expression", "as it stands in the rule", required=True),
            SOMEBODY,
            Argument("profile", 'an object of attributes, plus "groups": [names] and "status"'),
        ),
        answers.rule_answer,
        admins=True,
    ),
    Question(
        "evidence",
        "What an auditor asks about a person, or a person and an app.",
        (PERSON, Argument("target", "an app or a group"), AT),
        answers.evidence_answer,
        admins=True,
    ),
    Question(
        "compare",
        "What only one of two people or units has, and what both have.",
        (
            Argument("a", "a person or a unit", required=True),
            Argument("b", "a person or a unit", required=True),
            Argument("at", "when the first is looked at; now if left out"),
            Argument("until", "when the second is looked at; now if left out"),
        ),
        answers.comparison_answer,
    ),
    Question(
        "find",
        "People, units, apps, groups and questions that fit a few letters.",
        (Argument("text", "what to look for", required=True),),
        answers.search_answer,
    ),
)
