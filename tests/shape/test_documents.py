"""docs/architecture.md names modules that exist, and its glossary has a word for all that is stored."""

import re
from pathlib import Path

from django.apps import apps

from tests.shape import rules

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MODULES, _, WORDS = DOCUMENT.partition("## Words")
PART_OF_ANOTHER_WORD = {
    *(
        "FindingEvent",
        "Foreseen",
        "Look",
        "MassCase",
        "OutboxAct",
        "RuleVersion",
        "SendPace",
        "SlackIdentity",
    ),
    *("Settled", "SourceCursor", "Stop"),
}
"""Models that only keep something about what another word names."""


def words() -> list[str]:
    """The words of the glossary, without what stands in brackets."""
    rows = re.findall(r"^\| ([^|*]+?) \| [^|]+\|$", WORDS, re.MULTILINE)
    return [row.partition(" (")[0] for row in rows if row not in {"word", "---"}]


def test_every_module_that_the_architecture_names_exists() -> None:
    named = [each for each in rules.CODE.findall(MODULES) if re.fullmatch(r"[a-z_]+(/[a-z_]+)+/?", each)]
    assert {"sync/versions", "notifier/plan", "portal/jobs", "queries/why/answer"} <= set(named)
    places = (ROOT, ROOT / "orgmodel")
    missing = [
        name
        for name in named
        if not any((place / name).is_dir() or (place / f"{name}.py").exists() for place in places)
    ]
    assert missing == []


def test_the_glossary_says_each_word_once() -> None:
    known = words()
    assert {"person", "case", "finding"} <= set(known)
    assert sorted(known) == sorted(set(known))


def test_the_glossary_has_a_word_for_every_model() -> None:
    models = {
        each.__name__ for name in ("orgmodel", "notifier") for each in apps.get_app_config(name).get_models()
    }
    assert {"PushMapping", "Outbox"} <= models
    spelt = {
        name: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower() for name in models - PART_OF_ANOTHER_WORD
    }
    assert sorted(name for name, word in spelt.items() if word not in words()) == []
