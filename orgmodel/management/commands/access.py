"""What a person has, by which paths."""

from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.access.holdings import Access, AccessOfPerson, Membership


class Command(AnswerCommand):
    question = "access"

    def show(self, answer: AccessOfPerson, console: Console) -> None:
        apps = table(
            f"{answer.person.name} has {counted(len(answer.apps), 'app')}", "App", "Level", "Since", "Why"
        )
        for each in answer.apps:
            row(apps, each.app.name, each.level, day(each), each.paths[0].sentence)
        console.print(apps)
        groups = table(f"and is in {counted(len(answer.groups), 'group')}", "Group", "Origin", "Since", "Why")
        for member in answer.groups:
            row(groups, member.group.name, member.origin, day(member), member.because)
        console.print(groups)
        for coming in answer.coming:
            text(console, coming.sentence)
        if not answer.apps and not answer.groups:
            text(console, "Nothing that Sightline can see.")


def counted(number: int, noun: str) -> str:
    """So many of them."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def day(held: Access | Membership) -> str:
    """Since when, as a day; what the first read found had begun before it."""
    return f"{'before ' if held.before else ''}{held.since:%Y-%m-%d}"
