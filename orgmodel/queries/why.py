"""Why, why not and why lost: the answer for one person and one group or app."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from orgmodel.why.causes import cause_sentence
from orgmodel.why.paths import Path, Step
from orgmodel.why.wanting import wanting

from .access import Access, apps_of, groups_of, path_json, visible
from .moments import Moment
from .people import PersonRef, person
from .proof import proofs
from .reasons import reasons
from .routes import COLUMNS, Target, of_people
from .rows import json_value
from .targets import find_target
from .visibility import Viewer

WAYS_SHOWN = 10
BY_HAND = 9
"""Ways without a rule come after all with one."""


@dataclass(frozen=True)
class Lost:
    """The last thing that ended on the way to the target."""

    at: datetime
    what: str
    cause: str
    evidence: str

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "verb": "ended",
            "what": self.what,
            "cause": self.cause,
            "evidence": self.evidence,
        }


@dataclass(frozen=True)
class Why:
    """The answer. `has` is None where the source does not let us see."""

    person: PersonRef
    target: Target
    moment: Moment
    has: bool | None
    access: Access | None
    paths: tuple[Path, ...]
    would_take: tuple[Path, ...]
    lost: Lost | None
    sentence: str

    def as_json(self) -> dict[str, Any]:
        return {
            "person": self.person.as_json(),
            "target": self.target.as_json(),
            "at": self.moment.at.isoformat(),
            "has": self.has,
            "paths": [path_json(path) for path in self.paths],
            "would_take": [path_json(path) for path in self.would_take],
            "lost": self.lost.as_json() if self.lost else None,
            "sentence": self.sentence,
        }


def why_for(who: int, text: str, moment: Moment, viewer: Viewer) -> Why:
    """As `why`, for a target by name; what is hidden exists only for a viewer who holds it.

    Raises NotFound.
    """
    own = replace(viewer, hidden=viewer.hidden_about(who))
    found = why(who, find_target(text, own), moment, own)
    if found.target.pk in viewer.hidden and not found.paths:
        find_target(text, viewer)
    return found


def why(who: int, target: Target, moment: Moment, viewer: Viewer) -> Why:
    """Why this person has the group or app at the moment, or why not, or why no longer."""
    ref = person(who, moment)
    routes = visible(of_people([who], moment), viewer.hidden_about(who))
    there = [route for route in routes if route.end.resource == target.pk]
    reason = reasons(there, {who: ref.name}, moment, hidden=viewer.hidden_about(who))
    held = next(iter(apps_of(there, reason)), None)
    member = next(iter(groups_of(there, reason)), None)
    paths = held.paths if held else (member.path,) if member else ()
    has = True if paths else None if _unseen(target) else False
    lost = None if paths else _lost(who, target, moment, viewer)
    ways = () if paths else _would_take(who, target, moment, viewer)
    sentence = _sentence(ref, target, has, held, paths, lost, ways)
    return Why(ref, target, moment, has, held, paths, ways, lost, sentence)


def _sentence(
    person: PersonRef,
    target: Target,
    has: bool | None,
    held: Access | None,
    paths: tuple[Path, ...],
    lost: Lost | None,
    ways: tuple[Path, ...],
) -> str:
    if has:
        level = f" as {held.level}" if held and held.level != "assigned" else ""
        ways_in = "one way" if len(paths) == 1 else f"{len(paths)} ways"
        if target.kind == "group":
            return f"{person.name} is in {target.name}. {paths[0].sentence}"
        return f"{person.name} has {target.name}{level}, in {ways_in}. {paths[0].sentence}"
    if has is None:
        return f"Whether {person.name} has {target.name} cannot be seen: Okta does not show it to Sightline."
    if not target.open:
        return f"{target.name} is switched off in Okta: nobody can use it."
    if not person.usable:
        return f"{person.name} has left: the Okta account is deactivated and opens nothing."
    if lost:
        ended = f"{lost.what} ended on {lost.at:%Y-%m-%d}. {lost.cause}"
        return f"{person.name} does not have {target.name} any more: {ended}"
    return f"{person.name} {_lacks(target, ways)}"


def _lacks(target: Target, ways: tuple[Path, ...]) -> str:
    nearest = f" {ways[0].sentence}" if ways and ways[0].steps[0].kind == "rule" else ""
    if target.kind == "group":
        return f"is not in {target.name}.{nearest}"
    if ways:
        group = next(step.name for step in ways[0].steps if step.kind == "group")
        return f"does not have {target.name}. It comes with {group}.{nearest}"
    return f"does not have {target.name}, and no group that Sightline can see opens it."


def _unseen(target: Target) -> bool:
    """The last applied read of the source could not see the facts that would tell."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT not_visible FROM orgmodel_run WHERE source = 'okta'"
            " AND outcome IN ('applied', 'unchanged') ORDER BY applied_at DESC LIMIT 1"
        )
        row = cursor.fetchone()
    blind = str(row[0]) if row else ""
    return any(
        f'"{kind}"' in blind for kind in (("grant",) if target.kind == "group" else ("grant", "edge", "seat"))
    )


