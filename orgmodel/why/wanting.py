"""What it would take for a rule to fit somebody, as a sentence. Pure."""

from orgmodel.rules.explain import Clause, Explanation

from .paths import quoted

FITS, MISSES, UNKNOWN, LEFT_OUT, UNREADABLE = range(5)
"""How far away a rule is, nearest first."""


def wanting(rule: str, said: Explanation | None, *, left_out: bool = False) -> tuple[int, str]:
    """How far away the rule is, and the sentence. `said` is None for an expression that is none.

    >>> clause = Clause('user.team == "cucumber"', "radish", False, "team is cucumber")
    >>> wanting("Cucumber team", Explanation(False, "", "", (clause,), (clause,)))[1]
    'The rule “Cucumber team” would fit if team is cucumber (now radish).'
    """
    name = quoted(rule)
    if said is None:
        return UNREADABLE, f"The rule {name} cannot be read: its expression is invalid."
    if left_out:
        return LEFT_OUT, f"The rule {name} leaves this person out by name."
    if said.value:
        return FITS, f"The rule {name} fits; Okta has not put this person into the group."
    if said.value is None:
        return UNKNOWN, f"Whether the rule {name} fits is not known: {said.reason}."
    return MISSES, f"The rule {name} would fit if {change_sentence(said)}."


def change_sentence(said: Explanation) -> str:
    """What would have to change: a clause without a capital and a full stop."""
    return " and ".join(map(_change, said.missing))


def _change(clause: Clause) -> str:
    """One clause that would have to change, and what is there now."""
    if clause.holds is None:
        return f"{clause.words} (not known now)"
    now = f"now {clause.value}" if clause.value else "not so now"
    return f"{clause.words} ({now}{f', {clause.near}' if clause.near else ''})"
