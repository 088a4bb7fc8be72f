"""Who asks, and what is kept from them. Decided here, where data is fetched, never in a template."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from orgmodel.conventions import Visibility

from .moments import now


@dataclass(frozen=True)
class Viewer:
    """Somebody who asks. The command line asks as an admin."""

    person: int | None
    admin: bool = False
    auditor: bool = False
    hidden: frozenset[int] = field(default_factory=frozenset)
    """Resources that exist for this viewer only where they hold them themselves."""

    def hidden_about(self, person: int | None) -> frozenset[int]:
        """What is hidden in an answer about one person: nobody is kept from their own access."""
        return frozenset() if person is not None and person == self.person else self.hidden


OPERATOR = Viewer(person=None, admin=True)
"""Whoever runs the commands on the server."""


def viewer_for(person: int, visibility: Visibility) -> Viewer:
    """The person as a viewer: an admin or auditor by membership of the configured groups."""
    admin = _member(person, visibility.admins_group)
    auditor = admin or _member(person, visibility.auditors_group)
    hidden = frozenset() if auditor else confidential(visibility)
    return Viewer(person, admin, auditor, hidden)


def confidential(visibility: Visibility) -> frozenset[int]:
    """Ids of the groups and apps that the settings name, by name or native id."""
    found = [
        *_ids("group", visibility.confidential_groups),
        *_ids("app", visibility.confidential_apps),
    ]
    return frozenset(found)


def _ids(kind: str, names: Iterable[str]) -> list[int]:
    wanted = list(names)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM orgmodel_resource WHERE kind = %s AND (native_id = ANY(%s) OR name = ANY(%s))",
            [kind, wanted, wanted],
        )
        return [row[0] for row in cursor.fetchall()]


def _member(person: int, group: str) -> bool:
    if not group:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT EXISTS (
                SELECT FROM orgmodel_grant g
                JOIN orgmodel_account a ON a.id = g.account_id AND a.ended IS NULL
                 AND a.status <> 'DEPROVISIONED'
                JOIN orgmodel_entitlement e ON e.id = g.entitlement_id
                JOIN orgmodel_resource r ON r.id = e.resource_id AND r.ended IS NULL AND r.kind = 'group'
                WHERE a.person_id = %(person)s AND {now().holds("g")}
                  AND (r.name = %(group)s OR r.native_id = %(group)s))""",
            {"person": person, "group": group},
        )
        return bool(cursor.fetchone()[0])
