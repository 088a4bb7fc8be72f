"""Which attributes would make somebody like a colleague, as far as rules can see."""

from typing import Any

from django.db import connection

from orgmodel.queries.moments import now
from orgmodel.queries.rows import json_value
from orgmodel.queries.rules.rulebook import book
from orgmodel.queries.visibility import Viewer
from orgmodel.sources.roles import IS_DIRECTORY

OWN = frozenset(
    {
        "login",
        "email",
        "secondEmail",
        "mobilePhone",
        "firstName",
        "lastName",
        "displayName",
        "nickName",
        "employeeNumber",
        "profileUrl",
    }
)
"""Attributes that tell who somebody is: nobody becomes another by moving."""


def values_of_colleague(who: int, colleague: int, viewer: Viewer) -> dict[str, str]:
    """Attribute → the colleague's value as it is typed, of those that rules in force read and that differ.

    Empty text where the colleague has none. Rules that feed what the viewer may not see are left out. Two
    queries.
    """
    known = book(now(), viewer)
    read = {name for rule in known.rules.values() for name in rule.attributes} - OWN
    values: dict[int, dict[str, Any]] = {who: {}, colleague: {}}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT a.person_id, t.name, t.value FROM orgmodel_attribute t
            JOIN orgmodel_account a ON a.id = t.account_id AND a.source {IS_DIRECTORY} AND a.ended IS NULL
            WHERE t.ended IS NULL AND t.name = ANY(%s) AND a.person_id = ANY(%s)""",
            [sorted(read), [who, colleague]],
        )
        for person, name, value in cursor.fetchall():
            values[person][name] = json_value(value)
    mine, theirs = values[who], values[colleague]
    return {name: _typed(theirs.get(name)) for name in sorted(read) if mine.get(name) != theirs.get(name)}


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
