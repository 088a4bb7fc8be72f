"""Why one of several levels counts: every sentence by hand."""

import pytest

from orgmodel.why.precedence import Rank, level_because

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
