"""What must be said next to what somebody has, or who has something, as things are now."""

from dataclasses import dataclass
from typing import Any

from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.queries.together import Lasting, Question, ask, rows
from orgmodel.queries.visibility import Viewer
from orgmodel.sources.roles import IS_DIRECTORY
from orgmodel.sources.state_words import hindrance, unusable_words
from orgmodel.why.caveats import (
    OPEN_TO_EVERYONE,
    Unusable,
    cannot_sign_in,
    not_read,
    unusable,
)

from .target import Target

_STATE = "CASE WHEN s.sync_state = 'ERROR' THEN 'ERROR' ELSE s.status END"


@dataclass(frozen=True)
class PersonCaveats:
    """Of a person: what hinders their Okta accounts, and what is assigned to them and cannot be used."""

    hindrances: tuple[str, ...] = ()
    """Of each account why it cannot be used to sign in; empty: it can."""
    unusable: tuple[Unusable, ...] = ()
    move: dict[str, Any] | None = None
    """The newest move, for a link."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """In words, only what there is to say."""
        return tuple(filter(None, (cannot_sign_in(self.hindrances), unusable(self.unusable, "apps"))))


def caveats(target: Target, moment: Moment) -> tuple[str, ...]:
    """Of a group or an app that the viewer may see; nothing is known of a moment that is past. No query."""
    if not moment.live:
        return ()
    open_ = OPEN_TO_EVERYONE if target.for_all else ""
    return tuple(filter(None, (open_, not_read(target.unread.split()))))


def unusable_people(app: Target, moment: Moment) -> tuple[str, ...]:
    """Who is assigned to an app that the viewer may see, and cannot use it; one query."""
    if not moment.live:
        return ()
    sql = f"""
        SELECT jsonb_object_agg(x.state, x.names) FROM (
            SELECT {_STATE} AS state, array_agg(p.name ORDER BY lower(p.name), p.id) AS names
            FROM orgmodel_seat s
            JOIN orgmodel_account a ON a.id = s.account_id AND a.ended IS NULL
             AND a.state <> 'ended'
            JOIN orgmodel_person p ON p.id = a.person_id
            WHERE s.app_id = %(app)s AND s.ended IS NULL AND {_STATE} = ANY(%(states)s)
            GROUP BY 1) x"""
    [(found,)] = ask(rows(Lasting(sql), {"app": app.pk, "states": list(unusable_words())}))
    return tuple(filter(None, (unusable(_states(found), "people"),)))


def asking_beside(person: int, moment: Moment, viewer: Viewer) -> Question[PersonCaveats]:
    """What is shown next to what a person has, without what the viewer may not know of, as a question.

    The newest move is for the person and for those who may see everything.
    """
    own = viewer.admin or viewer.auditor or viewer.person == person
    sql = f"""
        SELECT (SELECT jsonb_agg(a.status ORDER BY a.id) FROM orgmodel_account a
                WHERE a.person_id = %(person)s AND a.source {IS_DIRECTORY} AND a.ended IS NULL), (
            SELECT jsonb_object_agg(x.state, x.names) FROM (
                SELECT {_STATE} AS state, array_agg(r.name ORDER BY lower(r.name), r.id) AS names
                FROM orgmodel_seat s
                JOIN orgmodel_account a ON a.id = s.account_id AND a.ended IS NULL
                 AND a.state <> 'ended'
                JOIN orgmodel_resource r ON r.id = s.app_id AND r.ended IS NULL
                 AND r.status <> 'inactive' AND NOT r.id = ANY(%(hidden)s)
                WHERE a.person_id = %(person)s AND s.ended IS NULL AND {_STATE} = ANY(%(states)s)
                GROUP BY 1) x), m.id, m.kind, m.opened
        FROM (SELECT 1) one LEFT JOIN LATERAL (
            SELECT id, kind, opened FROM orgmodel_move WHERE person_id = %(person)s AND %(own)s
            ORDER BY opened DESC LIMIT 1) m ON true"""
    [(accounts, found, number, kind, opened)] = yield (
        Lasting(sql),
        {
            "person": person,
            "own": own,
            "hidden": sorted(viewer.hidden_about(person)),
            "states": list(unusable_words()),
        },
    )
    move = {"id": number, "kind": kind, "opened": opened} if number else None
    if not moment.live:
        return PersonCaveats(move=move)
    return PersonCaveats(tuple(map(hindrance, json_value(accounts) or ())), _states(found), move)


def _states(found: object) -> tuple[Unusable, ...]:
    """By state, in the order in which they are shown."""
    by_state = json_value(found) or {}
    words = unusable_words().items()
    return tuple(Unusable(why, tuple(by_state[state])) for state, why in words if state in by_state)
