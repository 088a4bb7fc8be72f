"""Why one of several levels counts: every sentence by hand."""

import pytest

from orgmodel.why.precedence import Rank, all_count, highest_because, level_because

EDITOR, VIEWER = Rank("a", "Editor", 0), Rank("b", "Viewer", 1)
TIED = Rank("b", "Viewer", 0)
UNRANKED = Rank("b", "Viewer")


@pytest.mark.parametrize(
    ("ranks", "level", "listed", "sentence"),
    [
        ([EDITOR, Rank("c", "Editor", 4)], "Editor", False, ""),
        (
            *([EDITOR, VIEWER], "Editor", False),
            "Editor counts: in Figma, a comes before b (priority 0 before 1).",
        ),
        (
            *([EDITOR, UNRANKED], "Editor", False),
            "Editor counts: in Figma, a comes before b (priority 0 before none).",
        ),
        (
            *([Rank("", "Viewer"), EDITOR], "Viewer", False),
            "Viewer counts: Figma is assigned directly, and that comes before any group.",
        ),
        (
            *([EDITOR, TIED], "Editor", False),
            (
                "a (Editor) and b (Viewer) have the same priority in Figma,"
                " and Okta does not show which level counts."
            ),
        ),
        (
            *([TIED, EDITOR], "Viewer", True),
            (
                "b (Viewer) and a (Editor) have the same priority in Figma;"
                " the app’s own list in Okta says Viewer."
            ),
        ),
        (
            *([Rank("a", "Editor"), UNRANKED], "Editor", False),
            (
                "a (Editor) and b (Viewer) have no clear order in Figma,"
                " and Okta does not show which level counts."
            ),
        ),
    ],
)
def test_which_level_counts(ranks: list[Rank], level: str, listed: bool, sentence: str) -> None:
    assert level_because("Figma", ranks, level, listed=listed) == sentence


@pytest.mark.parametrize(
    ("levels", "sentence"),
    [
        (["read", "write"], "write counts: of several levels, api gives the highest."),
        (["write", "write"], ""),
    ],
)
def test_the_highest_level_counts(levels: list[str], sentence: str) -> None:
    assert highest_because("api", "write", levels) == sentence


@pytest.mark.parametrize(
    ("levels", "sentence"),
    [
        (["Billing", "Audit"], "Billing, Audit count together: in AWS, levels add up."),
        (["Billing"], ""),
    ],
)
def test_levels_that_add_up(levels: list[str], sentence: str) -> None:
    assert all_count("AWS", "Billing, Audit", levels) == sentence


def test_an_assignment_without_a_level() -> None:
    bare, viewer = Rank("by-hand", "assigned", 0), Rank("Everyone", "Viewer", 3)
    assert level_because("Tool", [bare, viewer], "assigned", listed=False) == (
        "The assignment without a level counts: in Tool, by-hand comes before Everyone (priority 0 before 3)."
    )
    tied = [bare, Rank("Everyone", "Viewer", 0)]
    assert level_because("Tool", tied, "assigned", listed=True) == (
        "by-hand (no level) and Everyone (Viewer) have the same priority in Tool;"
        " the app’s own list in Okta names no level."
    )
