"""Whom to ask for a group or an app: its owners in Okta, else the lead of its unit, else the settings.

It is of today whatever date the page has: one asks those who are there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from orgmodel.conventions import Ask
from orgmodel.queries.access.edge_walk import back_from
from orgmodel.queries.access.holdings import visible
from orgmodel.queries.access.routes import Route, asking_routes_of
from orgmodel.queries.access.target import Target
from orgmodel.queries.moments import Moment, now
from orgmodel.queries.rows import json_value
from orgmodel.queries.together import Question
from orgmodel.queries.visibility import Viewer
from orgmodel.why.asking import Asking, Contact, request_text, request_url, settled

MOST = 5
"""People of whom one is enough."""


@dataclass(frozen=True)
class Responsible:
    """Somebody to whom a group belongs. `role`: owner, lead, or self for whoever asks."""

    role: str
    group: int
    key: str
    name: str
    email: str
    called: str
    unit: str


def named(raw: Any) -> Responsible:
    """A row of `named_sql` as a value."""
    return Responsible(*json_value(raw))


def contacts_of(
    rows: Sequence[Responsible], target: Target, groups: Sequence[Target], ask: Ask, *, first: str = ""
) -> Asking:
    """Whom to ask among those who are named for these groups, nearest first.

    `first`: what must be done before, as a sentence of the text to send.
    """
    places = {group.pk: place for place, group in enumerate(groups)}
    near = sorted(
        (row for row in rows if row.group in places),
        key=lambda row: (places[row.group], row.name.casefold(), row.key),
    )
    name, email = next(((row.name, row.email) for row in rows if row.role == "self"), ("", ""))
    owners, leads = ([_contact(row) for row in near if row.role == role] for role in ("owner", "lead"))
    group = groups[0].name if groups and target.kind == "app" else ""
    text = request_text(name, email, target.name, kind=target.kind, group=group, first=first)
    url = request_url(ask.request_url, email or name, target.name, text)
    contacts = settled(_each_once(owners or leads)[:MOST], ask)
    asking = Asking(tuple(replace(contact, url=url) for contact in contacts), text, url)
    return asking.without_request() if target.for_all else asking


def asking_given(who: int | None, target: Target, viewer: Viewer) -> Question[list[Route]]:
    """How somebody has been given the group or app today, whether or not they can use it just now."""
    if who is None:
        return []
    routes = yield from asking_routes_of([who], now(), towards=target.pk)
    shown = visible(routes, viewer.about(who).hidden)
    return [route for route in shown if route.end.resource == target.pk]


def _contact(row: Responsible) -> Contact:
    owns = f"Owns {row.called} in Okta."
    because = owns if row.role == "owner" else f"Leads {row.unit}, whose group is {row.called}."
    return Contact(row.name, row.email, because, key=row.key)


def _each_once(contacts: Sequence[Contact]) -> list[Contact]:
    """Somebody who owns several of the groups is named for the nearest."""
    once: dict[str, Contact] = {}
    for contact in contacts:
        once.setdefault(contact.key or contact.name, contact)
    return list(once.values())


def named_sql(groups: str) -> str:
    """SQL: owners and leads of the groups (SQL of an array of ids), and `who` asks. Takes who, hidden."""
    return f"""
        SELECT 'named', jsonb_build_array(
               'owner', g.id, coalesce(p.key, ''), coalesce(p.name, w.name, o.name),
               coalesce(p.email, ''), g.name, '')
        FROM orgmodel_resource g
        JOIN orgmodel_owner o ON o.group_id = g.id AND o.ended IS NULL
        LEFT JOIN orgmodel_account a ON a.id = o.account_id
        LEFT JOIN orgmodel_person p ON p.id = a.person_id
        LEFT JOIN orgmodel_resource w
          ON o.kind = 'GROUP' AND w.source = g.source AND w.native_id = o.native_id AND w.kind = 'group'
        WHERE g.id = ANY({groups}) AND g.ended IS NULL AND coalesce(p.status <> 'ended', true)
          AND coalesce(a.state <> 'ended', true) AND coalesce(p.id <> %(who)s, true)
          AND NOT coalesce(w.id = ANY(%(hidden)s), false) AND coalesce(p.name, w.name, o.name) <> ''
        UNION ALL
        SELECT 'named', jsonb_build_array('lead', g.id, p.key, p.name, p.email, g.name, u.name)
        FROM orgmodel_resource g
        JOIN orgmodel_unitlink l ON l.group_id = g.id AND l.ended IS NULL
        JOIN orgmodel_orgunit u ON u.id = l.unit_id AND u.ended IS NULL
        JOIN orgmodel_person p ON p.id = u.lead_id AND p.status <> 'ended'
        WHERE g.id = ANY({groups}) AND g.ended IS NULL AND coalesce(p.id <> %(who)s, true)
        UNION ALL
        SELECT 'named', jsonb_build_array('self', 0, p.key, p.name, p.email, '', '')
        FROM orgmodel_person p WHERE p.id = %(who)s"""


def opener_sql(moment: Moment) -> str:
    """SQL: the groups that lead to the app `target`, near or far, as an array of ids. Takes hidden."""
    back = back_from(
        "SELECT id FROM orgmodel_entitlement WHERE resource_id = %(target)s",
        moment.holds("e"),
        within="NOT t.resource_id = ANY(%(hidden)s)",
    )
    return f"""ARRAY(
        SELECT DISTINCT r.id FROM orgmodel_entitlement s
        JOIN orgmodel_resource r ON r.id = s.resource_id AND r.kind = 'group' WHERE s.id IN ({back}))"""
