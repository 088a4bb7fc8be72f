"""Slack's markup as HTML."""

import pytest

from portal.templatetags.slack_text import mrkdwn, slack_headline


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*New:* Figma\n_because_", "<b>New:</b> Figma<br><em>because</em>"),
        ("~old~ `code`", "<s>old</s> <code>code</code>"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("&lt;!channel&gt; &amp; <@U1>", '&lt;!channel&gt; &amp; <span class="mention">@U1</span>'),
        (
            "<https://it.nordwind.example/?a=1&amp;b=2|IT>",
            '<a href="https://it.nordwind.example/?a=1&amp;b=2">IT</a>',
        ),
        ("<javascript:alert(1)|x>", '<span class="mention">x</span>'),
        ('<https://a.example/"onclick="x|y>', '<a href="https://a.example/&quot;onclick=&quot;x">y</a>'),
        (
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
        ),
        (None, ""),
    ],
)
def test_markup_becomes_safe_html(text: str | None, shown: str) -> None:
    assert mrkdwn(text) == shown


def test_a_list_shows_the_first_line_of_a_message() -> None:
    text = "Nadia moved to R&amp;D, see <https://sightline.example/moves/1/|the move>.\nEverything: more"
    assert slack_headline(text) == "Nadia moved to R&D, see the move."
