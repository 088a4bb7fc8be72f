"""In the thread of a message that turned out wrong: what is so instead, and since when; no guessed cause."""

from .escape import name
from .layout import Rendered, Section, apps, day, headline_name, lay_out
from .stories import CorrectionStory

NAMED = 2
"""More apps than this are counted in the headline and listed below."""


def render(story: CorrectionStory) -> Rendered:
    """The correction; about somebody else its text and preview name no app, as in the message itself."""
    other = bool(story.person_name)
    since = f"since {story.since:%H:%M} on {day(story.since.date(), story.year)}"
    sections = (Section("Back", story.restored), Section("At the former level", story.levels))
    return lay_out(
        f"Correction: {_sentence(story)}, {since}.",
        sections if other or not _named(story) else (),
        summary=(
            "The message above no longer holds."
            if story.whole
            else "The rest of the message above still holds."
        ),
        link=story.link,
        reason="You get this because an earlier message turned out to be wrong.",
        nothing="",
        discreet=other,
    )


def _sentence(story: CorrectionStory) -> str:
    who, unit = headline_name(story.person_name), headline_name(story.unit)
    if story.what == "access":
        return _of_others(story, who) if story.person_name else _of_yours(story)
    if not story.person_name:
        return f"you are back in {unit}" if story.what == "back" else "your access is as it was before"
    return {
        "back": f"{who} is back in your team {unit}",
        "not_joined": f"{who} is not in your team {unit}",
        "not_reporting": f"{who} does not report to you",
        "active": f"{who} is active again",
    }.get(story.what, f"the access of {who} is as it was before")


def _named(story: CorrectionStory) -> bool:
    """The headline has room for the apps."""
    back, level = len(story.restored), len(story.levels)
    return (back <= NAMED and not level) or (level == 1 and not back)


def _of_yours(story: CorrectionStory) -> str:
    """You have Figma again; your level of Figma is Editor again; both counted."""
    back, level = story.restored, story.levels
    if not _named(story):
        parts = [f"you have {apps(len(back))} again"] if back else []
        return " and ".join([*parts, *([f"{_at_former(len(level))} again"] if level else [])])
    if level:
        return f"your level of {name(level[0].app, 40)} is {name(level[0].level, 40)} again"
    return f"you have {' and '.join(name(each.app, 40) for each in back)} again"


def _at_former(number: int) -> str:
    return f"{apps(number)} {'is at its' if number == 1 else 'are at their'} former level"


def _of_others(story: CorrectionStory, who: str) -> str:
    """Ada Lindqvist has 1 app again and 2 apps at their former level."""
    parts = [f"{apps(len(story.restored))} again"] if story.restored else []
    if level := story.levels:
        parts.append(f"{apps(len(level))} at {'its' if len(level) == 1 else 'their'} former level")
    return f"{who} has {' and '.join(parts)}"
