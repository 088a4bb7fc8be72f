"""How somebody stands with Okta and with one app, whatever groups say: the account and the assignment."""

from django.db import connection

from orgmodel.why.obstacles import Standing

from .moments import Moment


def standing(who: int, target: int, moment: Moment) -> Standing:
    """The person's Okta account, the usable one first, and its assignment to the app; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT * FROM (SELECT coalesce((
                SELECT t.value #>> '{{}}' FROM orgmodel_attribute t
                WHERE t.account_id = a.id AND t.name = 'status' AND {moment.holds("t")} LIMIT 1
            ), a.status) AS account, coalesce({moment.label("s", "seat", "status")}, ''),
            coalesce({moment.label("s", "seat", "sync_state")}, ''),
            coalesce({moment.label("s", "seat", "level")}, '')
            FROM orgmodel_account a
            LEFT JOIN orgmodel_seat s ON s.account_id = a.id AND s.app_id = %(target)s AND {moment.holds("s")}
            WHERE a.person_id = %(who)s AND a.source = 'okta' AND a.began <= %(at)s
              AND (a.ended IS NULL OR a.ended > %(at)s)
            ORDER BY a.id) stands ORDER BY account = 'DEPROVISIONED' LIMIT 1""",
            {"who": who, "target": target, "at": moment.at},
        )
        row = cursor.fetchone()
    return Standing(*row) if row else Standing()
