"""Kinds, states and outcomes in words: of messages, of runs, of findings."""

from django import template

from orgmodel.queries.pages.run_words import OUTCOMES

register = template.Library()

KINDS = {
    "mover": "to the person who moved",
    "old_manager": "to the old manager",
    "new_manager": "to the new manager",
    "joiner": "welcome",
    "joiner_manager": "to the joiner’s manager",
    "leaver_manager": "to the leaver’s manager",
    "lost": "access lost without a move",
    "digest": "digest",
    "admin": "to those who run Sightline",
}
STATES = {
    "planned": "planned",
    "held": "held back",
    "sending": "being sent",
    "sent": "sent",
    "uncertain": "perhaps sent",
    "failed": "failed",
    "suppressed": "not sent",
}
ACTS = {
    "release": "released",
    "drop": "dropped",
    "again": "sent again",
    "stop": "stopped all sending",
    "resume": "resumed sending",
}
MARKS = {"sent": "gain", "held": "hold", "uncertain": "hold", "failed": "loss", "quarantined": "hold"}


@register.filter
def message_kind(kind: str) -> str:
    """Whom a message is for."""
    return KINDS.get(kind, kind)


@register.filter
def message_state(state: str) -> str:
    """What became of a message."""
    return STATES.get(state, state)


@register.filter
def message_act(act: str) -> str:
    """What an admin did about messages."""
    return ACTS.get(act, act)


@register.filter
def mark(state: str) -> str:
    """The colour of a state or outcome, as components/note.html takes it; most have none."""
    return MARKS.get(state, "")


@register.filter
def outcome(run: str) -> str:
    """How a run ended."""
    return OUTCOMES.get(run, run)
