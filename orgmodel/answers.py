"""How each question is answered: from what was given as text, by the queries, for the viewer who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.queries.access.holdings import AccessOfPerson, access
from orgmodel.queries.access.team import Team, team
from orgmodel.queries.access.who import Who, who_has
from orgmodel.queries.findings.lists import Findings, findings
from orgmodel.queries.history.compare import Comparison, compare
from orgmodel.queries.history.diff import Diff, diff
from orgmodel.queries.moments import Moment, parse_moment
from orgmodel.queries.pages.search import Found, search
from orgmodel.queries.people import find_person
from orgmodel.queries.refusals import BadQuestion, NoAnswer
from orgmodel.queries.rehearsal.copy_colleague import likeness
from orgmodel.queries.rehearsal.rehearse import Rehearsal
from orgmodel.queries.rehearsal.supposition import WhatIfQuestion as Supposed
from orgmodel.queries.rehearsal.whatif import WhatIf, what_if
from orgmodel.queries.rules.expression import Reading, read_for_person, read_for_profile
from orgmodel.queries.targets import find_target, find_unit
from orgmodel.queries.visibility import Viewer
from orgmodel.queries.why.answer import Why, why_for
from orgmodel.queries.why.evidence import Evidence, evidence
from orgmodel.reconcile import DETECTORS
from orgmodel.sync.rehearsals import Plan, read

Given = Mapping[str, Any]
"""Name of an argument → its value. What is left out is absent or empty."""


@dataclass(frozen=True)
class Asker:
    """Who asks, and the conventions of the organisation by which the answer is worked out."""

    viewer: Viewer
    conventions: Conventions


def access_answer(given: Given, asker: Asker) -> AccessOfPerson:
    """What a person has, by which paths."""
    return access(find_person(given["person"]), _moment(given), asker.viewer)


def team_answer(given: Given, asker: Asker) -> Team:
    """What a unit has."""
    return team(find_unit(given["unit"]), _moment(given), asker.viewer)


def who_answer(given: Given, asker: Asker) -> Who:
    """Who has an app or is in a group, by which paths."""
    at = _moment(given)
    return who_has(find_target(given["target"], asker.viewer, at), at, asker.viewer)


def why_answer(given: Given, asker: Asker) -> Why:
    """Why, why not, why no longer."""
    person, at = find_person(given["person"]), _moment(given)
    return why_for(person, given["target"], at, asker.viewer, asker.conventions.ask)


def diff_answer(given: Given, asker: Asker) -> Diff:
    """What changed for a person between two moments."""
    since, until = _moment(given, "since"), _moment(given, "until")
    if since.at > until.at:
        raise BadQuestion("The first date lies after the second; give the earlier one first.")
    return diff(find_person(given["person"]), since, until, asker.viewer)


def what_if_answer(given: Given, asker: Asker) -> WhatIf:
    """What a move, or a change of attributes, would do to a person's access."""
    who, move_to = find_person(given["person"]), str(given.get("move_to") or "").strip()
    wanted = dict(_pair(each) for each in given.get("set") or ())
    if like := given.get("like"):
        wanted = likeness(who, find_person(like), asker.viewer) | wanted
    elif not (wanted or move_to):
        raise BadQuestion("Name a unit to move to, an attribute with its new value, or a colleague.")
    keep = frozenset(name.removeprefix("user.") for name in given.get("keep") or ())
    return what_if(who, Supposed(wanted, move_to, keep), asker.viewer, asker.conventions)


def rehearsal_answer(given: Given, asker: Asker) -> Rehearsal:
    """What a reorganisation would do; nothing is kept."""
    return read(Plan("", given["changes"], given.get("chart") or ""), asker.conventions)


def findings_answer(given: Given, asker: Asker) -> Findings:
    """Where access differs from policy."""
    detector = given.get("detector") or ""
    if detector and detector not in DETECTORS:
        raise NoAnswer(f"No detector is called {detector[:40]!r}; known are {', '.join(DETECTORS)}.")
    return Findings(findings(detector=detector))


def rule_answer(given: Given, asker: Asker) -> Reading:
    """What an expression says, and what it makes of a person or a made-up profile."""
    if given.get("profile") is not None:
        return read_for_profile(given["expression"], given["profile"])
    person = given.get("person")
    return read_for_person(given["expression"], find_person(person) if person else None)


def evidence_answer(given: Given, asker: Asker) -> Evidence:
    """What an auditor asks about a person, or about a person and one app or group."""
    at, of = _moment(given), given.get("target")
    target = find_target(of, asker.viewer, at) if of else None
    return evidence(find_person(given["person"]), target, at, asker.viewer)


def comparison_answer(given: Given, asker: Asker) -> Comparison:
    """What only one of two has, and what both have."""
    return compare(given["a"], given["b"], _moment(given), _moment(given, "until"), asker.viewer)


def search_answer(given: Given, asker: Asker) -> Found:
    """People, units, apps, groups and questions that fit a few letters."""
    return Found(search(given["text"], asker.viewer))


def _moment(given: Given, name: str = "at") -> Moment:
    return parse_moment(str(given.get(name) or ""))


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise BadQuestion(f"Write ATTRIBUTE=VALUE, not {text[:80]!r}.")
    return name.strip().removeprefix("user."), value.strip()
