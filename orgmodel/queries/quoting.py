"""What somebody typed, or what a thing is called, as a sentence of ours may hold it."""

import re

# Characters that turn the reading direction for whatever follows, beyond the name that holds them.
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# White space, what Unicode calls control characters, and halves of surrogate pairs, which nothing can encode.
BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
QUOTED = 80


def one_line(text: object, limit: int) -> str:
    """`text` on one line without turning or control characters, at most `limit` characters.

    >>> one_line("Ada\\u202e\\n Falk", 80)
    'Ada Falk'
    """
    head = TURNING.sub("", str(text)[: limit * 4])
    line = BLANK.sub(" ", head).strip()
    if len(line) > limit or len(str(text)) > limit * 4:
        return line[: limit - 1].rstrip() + "…"
    return line


def quoted(text: object, limit: int = QUOTED) -> str:
    """`text` in the quotation marks of a sentence, on one line and harmless.

    >>> quoted("Anton")
    '“Anton”'
    """
    return f"“{one_line(text, limit)}”"
