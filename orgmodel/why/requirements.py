"""What it would take for a rule to match somebody, as a sentence. Pure."""

from orgmodel.rules.explain import Clause, Explanation

from .paths import quoted

FITS, MISSES, UNKNOWN, LEFT_OUT, UNREADABLE, BY_HAND = range(6)
"""How far away a rule is, nearest first; ways without a rule come last."""


def requirement(
    rule: str,
    explanation: Explanation | None,
    *,
    left_out: bool = False,
    shut: bool = False,
    absent: bool = False,
) -> tuple[int, str]:
    """How far away the rule is, and the sentence. `explanation` is None for an expression that is none.

    `shut`: the account is deactivated, and Okta's rules pass it over. `absent`: there is none to look at.

    >>> clause = Clause('user.team == "cucumber"', "radish", False, "team is cucumber")
    >>> requirement("Cucumber team", Explanation(False, "", "", (clause,), (clause,)))[1]
    'The rule “Cucumber team” would match if team is cucumber (now radish).'
    """
    name = quoted(rule)
    if absent:
        return UNKNOWN, f"Whether the rule {name} matches is not known: this person has no Okta account."
    if explanation is None:
        return UNREADABLE, f"The rule {name} cannot be read: its expression is invalid."
    if left_out:
        return LEFT_OUT, f"This person is excluded from the rule {name} by name."
    if explanation.value:
        but = (
            "Okta’s rules add nobody whose account is deactivated"
            if shut
            else "Okta has not added this person to the group"
        )
        return FITS, f"The rule {name} matches, but {but}."
    if explanation.value is None:
        return UNKNOWN, f"Whether the rule {name} matches is not known: {explanation.reason}."
    return MISSES, f"The rule {name} would match if {change_sentence(explanation)}."


def by_hand(group: str, kind: str = "", app: str = "") -> str:
    """What it would take to get into a group that no rule feeds. `kind`: Okta's type of the group.

    `app`: which one a group comes from, where that may be told.

    >>> by_hand("jira-admins", "imported", "Jira")
    'jira-admins comes from Jira, which decides who is in it.'
    """
    if kind == "imported":
        return f"{group} comes from {app or 'an app'}, which decides who is in it."
    if kind == "built-in":
        return f"Okta itself decides who is in {group}."
    return f"Someone must add them to {group} manually."


def change_sentence(explanation: Explanation) -> str:
    """What would have to change: a clause without a capital and a full stop."""
    return " and ".join(map(_change, explanation.missing))


def asked_for(explanation: Explanation) -> str:
    """Whom the rule wants, as far as somebody is not one of them.

    >>> crew = Clause("", "", False, people="in the group crew")
    >>> asked_for(Explanation(False, "", "", (crew,), (crew,)))
    'people in the group crew'
    """
    clauses = [clause.people for clause in explanation.missing]
    if len(clauses) > 1:
        clauses = [f"who are {each}" if each.startswith(("in ", "not in ")) else each for each in clauses]
    return f"people {' and '.join(clauses)}"


def _change(clause: Clause) -> str:
    """One clause that would have to change, and what is there now."""
    if clause.holds is None:
        return f"{clause.words} (not known now)"
    now = f"now {clause.called or clause.value}" if clause.value else "not so now"
    return f"{clause.words} ({now}{f', {clause.near}' if clause.near else ''})"
