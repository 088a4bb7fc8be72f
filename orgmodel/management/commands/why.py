"""Why a person has an app or is in a group, why not, and why no longer."""

from django.utils import timezone
from rich.console import Console

from orgmodel.management.answer import AnswerCommand, text
from orgmodel.queries.access.beginnings import Began
from orgmodel.queries.why.answer import Why
from orgmodel.why.since import held_since
from orgmodel.why.voice import NOBODY


class Command(AnswerCommand):
    question = "why"

    def show(self, answer: Why, console: Console) -> None:
        text(console, answer.sentence)
        if answer.access:
            held = answer.access
            had = held.had or Began(held.since, held.before)
            level = "" if held.level == "assigned" else held.level
            spans = (held.since, held.before), (had.at, had.before)
            text(console, f"  {held_since(NOBODY, level, *spans, timezone.now().date())}")
        if answer.level_because:
            text(console, f"  {answer.level_because}")
        for path in answer.paths[1:]:
            text(console, f"  also: {path.sentence}")
        if answer.peers:
            text(console, f"  {answer.peers.sentence}")
        for path in answer.would_take:
            text(console, f"  it would take: {path.sentence}")
        if answer.asking.first:
            text(console, f"  {answer.asking.first}")
        for contact in answer.asking.contacts:
            address = f" <{contact.email}>" if contact.email else ""
            text(console, f"  ask: {contact.name}{address}. {contact.because} {contact.url}".rstrip())
        if not answer.paths and not answer.asking.contacts and answer.asking.nobody:
            text(console, f"  ask: {answer.asking.nobody}")
