"""What is planned for people: moves to come, first and last days. Who may see it is decided here.

Admins and auditors see everything; somebody's manager and the lead of their unit see what is planned for
them; everybody sees their own, but not their own last day: that people hear from people, not from a page.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.queries.together import Lasting, Question, ask
from orgmodel.why.coming import ENDED, MANAGER, STATUS, UNIT, VALUE, Plan, PlannedDay, What, planned_days
from orgmodel.why.voice import Voice

from .moments import Moment
from .visibility import Viewer


@dataclass(frozen=True)
class Coming:
    """One day on which something will change for somebody."""

    key: str
    """Of the person, as in addresses."""
    name: str
    planned: PlannedDay

    @property
    def sentence(self) -> str:
        return self.planned.sentence

    @property
    def day(self) -> date:
        return self.planned.day

    def as_json(self) -> dict[str, Any]:
        return self.planned.as_json()


def coming_for(person: int, moment: Moment, viewer: Viewer, known: Conventions) -> tuple[Coming, ...]:
    """What was planned for somebody at the moment, as far as the viewer may see it; one query."""
    return ask(asking_coming(person, moment, viewer, known))


def asking_coming(
    person: int, moment: Moment, viewer: Viewer, known: Conventions
) -> Question[tuple[Coming, ...]]:
    """The same as a question."""
    return _asking("p.id = %(person)s", {"person": person}, moment, viewer, known)


def coming_to(
    unit: int, members: Iterable[int], moment: Moment, viewer: Viewer, known: Conventions
) -> tuple[Coming, ...]:
    """The same for the members of a unit, and for those who are to join it."""
    where = """(p.id = ANY(%(members)s) OR a.id IN (
        SELECT x.account_id FROM orgmodel_plannedchange x WHERE x.unit_id = %(unit)s))"""
    return ask(_asking(where, {"unit": unit, "members": sorted(set(members))}, moment, viewer, known))


def coming_for_all(moment: Moment, viewer: Viewer, known: Conventions) -> tuple[Coming, ...]:
    """The same for everybody."""
    return ask(_asking("true", {}, moment, viewer, known))


def _asking(
    where: str, values: dict[str, Any], moment: Moment, viewer: Viewer, known: Conventions
) -> Question[tuple[Coming, ...]]:
    today = moment.at.astimezone(known.notify.time_zone).date()
    kinds = {kind.attribute: kind.kind for kind in known.unit_kinds if kind.attribute}
    rows = yield (
        Lasting(
            _PLANNED.format(
                where=where,
                holds=moment.holds("c"),
                unit=moment.of_unit("u", "name"),
                assigned=moment.holds("s"),
                former=moment.of_unit("o", "name"),
                valued=moment.holds("t"),
                status=moment.label("p", "person", "status"),
            )
        ),
        {
            **values,
            "at": moment.at,
            "today": today,
            "kinds": json.dumps(kinds),
            "all": viewer.admin or viewer.auditor,
            "viewer": viewer.person,
        },
    )
    found: list[Coming] = []
    for (person, key, name), own in groupby(rows, key=lambda row: row[:3]):
        voice = Voice(name, own=viewer.person == person, spoken=viewer.spoken)
        days = planned_days(_plans([row[3:] for row in own], viewer), voice, today)
        found += [Coming(key, name, each) for each in days]
    return tuple(sorted(found, key=lambda each: (each.day, each.name.casefold(), each.key)))


def _plans(rows: Sequence[tuple[Any, ...]], viewer: Viewer) -> list[Plan]:
    """Plans of one person, each with what it takes the place of: that may be an earlier plan."""
    plans: list[Plan] = []
    holding: dict[str, str] = {}
    for attribute, value, valid_from, kind, unit, manager, before in _once(rows):
        if attribute == STATUS:
            plans.append(Plan(valid_from, STATUS, STATUS, value))
        elif attribute == MANAGER:
            plans.append(
                Plan(valid_from, MANAGER, MANAGER, manager or "", unknown=bool(value and not manager))
            )
        else:
            spoken = viewer.spoken
            what: What = UNIT if kind else VALUE
            name = kind.replace("_", " ") if kind else spoken.attribute(attribute)
            after = unit or (spoken.value(attribute, value) if value else "")
            was = holding.get(name, before or "")
            if was == after:
                continue
            plans.append(Plan(valid_from, what, name, after, was))
            holding[name] = after if was or what == VALUE else ""
    return plans


def _once(rows: Sequence[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
    """Rows without those that say the same of a unit, by a value and by an assignment."""
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for row in rows:
        attribute, value, valid_from, kind, unit, _, before = row
        key = (valid_from, kind or attribute, (unit or value).casefold())
        if key not in found or (before and not found[key][-1]):
            found[key] = row
    return found.values()


# A plan whose day has passed has come true, or the next read says what became of it. Nobody is in a unit
# before their first day.
_PLANNED = f"""
    SELECT DISTINCT p.id, p.key, p.name, c.attribute, c.value, c.valid_from, k.kind,
           coalesce({{unit}}, u.name), m.name,
           CASE WHEN k.kind IS NULL THEN (
               SELECT t.value #>> '{{{{}}}}' FROM orgmodel_attribute t
               WHERE t.account_id = c.account_id AND t.name = c.attribute AND {{valued}})
           WHEN NOT ({{status}} = 'pending' AND c.valid_from <= p.start_date) THEN (
               SELECT string_agg(x.name, ' and ' ORDER BY x.name) FROM (
                   SELECT coalesce({{former}}, o.name) AS name FROM orgmodel_assignment s
                   JOIN orgmodel_orgunit o ON o.id = s.unit_id
                   WHERE s.person_id = p.id AND o.kind = k.kind AND {{assigned}}
                     AND (NOT c.placed OR s.valid_to <= c.valid_from)) x) END
    FROM orgmodel_plannedchange c
    JOIN orgmodel_account a ON a.id = c.account_id AND a.began <= %(at)s
     AND (a.ended IS NULL OR a.ended > %(at)s)
    JOIN orgmodel_person p ON p.id = a.person_id
    LEFT JOIN orgmodel_orgunit u ON u.id = c.unit_id
    LEFT JOIN orgmodel_person m ON m.id = c.manager_id
    CROSS JOIN LATERAL (SELECT coalesce(u.kind, %(kinds)s::jsonb ->> c.attribute) AS kind) k
    WHERE {{holds}} AND c.valid_from >= %(today)s AND ({{where}}) AND (
        %(all)s
        OR (p.id = %(viewer)s AND NOT (c.attribute = '{STATUS}' AND c.value = '{ENDED}'))
        OR (p.id <> %(viewer)s AND (
            EXISTS (SELECT FROM orgmodel_managerline l
                    WHERE l.person_id = p.id AND l.manager_id = %(viewer)s AND l.ended IS NULL)
            OR EXISTS (SELECT FROM orgmodel_assignment s JOIN orgmodel_orgunit o ON o.id = s.unit_id
                       WHERE s.person_id = p.id AND o.lead_id = %(viewer)s AND s.ended IS NULL))))
    ORDER BY p.id, c.valid_from, c.attribute, c.value"""
