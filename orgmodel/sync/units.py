"""Org units from the control plane, from groups that carry them, from attribute values; who belongs where."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from orgmodel.conventions import Conventions
from orgmodel.models import OrgUnit, Resource
from orgmodel.recognition import Group, Register, Sign, Unit, signs, slugify

from .entities import kept
from .people import PRIMARY
from .versions import Versioned, merge

UNIT_FACE = Versioned(
    kind="unit",
    table="orgmodel_attribute",
    key=("unit_id", "name"),
    values=("value",),
    want="""
        SELECT u.id AS unit_id, x.name, x.value, NULL::timestamptz AS true_began
        FROM orgmodel_orgunit u CROSS JOIN LATERAL (VALUES
            ('name', to_jsonb(u.name)), ('slug', to_jsonb(u.slug)), ('parent', to_jsonb(u.parent_id)),
            ('lead', to_jsonb(u.lead_id)), ('active', to_jsonb(u.active))
        ) x (name, value) WHERE u.ended IS NULL AND x.value IS NOT NULL""",
    snapshot="c.value",
    scope="c.unit_id IS NOT NULL",
    replaces=True,
)
LINK = Versioned(
    kind="link",
    table="orgmodel_unitlink",
    key=("unit_id", "group_id"),
    values=("evidence",),
    want="SELECT unit_id, group_id, evidence, NULL::timestamptz AS true_began FROM want_link",
    snapshot="to_jsonb(c.evidence)",
)


def merge_stated_units(parameters: dict[str, Any]) -> None:
    """Units that the control plane, or the HRIS, keeps as records of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO orgmodel_orgunit
                (kind, native_id, source, name, slug, address, active, active_from, active_to, began)
            SELECT DISTINCT ON (kind, native_id) kind, native_id, %(source)s, name, slug,
                   kind || ':' || native_id, active, active_from, active_to, %(now)s::timestamptz
            FROM stage_unit ORDER BY kind, native_id
            ON CONFLICT (kind, native_id) DO UPDATE SET source = excluded.source,
                name = excluded.name, slug = excluded.slug, active = excluded.active,
                active_from = excluded.active_from, active_to = excluded.active_to, ended = NULL""",
            parameters,
        )
        cursor.execute(
            """
            UPDATE orgmodel_orgunit c SET parent_id = p.id, merged_into_id = m.id, lead_ref = s.lead
            FROM stage_unit s
            LEFT JOIN orgmodel_orgunit p ON p.native_id = s.parent AND p.native_id <> s.native_id
            LEFT JOIN orgmodel_orgunit m ON m.native_id = s.merged_into
            WHERE c.kind = s.kind AND c.native_id = s.native_id"""
        )
        cursor.execute(
            f"""
            UPDATE orgmodel_orgunit c SET ended = %(now)s WHERE c.source = %(source)s
              AND c.ended IS NULL AND NOT {kept("unit", "c.native_id")} AND NOT EXISTS (
                SELECT FROM stage_unit s WHERE s.kind = c.kind AND s.native_id = c.native_id)""",
            parameters,
        )


def derive_units(conventions: Conventions, parameters: dict[str, Any]) -> None:
    """Recognise units in groups and attribute values, link them, and write their faces and addresses."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS want_link, unit_value")
        cursor.execute(
            "CREATE TEMP TABLE want_link (unit_id bigint, group_id bigint, evidence text) ON COMMIT DROP"
        )
        cursor.execute(
            "CREATE TEMP TABLE unit_value (attribute text, value jsonb, unit_id bigint) ON COMMIT DROP"
        )
    known = _Known(conventions, parameters["now"])
    links = known.link(signs(conventions.unit_kinds, _groups()))
    values = known.values()
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO want_link VALUES (%s, %s, %s)", links)
        cursor.executemany("INSERT INTO unit_value VALUES (%s, %s::jsonb, %s)", values)
    known.end_unused({unit for unit, _, _ in links} | {unit for _, _, unit in values})
    _addresses()
    _leads()
    merge(UNIT_FACE, parameters)
    merge(LINK, parameters)


