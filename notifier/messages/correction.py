"""In the thread of a message that turned out wrong: what it said, what is true instead, and why."""

from .escape import line, name
from .layout import (
    LONGEST_SOURCE,
    Rendered,
    Section,
    apps,
    day,
    first_name,
    headline_name,
    lay_out,
    which_unit,
)
from .stories import CorrectionStory, Items

NAMED = 2
"""More apps than this are counted in the headline and listed below."""


def render(story: CorrectionStory) -> Rendered:
    """The correction; about somebody else its text and preview name no app, as in the message itself."""
    since = f"since {story.since:%H:%M} on {day(story.since.date(), story.year)}"
    return lay_out(
        f"Correction: {_sentence(story)}, {since}.",
        _sections(story),
        summary=f"The message above said that {_claim(story)}. {_verdict(story)}",
        link=story.link,
        reason="You get this because an earlier message turned out to be wrong.",
        nothing="",
        discreet=bool(story.person_name),
    )


def _sections(story: CorrectionStory) -> tuple[Section, ...]:
    """What is listed below the headline: what it has no room for, and each cause."""
    causes = any(item.because for item in (*story.restored, *story.levels))
    if _named(story) and not story.person_name and not causes:
        return ()
    return (Section("Back", story.restored), Section("At the former level", story.levels))


def _verdict(story: CorrectionStory) -> str:
    source = line(story.source, LONGEST_SOURCE)
    untrue = f"That is no longer true{f' ({source})' if source else ''}."
    return untrue if story.whole else f"{untrue} The rest of it still holds."


def _claim(story: CorrectionStory) -> str:
    """What the message said that is not true, so far as it is corrected; of others it names no app."""
    if story.what == "access":
        return _access_claim(story)
    who = first_name(story.person_name) if story.person_name else "you"
    unit = headline_name(story.unit) if not story.person_name else _unit(story)
    return {
        "back": f"{who} had left {unit}",
        "not_joined": f"{who} had joined {unit}",
        "not_reporting": f"{who} had started reporting to you",
        "active": f"{who} had left the company",
    }.get(story.what, f"{who} had moved")


def _access_claim(story: CorrectionStory) -> str:
    """Your access to Figma had ended; Ada’s access to 1 app had ended and to 2 apps had been lowered."""
    back, level = story.restored, story.levels
    if story.person_name:
        both = ((back, "had ended"), (level, "had been lowered"))
        ended = " and to ".join(f"{apps(len(items))} {verb}" for items, verb in both if items)
        return f"{first_name(story.person_name)}’s access to {ended}"
    parts = [f"your access to {_listed(back)} had ended"] if back else []
    return " and ".join([*parts, *([f"your level of {_listed(level)} had been lowered"] if level else [])])


def _listed(items: Items) -> str:
    return apps(len(items)) if len(items) > NAMED else " and ".join(name(each.app, 40) for each in items)


def _unit(story: CorrectionStory) -> str:
    return which_unit(story.unit_kind, story.unit, yours=story.yours)


def _sentence(story: CorrectionStory) -> str:
    who, unit = headline_name(story.person_name), headline_name(story.unit)
    if story.what == "access":
        return _of_others(story, who) if story.person_name else _of_yours(story)
    if not story.person_name:
        return f"you are back in {unit}" if story.what == "back" else "your access is as it was before"
    return {
        "back": f"{who} is back in {_unit(story)}",
        "not_joined": f"{who} is not in {_unit(story)}",
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
