"""What is wrong with an expression, at which column, and what was probably meant."""

import re
from dataclasses import dataclass

TOKEN = re.compile(r"\s*(\w+|[^\w\s]+)")
WORD_OPERATOR = re.compile(
    r"(?:\b(?:and|or|not|eq|ne|lt|le|gt|ge|matches)|&&|\|\||[=!<>+?:,.({\[])\s*$", re.IGNORECASE
)
OPERATORS = frozenset({"==", "!=", "<", "<=", ">", ">="})
CURLED = "“”„‘’«»"


@dataclass(frozen=True)
class Mistake:
    """One sentence about the text, the column it is about (from 1), and a hint; the hint may be empty."""

    column: int
    message: str
    hint: str

    def as_json(self) -> dict[str, str | int]:
        return {"column": self.column, "message": self.message, "hint": self.hint}


class BadExpression(ValueError):
    """The text is no expression; `mistake` says where and why."""

    def __init__(self, column: int, message: str, hint: str) -> None:
        super().__init__(f"Column {column}: {message}{f' {hint}' if hint else ''}")
        self.mistake = Mistake(column, message, hint)


def unexpected(text: str, place: int) -> BadExpression:
    """Something stands at `place` (from 0) that cannot stand there."""
    rest, before = text[place:], text[:place].rstrip()
    if rest[0] == "=" and (sign := _sign_around(text, place)) not in OPERATORS:
        start = place - (len(text[:place]) - len(text[:place].rstrip("=!<>")))
        meant = "!=" if sign.startswith("!") else "=="
        return BadExpression(start + 1, f"{sign} is not an operator.", f"Write {meant} to compare.")
    if rest[0] in CURLED:
        return BadExpression(
            place + 1, f"{rest[0]} is no quotation mark here.", 'Write straight quotes: "…".'
        )
    if rest[0] in "\"'":
        if _unclosed(rest):
            return BadExpression(place + 1, "This text has no closing quote.", f"Add {rest[0]} at its end.")
        return BadExpression(place + 1, "A text stands where an operator is missing.", "Write == before it.")
    if rest[0] == "&":
        return BadExpression(place + 1, "& is not an operator.", "Write && or AND.")
    if rest[0] == "|":
        return BadExpression(place + 1, "| is not an operator.", "Write || or OR.")
    if rest[0] in ")]}":
        if _lacks_value(before):
            return BadExpression(place + 1, f"{rest[0]} comes too early: something is missing before it.", "")
        return BadExpression(place + 1, f"{rest[0]} closes nothing.", "Remove it, or open it before.")
    if rest[0] == ">" and before.endswith("<"):
        return BadExpression(place, "<> is not an operator.", "Write != instead.")
    if (early := re.search(r"\b(?:and|or)$", before, re.IGNORECASE)) and _lacks_value(
        before[: early.start()]
    ):
        return BadExpression(early.start() + 1, f"Nothing stands before {early.group()}.", "Remove it.")
    found = TOKEN.match(rest)
    word = found.group(1) if found else rest[0]
    if _lacks_value(before):
        return BadExpression(place + 1, f"{word} cannot stand here: a value is missing before it.", "")
    if word.casefold() in {"is", "equals", "like", "contains", "in"}:
        return BadExpression(place + 1, f"{word} is not an operator.", _instead(word.casefold()))
    return BadExpression(
        place + 1, f"{word} cannot stand here.", "Is AND, OR or an operator missing before it?"
    )


def at_end(text: str) -> BadExpression:
    """The text ends in the middle."""
    bare = text.rstrip()
    last = re.search(r"(\b(?:and|or|not)|&&|\|\||!)$", bare, re.IGNORECASE)
    if last:
        hint = f"Remove the {last.group()} at the end, or write a condition after it."
        return BadExpression(last.start() + 1, f"Nothing follows {last.group()}.", hint)
    missing = _unbalanced(bare)
    if missing and not WORD_OPERATOR.search(bare):
        return BadExpression(len(bare) + 1, f"A {missing} is missing at the end.", f"Add {missing}.")
    return BadExpression(len(bare) + 1, "The expression ends too early: a value is missing.", "")


def bare_name(name: str, place: int) -> BadExpression:
    """A word that is neither an attribute nor a function."""
    if name == "user":
        return BadExpression(place + 1, "user alone says nothing.", "Name an attribute: user.team.")
    return BadExpression(
        place + 1,
        f"{name} is not known by itself.",
        f'Write user.{name} for the attribute, or "{name}" for the text.',
    )


def foreign_root(root: str, name: str, place: int) -> BadExpression:
    """Something else than `user` before the point of an attribute."""
    if root.casefold() == "user":
        return BadExpression(place + 1, f"{root}.{name} cannot be read.", f"Write user.{name}.")
    if root in {"appuser", "idpuser", "app", "idp", "org", "session"}:
        hint = f"Group rules read only the Okta profile: user.{name}."
        return BadExpression(place + 1, f"{root}.{name} cannot be read by a group rule.", hint)
    return BadExpression(place + 1, f"{root}.{name} cannot be read.", f"Write user.{name}.")


def _lacks_value(before: str) -> bool:
    return not before.strip() or WORD_OPERATOR.search(before) is not None


def _instead(word: str) -> str:
    return {
        "contains": 'Write String.stringContains(user.title, "…") or Arrays.contains(user.tags, "…").',
        "like": 'Write String.stringContains(user.title, "…").',
        "in": 'Write Arrays.contains({"…", "…"}, user.team).',
    }.get(word, "Write == to compare.")


def _sign_around(text: str, place: int) -> str:
    """All signs of comparison that touch this place."""
    before = text[:place]
    after = text[place:]
    return before[len(before.rstrip("=!<>")) :] + after[: len(after) - len(after.lstrip("=!<>"))]


def _unclosed(rest: str) -> bool:
    quote = rest[0]
    return rest.replace(f"\\{quote}", "").count(quote) % 2 == 1


def _unbalanced(text: str) -> str:
    """The bracket that closes the innermost one left open."""
    bare = re.sub(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", "", text)
    waiting: list[str] = []
    for sign in bare:
        if sign in "({[":
            waiting.append({"(": ")", "{": "}", "[": "]"}[sign])
        elif waiting and sign == waiting[-1]:
            waiting.pop()
    return waiting[-1] if waiting else ""
