"""The auditor's five questions about one access, answered in sentences. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orgmodel.facts import STATED

from .causes import Cause
from .levels import direction, named
from .paths import Path, the_rule


@dataclass(frozen=True)
class Answer:
    """A question, its answer, and the kind of proof: okta, log, evaluated or none."""

    question: str
    answer: str
    evidence: str

    def as_json(self) -> dict[str, str]:
        return {"question": self.question, "answer": self.answer, "evidence": self.evidence}


@dataclass(frozen=True)
class Revoked:
    """Something was taken away at a moment. `after`: the level that was left; empty where none was."""

    at: datetime
    before: str
    after: str
    why: str
    evidence: str

    @property
    def sentence(self) -> str:
        """In words.

        >>> Revoked(datetime(2026, 3, 2, 9, 30), "Editor", "Viewer", "Removed by hand.", "log").sentence
        'Editor was revoked on 2026-03-02 09:30 UTC; Viewer was left. Removed by hand.'
        """
        if named(self.before) and named(self.after) and direction(self.before, self.after) == "other":
            change = f"The level changed from {self.before} to {self.after} on {_exact(self.at)}"
            return f"{change}; which of them is more is not known. {self.why}".rstrip()
        what = "Access" if self.before in {"assigned", "member"} else self.before
        left = "access" if self.after == "assigned" else self.after
        rest = f"; {left} was left" if left else ""
        return f"{what} was revoked on {_exact(self.at)}{rest}. {self.why}".rstrip()


@dataclass(frozen=True)
class Since:
    """When something began. `before`: it was there when Sightline first read."""

    at: datetime
    before: bool

    @property
    def words(self) -> str:
        return f"before Sightline began ({_exact(self.at)})" if self.before else _exact(self.at)


def five_answers(
    paths: Sequence[Path],
    since: Since,
    had: Since,
    cause: Cause,
    revoked: Sequence[Revoked],
    began: datetime | None = None,
) -> tuple[Answer, ...]:
    """The five questions with their answers.

    `since`: at its level; `had`: at any. `cause`: of the grant behind the shortest path; `began`: when
    Sightline did.
    """
    path = paths[0]
    groups = [step.name for step in path.steps if step.kind == "group"]
    rules = [the_rule(step.name) for step in path.steps if step.kind == "rule"]
    granted = " and ".join(groups) + (f", by {rules[0]}" if rules else "")
    number = len(paths) - 1
    more = f" There {'is 1 more way' if number == 1 else f'are {number} more ways'}." if number else ""
    earlier = f" At some level since {had.words}." if had.at < since.at else ""
    seen = f" since it began ({_exact(began)})" if began else ""
    return (
        Answer("What was asked for, and by whom?", _question(path, cause), _proof(path, cause)),
        Answer("Who approved it?", _approved(path, rules), path.evidence if rules else "none"),
        Answer(
            "Which group granted it?",
            (f"{granted}." if groups else "None: it is assigned directly.") + more,
            path.evidence,
        ),
        Answer("Since when?", f"Since {since.words}.{earlier}", _proof(path, cause)),
        Answer(
            "Was anything revoked?",
            " ".join(each.sentence for each in revoked) or f"Nothing that Sightline has seen{seen}.",
            "log" if any(each.evidence == "log" for each in revoked) else STATED if revoked else "none",
        ),
    )


def _exact(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _question(path: Path, cause: Cause) -> str:
    actor = cause.actor
    if path.origin == "rule":
        return "Nobody asked for it: a rule gives it to everybody whom it matches."
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
        return f"Nobody approves it one by one: whoever keeps {rules[0]} does."
    if path.origin == "request":
        return "The governance tool keeps the approval; Okta’s log does not name who gave it."
    return "Not known: no approval is in Okta’s log."


def _proof(path: Path, cause: Cause) -> str:
    return "log" if cause.event else path.evidence
