"""Who asks, and what is kept from them. Decided here, where data is fetched, never in a template."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from orgmodel.conventions import Visibility


@dataclass(frozen=True)
class Viewer:
    """Somebody who asks. The command line asks as an admin."""

    person: int | None
    admin: bool = False
    auditor: bool = False
    hidden: frozenset[int] = field(default_factory=frozenset)
    """Resources that exist for this viewer only where they hold them themselves."""
    key: str = ""
    name: str = ""

    def hidden_about(self, person: int | None) -> frozenset[int]:
        """What is hidden in an answer about one person: nobody is kept from their own access."""
        return frozenset() if person is not None and person == self.person else self.hidden


OPERATOR = Viewer(person=None, admin=True)
"""Whoever runs the commands on the server."""


def viewer_for(person: int, visibility: Visibility) -> Viewer:
    """The person as a viewer: an admin or auditor by membership of the configured groups; one query."""
    return viewer_where("p.id = %(person)s", {"person": person}, visibility) or Viewer(person)


def viewer_by_email(email: str, visibility: Visibility) -> Viewer | None:
    """The one person with this address as a viewer; None when nobody or several have it, or who has left."""
    return viewer_where(f"lower(p.email) = lower(%(email)s) AND {PRESENT}", {"email": email}, visibility)


def viewer_signed_in(person: int, account: int | None, visibility: Visibility) -> Viewer | None:
    """The person of a session, known by this account if by one; None once either of them is out."""
    where = f"p.id = %(person)s AND {PRESENT} AND (%(account)s::bigint IS NULL OR {_STILL_THEIRS})"
    return viewer_where(where, {"person": person, "account": account}, visibility)


def viewer_where(where: str, parameters: dict[str, Any], visibility: Visibility) -> Viewer | None:
    """The only person that the condition (ours, over the alias p) finds, with their rights."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT p.id, p.key, p.name, {_MEMBER.format("admins")}, {_MEMBER.format("auditors")}, (
                SELECT array_agg(r.id) FROM orgmodel_resource r
                WHERE (r.kind = 'group' AND (r.native_id = ANY(%(groups)s) OR r.name = ANY(%(groups)s)))
                   OR (r.kind = 'app' AND (r.native_id = ANY(%(apps)s) OR r.name = ANY(%(apps)s))))
            FROM orgmodel_person p WHERE {where} LIMIT 2""",
            {
                **parameters,
                "admins": visibility.admins_group,
                "auditors": visibility.auditors_group,
                "groups": list(visibility.confidential_groups),
                "apps": list(visibility.confidential_apps),
            },
        )
        rows = cursor.fetchall()
    if len(rows) != 1:
        return None
    person, key, name, admin, auditor, confidential = rows[0]
    seen = admin or auditor
    return Viewer(person, admin, seen, frozenset() if seen else frozenset(confidential or ()), key, name)


USABLE_ACCOUNT = """(
    a.ended IS NULL AND lower(a.status) NOT IN ('deprovisioned', 'suspended', 'staged', 'ended'))"""
"""Okta lets in nobody with such an account; over the alias a."""
PRESENT = f"""(
    p.ended IS NULL AND p.status NOT IN ('ended', 'suspended') AND (
        NOT EXISTS (SELECT FROM orgmodel_account a WHERE a.person_id = p.id AND a.source = 'okta')
        OR EXISTS (
            SELECT FROM orgmodel_account a
            WHERE a.person_id = p.id AND a.source = 'okta' AND {USABLE_ACCOUNT})))"""
"""Who may look: whoever is here, whatever HR says of somebody whom Okta has shut out; over the alias p."""
_STILL_THEIRS = f"""EXISTS (
    SELECT FROM orgmodel_account a WHERE a.id = %(account)s AND a.person_id = p.id AND {USABLE_ACCOUNT})"""
_MEMBER = f"""(%({{0}})s <> '' AND EXISTS (
    SELECT FROM orgmodel_grant g
    JOIN orgmodel_account a ON a.id = g.account_id AND {USABLE_ACCOUNT}
    JOIN orgmodel_entitlement e ON e.id = g.entitlement_id
    JOIN orgmodel_resource r ON r.id = e.resource_id AND r.ended IS NULL AND r.kind = 'group'
    WHERE a.person_id = p.id AND g.ended IS NULL AND (r.name = %({{0}})s OR r.native_id = %({{0}})s)))"""
