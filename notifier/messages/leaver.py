"""To a leaver's manager: what was removed, and what people must still do. The leaver gets no message."""

from .layout import Rendered, Section, apps, count, headline_name, lay_out, on_day, why_you
from .stories import LeaverManagerStory


def render(story: LeaverManagerStory) -> Rendered:
    """The message to the leaver's manager; its text and preview name no app."""
    removed, remains = story.removed, story.remains
    accounts = [_state(state) for state in story.accounts]
    elsewhere = [(system, _state(state)) for system, state in story.elsewhere]
    everywhere = [*(("Okta", state) for state in accounts), *elsewhere]
    return lay_out(
        f"{headline_name(story.person_name)} left {on_day(story.when, story.year, story.source)}.",
        (
            Section("Removed", removed, apps(len(removed), "removed")),
            Section("To do", (), _open(everywhere), (*_steps(accounts), *map(_close, elsewhere))),
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


def _state(state: str) -> str:
    return "suspended" if state == "suspended" else "still active"


def _open(accounts: list[tuple[str, str]]) -> str:
    numbers = [(*each, accounts.count(each)) for each in dict.fromkeys(accounts)]
    return ", ".join(
        f"{count(number, f'{system} account is', f'{system} accounts are')} {state}"
        for system, state, number in numbers
    )


def _close(account: tuple[str, str]) -> str:
    system, state = account
    return f"Close the {system} account. It is {state}."


def _steps(accounts: list[str]) -> tuple[str, ...]:
    if len(accounts) == 1:
        return (f"Deactivate the Okta account. It is {accounts[0]}.",)
    return (f"Deactivate the {len(accounts)} Okta accounts.",) if accounts else ()
