"""Which person is signing in: by the account of the issuer, or by an address."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from .visibility import PRESENT, USABLE_ACCOUNT


@dataclass(frozen=True)
class Candidate:
    """A person who may be meant. `present`: here, not suspended, and not locked out of Okta."""

    person: int
    present: bool
    account: int | None = None
    named_so: bool = False
    """The address is also the login of one of the person's accounts."""


def holder_of_account(source: str, native_id: str) -> Candidate | None:
    """The person whose account of the source has this id; None where no account with a person does."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT p.id, a.id, {PRESENT} AND {USABLE_ACCOUNT} FROM orgmodel_account a
            JOIN orgmodel_person p ON p.id = a.person_id
            WHERE a.source = %(source)s AND a.native_id = %(id)s""",
            {"id": native_id, "source": source},
        )
        row = cursor.fetchone()
    return Candidate(row[0], row[2], row[1]) if row else None


def people_at_address(address: str) -> list[Candidate]:
    """Everybody who has this e-mail address and has not left, suspended people included."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT p.id, {PRESENT}, EXISTS (
                SELECT FROM orgmodel_account a WHERE a.person_id = p.id AND a.ended IS NULL
                AND lower(a.login) = lower(%(address)s))
            FROM orgmodel_person p
            WHERE lower(p.email) = lower(%(address)s) AND p.ended IS NULL AND p.status <> 'ended'
            ORDER BY p.id LIMIT 20""",
            {"address": address},
        )
        rows = cursor.fetchall()
    return [Candidate(person, present, named_so=named) for person, present, named in rows]


def has_left_since(person: int, moment: datetime) -> bool:
    """Whether the person left after the moment, and so is back since: what was bound to them then is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT FROM orgmodel_change c WHERE c.person_id = %(id)s AND c.kind = 'person' AND c.at > %(at)s
              AND c.verb = 'changed' AND c.after ->> 'status' = 'ended' LIMIT 1""",
            {"id": person, "at": moment},
        )
        return cursor.fetchone() is not None


def is_present(person: int) -> bool:
    """Whether the person may still come in."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT FROM orgmodel_person p WHERE p.id = %(id)s AND {PRESENT}", {"id": person})
        return cursor.fetchone() is not None
