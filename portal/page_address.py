"""Addresses of pages by their names: what `reverse` gives, without looking the pattern up for every link."""

from functools import lru_cache
from urllib.parse import quote

from django.urls import NoReverseMatch, get_script_prefix, reverse

BLANK = "~~"
"""Stands in a pattern where a text of the address goes; nothing that `reverse` would quote."""
SAFE = "!$&'()*+,;=~:@"
"""What RFC 3986 allows in a segment of a path, which `reverse` leaves unquoted."""


def page_address(page: str, *about: str) -> str:
    """The address of the page with this name. `about`: the texts in it. Raises NoReverseMatch."""
    pattern = _pattern(get_script_prefix(), page, len(about))
    if not pattern or not all(about) or any("/" in text for text in about):
        return reverse(page, args=about)
    first, *rest = pattern
    return first + "".join(
        f"{quote(text, safe=SAFE)}{after}" for text, after in zip(about, rest, strict=True)
    )


@lru_cache(maxsize=1000)
def _pattern(prefix: str, page: str, blanks: int) -> tuple[str, ...]:
    """What stands before, between and after the texts of an address, below this prefix of the site.

    Nothing for a page that takes numbers, or another number of texts.
    """
    try:
        return tuple(reverse(page, args=[BLANK] * blanks).split(BLANK))
    except NoReverseMatch:
        return ()
