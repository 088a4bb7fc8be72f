"""Names as people type them, and the nearest to a mistyped one."""

import difflib
from collections.abc import Iterable

from orgmodel.facts import composed

NEAREST = 3


def typed(text: str) -> str:
    """A name as somebody typed it: trimmed, its letters composed, and without what no name can hold.

    >>> typed(" Zoe\u0308 ")
    'Zoë'
    """
    whole = text.replace("\x00", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return composed(whole.strip())


def nearest(text: str, names: Iterable[tuple[str, str]]) -> list[str]:
    """At most three labels whose key holds the text or is close to it; closest first.

    `names`: pairs of what may have been typed and the label to show.
    """
    folded = text.strip().casefold()
    by_key: dict[str, str] = {}
    for key, label in names:
        by_key.setdefault(key.casefold(), label)
    holding = [label for key, label in by_key.items() if folded and folded in key][:NEAREST]
    close = [by_key[key] for key in difflib.get_close_matches(folded, by_key, n=NEAREST, cutoff=0.5)]
    return list(dict.fromkeys([*holding, *close]))[:NEAREST]
