"""What people read of a sync: how it ended, and what it changed."""

from collections.abc import Mapping

from orgmodel.kinds import in_words

OUTCOMES = {
    "running": "being read",
    "applied": "applied",
    "unchanged": "nothing new",
    "quarantined": "held back",
    "dropped": "dropped",
    "failed": "failed",
}
PREVIEWED = OUTCOMES | {"applied": "would be applied", "quarantined": "would be held back"}
"""The same of a preview, which writes nothing."""
VERBS = {"began": "new", "ended": "gone", "changed": "changed"}


def changes_in_words(counts: Mapping[str, Mapping[str, int]]) -> str:
    """What a sync changed, by kind; empty where it changed nothing.

    >>> changes_in_words({"seat": {"seen": 9, "began": 4, "ended": 0, "changed": 1}, "grant": {"seen": 9}})
    'app assignments: 4 new, 1 changed'
    """
    words = ((kind, verbs_in_words(verbs)) for kind, verbs in sorted(counts.items()))
    return "; ".join(f"{in_words(kind)}: {each}" for kind, each in words if each)


def verbs_in_words(verbs: Mapping[str, int]) -> str:
    """How many rows of one kind began, ended and changed."""
    return ", ".join(f"{verbs[verb]} {word}" for verb, word in VERBS.items() if verbs.get(verb))
