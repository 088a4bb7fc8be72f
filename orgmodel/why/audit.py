"""The auditor's five questions about one access, answered in sentences. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .causes import Cause
from .paths import Path, quoted


@dataclass(frozen=True)
class Answer:
    """A question, its answer, and the kind of proof: okta, log, evaluated or none."""

    question: str
    answer: str
    evidence: str

    def as_json(self) -> dict[str, str]:
        return {"question": self.question, "answer": self.answer, "evidence": self.evidence}


def five_answers(
    paths: Sequence[Path], since: datetime, cause: Cause, ended: Sequence[str]
) -> tuple[Answer, ...]:
    """`cause`: of the grant behind the shortest path, see causes.py; `ended`: what was taken away."""
    path = paths[0]
    groups = [step.name for step in path.steps if step.kind == "group"]
    rules = [step.name for step in path.steps if step.kind == "rule"]
    granted = " and ".join(groups) + (f", by the rule {quoted(rules[0])}" if rules else "")
    more = f" There are {len(paths) - 1} more ways." if len(paths) > 1 else ""
    return (
        Answer("What was asked for, and by whom?", _asked(path, cause), _proof(path, cause)),
        Answer("Who approved it?", _approved(path, rules), path.evidence if rules else "none"),
        Answer(
            "Which group granted it?",
            (f"{granted}." if groups else "None: it is assigned directly.") + more,
            path.evidence,
        ),
        Answer("Since when?", f"Since {since:%Y-%m-%d %H:%M} UTC, as far as known.", _proof(path, cause)),
        Answer(
            "Was anything revoked?",
            " ".join(ended) if ended else "Nothing that Sightline has seen.",
            "log" if ended else "none",
        ),
    )


def _asked(path: Path, cause: Cause) -> str:
    actor = cause.actor
    if path.origin == "rule":
        return "Nobody asked for it: a rule gives it to everybody whom it fits."
    if path.origin == "request":
        return "It was given on request; who asked is not in Okta’s log."
    if path.origin == "automation":
        by = f" ({actor})" if actor else ""
        return f"An automation put it there{by}; who asked it to is not in Okta’s log."
    if path.origin == "admin":
        return f"It was added by hand{f' by {actor}' if actor else ''}; no request is known."
    return "Not known: neither Okta nor its log says how it came about."


def _approved(path: Path, rules: Sequence[str]) -> str:
    if rules:
        return f"Nobody approves it one by one: whoever keeps the rule {quoted(rules[0])} does."
    if path.origin == "request":
        return "The governance tool keeps the approval; Okta’s log does not name who gave it."
    return "Not known: no approval is in Okta’s log."


def _proof(path: Path, cause: Cause) -> str:
    return "log" if cause.event else path.evidence
