"""Rules as shown to somebody who may not know every group: confidential names are left out.

The text itself is changed, before anything reads it: words, clauses and trees follow from it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .mistakes import BadExpression
from .parse import parse
from .patterns import somewhere

CONFIDENTIAL = "(confidential)"
"""Stands where a name must not; whether somebody is in such a group is not known."""
_TEXT = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\''
_CALL = re.compile(rf"\b(isMemberOf\w*)\s*\((?:{_TEXT}|[^()\"'])*", re.IGNORECASE)
_LITERAL = re.compile(_TEXT)
_SLASHED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Secrets:
    """Ids and names, past ones too, of what a reader may not know."""

    ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    _redacted: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def expression(self, text: str) -> str:
        """The expression, each question about a confidential group with its name left open.

        >>> Secrets(names=frozenset({"Board"})).expression('isMemberOfGroupName("Board") AND user.vip')
        'isMemberOfGroupName("(confidential)") AND user.vip'
        """
        if not self.names or "ismemberof" not in text.casefold():
            return text
        if text not in self._redacted:
            redacted = _CALL.sub(self._call, text)
            # Of what is no expression nobody can say where a name begins.
            self._redacted[text] = redacted if _parsed(text) else self._blank(redacted)
        return self._redacted[text]

    def label(self, text: str) -> str:
        """A name that people gave, of a rule or in a log; left open where it holds a confidential name."""
        return CONFIDENTIAL if self._words and self._words.search(text) else text

    def version(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        """A rule as it was, see RuleVersion; without what is confidential."""
        return {
            **rule,
            "name": self.label(rule.get("name", "")),
            "expression": self.expression(rule.get("expression", "")),
            "targets": [each for each in rule.get("targets", ()) if each not in self.ids],
        }

    def cause(self, cause: Mapping[str, Any]) -> dict[str, Any]:
        """The cause of a change, see orgmodel.why.causes; its names as `label` gives them."""
        named = {key: self.label(str(cause[key])) for key in ("rule_name", "membership") if cause.get(key)}
        if named.get("membership") == CONFIDENTIAL or cause.get("membership_id") in self.ids:
            named["membership"] = named["membership_id"] = CONFIDENTIAL
        return {**cause, **named}

    def _blank(self, text: str) -> str:
        return self._words.sub(CONFIDENTIAL, text) if self._words else text

    @cached_property
    def _words(self) -> re.Pattern[str] | None:
        known = "|".join(re.escape(each) for each in sorted({*self.names, *self.ids}))
        return re.compile(rf"(?<!\w)(?:{known})(?!\w)", re.IGNORECASE) if known else None

    @cached_property
    def _exact(self) -> frozenset[str]:
        return frozenset(each.casefold() for each in {*self.names, *self.ids})

    def _call(self, match: re.Match[str]) -> str:
        asks = _ASKS.get(match[1].casefold(), _is)
        return _LITERAL.sub(lambda literal: self._literal(literal[0], asks), match[0])

    def _literal(self, written: str, asks: Any) -> str:
        text = _SLASHED.sub(r"\1", written[1:-1])
        found = text.casefold() in self._exact or bool(text and any(asks(name, text) for name in self.names))
        return f"{written[0]}{CONFIDENTIAL}{written[0]}" if found else written


def _parsed(text: str) -> bool:
    try:
        parse(text)
    except BadExpression:
        return False
    return True


def _is(name: str, text: str) -> bool:
    return name == text


def _fits(name: str, text: str) -> bool:
    """Also a pattern of which it cannot be told."""
    return somewhere(name, text) is not False


_ASKS = {
    "ismemberofgroupnamestartswith": str.startswith,
    "ismemberofgroupnamecontains": str.__contains__,
    "ismemberofgroupnameregex": _fits,
}


def secrets_of(known: Iterable[tuple[str, Iterable[str]]]) -> Secrets:
    """Of pairs of an id and all names that belong to it."""
    ids: set[str] = set()
    names: set[str] = set()
    for native, called in known:
        ids.add(native)
        names.update(name for name in called if name.strip())
    return Secrets(frozenset(ids), frozenset(names))
