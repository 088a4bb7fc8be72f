"""One story of each kind, as the tests and docs/messages.md tell it."""

from datetime import UTC, date, datetime

from notifier.messages.stories import (
    AdminStory,
    CorrectionStory,
    DigestStory,
    Entry,
    Item,
    JoinerManagerStory,
    JoinerStory,
    LeaverManagerStory,
    LostStory,
    ManagerChangeStory,
    MoverStory,
    NewManagerStory,
    OldManagerStory,
    Story,
)

LINK = "https://sightline.nordwind.example/moves/7/"
MARCH = date(2026, 3, 3)
MARCH_MORNING = datetime(2026, 3, 3, 10, 15, tzinfo=UTC)
BY_TEAM = 'because your team is now Cucumber (rule "Cucumber team")'
BY_HAND = "added by hand in January; it will not go by itself"

STORIES: dict[str, Story] = {
    "mover": MoverStory(
        link=LINK,
        person_name="Ada Lindqvist",
        headline_from="Radish",
        headline_to="Cucumber",
        when=MARCH,
        gained=(Item("Figma", "Editor", BY_TEAM), Item("Cucumber dashboards", "assigned", BY_TEAM)),
        lost=(Item("Radish staging", because="came with the team Radish"),),
        still=(Item("Datadog", because="department Engineering"),),
        kept=(Item("Radish on-call", because=BY_HAND),),
    ),
    "old_manager": OldManagerStory(
        link=LINK,
        person_name="Ada Lindqvist",
        headline_from="Radish",
        when=MARCH,
        ended=(Item("Radish staging", because="came with the team Radish"),),
        keeps=(Item("Radish on-call", because=BY_HAND),),
    ),
    "new_manager": NewManagerStory(
        link=LINK,
        person_name="Ada Lindqvist",
        headline_from="Radish",
        headline_to="Cucumber",
        when=MARCH,
        has=(
            Item("Figma", "Editor", "comes with the team Cucumber"),
            Item("Datadog", because="department Engineering"),
        ),
        carries=(Item("Radish on-call", because=BY_HAND),),
    ),
    "manager_change": ManagerChangeStory(
        link=LINK,
        person_name="Ada Lindqvist",
        when=MARCH,
        has=(Item("Figma", "Editor", "comes with the team Cucumber"),),
    ),
    "joiner": JoinerStory(
        link=LINK,
        person_name="Ada Lindqvist",
        team="Cucumber",
        when=MARCH,
        has=(Item("Figma", "Editor", "comes with the team Cucumber"),),
        pending=(Item("Datadog", because="on its way, the app has not confirmed it"),),
    ),
    "joiner_manager": JoinerManagerStory(
        link=LINK,
        person_name="Ada Lindqvist",
        team="Cucumber",
        when=MARCH,
        has=(Item("Figma", "Editor", "comes with the team Cucumber"),),
        missing=(Item("Cucumber dashboards", because="7 of 9 in the team have it"),),
    ),
    "leaver_manager": LeaverManagerStory(
        link=LINK,
        person_name="Ada Lindqvist",
        when=MARCH,
        removed=(Item("Figma", "Editor"), Item("Datadog")),
        remains=(Item("Radish on-call", because="the app does not hear from Okta"),),
    ),
    "lost": LostStory(
        link=LINK,
        person_name="Ada Lindqvist",
        when=MARCH,
        lost=(Item("Figma", "Editor", "the group Designers was removed by Bo Petersen"),),
        still=(Item("Datadog", because="department Engineering"),),
    ),
    "correction": CorrectionStory(
        link=LINK,
        person_name="",
        what="access",
        since=MARCH_MORNING,
        restored=(Item("Figma", "Editor"),),
        whole=True,
    ),
    "digest": DigestStory(
        link=LINK,
        period="today",
        entries=(
            Entry("Ada Lindqvist joined your team Cucumber", LINK),
            Entry("Bo Petersen left your team Radish", LINK),
        ),
    ),
    "admin": AdminStory(
        link=LINK,
        headline="212 people would hear of one change, more than the limit of 50",
        lines=("The change began with a read of the HRIS on 3 March", "Nothing has been sent"),
        next_step="release or drop the messages on the outbox page",
    ),
}
