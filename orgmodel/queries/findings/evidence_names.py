"""What people call the things that evidence names by native id."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from orgmodel.queries.visibility import Viewer


def evidence_names(evidence: Any, viewer: Viewer) -> dict[str, str]:
    """Native id → name, of groups, apps, rules, units and people; one query.

    An id that several things have is left out. Whoever may not see everything is told no names here: a
    rule may be called after what is confidential.
    """
    ids = sorted(set(_texts(evidence)))
    if not ids or viewer.veiled:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"ids": ids})
        return dict(cursor.fetchall())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


_NAMES = """
    SELECT native_id, min(name) FROM (
        SELECT native_id, name FROM orgmodel_resource WHERE native_id = ANY(%(ids)s)
        UNION ALL
        SELECT x.native_id, v.name FROM orgmodel_rule x JOIN LATERAL (
            SELECT name FROM orgmodel_ruleversion WHERE rule_id = x.id
            ORDER BY (ended IS NULL) DESC, ended DESC LIMIT 1) v ON true
        WHERE x.native_id = ANY(%(ids)s)
        UNION ALL
        SELECT native_id, name FROM orgmodel_orgunit WHERE native_id = ANY(%(ids)s)
        UNION ALL
        SELECT a.native_id, p.name FROM orgmodel_account a JOIN orgmodel_person p ON p.id = a.person_id
        WHERE a.native_id = ANY(%(ids)s)
    ) named WHERE name <> '' GROUP BY native_id HAVING count(DISTINCT name) = 1"""
