"""The pages of the pretend Slack show messages as Slack would, and never run anything."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from sandbox.slack.markup import mrkdwn, rich_text
from sandbox.slack.server import SlackPerson, SlackServer

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def server() -> Iterator[SlackServer]:
    people = [
        SlackPerson("ada@nordwind.example", EVIL, "U01"),
        SlackPerson("bo@nordwind.example", "Bo", "U02"),
    ]
    with SlackServer(lambda: people, clock=lambda: 0.0) as running:
        yield running


def page(server: SlackServer, path: str) -> str:
    with urllib.request.urlopen(server.url + path, timeout=5) as answer:
        return str(answer.read().decode())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "*bold* and _italic_ ~gone~ `code`",
            "<strong>bold</strong> and <em>italic</em> <s>gone</s> <code>code</code>",
        ),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("a &lt;b&gt; &amp;amp; c", "a &lt;b&gt; &amp;amp; c"),
        ("<!channel> <@U1|Ada>", '<span class="mention">@channel</span> <span class="mention">@Ada</span>'),
        ("<!date^1^{date}|3 March>", "3 March"),
        (
            '<https://a.example/?x="y"|it>',
            '<a href="https://a.example/?x=&quot;y&quot;" rel="noreferrer">it</a>',
        ),
        ("<javascript:alert(1)|it>", "it"),
        ("one\ntwo", "one<br>two"),
        ("\x000\x00", "0"),
    ],
)
def test_mrkdwn_becomes_safe_html(text: str, shown: str) -> None:
    assert mrkdwn(text) == shown


def test_bare_links_are_plain_when_verbatim() -> None:
    assert mrkdwn("see https://a.example", verbatim=True) == "see https://a.example"
    assert mrkdwn("see https://a.example") == (
        'see <a href="https://a.example" rel="noreferrer">https://a.example</a>'
    )


def test_rich_text_is_never_parsed() -> None:
    leaf = {"type": "text", "text": "*a* <!here> <b>", "style": {"bold": True}}
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [leaf]}]}
    assert rich_text(block) == "<p><strong>*a* &lt;!here&gt; &lt;b&gt;</strong></p>"


def test_a_person_s_page_shows_every_block_and_escapes_names(server: SlackServer) -> None:
    person = server.workspace.people()[0]
    button = {
        "type": "button",
        "text": {"type": "plain_text", "text": "Show"},
        "url": "https://p.example/m/1",
    }
    menu = {"type": "overflow", "options": [{"text": {"type": "plain_text", "text": "Mute"}, "value": "m"}]}
    server.workspace.add(
        person,
        {
            "text": f"fallback {EVIL}",
            "blocks": [
                {"type": "header", "text": {"type": "plain_text", "text": f"Moved {EVIL}"}},
                {"type": "section", "text": {"type": "mrkdwn", "text": "*New:* Figma"}},
                {"type": "divider"},
                {"type": "context", "elements": [{"type": "mrkdwn", "text": "_because_"}]},
                {"type": "actions", "elements": [button, menu]},
            ],
        },
    )

    html = page(server, "dms/U01/")

    assert "<script" not in html
    assert "<h2>Moved &lt;script&gt;alert(1)&lt;/script&gt;</h2>" in html
    assert "<p><strong>New:</strong> Figma</p><hr>" in html
    assert '<div class="context"><span><em>because</em></span></div>' in html
    assert '<a class="button" href="https://p.example/m/1" rel="noreferrer">Show</a>' in html
    assert '<button class="option" disabled>Mute</button>' in html
    assert '<span class="count">1</span>' in html
    assert "1 January, 01:00" in html


def test_pages_exist_for_people_and_nobody_else(server: SlackServer) -> None:
    assert "No message has been sent yet." in page(server, "dms/")
    assert "Nothing was sent to this person." in page(server, "dms/U02/")
    assert "color-scheme: light dark" in page(server, "dms/style.css")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        page(server, "dms/U99/")