def _groups() -> Iterable[Group]:
    rows = Resource.objects.filter(kind="group", ended=None).values_list(
        "id", "name", "description", "profile"
    )
    return (Group(*row) for row in rows.iterator())


@dataclass
class _Known:
    """The units known so far, and those that groups and values add where no record of the kind exists."""

    conventions: Conventions
    now: Any

    def __post_init__(self) -> None:
        self.units: dict[str, list[OrgUnit]] = {}
        self.by_key: dict[tuple[str, int], OrgUnit] = {}
        self.by_native: dict[tuple[str, str], OrgUnit] = {}
        self.by_slug: dict[tuple[str, str], OrgUnit] = {}
        self.parents: dict[int, str] = {}
        self.former = _former_names()
        for unit in OrgUnit.objects.order_by("id"):
            if unit.ended is None or unit.source not in {"control", "hris"}:
                self._enter(unit)

    def _enter(self, unit: OrgUnit) -> None:
        self.units.setdefault(unit.kind, []).append(unit)
        self.by_key[unit.kind, unit.pk] = unit
        self.by_native.setdefault((unit.kind, unit.native_id), unit)
        self.by_slug.setdefault((unit.kind, unit.slug), unit)

    def recorded(self, kind: str) -> bool:
        """Units of this kind are kept as records: then nothing else may invent one."""
        return any(unit.source in {"control", "hris"} for unit in self.units.get(kind, []))

    def link(self, found: Iterable[Sign]) -> list[tuple[int, int, str]]:
        """Unit, group and evidence of every link; units that only groups carry are made."""
        links = []
        for sign in found:
            unit = self._named(sign)
            if unit is None and not self.recorded(sign.kind):
                unit = self._make(
                    sign.kind, sign.record or f"group:{sign.slug}", "okta", sign.name, sign.slug
                )
            if unit is None:
                continue
            if unit.source == "okta":
                self._dress(unit, sign)
            links.append((unit.pk, sign.group, sign.evidence))
        self._hang()
        return list(dict.fromkeys(links))

    def values(self) -> list[tuple[str, str, int]]:
        """Attribute, value as JSON text, unit."""
        found = []
        for kind in self.conventions.unit_kinds:
            if not kind.attribute:
                continue
            register = Register(_entry(unit) for unit in self.units.get(kind.kind, []))
            for value, text in _distinct_values(kind.attribute):
                unit = self._meant(register, kind.kind, text)
                if unit is None and not self.recorded(kind.kind):
                    unit = self._make(kind.kind, f"value:{text}", "attribute", text, slugify(text))
                    register.add(_entry(unit))
                if unit is not None:
                    found.append((kind.attribute, value, unit.pk))
        return found

    def end_unused(self, used: set[int]) -> None:
        """A unit that no record, group or value speaks of any more has ended."""
        for unit in (unit for units in self.units.values() for unit in units):
            if unit.source in {"control", "hris"} or (unit.ended is None) == (unit.pk in used):
                continue
            unit.ended = None if unit.pk in used else self.now
            unit.save(update_fields=["ended"])

    def _named(self, sign: Sign) -> OrgUnit | None:
        if sign.record:
            exact = self.by_native.get((sign.kind, sign.record))
            if exact or not self.recorded(sign.kind):
                return exact
        return self.by_slug.get((sign.kind, sign.slug))

    def _meant(self, register: Register, kind: str, text: str) -> OrgUnit | None:
        found = register.meant(text)
        # A rename reaches the sources one after another: until then the former name still means the unit.
        former = self.former.get((kind, text.strip().casefold()), set())
        known = found.id if found else next(iter(former)) if len(former) == 1 else None
        return self.by_key.get((kind, known)) if known is not None else None

    def _make(self, kind: str, native: str, source: str, name: str, slug: str) -> OrgUnit:
        unit = OrgUnit.objects.create(
            kind=kind,
            native_id=native,
            source=source,
            name=name,
            slug=slug,
            address=f"{kind}:{native}",
            began=self.now,
        )
        self._enter(unit)
        return unit

    def _dress(self, unit: OrgUnit, sign: Sign) -> None:
        if sign.parent:
            self.parents[unit.pk] = sign.parent
        if (unit.name, unit.slug, unit.active) != (sign.name, sign.slug, sign.active):
            if self.by_slug.get((unit.kind, unit.slug)) is unit:
                del self.by_slug[unit.kind, unit.slug]
            self.by_slug.setdefault((unit.kind, sign.slug), unit)
            unit.name, unit.slug, unit.active = sign.name, sign.slug, sign.active
            unit.save(update_fields=["name", "slug", "active"])

    def _hang(self) -> None:
        by_native = {unit.native_id: unit for units in self.units.values() for unit in units}
        for unit in (unit for units in self.units.values() for unit in units):
            if unit.source != "okta":
                continue
            parent = by_native.get(self.parents.get(unit.pk, ""))
            if unit.parent_id != (parent.pk if parent else None):
                unit.parent = parent
                unit.save(update_fields=["parent"])


