"""Why something turned out differently from its rehearsal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from orgmodel.models import Foreseen
from orgmodel.queries.rows import json_value
from orgmodel.rules.spoken import AS_WRITTEN, Spoken
from orgmodel.sources.roles import IS_DIRECTORY
from orgmodel.why.causes import Cause
from orgmodel.why.paths import quoted

from .rehearsal_state import Held, Opened


@dataclass(frozen=True)
class AccessAtMoment:
    """What a person has at one moment. `apps`: app → level."""

    apps: Mapping[int, str]
    holds: Held
    opens: Opened

    def differs(self, other: "AccessAtMoment", app: int) -> bool:
        """Only this side has the app, or at another level; what is assigned directly is of no level."""
        other_level = other.apps.get(app)
        return other_level is None or (
            "" not in {other_level, self.apps[app]} and other_level != self.apps[app]
        )

    def ways(self, app: int) -> list[str]:
        """The person's groups that open the app."""
        return [group for group in sorted(self.holds.groups) if app in self.opened(group)]

    def opened(self, group: str) -> set[int]:
        return {opening.app.pk for opening in self.opens.by_group(group)}


@dataclass(frozen=True)
class Facts:
    """What explains differences, for all people at once."""

    attributes: dict[tuple[int, str], Any]
    """Person and attribute → the value that Okta has now."""
    rules: dict[str, tuple[str, str, bool]]
    """Rule → its name, its status now (deleted where it is gone), and whether it was changed since."""
    groups: dict[str, tuple[int, str]]
    """Native id → id and name."""
    apps: dict[int, tuple[str, str]]
    """Id → name and native id."""
    causes: dict[tuple[int, int, str], str]
    """Person, group or app, and verb → the cause of the last such change since."""


@dataclass(frozen=True)
class PlannedPerson:
    """One person, what the plan sets, and the facts."""

    person: int
    values: Mapping[str, Any]
    facts: Facts
    spoken: Spoken = AS_WRITTEN
    """How attributes and their values are called."""


def not_gained(gain: Mapping[str, Any], now: AccessAtMoment, planned: PlannedPerson) -> str:
    """Why an app that was to come did not."""
    group = gain["through"] or gain["group"]
    if reason := _not_done(planned) or _rule_changed(gain["rules"], planned.facts):
        return reason
    if gain["group"] in now.holds.groups:
        return f"They are in {group}, which does not open it at this level any more."
    return f"What the rule looks at is as planned, and they are not in {group}."


def not_lost(loss: Mapping[str, Any], now: AccessAtMoment, planned: PlannedPerson) -> str:
    """Why an app that was to go is still there."""
    if reason := _not_done(planned):
        return reason
    ways = now.ways(loss["id"])
    if loss["group"] in ways:
        by = [
            planned.facts.rules[rule][0]
            for rule in now.holds.groups[loss["group"]]
            if rule in planned.facts.rules
        ]
        keeps = f"the rule {quoted(by[0])} keeps them there" if by else "no rule keeps them there"
        group = loss["through"] or loss["group"]
        return _rule_changed(loss["rules"], planned.facts) or f"They are still in {group}; {keeps}."
    if ways:
        return f"They have it through {_name(ways[0], planned.facts)} now."
    return "It is assigned to them directly."


def unforeseen(
    app: int, verb: str, holding: AccessAtMoment, lacking: AccessAtMoment, planned: PlannedPerson
) -> str:
    """Why an app came or went that nobody foresaw. `holding`: the side that has it, `lacking`: the other."""
    causes = planned.facts.causes
    if reason := causes.get((planned.person, app, verb)):
        return reason
    for group in holding.ways(app):
        pk, name = planned.facts.groups.get(group, (0, group))
        if app not in lacking.opened(group):
            return f"{name} {'opens it now' if verb == 'began' else 'does not open it any more'}."
        if reason := causes.get((planned.person, pk, verb)):
            return f"It {'comes' if verb == 'began' else 'came'} with {name}. {reason}"
    return "It is held at another level." if app in lacking.apps else "What made it happen is not known."


def facts(foreseen: Sequence[Foreseen], since: datetime) -> Facts:
    """What explains differences from these forecasts; one query."""
    names = sorted({name for each in foreseen for name in each.values})
    parameters: dict[str, Any] = {
        "who": [each.person_id for each in foreseen],
        "names": names,
        "since": since,
    }
    found = Facts({}, {}, {}, {}, {})
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join((_ATTRIBUTES, _RULES, _RESOURCES, _CAUSES)), parameters)
        for kind, values in cursor.fetchall():
            _take(found, kind, *json_value(values))
    return found


def _take(found: Facts, kind: str, *values: Any) -> None:
    match kind, values:
        case "attribute", (person, name, value):
            found.attributes[person, name] = value
        case "rule", (native, name, status, changed):
            found.rules[native] = (name, status, changed)
        case "group", (native, pk, name):
            found.groups[native] = (pk, name)
        case "app", (native, pk, name):
            found.apps[pk] = (name, native)
        case "cause", (person, resource, verb, cause):
            found.causes[person, resource, verb] = Cause.read(cause, verb).sentence()


def _not_done(planned: PlannedPerson) -> str:
    """The plan itself was not carried out for the person."""
    for name, value in planned.values.items():
        actual = planned.facts.attributes.get((planned.person, name))
        if (actual or None) != (value or None):
            spoken = planned.spoken
            is_now, foreseen = spoken.value(name, actual), spoken.value(name, value)
            return f"Okta says that {spoken.attribute(name)} is {is_now}, not {foreseen}."
    return ""


def _rule_changed(rules: Sequence[str], known: Facts) -> str:
    for native in rules:
        name, status, changed = known.rules.get(native, (native, "deleted", True))
        if status == "deleted":
            return f"The rule {quoted(name)} is gone."
        if status != "active":
            return f"The rule {quoted(name)} is inactive."
        if changed:
            return f"The rule {quoted(name)} was changed since."
    return ""


def _name(group: str, known: Facts) -> str:
    return known.groups[group][1] if group in known.groups else group


_ATTRIBUTES = f"""
    SELECT 'attribute', jsonb_build_array(a.person_id, t.name, t.value) FROM orgmodel_attribute t
    JOIN orgmodel_account a ON a.id = t.account_id AND a.source {IS_DIRECTORY} AND a.ended IS NULL
    WHERE t.ended IS NULL AND t.name = ANY(%(names)s) AND a.person_id = ANY(%(who)s)"""
_RULES = f"""
    SELECT 'rule', said FROM (
        SELECT DISTINCT ON (r.id) jsonb_build_array(
            r.native_id, v.name, CASE WHEN r.ended IS NULL THEN v.status ELSE 'deleted' END,
            v.began > %(since)s) AS said
        FROM orgmodel_rule r JOIN orgmodel_ruleversion v ON v.rule_id = r.id
        WHERE r.source {IS_DIRECTORY} ORDER BY r.id, v.began DESC) rules"""
# Of several of one id the one that is there comes last, and is taken.
_RESOURCES = """
    SELECT kind, said FROM (
        SELECT kind, jsonb_build_array(native_id, id, name) AS said FROM orgmodel_resource
        ORDER BY ended NULLS LAST) resources"""
_CAUSES = """
    SELECT 'cause', said FROM (
        SELECT jsonb_build_array(person_id, coalesce(resource_id, app_id), verb, cause) AS said
        FROM orgmodel_change
        WHERE kind = 'grant' AND verb IN ('began', 'ended') AND at > %(since)s AND person_id = ANY(%(who)s)
        ORDER BY at, id) causes"""
