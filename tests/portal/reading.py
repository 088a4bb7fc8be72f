"""Reading a page as a person does: its words without the markup, its links by their words."""

import re
from html import unescape
from html.parser import HTMLParser

SPACE = re.compile(r"\s+")


class _Words(HTMLParser):
    """Collects what stands inside `main`."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: dict[str, str] = {}
        self.inside = 0
        self.skipped = 0
        self.link: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside += tag == "main"
        self.skipped += tag == "svg"
        if tag == "a":
            self.link = (dict(attrs).get("href") or "", [])

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "main"
        self.skipped -= tag == "svg"
        if tag == "a" and self.link:
            self.links.setdefault(flat("".join(self.link[1])), self.link[0])
            self.link = None

    def handle_data(self, data: str) -> None:
        if self.skipped or not self.inside:
            return
        self.words.append(data)
        if self.link:
            self.link[1].append(data)


def flat(text: str) -> str:
    """One line, single spaces."""
    return SPACE.sub(" ", unescape(text)).strip()


def read(page: bytes) -> tuple[str, dict[str, str]]:
    """The words of the main part of a page on one line, and its links by their words."""
    parser = _Words()
    parser.feed(page.decode())
    parser.close()
    return flat(" ".join(parser.words)), parser.links


def words(page: bytes) -> str:
    """The words of the main part of a page."""
    return read(page)[0]
