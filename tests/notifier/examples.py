"""One story of each kind, as the tests and docs/messages.md tell it."""

from datetime import UTC, date, datetime

from notifier.messages.stories import (
    AdminStory,
    CorrectionStory,
    DigestStory,
    Entry,
    GatheredStory,
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
BY_TEAM = "Because your team is now Cucumber"
BY_RULE = "rule “Cucumber team”"
BY_HAND = "Added by Tomas Okafor in January"
WITH_TEAM = "Comes with the team Cucumber"

STORIES: dict[str, Story] = {
    "mover": MoverStory(
        link=LINK,
        person_name="Ada Lindqvist",
        headline_from="Radish",
        headline_to="Cucumber",
        when=MARCH,
        source="HR",
        gained=(
            Item("Cucumber dashboards", "assigned", BY_TEAM, proof=BY_RULE),
            Item("Figma", "Editor", BY_TEAM, proof=BY_RULE),
        ),
        raised=(Item("Miro", "Admin", BY_TEAM, before="Viewer", proof=BY_RULE),),
        lowered=(Item("Sentry", "Viewer", "Came with your team Radish", before="Editor"),),
        lost=(Item("Radish staging", because="Came with your team Radish"),),
        still=(Item("Datadog", because="Comes with your department Engineering"),),
        kept=(Item("Radish on-call", because=BY_HAND),),
    ),
    "old_manager": OldManagerStory(
        link=LINK,
        person_name="Ada Lindqvist",
        headline_from="Radish",
        when=MARCH,
        source="HR",
        ended=(Item("Radish staging"),),
        lowered=(Item("Sentry", "Viewer", before="Editor"),),
        keeps=(Item("Radish on-call", because=BY_HAND),),
    ),
    "new_manager": NewManagerStory(
        link=LINK,
        person_name="Ada Lindqvist",
        headline_from="Radish",
        headline_to="Cucumber",
        when=MARCH,
        source="edited in Okta by Tomas Okafor",
        has=(
            Item("Figma", "Editor", WITH_TEAM),
            Item("Datadog", because="Comes with the department Engineering"),
        ),
        carries=(Item("Radish on-call", because=BY_HAND), Item("Jira", because=BY_HAND)),
    ),
    "manager_change": ManagerChangeStory(
        link=LINK,
        person_name="Ada Lindqvist",
        when=MARCH,
        source="HR",
        has=(Item("Figma", "Editor", WITH_TEAM),),
    ),
    "joiner": JoinerStory(
        link=LINK,
        person_name="Ada Lindqvist",
        team="Cucumber",
        when=MARCH,
        has=(
            Item("AWS", because="Comes with your team Cucumber"),
            Item("Figma", "Editor", "Comes with your team Cucumber"),
            Item("Slack", because="Everyone has it"),
        ),
        pending=(Item("Datadog", because="Okta is still setting it up"),),
    ),
    "joiner_manager": JoinerManagerStory(
        link=LINK,
        person_name="Ada Lindqvist",
        team="Cucumber",
        when=MARCH,
        has=(Item("Figma", "Editor", WITH_TEAM),),
        missing=(Item("Cucumber dashboards", because="Okta is still setting it up"),),
    ),
    "leaver_manager": LeaverManagerStory(
        link=LINK,
        person_name="Ada Lindqvist",
        when=MARCH,
        source="HR",
        removed=(Item("Datadog"), Item("Figma", "Editor")),
        remains=(Item("Radish on-call", because="Okta does not close accounts in it"),),
        last_day=MARCH,
    ),
    "lost": LostStory(
        link=LINK,
        person_name="Ada Lindqvist",
        when=MARCH,
        lost=(Item("Figma", "Editor", "Removed by Bo Petersen"),),
        gained=(
            Item("Miro", because="Because your department is now Operations", proof="rule “Operations”"),
        ),
        still=(Item("Datadog", because="Comes with your department Engineering"),),
    ),
    "correction": CorrectionStory(
        link=LINK,
        person_name="",
        what="access",
        since=MARCH_MORNING,
        restored=(Item("Figma", "Editor", "Comes with your team Cucumber"),),
        whole=True,
    ),
    "digest": DigestStory(
        link=LINK,
        period="today",
        entries=(
            Entry("Ada Lindqvist joined your team Cucumber.", LINK),
            Entry("Bo Petersen left your team Radish.", LINK),
        ),
    ),
    "gathered": GatheredStory(
        link=LINK,
        what="joined",
        unit="Cucumber",
        unit_kind="team",
        people=("Ada Lindqvist", "Bo Petersen", "Cy Young"),
        origin="Radish",
        when=MARCH,
        shared=(Item("Datadog"), Item("Figma", "Editor")),
        differs=(Item("Tableau", "Viewer", "Bo Petersen"),),
        carries=(Item("Radish on-call", because="Ada Lindqvist"),),
        pending=(Item("AWS", because="Cy Young"),),
    ),
    "admin": AdminStory(
        link=LINK,
        headline="212 people would hear of one change, more than the limit of 50.",
        lines=("The change began with an HR sync on 3 March.", "Nothing has been sent."),
        next_step="Release or drop the messages on the outbox page.",
    ),
}
