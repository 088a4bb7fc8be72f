"""The words in which sources say the state of an account, as SQL lists: for what was said in the past.

Today's accounts carry their state in our own words (`state`); a change and an attribute of the past hold only
the source's word.
"""

import re

from .registry import sources

_WORD = re.compile(r"\w+")


def words_for(state: str) -> tuple[str, ...]:
    """The words of the sources that stand for one of our states; our own is not among them."""
    found = (word for source in sources() for word, meant in source.states.items() if meant == state)
    return tuple(sorted({word for word in found if _WORD.fullmatch(word)}))


def _as_text(state: str) -> str:
    return ", ".join(f"'{word}'" for word in words_for(state))


def _as_json(state: str) -> str:
    return ", ".join(f"""'"{word}"'""" for word in words_for(state))


ENDED_WORDS = _as_text("ended")
"""SQL: what sources call an account that was closed, as texts for `IN (…)`."""
ENDED_VALUES = _as_json("ended")
"""SQL: the same as it stands in an attribute's value."""