def _entry(unit: OrgUnit) -> Unit:
    return Unit(unit.pk, unit.native_id, unit.slug, unit.name)


def _former_names() -> dict[tuple[str, str], set[int]]:
    """Kind and folded name or slug → the units that are or were called so, as far as their faces tell.

    The faces are a run behind: in the run that renames a unit they still carry the former name.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.kind, t.value #>> '{}', u.id FROM orgmodel_attribute t
            JOIN orgmodel_orgunit u ON u.id = t.unit_id
            WHERE t.name IN ('name', 'slug')"""
        )
        found: dict[tuple[str, str], set[int]] = {}
        for kind, name, unit in cursor.fetchall():
            found.setdefault((kind, name.strip().casefold()), set()).add(unit)
        return found


def _distinct_values(attribute: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT t.value::text, t.value #>> '{{}}' FROM ({PRIMARY}) p
            JOIN orgmodel_attribute t ON t.account_id = p.id AND t.ended IS NULL
            WHERE t.name = %s AND p.ended IS NULL AND t.value #>> '{{}}' <> ''
            ORDER BY 2""",
            [attribute],
        )
        return list(cursor.fetchall())


def _leads() -> None:
    """Who leads each recorded unit; the HR record's id comes before Okta's."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH wanted AS (
                SELECT u.id, (SELECT a.person_id FROM orgmodel_account a
                              WHERE a.native_id = u.lead_ref AND a.source IN ('hris', 'okta')
                              ORDER BY a.source LIMIT 1) AS lead_id
                FROM orgmodel_orgunit u WHERE u.lead_ref <> '' OR u.lead_id IS NOT NULL
            )
            UPDATE orgmodel_orgunit u SET lead_id = w.lead_id FROM wanted w
            WHERE w.id = u.id AND u.lead_id IS DISTINCT FROM w.lead_id"""
        )


def _addresses() -> None:
    """The slug alone where it is free; with the kind, then the id, where two units share it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH ranked AS (
                SELECT id, kind, slug, address, row_number() OVER (
                    PARTITION BY slug ORDER BY (ended IS NULL) DESC, (kind = 'team') DESC, id) AS nth
                FROM orgmodel_orgunit
            ), wanted AS (
                SELECT id, address, CASE WHEN nth = 1 THEN slug ELSE kind || '-' || slug || '-' || id END
                    AS better FROM ranked
            )
            SELECT id, better FROM wanted WHERE address <> better""",
        )
        rows = cursor.fetchall()
        # Two steps, so that two units may change places without meeting in the unique index.
        cursor.executemany(
            "UPDATE orgmodel_orgunit SET address = 'moving-' || id WHERE id = %s", [r[:1] for r in rows]
        )
        cursor.executemany(
            "UPDATE orgmodel_orgunit SET address = %s WHERE id = %s", [(b, i) for i, b in rows]
        )
