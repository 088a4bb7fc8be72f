"""Changes made by Okta itself because of an access review or request: the log says so in another line.

Such a line need not stand in the same transaction. It counts where it names the same person and the same
group or app, says that just this was carried out, and is of the same quarter of an hour.
"""

from django.db import connection

from .parameters import MergeParameters

CARRIED_OUT = (
    ("ended", "certification.%%remediat%%", "certification"),
    ("ended", "access.review.%%remediat%%", "certification"),
    ("ended", "app.access_request.expire", "request"),
    ("began", "app.access_request.grant", "request"),
    ("began", "access.request.resolve", "request"),
    ("began", "resource.collection.%%", "governance"),
    ("ended", "resource.collection.%%", "governance"),
)
"""Verb of the change, type of the line, and what kind of cause it is."""
_NEAR = " UNION ALL ".join(
    f"SELECT '{verb}' AS verb, '{line}' AS line, '{kind}' AS kind" for verb, line, kind in CARRIED_OUT
)
_GOVERNED = f"""
    UPDATE orgmodel_change t
    SET cause = (t.cause - 'actor' - 'actor_id') || jsonb_build_object('kind', x.kind, 'event', x.uuid)
    FROM (
        SELECT DISTINCT ON (c.id) c.id, k.kind, q.uuid
        FROM orgmodel_change c
        JOIN orgmodel_logevent v ON v.uuid = c.cause ->> 'event'
        JOIN ({_NEAR}) k ON k.verb = c.verb
        JOIN orgmodel_logevent q ON q.account = v.account AND q.type LIKE k.line
         AND (q."group" <> '' AND q."group" = v."group" OR q.app <> '' AND q.app = v.app)
         AND q.published BETWEEN v.published - interval '15 minutes' AND v.published + interval '15 minutes'
        WHERE c.run_id = %(run)s AND c.kind = 'grant' AND c.cause ->> 'kind' IN ('system', 'automation')
        ORDER BY c.id, abs(extract(epoch FROM q.published - v.published)), q.id
    ) x WHERE x.id = t.id"""


def find_governed(parameters: MergeParameters) -> None:
    """What Okta, or an automation, did for a review or a request is that review's, or that request's."""
    with connection.cursor() as cursor:
        cursor.execute(_GOVERNED, parameters.sql())
