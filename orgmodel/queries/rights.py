"""Which group of Okta makes admins, and which auditors: one that Okta itself keeps, and only that one.

Whoever runs another system may call a group there as they like, and Okta imports it under that name. So a
group that comes from elsewhere gives nobody any right, and a name that fits two groups gives nobody any.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from orgmodel.conventions import Visibility
from orgmodel.sources.roles import IS_DIRECTORY

OWN = f"{{0}}.kind = 'group' AND {{0}}.source {IS_DIRECTORY} AND {{0}}.type IN ('own', 'built-in')"
"""SQL: the group (under the alias given) is one that Okta keeps itself, neither imported nor pushed."""
MAKING = f"""(
    SELECT coalesce(max(x.id) FILTER (WHERE x.native_id = %({{0}})s),
                    CASE WHEN count(*) = 1 THEN max(x.id) END)
    FROM orgmodel_resource x
    WHERE {OWN.format("x")} AND x.ended IS NULL AND %({{0}})s IN (x.name, x.native_id))"""
"""SQL: id of the group that the setting (a parameter, as text) means: by its id, or by a name that is its
alone; null where there is none, or several."""


@dataclass(frozen=True)
class RightsFault:
    """A setting that makes nobody an admin, or auditor, though it names a group. `what` and what to do."""

    setting: str
    what: str
    todo: str


def group_of(text: str) -> int | None:
    """The group that a setting means; None where it means none, or could mean several."""
    if not text:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {MAKING.format('text')}", {"text": text})
        found = cursor.fetchone()
    return int(found[0]) if found and found[0] is not None else None


def rights_faults(visibility: Visibility) -> tuple[RightsFault, ...]:
    """What is wrong with the groups that should make admins and auditors; a query for each that is set."""
    return tuple(_faults(visibility))


def _faults(visibility: Visibility) -> Iterator[RightsFault]:
    for setting, text, who in (
        ("visibility.admins_group", visibility.admins_group, "an admin"),
        ("visibility.auditors_group", visibility.auditors_group, "an auditor"),
    ):
        if not text or group_of(text) is not None:
            continue
        own, foreign = _called(text)
        nobody = f"nobody is {who} by it"
        if own:
            yield RightsFault(
                setting, f"{own} groups of Okta have the name it gives: {nobody}", "Name the group by its id."
            )
        elif foreign:
            yield RightsFault(
                setting,
                f"The group it names comes from another system: {nobody}",
                "Name a group that Okta itself keeps.",
            )
        else:
            yield RightsFault(
                setting, f"No group has the name or id it gives: {nobody}", "Check how Okta writes the name."
            )


def _called(text: str) -> tuple[int, int]:
    """How many groups of Okta's own have the name or id, and how many others."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT count(*) FILTER (WHERE {OWN.format("r")}), count(*) FILTER (WHERE NOT ({OWN.format("r")}))
            FROM orgmodel_resource r
            WHERE r.kind = 'group' AND r.ended IS NULL AND %(text)s IN (r.name, r.native_id)""",
            {"text": text},
        )
        own, foreign = cursor.fetchone()
    return own, foreign
