"""How each question is answered: from texts, by the queries, for the viewer who asks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.queries.access.holdings import AccessOfPerson, access
from orgmodel.queries.access.team import Team, team
from orgmodel.queries.access.who import Who, who_has
from orgmodel.queries.accounts import asking_accounts
from orgmodel.queries.coming import asking_coming
from orgmodel.queries.findings.lists import Findings, findings, none_found
from orgmodel.queries.history.compare import Comparison, compare
from orgmodel.queries.history.diff import Diff, diff
from orgmodel.queries.moments import Moment, parse_moment
from orgmodel.queries.pages.search import Found, search
from orgmodel.queries.people import find_person
from orgmodel.queries.quoting import quoted
from orgmodel.queries.refusals import BadQuestion, NoAnswer
from orgmodel.queries.rehearsal.copy_colleague import values_of_colleague
from orgmodel.queries.rehearsal.rehearse import Rehearsal
from orgmodel.queries.rehearsal.supposition import WhatIfQuestion as Supposed
from orgmodel.queries.rehearsal.whatif import WhatIf, what_if
from orgmodel.queries.rules.expression import Reading, read_for_person, read_for_profile
from orgmodel.queries.targets import find_target, find_unit
from orgmodel.queries.together import together
from orgmodel.queries.visibility import Viewer
from orgmodel.queries.why.answer import Why, why_for
from orgmodel.queries.why.evidence import Evidence, evidence
from orgmodel.reconcile import DETECTORS
from orgmodel.sync.rehearsals import Plan, read

ArgumentValues = Mapping[str, Any]
"""Name of an argument → its value. What is left out is absent or empty."""


@dataclass(frozen=True)
class Asker:
    """Who asks, and the conventions of the organisation by which the answer is worked out."""

    viewer: Viewer
    conventions: Conventions


def access_answer(values: ArgumentValues, asker: Asker) -> AccessOfPerson:
    """What a person has, by which paths."""
    at = _moment(values)
    who = find_person(values["person"], at)
    held = access(who, at, asker.viewer)
    accounts, coming = together(
        asking_accounts(who, at, asker.viewer), asking_coming(who, at, asker.viewer, asker.conventions)
    )
    return replace(held, coming=coming, accounts=accounts)


def team_answer(values: ArgumentValues, asker: Asker) -> Team:
    """What a unit has."""
    return team(find_unit(values["unit"]), _moment(values), asker.viewer)


def who_answer(values: ArgumentValues, asker: Asker) -> Who:
    """Who has an app or is in a group, by which paths."""
    at = _moment(values)
    return who_has(find_target(values["target"], asker.viewer, at), at, asker.viewer)


def why_answer(values: ArgumentValues, asker: Asker) -> Why:
    """Why, why not, why no longer."""
    at = _moment(values)
    person = find_person(values["person"], at)
    return why_for(person, values["target"], at, asker.viewer, asker.conventions.ask)


def diff_answer(values: ArgumentValues, asker: Asker) -> Diff:
    """What changed for a person between two moments."""
    since, until = _moment(values, "since"), _moment(values, "until")
    if since.at > until.at:
        raise BadQuestion("The first date is after the second; give the earlier one first.")
    return diff(find_person(values["person"]), since, until, asker.viewer)


def what_if_answer(values: ArgumentValues, asker: Asker) -> WhatIf:
    """What a move, or a change of attributes, would do to a person's access."""
    who, move_to = find_person(values["person"]), str(values.get("move_to") or "").strip()
    changes = dict(_pair(each) for each in values.get("set") or ())
    if like := values.get("like"):
        changes = values_of_colleague(who, find_person(like), asker.viewer) | changes
    elif not (changes or move_to):
        raise BadQuestion("Name a unit to move to, an attribute with its new value, or a colleague.")
    keep = frozenset(name.removeprefix("user.") for name in values.get("keep") or ())
    return what_if(who, Supposed(changes, move_to, keep), asker.viewer, asker.conventions)


def rehearsal_answer(values: ArgumentValues, asker: Asker) -> Rehearsal:
    """What a reorganisation would do; nothing is kept."""
    return read(Plan("", values["changes"], values.get("chart") or ""), asker.conventions)


def findings_answer(values: ArgumentValues, asker: Asker) -> Findings:
    """Where access differs from policy."""
    detector = values.get("detector") or ""
    if detector and detector not in DETECTORS:
        raise NoAnswer(f"No detector is called {quoted(detector, 40)}; known are {', '.join(DETECTORS)}.")
    return Findings(findings(detector=detector), none_found(detector))


def rule_answer(values: ArgumentValues, asker: Asker) -> Reading:
    """What an expression says, and what it makes of a person or a made-up profile."""
    if values.get("profile") is not None:
        return read_for_profile(values["expression"], values["profile"])
    person = values.get("person")
    return read_for_person(values["expression"], find_person(person) if person else None)


def evidence_answer(values: ArgumentValues, asker: Asker) -> Evidence:
    """What an auditor asks about a person, or about a person and one app or group."""
    at, of = _moment(values), values.get("target")
    target = find_target(of, asker.viewer, at) if of else None
    return evidence(find_person(values["person"], at), target, at, asker.viewer)


def comparison_answer(values: ArgumentValues, asker: Asker) -> Comparison:
    """What only one of two has, and what both have."""
    return compare(values["a"], values["b"], _moment(values), _moment(values, "until"), asker.viewer)


def search_answer(values: ArgumentValues, asker: Asker) -> Found:
    """People, units, apps, groups and questions that fit a few letters."""
    return Found(search(values["text"], asker.viewer))


def _moment(values: ArgumentValues, name: str = "at") -> Moment:
    return parse_moment(str(values.get(name) or ""))


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise BadQuestion(f"Write ATTRIBUTE=VALUE, not {quoted(text)}.")
    return name.strip().removeprefix("user."), value.strip()
