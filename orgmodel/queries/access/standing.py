"""The state of somebody's account and of their assignment to one app, whatever groups say."""

from typing import Any

from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.sources.roles import IS_DIRECTORY
from orgmodel.sources.state_words import ENDED_WORDS, account_state, hindrance, seat_state
from orgmodel.why.obstacles import Standing


def stands(raw: Any) -> Standing:
    """What the SQL of this module gives as a value; None: there is no account."""
    found = json_value(raw)
    if not found:
        return Standing()
    account, seat, sync_state, level = found
    unusable = seat.lower() if seat_state(seat) in {"suspended", "ended"} else ""
    return Standing(account_state(account), hindrance(account), unusable, sync_state, level)


def state_sql(moment: Moment, account: str) -> str:
    """SQL: the state of an account (SQL of its id) at the app `target`, as one value."""
    return f"""(
        SELECT jsonb_build_array(coalesce((
            SELECT t.value #>> '{{}}' FROM orgmodel_attribute t
            WHERE t.account_id = x.id AND t.name = 'status' AND {moment.holds("t")} LIMIT 1
        ), x.status), coalesce({moment.label("s", "seat", "status")}, ''),
        coalesce({moment.label("s", "seat", "sync_state")}, ''),
        coalesce({moment.label("s", "seat", "level")}, ''))
        FROM orgmodel_account x
        LEFT JOIN orgmodel_seat s ON s.account_id = x.id AND s.app_id = %(target)s AND {moment.holds("s")}
        WHERE x.id = {account})"""


def standing_sql(moment: Moment) -> str:
    """SQL: one row, or none, for the person `who`: the usable account first."""
    return f"""
        SELECT 'standing', said FROM (
            SELECT a.id, {state_sql(moment, "a.id")} AS said FROM orgmodel_account a
            WHERE {moment.owned("a", "ARRAY[%(who)s::bigint]")} AND a.source {IS_DIRECTORY}
              AND a.began <= %(at)s AND (a.ended IS NULL OR a.ended > %(at)s)
        ) stands ORDER BY said ->> 0 IN ({ENDED_WORDS}), id LIMIT 1"""