def _lost(who: int, target: Target, moment: Moment, viewer: Viewer) -> Lost | None:
    """The newest end, before the moment, of a grant that led there, or of the last edge between them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.at, c.what, c.cause, c.evidence, coalesce(c.true_at, c.at)
            FROM orgmodel_change c
            WHERE c.person_id = %(person)s AND c.kind = 'grant' AND c.verb = 'ended' AND c.at <= %(at)s
              AND NOT coalesce(c.resource_id = ANY(%(hidden)s), false)
              AND (c.resource_id = %(target)s OR c.app_id = %(target)s OR EXISTS (
                SELECT FROM orgmodel_edge e
                JOIN orgmodel_entitlement s ON s.id = e.source_id
                JOIN orgmodel_entitlement t ON t.id = e.target_id
                WHERE s.resource_id = c.resource_id AND t.resource_id = %(target)s
                  AND e.began <= c.at AND (e.ended IS NULL OR e.ended >= c.at)))
            UNION ALL
            SELECT c.at, c.who || ' opens ' || c.what, c.cause, c.evidence, coalesce(c.true_at, c.at)
            FROM orgmodel_change c
            WHERE c.kind = 'edge' AND c.verb = 'ended' AND c.at <= %(at)s AND c.app_id = %(target)s
              AND NOT c.resource_id = ANY(%(hidden)s)
              AND EXISTS (
                SELECT FROM orgmodel_grant g JOIN orgmodel_account a ON a.id = g.account_id
                JOIN orgmodel_entitlement s ON s.id = g.entitlement_id
                WHERE a.person_id = %(person)s AND s.resource_id = c.resource_id
                  AND g.began <= c.at AND (g.ended IS NULL OR g.ended >= c.at))
            ORDER BY 1 DESC LIMIT 1""",
            {
                "person": who,
                "target": target.pk,
                "at": moment.at,
                "hidden": sorted(viewer.hidden_about(who)),
            },
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return Lost(row[4], row[1], cause_sentence(json_value(row[2]), "ended"), row[3])


def _would_take(who: int, target: Target, moment: Moment, viewer: Viewer) -> tuple[Path, ...]:
    """Rules into any group that leads to the target, nearest first; without a rule, the group alone."""
    groups = _groups_into(target, moment)
    named = {each.native_id: (each, level) for each, level in groups if each.pk not in viewer.hidden}
    proof = proofs(moment, groups=named, person=who, hidden=viewer.hidden_about(who))
    account, subject = next(iter(proof.subjects.items()), (0, None))
    rules = [
        (rule, native)
        for rule in proof.rules.values()
        for native in rule.targets
        if rule.status == "ACTIVE" and native in named
    ]
    ways: list[tuple[tuple[int, int, str], Path]] = []
    for rule, native in rules:
        said = proof.of(account, rule.expression)
        left_out = subject is not None and subject.native_id in rule.excluded
        far, sentence = wanting(rule.name, said, left_out=left_out)
        head = Step(
            "rule",
            rule.name,
            rule.native_id,
            expression=rule.expression,
            clauses=said.clauses if said else (),
        )
        path = Path((head, *_tail(*named[native], target)), sentence, "evaluated" if said else "none")
        ways.append(((far, len(said.missing) if said else 0, rule.name), path))
    fed = {native for _, native in rules}
    for native, (group, level) in named.items():
        if native not in fed:
            sentence = f"Somebody would have to add the person to {group.name}."
            ways.append(((BY_HAND, 0, group.name), Path(_tail(group, level, target), sentence, "none")))
    return tuple(path for _, path in sorted(ways, key=lambda way: way[0])[:WAYS_SHOWN])


def _tail(group: Target, level: str, target: Target) -> tuple[Step, ...]:
    """From the group to the target."""
    step = Step("group", group.name, group.native_id)
    return (step, Step("app", target.name, target.native_id, level)) if target.kind == "app" else (step,)


def _groups_into(target: Target, moment: Moment) -> list[tuple[Target, str]]:
    """Groups that lead to the target at the moment, with the level they give."""
    if target.kind == "group":
        return [(target, "")]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT t.level, {COLUMNS} FROM orgmodel_edge e
            JOIN orgmodel_entitlement s ON s.id = e.source_id JOIN orgmodel_resource r ON r.id = s.resource_id
            JOIN orgmodel_entitlement t ON t.id = e.target_id
            WHERE t.resource_id = %(target)s AND {moment.holds("e")} ORDER BY e.priority DESC""",
            {"target": target.pk, "at": moment.at},
        )
        return [(Target(*row[1:]), row[0]) for row in cursor.fetchall()]
