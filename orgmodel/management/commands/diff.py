"""What changed for a person between two moments, and why."""

from datetime import UTC

from rich.console import Console

from orgmodel.management.answer import AnswerCommand, operator, row, table, text
from orgmodel.queries.history.diff import Diff
from orgmodel.why.voice import Voice, first_name

LISTS = (
    ("gained", "New"),
    ("lost", "Gone"),
    ("kept_unexplained", "Still held, and no rule gives it"),
    ("still_through", "Still held another way"),
    ("pending", "Still pending"),
)


class Command(AnswerCommand):
    question = "diff"

    def show(self, answer: Diff, console: Console) -> None:
        spoken = operator().spoken
        voice = Voice(first_name(answer.person.name), spoken=spoken)
        for flip in answer.attributes:
            before, after = flip.before_name or flip.before, flip.after_name or flip.after
            text(console, f"{spoken.attribute(flip.attribute)}: {before or 'nothing'} → {after or 'nothing'}")
        for name, title in LISTS:
            items = getattr(answer, name)
            if items:
                made = table(title, "App", "Level", "Why")
                for each in items:
                    row(made, each.app.name, each.level, each.cause.sentence(voice))
                console.print(made)
        if answer.level_changed:
            made = table("At another level", "App", "Level", "Before", "Why")
            for each in answer.level_changed:
                row(made, each.app.name, each.now.level, each.before, each.now.cause.sentence(voice))
            console.print(made)
        if not answer.differs and not answer.attributes:
            times = (f"{each.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}" for each in (answer.since, answer.until))
            text(console, f"Nothing changed between {' and '.join(times)} UTC.")
