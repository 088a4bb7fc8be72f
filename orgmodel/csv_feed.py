"""How the files of the CSV feed are written, and what their words mean. Pure; see docs/csv-feed.md."""

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

STATUSES = ("active", "pending", "leave", "garden_leave", "suspended", "ended")


@dataclass(frozen=True, slots=True)
class CsvFeed:
    """How the files of the CSV feed are written; see docs/csv-feed.md."""

    end_dates: Literal["last_day", "first_day_after"] = "last_day"
    """Whether the day named as an end still counts."""
    encoding: str = "utf-8"
    delimiter: str = ","
    date_order: Literal["", "dmy", "mdy", "ymd"] = ""
    """How days are written that are not ISO dates; empty: there are none."""
    status_words: Mapping[str, str] = field(default_factory=dict)
    """Further words for a status, folded → one of STATUSES."""


_WORDS = {
    "active": "active employed current working enabled probation on-notice a 1 true yes y",
    "pending": (
        "pending hired onboarding preboarding pre-boarding prehire pre-hire future not-started new-hire"
    ),
    "leave": (
        "leave on-leave leave-of-absence loa absent parental-leave maternity-leave paternity-leave sick-leave"
        " medical-leave unpaid-leave paid-leave sabbatical furlough furloughed l"
    ),
    "garden_leave": "garden-leave gardening-leave",
    "suspended": "suspended blocked s",
    "ended": (
        "ended inactive terminated left leaver former former-employee ex-employee resigned separated"
        " dismissed redundant retired deceased departed exited gone offboarded deactivated disabled deleted"
        " archived deprovisioned expired t 0 false no n"
    ),
}
STATUS_WORDS = {"": "active"} | {
    word.replace("-", " "): status for status, words in _WORDS.items() for word in words.split()
}
"""Every status word that is known, folded → what it means; a file without a status names employees."""


def folded_word(text: str) -> str:
    """A status word as words are compared: `On_Leave` and `on leave` are the same."""
    return " ".join(re.split(r"[\s_-]+", text.casefold().strip(" ._-")))


def _text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{key} must be a text.")
    return value


def _one_of(*words: str) -> Callable[[object, str], str]:
    def read(value: object, key: str) -> str:
        word = _text(value, key).strip().casefold()
        if word not in words:
            raise ValueError(f"{key} must be one of: {', '.join(each or 'empty' for each in words)}.")
        return word

    return read


def _encoding(value: object, key: str) -> str:
    name = _text(value, key).strip()
    try:
        "a".encode(name)
    except (LookupError, UnicodeError) as error:
        raise ValueError(f"{key} must be an encoding such as utf-8 or windows-1252.") from error
    return codecs.lookup(name).name


def _delimiter(value: object, key: str) -> str:
    mark = _text(value, key)
    mark = "\t" if mark.casefold() == "tab" else mark
    if len(mark) != 1 or mark in '\r\n" ' or mark.isalnum():
        raise ValueError(f'{key} must be one character such as ; or "tab".')
    return mark


def _status_words(value: object, key: str) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise ValueError(f"{key} must be a table.")
    read = _one_of(*STATUSES)
    return {folded_word(word): read(status, f"{key}.{word}") for word, status in value.items()}


CSV: Mapping[str, Callable[[object, str], Any]] = {
    "end_dates": _one_of("last_day", "first_day_after"),
    "encoding": _encoding,
    "delimiter": _delimiter,
    "date_order": _one_of("", "dmy", "mdy", "ymd"),
    "status_words": _status_words,
}
