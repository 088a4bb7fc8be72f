"""The words in which sources say how accounts and app assignments stand, and what they mean in ours.

Today's accounts carry their state in our own words (`state`); a change, an attribute of the past and an app
assignment hold only the source's word. Words of different sources do not contradict each other.
"""

import re
from collections.abc import Iterable, Mapping

from .registry import sources

_WORD = re.compile(r"\w+")


def words_for(state: str) -> tuple[str, ...]:
    """The words of the sources that stand for one of our states of an account; our own is not among them."""
    return _words(word for source in sources() for word, meant in source.states.items() if meant == state)


def account_state(word: str) -> str:
    """What a source's word for an account means in ours; one that is not known means itself, none active."""
    return _meaning(word, (source.states for source in sources())) or "active"


def seat_state(word: str) -> str:
    """The same of an app assignment: active, pending, suspended or ended."""
    return _meaning(word, (source.seats for source in sources())) or "active"


def hindrance(word: str) -> str:
    """Why an account that its source says this of cannot be used to sign in: "is locked"; empty: it can."""
    words = next((source.hindrances[word] for source in sources() if word in source.hindrances), "")
    return words or ("" if account_state(word) == "active" else f"is in the state {word}")


def unusable_words() -> dict[str, str]:
    """How app assignments stand that nobody can use → what is said of that, in the order in which it is."""
    return {word: words for source in sources() for word, words in source.unusable.items()}


def _words(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({word for word in found if _WORD.fullmatch(word)}))


def _meaning(word: str, several: Iterable[Mapping[str, str]]) -> str:
    return next((words[word] for words in several if word in words), word.lower())


def _as_text(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _as_json(words: Iterable[str]) -> str:
    return ", ".join(f"""'"{word}"'""" for word in words)


def _telling_lines() -> str:
    lines = [each for source in sources() for each in source.lines.items()]
    found = [(word, ", ".join(f"'{type_}'" for type_ in types)) for word, types in lines]
    cases = " ".join(f"WHEN '{word}' THEN ARRAY[{types}]" for word, types in found if word)
    others = ", ".join(types for word, types in found if not word)
    return f"CASE {{0}} {cases} ELSE ARRAY[{others}]::text[] END"


ENDED_WORDS = _as_text(words_for("ended"))
"""SQL: what sources call an account that was closed, as texts for `IN (…)`."""
ENDED_VALUES = _as_json(words_for("ended"))
"""SQL: the same as it stands in an attribute's value."""
ENDED_SEATS = _as_text(
    _words(word for source in sources() for word, meant in source.seats.items() if meant == "ended")
)
"""SQL: what sources call an app assignment that was taken away, as texts for `IN (…)`."""
TELLING_LINES = _telling_lines()
"""SQL, with a place for a word for an account: the types of log lines that tell that one came to stand so."""
