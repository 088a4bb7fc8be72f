"""The nearest names to a mistyped one."""

import difflib
from collections.abc import Iterable

NEAREST = 3


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
