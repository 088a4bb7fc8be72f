"""Whom to ask for a group or an app: its owners in Okta, else the lead of its unit, else the settings."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import connection

from orgmodel.conventions import Ask
from orgmodel.why.asking import Asking, Contact, request_text, request_url, settled

from .routes import Target
from .visibility import Viewer

MOST = 5
"""People of whom one is enough."""


def asking(target: Target, groups: Sequence[Target], who: int | None, viewer: Viewer, ask: Ask) -> Asking:
    """Whom `who` asks for the target, which comes with these groups, nearest first; one query.

    It is of today whatever date the page has: one asks those who are there.
    """
    with connection.cursor() as cursor:
        given: dict[str, Any] = {
            "groups": [group.pk for group in groups],
            "who": who,
            "hidden": sorted(viewer.hidden),
        }
        cursor.execute(_NAMED, given)
        rows = cursor.fetchall()
    name, email = next(((row[2], row[3]) for row in rows if row[0] == "self"), ("", ""))
    owners, leads = (
        tuple(dict.fromkeys(_contact(*row) for row in rows if row[0] == role))[:MOST]
        for role in ("owner", "lead")
    )
    group = groups[0].name if groups and target.kind == "app" else ""
    text = request_text(name, email, target.name, kind=target.kind, group=group)
    url = request_url(ask.request_url, email or name, target.name, text)
    contacts = settled(_each_once(owners or leads), ask)
    return Asking(tuple(replace(contact, url=url) for contact in contacts), text, url)


def _contact(role: str, key: str, name: str, email: str, group: str, unit: str) -> Contact:
    because = f"Owns {group} in Okta." if role == "owner" else f"Leads {unit}, whose group is {group}."
    return Contact(name, email, because, key=key)


def _each_once(contacts: Sequence[Contact]) -> list[Contact]:
    """Somebody who owns several of the groups is named for the nearest."""
    return list({contact.key or contact.name: contact for contact in reversed(contacts)}.values())[::-1]


_NAMED = """
    SELECT role, key, name, email, called, unit FROM (
        SELECT k.place, 'owner' AS role, coalesce(p.key, '') AS key, coalesce(p.name, w.name, o.name) AS name,
               coalesce(p.email, '') AS email, g.name AS called, '' AS unit
        FROM unnest(%(groups)s::bigint[]) WITH ORDINALITY k (id, place)
        JOIN orgmodel_resource g ON g.id = k.id AND g.ended IS NULL
        JOIN orgmodel_owner o ON o.group_id = g.id AND o.ended IS NULL
        LEFT JOIN orgmodel_account a ON a.id = o.account_id
        LEFT JOIN orgmodel_person p ON p.id = a.person_id
        LEFT JOIN orgmodel_resource w
          ON o.kind = 'GROUP' AND w.source = g.source AND w.native_id = o.native_id AND w.kind = 'group'
        WHERE coalesce(p.status <> 'ended', true) AND coalesce(a.status <> 'DEPROVISIONED', true)
          AND coalesce(p.id <> %(who)s, true) AND NOT coalesce(w.id = ANY(%(hidden)s), false)
          AND coalesce(p.name, w.name, o.name) <> ''
        UNION ALL
        SELECT k.place, 'lead', p.key, p.name, p.email, g.name, u.name
        FROM unnest(%(groups)s::bigint[]) WITH ORDINALITY k (id, place)
        JOIN orgmodel_resource g ON g.id = k.id AND g.ended IS NULL
        JOIN orgmodel_unitlink l ON l.group_id = g.id AND l.ended IS NULL
        JOIN orgmodel_orgunit u ON u.id = l.unit_id AND u.ended IS NULL
        JOIN orgmodel_person p ON p.id = u.lead_id AND p.status <> 'ended'
        WHERE coalesce(p.id <> %(who)s, true)
        UNION ALL
        SELECT 0, 'self', p.key, p.name, p.email, '', '' FROM orgmodel_person p WHERE p.id = %(who)s
    ) named ORDER BY place, lower(name), key"""
