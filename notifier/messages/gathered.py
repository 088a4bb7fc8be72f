"""To a reader who would get the same about several people: who, what they all have, and what differs."""

from .escape import line
from .layout import (
    LONGEST_CAUSE,
    Rendered,
    Section,
    apps,
    count,
    cut,
    day,
    headline_name,
    lay_out,
    merger,
    not_by_itself,
    on_day,
    unit_word,
    which_unit,
)
from .stories import GatheredStory

WORDS = (
    "",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
)
NAMED = 12
"""People who are named; of more the rest are counted."""
HAVE, SOME = "They all have now", "Not all of them have"
ALL = {"left": "Ended for all of them", "gone": "Removed for all of them"}
ONLY = {"left": "Ended for some", "gone": "Removed for some"}
STILL = {"gone": "Needs manual removal"}


def render(story: GatheredStory) -> Rendered:
    """One message about several people; its text and preview name no app."""
    carries = len({item.because for item in story.carries})
    still = STILL.get(story.what, f"Still held from before; {not_by_itself(story.carries)}")
    return lay_out(
        _headline(story),
        (
            Section("Who", (), steps=(_names(story.people),)),
            Section(ALL.get(story.what, HAVE), story.shared, apps(len(story.shared), "for all of them")),
            Section(ONLY.get(story.what, SOME), story.differs),
            Section(
                still,
                story.carries,
                _people(carries, "still holds something from before", "still hold something from before"),
            ),
            Section(
                "Still pending",
                story.pending,
                _people(len({item.because for item in story.pending}), "waits for apps", "wait for apps"),
            ),
        ),
        link=story.link,
        reason=f"You get one message instead of {len(story.people)}, because they are about the same.",
        nothing="",
        discreet=True,
        about_move=False,
    )


def _headline(story: GatheredStory) -> str:
    if story.dissolved or (story.merged_into and story.what == "left"):
        unit = f"{unit_word(story.unit_kind)} {headline_name(story.unit)}"
        end = f"merged into {headline_name(story.merged_into)}" if story.merged_into else "dissolved"
        return f"{'Your' if story.yours else 'The'} {unit} was {end}: {len(story.people)} people moved on."
    return f"{_who(story)} {_did(story)}.{merger(story.origin, story.merged_into)}"


def _who(story: GatheredStory) -> str:
    number = len(story.people)
    return f"{WORDS[number] if number < len(WORDS) else number} people"


def _did(story: GatheredStory) -> str:
    if story.last_day:
        return f"left the company; their last day was {day(story.last_day, story.year)}"
    unit = which_unit(story.unit_kind, story.unit, yours=story.yours)
    when = f" {on_day(story.when, story.year)}" if story.when else ""
    origin = f", from {headline_name(story.origin)}" if story.origin else ""
    if story.what == "joined":
        return f"joined {unit}{origin}{',' if origin and when else ''}{when}"
    done = {
        "left": f"left {unit}",
        "reporting": "started reporting to you",
        "new": f"are new in {unit}",
        "gone": "left the company",
    }
    return f"{done.get(story.what, '')}{when}"


def _names(people: tuple[str, ...]) -> str:
    shown, more = cut([line(each, LONGEST_CAUSE) for each in people], NAMED)
    return ", ".join(shown) + (f" … and {more} more" if more else "")


def _people(number: int, one: str, many: str) -> str:
    return count(number, f"person {one}", f"people {many}") if number else ""
