"""Names of people, teams, apps and rules are hostile text: this is the only way they enter a message.

Names stand in `plain_text` (emoji off) and in `rich_text` text elements, never in mrkdwn: mrkdwn has no
escape for * _ ~ ` and :emoji:, and an invisible joiner would change the name for whoever copies it.
Only the fallback text needs escaping, and it is sent with markup off.
"""

import unicodedata
from typing import Any

LONGEST_NAME = 80
LONGEST_LINE = 300
# Zero width joiner and non-joiner are part of how some names are written.
WANTED_FORMATS = "\u200c\u200d"
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ENTITY_TABLE = str.maketrans(ENTITIES)


def escape(text: str) -> str:
    """Text for Slack's `text` argument: the three characters that open an entity or a control sequence."""
    return text.translate(_ENTITY_TABLE)


def name(text: str, most: int = LONGEST_NAME) -> str:
    """A name on one line: no control, bidi or invisible characters, at most `most` characters."""
    return _clean(text, most) or "(no name)"


def line(text: str, most: int = LONGEST_LINE) -> str:
    """Words of ours with names in them, on one line, as they are; may be empty."""
    return _clean(text, most)


def storable(value: Any) -> Any:
    """The same JSON without the characters PostgreSQL cannot hold: NUL and halves of surrogate pairs."""
    if isinstance(value, str):
        return "".join(c for c in value.replace("\0", " ") if not "\ud800" <= c <= "\udfff")
    if isinstance(value, dict):
        return {key: storable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [storable(part) for part in value]
    return value


def shorten(text: str, most: int) -> str:
    """At most `most` characters, the last an ellipsis when something was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _clean(text: str, most: int) -> str:
    # Ten times the wanted length is enough to look at, however long a hostile name is.
    spaced = text[: most * 10]
    if not (spaced.isascii() and spaced.isprintable()):
        spaced = "".join(_shown(character) for character in spaced)
    return shorten(" ".join(spaced.split()), most)


def _shown(character: str) -> str:
    if character in WANTED_FORMATS:
        return character
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category in {"Cf", "Cs", "Cn"} else character
