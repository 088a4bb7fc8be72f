"""Which way a level went: certain, or not said."""

import pytest

from orgmodel.why.levels import direction, instead, named


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("Viewer", "Editor", "raised"),
        ("Editor", "Viewer", "lowered"),
        ("read-only", "ReadWrite", "raised"),
        ("Admin role", "viewer", "lowered"),
        ("Super Admin", "Administrator", "lowered"),
        ("reporter", "maintainer", "raised"),
        ("multi_channel_guest", "Owner", "raised"),
        # Two words for the same, words that are on no scale, and a word that only belongs.
        ("Viewer", "Read only", "other"),
        ("Dev", "Design", "other"),
        ("Billing admin", "Editor", "other"),
        ("Member", "Admin", "other"),
        ("assigned", "Editor", "other"),
        ("Editor", "assigned", "other"),
        ("Editor", "", "other"),
        # Several at once: only more of the same, or less of it, has a direction.
        ("Sales", "Sales, Support", "raised"),
        ("Sales, Support", "Support", "lowered"),
        ("Sales, Support", "Sales, Finance", "other"),
        ("Admin", "Viewer, Editor", "other"),
    ],
)
def test_the_direction_of_a_level(before: str, after: str, way: str) -> None:
    assert direction(before, after) == way


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("Editor", "Viewer", "Viewer instead of Editor"),
        ("assigned", "Viewer", "Viewer, no level before"),
        ("Editor", "assigned", "no level instead of Editor"),
    ],
)
def test_a_changed_level_in_words(before: str, after: str, words: str) -> None:
    assert instead(before, after) == words


def test_the_default_level_is_not_worth_saying() -> None:
    assert [named(each) for each in ("assigned", " Assigned ", "", "Member")] == ["", "", "", "Member"]
