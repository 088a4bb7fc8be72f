"""Since when a person has the values that rules read, what they were before, and who set them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.queries.rules.rule_evaluation import tree_of
from orgmodel.queries.together import Lasting, ask, rows
from orgmodel.rules.explain import Clause
from orgmodel.rules.spoken import shown
from orgmodel.rules.tree import attributes_of
from orgmodel.sources.roles import IS_DIRECTORY, IS_HR
from orgmodel.why.paths import Path, Step

LONG_AGO = "there before Sightline began"
NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Setting:
    """One value. `since` is None where it was there at the first read; `was` is empty where nothing was."""

    since: datetime | None
    was: str
    by: str


def dated(paths: Iterable[Path], who: int, moment: Moment) -> tuple[Path, ...]:
    """The paths, with since when and by whom in each clause of a rule; one query, or none."""
    given = tuple(paths)
    clauses = [clause for path in given for step in path.steps for clause in step.clauses]
    names = sorted({name for clause in clauses if (name := _reads(clause))})
    if not names:
        return given
    found = _settings(who, names, moment)
    return tuple(replace(path, steps=tuple(_step(step, found) for step in path.steps)) for path in given)


def _step(step: Step, found: Mapping[str, Setting]) -> Step:
    return replace(step, clauses=tuple(_clause(each, found.get(_reads(each))) for each in step.clauses))


def _clause(clause: Clause, setting: Setting | None) -> Clause:
    if setting is None:
        return clause
    return replace(clause, since=setting.since, was=setting.was, set_by=setting.by)


def _reads(clause: Clause) -> str:
    """The one attribute that a clause looks at; nothing for none and for several."""
    node = tree_of(clause.text)
    names = attributes_of(node) if node else ()
    return names[0] if len(names) == 1 else ""


def _settings(who: int, names: list[str], moment: Moment) -> dict[str, Setting]:
    sql = Lasting(_SET.format(value=moment.holds("t"), record=moment.holds("h")))
    found = ask(rows(sql, {"person": who, "names": names, "at": moment.at}))
    return {name: _setting(*rest) for name, *rest in found}


def _setting(since: datetime, was: Any, cause: Any, baseline: bool | None, recorded: bool) -> Setting:
    details = json_value(cause) or {}
    before = "" if was is None else shown(json_value(was))
    if baseline and not before:
        return Setting(None, "", "the HR record" if recorded else LONG_AGO)
    return Setting(since, before, _by(details, recorded))


def _by(cause: Mapping[str, Any], recorded: bool) -> str:
    """Who set a value. HR's record comes first: whoever wrote it into Okta only passed it on."""
    actor = str(cause.get("actor") or "")
    if recorded:
        return f"the HR record, passed on by {actor}" if actor else "the HR record"
    return {
        "admin": f"{actor or 'somebody'}, by hand",
        "automation": f"the automation {actor}" if actor else "an automation",
        "import": "an import",
        "system": "Okta itself",
    }.get(str(cause.get("kind")), NOT_KNOWN)


_SET = f"""
    SELECT DISTINCT ON (t.name) t.name, coalesce(t.true_began, c.true_at, t.began), before.value,
           c.cause, c.baseline, EXISTS (
        SELECT FROM orgmodel_attribute h
        JOIN orgmodel_account b ON b.id = h.account_id AND b.source {IS_HR} AND b.person_id = %(person)s
        WHERE h.name = t.name AND h.value = t.value AND {{record}})
    FROM orgmodel_attribute t
    JOIN orgmodel_account a ON a.id = t.account_id AND a.source {IS_DIRECTORY} AND a.person_id = %(person)s
    LEFT JOIN LATERAL (
        SELECT o.value FROM orgmodel_attribute o
        WHERE o.account_id = t.account_id AND o.name = t.name AND o.ended <= t.began
        ORDER BY o.ended DESC LIMIT 1) before ON true
    LEFT JOIN LATERAL (
        SELECT x.cause, x.baseline, x.true_at FROM orgmodel_change x
        WHERE x.kind = 'attribute' AND x.fact = t.id AND x.verb <> 'ended'
        ORDER BY x.id DESC LIMIT 1) c ON true
    WHERE t.name = ANY(%(names)s) AND {{value}} ORDER BY t.name, t.began DESC"""
