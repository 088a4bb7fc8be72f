"""Differences between HR and Okta about the same person."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.models import OrgUnit
from orgmodel.recognition import Register, Unit
from orgmodel.sources.fix import console
from orgmodel.sources.roles import DIRECTORIES, HR, IS_DIRECTORY, IS_HR

from .detectors import FIRST_ACCOUNT, Context, Found, detector, rows, short

# Of people (manager, name) the sentence has the names and the evidence the ids.
# A field is compared where both sources give it for anybody: what a source never tells is no difference.
# Null, empty text and empty list are the same; what HR keeps for a first day to come is not missing there.
_DIFFERENT = f"""
    WITH pair AS MATERIALIZED (
        SELECT DISTINCT ON (p.id) p.id, p.name AS person, p.status, p.manager_id, h.id AS hr, o.id AS okta,
               h.native_id AS record, o.native_id AS account, h.name AS ours, o.name AS theirs,
               h.manager_ref AS our_ref, o.manager_ref AS their_ref
        FROM orgmodel_person p
        JOIN orgmodel_account h ON h.person_id = p.id AND h.source {IS_HR} AND h.ended IS NULL
        JOIN orgmodel_account o ON o.person_id = p.id AND o.source {IS_DIRECTORY} AND o.ended IS NULL
         AND o.state <> 'ended'
        WHERE p.status <> 'ended' ORDER BY p.id, h.id, o.id
    ), held AS MATERIALIZED (
        SELECT t.account_id, t.name, nullif(nullif(t.value #>> '{{}}', ''), '[]') AS value
        FROM orgmodel_attribute t WHERE t.ended IS NULL AND t.name = ANY(%(names)s)
    ), told AS MATERIALIZED (
        SELECT held.name FROM held JOIN orgmodel_account a ON a.id = held.account_id
        WHERE held.value IS NOT NULL GROUP BY 1
        HAVING bool_or(a.source {IS_HR}) AND bool_or(a.source {IS_DIRECTORY})
    ), known AS MATERIALIZED (
        SELECT lower(x.ref) AS ref, x.person_id, min(x.rank) AS rank FROM (
            SELECT native_id AS ref, person_id, 1 AS rank FROM orgmodel_account WHERE source {IS_DIRECTORY}
            UNION ALL SELECT employee_number, person_id, 2 FROM orgmodel_account WHERE source {IS_DIRECTORY}
            UNION ALL SELECT native_id, person_id, 3 FROM orgmodel_account WHERE source {IS_HR}
            UNION ALL SELECT email, person_id, 4 FROM orgmodel_account
            UNION ALL SELECT login, person_id, 5 FROM orgmodel_account
        ) x WHERE x.ref <> '' AND x.person_id IS NOT NULL GROUP BY 1, 2
    ), meant AS MATERIALIZED (
        SELECT DISTINCT ON (pair.id) pair.id, known.person_id FROM pair
        JOIN known ON known.ref = lower(pair.their_ref) ORDER BY pair.id, known.rank
    ), field AS (
        SELECT pair.id, told.name, ours.value AS ours, theirs.value AS theirs,
               left(ours.value, 200) AS here, left(theirs.value, 200) AS there
        FROM pair CROSS JOIN told
        LEFT JOIN held ours ON ours.account_id = pair.hr AND ours.name = told.name
        LEFT JOIN held theirs ON theirs.account_id = pair.okta AND theirs.name = told.name
        WHERE ours.value IS DISTINCT FROM theirs.value
          AND (ours.value IS NOT NULL OR pair.status <> 'pending')
        UNION ALL
        SELECT id, 'name', nullif(ours, ''), nullif(theirs, ''), record, account FROM pair
        WHERE nullif(ours, '') IS DISTINCT FROM nullif(theirs, '')
        UNION ALL
        SELECT pair.id, 'manager', m.name, t.name,
               {FIRST_ACCOUNT.format("m")}, {FIRST_ACCOUNT.format("t")} FROM pair
        LEFT JOIN meant ON meant.id = pair.id
        LEFT JOIN orgmodel_person m ON m.id = pair.manager_id
        LEFT JOIN orgmodel_person t ON t.id = meant.person_id
        WHERE pair.manager_id IS DISTINCT FROM meant.person_id
          AND (pair.their_ref = '' OR meant.person_id IS NOT NULL)
          AND (pair.our_ref = '' OR pair.manager_id IS NOT NULL)
          AND (pair.our_ref <> '' OR pair.status <> 'pending')
          AND EXISTS (SELECT FROM pair x WHERE x.our_ref <> '')
          AND EXISTS (SELECT FROM pair x WHERE x.their_ref <> '')
    )
    SELECT pair.id, pair.person, pair.record, pair.account, array_agg(field.name ORDER BY field.name),
           array_agg(field.ours ORDER BY field.name), array_agg(field.theirs ORDER BY field.name),
           array_agg(field.here ORDER BY field.name), array_agg(field.there ORDER BY field.name)
    FROM pair JOIN field ON field.id = pair.id GROUP BY 1, 2, 3, 4 ORDER BY 2, 3"""


@detector("hris-okta-mismatch", "HR and Okta differ", "medium", "account", sources=(*DIRECTORIES, *HR))
def mismatch(context: Context) -> Iterable[Found]:
    """Fields that Okta has otherwise than the HR record; one finding per person. Silent where Okta is HR."""
    if context.truth in DIRECTORIES:
        return
    conventions = context.conventions
    names = {"title", *(kind.attribute for kind in conventions.unit_kinds if kind.attribute)}
    names |= set(conventions.move_attributes) - {"manager", "name"}
    found, named = rows(_DIFFERENT, {"names": sorted(names)}), _units(conventions)
    for person, name, record, account, *columns in found:
        # Each: field, what HR and Okta have in words, and as values.
        fields = [each for each in zip(*columns, strict=True) if not _same_unit(named, *each[:3])]
        if not fields:
            continue
        yield Found(
            (record,),
            f"{short(name)}: {_comparison(fields)}.",
            (person,),
            evidence={
                "record": record,
                "account": account,
                "fields": {field: {HR[0]: hr, DIRECTORIES[0]: okta} for field, _, _, hr, okta in fields},
            },
            fix=console(
                "Directory › People › {} › Profile: let the HR record {} fill it again (check the mapping and"
                " its last import)",
                account,
                record,
            ),
        )


def _comparison(fields: Sequence[Sequence[Any]]) -> str:
    return "; ".join(
        f"{field} is {_quoted(hr_value)} in HR and {_quoted(okta_value)} in Okta"
        for field, hr_value, okta_value, *_ in fields
    )


def _units(conventions: Conventions) -> Mapping[str, Register]:
    """Attribute → the units that its values name."""
    known: dict[str, list[Unit]] = {}
    for unit in OrgUnit.objects.filter(ended=None).exclude(source="attribute"):
        known.setdefault(unit.kind, []).append(Unit(unit.pk, unit.native_id, unit.slug, unit.name))
    kinds = (kind for kind in conventions.unit_kinds if kind.attribute)
    return {kind.attribute or "": Register(known.get(kind.kind, ())) for kind in kinds}


def _same_unit(named: Mapping[str, Register], field: str, ours: str | None, theirs: str | None) -> bool:
    """One system may give the unit's name and the other its slug."""
    if field not in named or ours is None or theirs is None:
        return False
    unit = named[field].meant(ours)
    return unit is not None and unit == named[field].meant(theirs)


def _quoted(value: str | None) -> str:
    return "empty" if value is None else f"“{short(value)}”"
