"""Cells of CSV files as text that a spreadsheet shows and never runs."""

from itertools import takewhile

RUN = "=+-@\uff1d\uff0b\uff0d\uff20"
"""What begins a formula, in its full-width forms too: some programs fold them before they look."""
UNSEEN = "\ufeff\u200b\u200c\u200d\u2060\x00"
"""Characters without width that are no blanks to Python."""
QUOTES = "'\"`‘’“”"


def harmless(cell: object) -> str:
    """A cell as text, with a quote before what a spreadsheet could take for more.

    That is what begins with a sign of a formula or with a blank, tab, line end or byte order mark, and a
    sign that stands behind quotes or blanks.
    """
    text = "" if cell is None else str(cell).replace("\x00", "")
    return "'" + text if text and _suspicious(text) else text


def _suspicious(text: str) -> bool:
    if _blank(text[0]):
        return True
    skipped = sum(1 for _ in takewhile(lambda sign: sign in QUOTES or _blank(sign), text))
    return text[skipped : skipped + 1] in tuple(RUN)


def _blank(sign: str) -> bool:
    return sign.isspace() or sign in UNSEEN
