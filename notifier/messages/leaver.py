"""To a leaver's manager: what was removed, and what people must still do. The leaver gets no message."""

from collections import Counter
from collections.abc import Iterable, Iterator

from .escape import name
from .layout import Rendered, Section, apps, count, day, headline_name, lay_out, on_day, why_you
from .stories import LeaverManagerStory

MOST = 6
"""Systems that are named; the page of the move names all."""
AccountCounts = list[tuple[str, str, int]]
"""System, state, and how many accounts there are so."""


def render(story: LeaverManagerStory) -> Rendered:
    """The message to the leaver's manager; its text and preview name no app."""
    removed, remains = story.removed, story.remains
    accounts = [_state(state) for state in story.accounts]
    elsewhere = _counted((name(system, 40), _state(state)) for system, state in story.elsewhere)
    everywhere = [*_counted(("Okta", state) for state in accounts), *elsewhere]
    return lay_out(
        _headline(story),
        (
            Section("Removed", removed, apps(len(removed), "removed")),
            Section("To do", (), _still_open(everywhere), (*_steps(accounts), *_close(elsewhere))),
            Section(
                "Needs manual removal",
                remains,
                f"{apps(len(remains))} {'needs' if len(remains) == 1 else 'need'} manual removal",
            ),
        ),
        link=story.link,
        reason=why_you(story.instead, "You get this because you were the manager."),
        nothing="There was no access to remove.",
        discreet=True,
    )


def _headline(story: LeaverManagerStory) -> str:
    """By the last day where it is known, as findings and plans name it; else by the day it was seen."""
    who = headline_name(story.person_name)
    if story.last_day is None:
        return f"{who} left {on_day(story.when, story.year, story.source)}."
    return f"{who}’s last day was {day(story.last_day, story.year, story.source)}."


def _state(state: str) -> str:
    return "suspended" if state == "suspended" else "still active"


def _counted(accounts: Iterable[tuple[str, str]]) -> AccountCounts:
    return [(*account, number) for account, number in Counter(accounts).items()]


def _still_open(accounts: AccountCounts) -> str:
    named = [
        f"{count(number, f'{system} account is', f'{system} accounts are')} {state}"
        for system, state, number in accounts[:MOST]
    ]
    more = sum(number for _, _, number in accounts[MOST:])
    return ", ".join(
        [*named, f"{count(more, 'more account is', 'more accounts are')} open"] if more else named
    )


def _close(accounts: AccountCounts) -> Iterator[str]:
    for system, state, number in accounts[:MOST]:
        one = f"Close the {system} account. It is {state}."
        yield one if number == 1 else f"Close the {number} {system} accounts. They are {state}."
    if more := sum(number for _, _, number in accounts[MOST:]):
        yield f"Close {count(more, 'more account', 'more accounts')}; the page names the systems."


def _steps(accounts: list[str]) -> tuple[str, ...]:
    if len(accounts) == 1:
        return (f"Deactivate the Okta account. It is {accounts[0]}.",)
    return (f"Deactivate the {len(accounts)} Okta accounts.",) if accounts else ()
