"""The two things being compared: found by name, as they were at their moments."""

from dataclasses import dataclass, replace
from typing import Any

from orgmodel.queries.moments import Moment, now
from orgmodel.queries.nearest import typed
from orgmodel.queries.people import Ambiguous, Candidate, NotFound, PersonRef, UnitRef, find_person, person
from orgmodel.queries.rows import json_value
from orgmodel.queries.targets import find_unit
from orgmodel.queries.together import Lasting, ask, rows


@dataclass(frozen=True)
class ComparedSubject:
    """One of the two things compared, as it was at its moment. Of a unit also those above and inside it."""

    ref: PersonRef | UnitRef
    moment: Moment
    above: tuple[UnitRef, ...] = ()
    below: frozenset[int] = frozenset()

    @property
    def is_person(self) -> bool:
        return isinstance(self.ref, PersonRef)

    @property
    def has_left(self) -> bool:
        """A person who was not here any more at the moment."""
        return isinstance(self.ref, PersonRef) and not self.ref.usable

    def as_typed(self, text: str) -> str:
        """What a form shows for this text: an address instead of the key of a person."""
        return self.ref.email or text if isinstance(self.ref, PersonRef) and text == self.ref.key else text

    def same(self, other: "ComparedSubject") -> bool:
        """The same thing, at any moment."""
        return (self.is_person, self.ref.pk) == (other.is_person, other.ref.pk)

    def as_json(self) -> dict[str, Any]:
        known = ("email", "name", "units") if self.is_person else ("id", "name", "slug")
        whole = {"kind": "person", **self.ref.as_json(), "at": self.moment.at.isoformat()}
        return {key: whole[key] for key in ("kind", *known, "at")}


def find_sides(
    texts: tuple[str, str], moments: tuple[Moment, Moment]
) -> tuple[ComparedSubject, ComparedSubject]:
    """Who or what is meant, as it was then; one query where the names are nobody else's.

    Raises NotFound, and Ambiguous for a name that several people or units have.
    """
    found = _sides(texts, moments)
    if len(found) < len(texts):
        meant = [text if place in found else _meant(text) for place, text in enumerate(texts)]
        found = _sides((meant[0], meant[1]), moments)
    return found[0], found[1]


def _sides(texts: tuple[str, str], moments: tuple[Moment, Moment]) -> dict[int, ComparedSubject]:
    ats = ["infinity" if moment.live else moment.at.isoformat() for moment in moments]
    found = ask(rows(Lasting(_SIDES), {"texts": [typed(text) for text in texts], "ats": ats}))
    return {place - 1: _side(moments[place - 1], *map(json_value, row)) for place, *row in found}


def _meant(text: str) -> str:
    """The key of the one person or unit that is meant. Raises NotFound and Ambiguous."""
    near: list[str] = []
    several: list[Candidate] = []
    for find in (_key_of_person, _key_of_unit):
        try:
            return find(text)
        except Ambiguous as error:
            several.extend(error.candidates)
        except NotFound as error:
            near.extend(error.near)
    if several:
        raise Ambiguous("person or team", text, several)
    raise NotFound("person or team", text, near)


def _key_of_person(text: str) -> str:
    return person(find_person(text), now()).key


def _key_of_unit(text: str) -> str:
    return find_unit(text).address


def _side(moment: Moment, person: Any, unit: Any, units: Any, below: Any) -> ComparedSubject:
    around = tuple(UnitRef(*each) for each in units or ())
    if person:
        return ComparedSubject(replace(PersonRef(*person), units=around), moment)
    return ComparedSubject(UnitRef(*unit), moment, around, frozenset(below))


