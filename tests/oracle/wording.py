"""What a message says, read from its blocks: whom it is about, and which app stands where; the one table.

The outbox is read as `manage.py outbox --json` shows it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
HEADINGS: tuple[tuple[str, str], ...] = (
    ("raised", r"^Raised"),
    ("lowered", r"^Lowered"),
    ("other", r"^At another level"),
    ("new", r"^New\b"),
    ("gone", r"^(Gone|Ended with (?:your|the)|Removed)"),
    ("still", r"another (way|path)"),
    ("kept", r"removed automatically|outside (?:your|the)|You keep|still keeps|still has|Still carries"),
    ("pending", r"pending|Not there yet|missing"),
    ("manual", r"manual|human|To do"),
    ("has", r"[Hh]as now|^You have"),
    ("back", r"^Back"),
)
"""Category and how its heading reads; the first that fits counts."""
MORE = re.compile(r"… and \d+ more")
BACK = re.compile(r"[Ww]elcome back|is back")
"""How a message greets somebody who is here again."""


@dataclass(frozen=True)
class Heard:
    """One message. `apps`: category → label of the app → its level as it is shown, or empty."""

    kind: str
    to: str
    text: str
    about: tuple[str, ...]
    """The addresses of those it speaks of."""
    apps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    causes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Category → label of the app → how its line begins, which says why."""
    whole: bool = True
    """Nothing was left off for want of room."""
    correction: bool = False
    held: bool = False
    """Nobody has heard it: it waits for an admin."""
    shown: str = ""
    """All of it, for what must not stand there."""


def heard(row: Json, names: Mapping[str, str], labels: Iterable[str]) -> Heard:
    """A row of the outbox. `names`: address → name of everybody; `labels`: of every app."""
    about = [email for email, name in names.items() if re.search(rf"\b{name}\b", row["text"])]
    sections = list(_sections(row["blocks"]))
    everything = " | ".join(
        (*row["text"].splitlines(), *(f"{label}: {cause} {text}" for label, cause, text in sections))
    )
    apps: dict[str, dict[str, str]] = {}
    causes: dict[str, dict[str, str]] = {}
    for label, cause, text in sections:
        category = next((name for name, words in HEADINGS if re.search(words, label)), "")
        for app in labels:
            if found := re.search(rf"\b{app}\b(?:\W+–\W+(no\W+level|\w+))?", text):
                level = found.group(1) or ""
                apps.setdefault(category, {})[app] = "assigned" if level.startswith("no") else level
                causes.setdefault(category, {})[app] = cause
    return Heard(
        row["kind"], row["to"], row["text"],
        tuple(about) if row["kind"] not in {"mover", "joiner", "lost"} else (row["to"],),
        apps, causes, not MORE.search(everything), bool(row.get("corrects")),
        row.get("state") == "held", everything,
    )  # fmt: skip


def _sections(blocks: Iterable[Json]) -> Iterator[tuple[str, str, str]]:
    """Heading, cause and apps of every line of the message; a cause stands in italics."""
    for block in blocks:
        if block.get("type") != "rich_text":
            continue
        paragraph, *lists = block["elements"]
        label, *rest = [leaf["text"] for leaf in _leaves(paragraph)] or [""]
        rows = [row for each in lists for row in each["elements"]]
        if rest or not rows:
            yield label.rstrip(":"), "", " ".join(rest)
        for row in rows:
            leaves = _leaves(row)
            cause = leaves[0]["text"].removesuffix(": ") if leaves[0].get("style", {}).get("italic") else ""
            yield label.rstrip(":"), cause, " ".join(each["text"] for each in leaves[bool(cause) :])


def _leaves(value: Any) -> list[Json]:
    if isinstance(value, dict):
        if value.get("type") == "text":
            return [value]
        return [leaf for each in value.values() for leaf in _leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in _leaves(each)]
    return []
