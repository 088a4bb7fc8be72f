"""What a change of a person's attributes would do."""

from rich.console import Console

from orgmodel.management.answer import AnswerCommand, row, table, text
from orgmodel.queries.rehearsal.whatif import WhatIf
from orgmodel.rules.spoken import shown
from orgmodel.why.levels import instead


class Command(AnswerCommand):
    question = "whatif"

    def show(self, answer: WhatIf, console: Console) -> None:
        values = ", ".join(f"{name} = {shown(value)}" for name, value in answer.set.items())
        text(console, f"{answer.person.name} with {values}")
        for follow in answer.brought.follows if answer.brought else ():
            if follow.attribute in answer.follows:
                text(console, f"follows: {follow.attribute} = {follow.shown}. {follow.because}")
        for note in answer.notes:
            text(console, note)
        for title, accesses in (("would gain", answer.gains), ("would lose", answer.loses)):
            found = table(f"{title} {apps_counted(len(accesses))}", "App", "Level", "Why")
            for each in accesses:
                row(found, each.app.name, each.level, each.because)
            console.print(found)
        if answer.level_changed:
            found = table("would hold at another level", "App", "Level", "Why")
            for change in answer.level_changed:
                level = f"{instead(change.before, change.now.level)} ({change.direction})"
                row(found, change.app.name, level, change.now.because)
            console.print(found)
        text(console, f"would keep {apps_counted(len(answer.keeps))}")
        for unknown in answer.unknown:
            of = f"group {unknown.group}" if unknown.group else f"rule {unknown.rule}"
            text(console, f"cannot be foreseen: {of}: {unknown.reason}")


def apps_counted(count: int) -> str:
    """So many apps."""
    return f"{count} app" if count == 1 else f"{count} apps"