# Of a name that is nobody else's; the first kind of name that fits decides, of units a team before others.
_NAMED = """
    SELECT 1 AS rank, false AS later, coalesce(merged_into_id, id) AS person, NULL::int8 AS unit
    FROM orgmodel_person WHERE key = t.text
    UNION ALL SELECT 2, false, NULL, id FROM orgmodel_orgunit WHERE address = t.text
    UNION ALL SELECT 3, false, min(id), NULL FROM orgmodel_person
    WHERE lower(email) = lower(t.text) HAVING count(*) = 1
    UNION ALL SELECT 4, false, min(person_id), NULL FROM orgmodel_account
    WHERE native_id = t.text OR lower(email) = lower(t.text) HAVING count(DISTINCT person_id) = 1
    UNION ALL SELECT 5, false, min(id), NULL FROM orgmodel_person
    WHERE lower(name) = lower(t.text) AND ended IS NULL HAVING count(*) = 1
    UNION ALL SELECT 6, ended IS NOT NULL OR kind <> 'team', NULL, id FROM orgmodel_orgunit
    WHERE native_id = t.text OR kind || ':' || slug = lower(t.text) OR lower(name) = lower(t.text)
    UNION SELECT 7, u.ended IS NOT NULL OR u.kind <> 'team', NULL, u.id FROM orgmodel_orgunit u
    JOIN orgmodel_attribute x ON x.unit_id = u.id
    WHERE x.name IN ('name', 'slug') AND lower(x.value #>> '{}') = lower(t.text)"""
_UNIT = "u.id, u.native_id, u.kind, {0}, u.slug, u.address"
_THEN = "{0}.began <= t.at AND ({0}.ended IS NULL OR {0}.ended > t.at)"
_CALLED = f"""coalesce((SELECT x.value #>> '{{}}' FROM orgmodel_attribute x
    WHERE x.unit_id = u.id AND x.name = 'name' AND {_THEN.format("x")} LIMIT 1), u.name)"""
_STATUS = """coalesce((SELECT x.before ->> 'status' FROM orgmodel_change x
    WHERE x.kind = 'person' AND x.fact = p.id AND x.verb = 'changed' AND x.at > t.at
    ORDER BY x.at, x.id LIMIT 1), p.status)"""
_SIDES = f"""
    SELECT t.side, (
        SELECT jsonb_build_array(p.id, p.key, p.name, p.email, {_STATUS}, p.title)
        FROM orgmodel_person p WHERE p.id = f.person), (
        SELECT jsonb_build_array({_UNIT.format(_CALLED)}) FROM orgmodel_orgunit u WHERE u.id = f.unit),
        coalesce((SELECT jsonb_agg(jsonb_build_array({_UNIT.format("u.name")})
                                   ORDER BY (u.kind = 'team') DESC, u.kind, u.name)
        FROM orgmodel_assignment s JOIN orgmodel_orgunit u ON u.id = s.unit_id
        WHERE s.person_id = f.person AND {_THEN.format("s")}), (
        WITH RECURSIVE above (id, depth, seen) AS (
            SELECT f.unit, 0, ARRAY[f.unit]
            UNION ALL
            SELECT (x.value #>> '{{}}')::bigint, a.depth + 1, a.seen || (x.value #>> '{{}}')::bigint
            FROM above a JOIN orgmodel_attribute x ON x.unit_id = a.id AND x.name = 'parent'
             AND {_THEN.format("x")} WHERE NOT (x.value #>> '{{}}')::bigint = ANY(a.seen))
        SELECT jsonb_agg(jsonb_build_array({_UNIT.format("u.name")}) ORDER BY a.depth)
        FROM above a JOIN orgmodel_orgunit u ON u.id = a.id WHERE a.depth > 0)), (
        WITH RECURSIVE below (id) AS (
            SELECT f.unit UNION SELECT u.id FROM (
                SELECT u.id, u.parent_id AS parent FROM orgmodel_orgunit u WHERE t.at = 'infinity'
                UNION ALL
                SELECT x.unit_id, (x.value #>> '{{}}')::bigint FROM orgmodel_attribute x
                WHERE t.at < 'infinity' AND x.unit_id IS NOT NULL AND x.name = 'parent'
                  AND {_THEN.format("x")}) u
            JOIN below b ON u.parent = b.id)
        SELECT jsonb_agg(id) FROM below)
    FROM unnest(%(texts)s::text[], %(ats)s::timestamptz[]) WITH ORDINALITY t (text, at, side)
    JOIN LATERAL (
        SELECT person, unit FROM (
            SELECT person, unit, rank() OVER (ORDER BY rank, later) AS nth,
                   count(*) OVER (PARTITION BY rank, later) AS same FROM ({_NAMED}) named
        ) first WHERE nth = 1 AND same = 1
    ) f ON true"""
