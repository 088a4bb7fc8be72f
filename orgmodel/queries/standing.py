"""How somebody stands with Okta and with one app, whatever groups say: the account and the assignment."""

from typing import Any

from django.db import connection

from orgmodel.why.obstacles import Standing

from .moments import Moment
from .rows import json_value


def standing(who: int, target: int, moment: Moment) -> Standing:
    """The person's Okta account, the usable one first, and its assignment to the app; one query."""
    with connection.cursor() as cursor:
        cursor.execute(standing_sql(moment), {"who": who, "target": target, "at": moment.at})
        row = cursor.fetchone()
    return stands(row[1] if row else None)


def stands(said: Any) -> Standing:
    """A row of `standing_sql` as a value; None: there is no account."""
    return Standing(*(json_value(said) or ()))


def standing_sql(moment: Moment) -> str:
    """SQL: one row, or none, for the person `who` and the app `target`."""
    return f"""
        SELECT 'standing', jsonb_build_array(account, status, sync_state, level) FROM (
            SELECT coalesce((
                SELECT t.value #>> '{{}}' FROM orgmodel_attribute t
                WHERE t.account_id = a.id AND t.name = 'status' AND {moment.holds("t")} LIMIT 1
            ), a.status) AS account, a.id, coalesce({moment.label("s", "seat", "status")}, '') AS status,
            coalesce({moment.label("s", "seat", "sync_state")}, '') AS sync_state,
            coalesce({moment.label("s", "seat", "level")}, '') AS level
            FROM orgmodel_account a
            LEFT JOIN orgmodel_seat s ON s.account_id = a.id AND s.app_id = %(target)s AND {moment.holds("s")}
            WHERE a.person_id = %(who)s AND a.source = 'okta' AND a.began <= %(at)s
              AND (a.ended IS NULL OR a.ended > %(at)s)
        ) stands ORDER BY account = 'DEPROVISIONED', id LIMIT 1"""
