"""Fix plans: text that people paste. Ids are percent-encoded; names appear only as harmless comments.

Whatever a name or an id holds (newlines, quotes, `$(`, `${`), it cannot end the snippet it stands in: not in
a POSIX shell, not in a zsh that reads `#` as a command, not in HCL, not in a spreadsheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import quote

LABEL = 80
"""So many characters of a name stand in a sentence; a name may be hostile and endless."""


@dataclass(frozen=True)
class Fix:
    """What a human may paste, and what takes it back. Sightline never runs it."""

    kind: Literal["terraform", "csv", "api", "console"]
    text: str
    reverse: str = ""


class FixPlans(Protocol):
    """What people may do in a source that gives access; `name` is what the thing is called, for a comment."""

    def take_out(self, group: str, accounts: Sequence[str], name: str) -> tuple[Fix, ...]:
        """Remove direct members of a group."""

    def keep_only(self, group: str, members: Sequence[str], name: str) -> tuple[Fix, ...]:
        """Keep these members of a group and nobody else; nothing where they are too many."""

    def make_group(self, name: str, description: str) -> tuple[Fix, ...]:
        """Make a group that does not exist yet."""

    def deactivate(self, account: str, name: str) -> tuple[Fix, ...]:
        """Close an account."""

    def unassign(self, app: str, accounts: Sequence[str], name: str) -> tuple[Fix, ...]:
        """End direct assignments to an app."""

    def run_rule(self, rule: str, name: str) -> tuple[Fix, ...]:
        """Let a rule run again."""


def short(name: str) -> str:
    """A name on one line and not longer than a sentence can bear."""
    line = " ".join(name.split()) or "(no name)"
    return line if len(line) <= LABEL else line[: LABEL - 1] + "…"


def ident(native_id: str) -> str:
    """An id that is safe in an address, in quotes and in JSON; Okta's own ids stay as they are."""
    return quote(native_id, safe="")


def comment(name: str) -> str:
    """A name as the rest of a comment line: letters, digits and quiet punctuation, all else becomes `_`."""
    return "# " + "".join(c if c.isalnum() or c in " .,@_-" else "_" for c in short(name))


def hcl(text: str) -> str:
    """A quoted HCL string in which nothing is interpolated."""
    plain = "".join(_hcl_character(c) for c in text)
    return '"' + plain.replace("${", "$${").replace("%{", "%%{") + '"'


def cell(text: str) -> str:
    """A quoted CSV cell that no spreadsheet takes for a formula."""
    line = " ".join(text.split())
    guarded = f"'{line}" if line[:1] in {"=", "+", "-", "@"} else line
    return '"' + guarded.replace('"', '""') + '"'


def console(where: str, *ids: str, back: str = "") -> tuple[Fix, ...]:
    """A way through the admin console; `where` and `back` hold a `{}` per id."""
    safe = [ident(each) for each in ids]
    return (Fix("console", where.format(*safe), back.format(*safe)),)


def _hcl_character(character: str) -> str:
    if character in {'"', "\\"}:
        return "\\" + character
    if character.isprintable():
        return character
    return f"\\U{ord(character):08x}"
