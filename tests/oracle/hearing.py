"""What must hold of every message, however it is worded: who may get one, and what it may say of apps.

Read from the outbox as `manage.py outbox --json` shows it; what is true comes from the books.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from . import answers
from .asking import CONFIDENTIAL, Json
from .books import Books
from .comparing import Mismatch
from .world import first_name

TO_THEMSELVES = {"mover", "joiner", "lost"}
ABOUT_SOMEBODY = {"old_manager", "new_manager", "joiner_manager", "leaver_manager"}
HELD_NOW, NOT_HELD_NOW = ("New", "You have"), ("Gone", "Your access to")
"""How the lines begin that say what somebody has, and has no more."""


def check_message(row: Json, history: Sequence[Books]) -> Iterator[Mismatch]:
    """One message that was planned after the last of these reads, oldest first."""
    kind, to, now = row["kind"], row["to"], history[-1]
    question = f"message {kind} to {to}"
    if to in _everybody(history) and answers.has_left(now, to):
        yield Mismatch(question, "nobody who has left is written to", row["text"])
    if kind in TO_THEMSELVES:
        yield from _apps(question, row["text"], to, history)
    if kind in ABOUT_SOMEBODY:
        yield from _reader(question, row, history)


def _reader(question: str, row: Json, history: Sequence[Books]) -> Iterator[Mismatch]:
    """Only a manager, of then or of now, hears of somebody; never of what is confidential."""
    subjects = [each for each in _everybody(history) if _name(each) in row["text"]]
    reports = {each for each in subjects if row["to"] in _managers(each, history)}
    if len(reports) != len(subjects) or not subjects:
        yield Mismatch(question, f"told to a manager of {subjects}", row["text"])
    shown = row["text"] + json.dumps(row["blocks"])
    if any(label in shown for label in CONFIDENTIAL):
        yield Mismatch(question, f"nothing of {', '.join(CONFIDENTIAL)}", row["text"])


def _apps(question: str, text: str, email: str, history: Sequence[Books]) -> Iterator[Mismatch]:
    """What is called new is held, and was not held so at some time; what is called gone was, and is not."""
    now = answers.apps(history[-1], email)
    before = [answers.apps(each, email) for each in history[:-1]]
    for line in text.splitlines():
        for app in _named(line, history[-1]):
            label = history[-1].apps[app].label
            if line.startswith(HELD_NOW) and app not in now:
                yield Mismatch(f"{question}, {label}", "held now", line)
            if line.startswith("New") and all(each.get(app) == now.get(app) for each in before):
                yield Mismatch(f"{question}, {label}", "new, or at another level", line)
            if line.startswith(NOT_HELD_NOW) and app in now:
                yield Mismatch(f"{question}, {label}", "not held now", line)
            if line.startswith(NOT_HELD_NOW) and not any(app in each for each in before):
                yield Mismatch(f"{question}, {label}", "held before", line)


def _named(line: str, books: Books) -> Iterable[str]:
    """The apps whose labels stand in the line."""
    return [each.id for each in books.apps.values() if re.search(rf"\b{each.label}\b", line)]


def _everybody(history: Sequence[Books]) -> list[str]:
    return sorted({email for each in history for email in answers.people(each)})


def _name(email: str) -> str:
    return f"{first_name(email)} Lind"


def _managers(email: str, history: Sequence[Books]) -> set[str | None]:
    return {answers.manager(each, email) for each in history if email in answers.people(each)}
