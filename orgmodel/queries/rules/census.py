"""Everybody as rules see them: one column per attribute, in the order of names."""

import json
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from django.db import connection

from orgmodel.queries.moments import Moment
from orgmodel.queries.together import rows, together
from orgmodel.rules.population import Population
from orgmodel.sources.roles import IS_DIRECTORY
from orgmodel.sources.state_words import account_state


@dataclass(frozen=True)
class Census:
    """The population of the rules; `people` and `names` stand in the same order."""

    population: Population
    people: tuple[int, ...]
    names: tuple[str, ...]
    keys: tuple[str, ...]


def census(
    attributes: Collection[str], moment: Moment, *, grouped: bool = False, present: bool = False
) -> Census:
    """Every Okta account of a person with these attributes; `grouped`: and the groups it is in.

    `present`: without accounts that are closed now.

    One query, or two. Without groups, no question about them has an answer.
    """
    # What a status is today the account itself says: the walk through everybody's is for the past.
    read = [*attributes] if moment.live else [*attributes, "status"]
    people, [(schema, uncovered)] = together(
        rows(
            _ACCOUNTS.format(value=moment.holds("t"), there=_there(moment), **_PROFILE[len(read) == 1]),
            {"names": read, "at": moment.at, "all": not present},
        ),
        rows(_SCHEMA.format(there=moment.holds("c")), {"at": moment.at}),
    )
    profiles = values_of(row[6] for row in people)
    members, names, unread = _members([row[0] for row in people], moment) if grouped else ({}, {}, {})
    statuses = [str(each.get("status", row[2])) for row, each in zip(people, profiles, strict=True)]
    states = {status: account_state(status) for status in set(statuses)}
    population = Population(
        natives=[row[1] for row in people],
        statuses=statuses,
        states=[states[status] for status in statuses],
        attributes={name: [each.get(name) for each in profiles] for name in attributes},
        members=members,
        names=names,
        schema=frozenset(schema) if schema else None,
        complete=grouped and not uncovered,
        unread=unread,
    )
    return Census(
        population,
        tuple(row[3] for row in people),
        tuple(row[4] for row in people),
        tuple(row[5] for row in people),
    )


def values_of(raw: Iterable[Any]) -> list[dict[str, Any]]:
    """What jsonb columns of raw rows hold, decoded at one go: ten thousand small texts cost more than one."""
    joined = ",".join("{}" if each is None else each for each in raw)
    decoded: list[dict[str, Any]] = json.loads(f"[{joined}]")
    return decoded


def _there(moment: Moment) -> str:
    """SQL: the account (alias a) exists at the moment."""
    if moment.live:
        return "a.ended IS NULL"
    return "a.began <= %(at)s AND (a.ended IS NULL OR a.ended > %(at)s)"


def _members(
    accounts: list[int], moment: Moment
) -> tuple[dict[str, AbstractSet[int]], Mapping[str, str], Mapping[str, str]]:
    """Group → places of its members, group → name, and the same of those whose members could not be read."""
    places = {account: place for place, account in enumerate(accounts)}
    found: dict[str, AbstractSet[int]] = {}
    names: dict[str, str] = {}
    unread: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT r.native_id, r.name, array_agg(g.account_id), false FROM orgmodel_grant g
            JOIN orgmodel_entitlement e ON e.id = g.entitlement_id
            JOIN orgmodel_resource r ON r.id = e.resource_id AND r.kind = 'group'
            WHERE {moment.holds("g")} GROUP BY 1, 2
            UNION ALL
            SELECT r.native_id, r.name, '{{}}', true FROM orgmodel_resource r
            WHERE %(live)s AND r.kind = 'group' AND r.ended IS NULL AND 'grant' = ANY(r.unread)""",
            {"at": moment.at, "live": moment.live},
        )
        for native, name, members, dark in cursor.fetchall():
            if dark:
                unread[native] = name
            found[native] = {places[account] for account in members if account in places}
            names[native] = name
    return found, names, unread


# An account has at most one value of an attribute at a time: a single one needs no putting together.
_PROFILE = {
    True: {"profile": "jsonb_build_object(t.name, t.value)", "together": ""},
    False: {"profile": "jsonb_object_agg(t.name, t.value)", "together": "GROUP BY 1"},
}
_SCHEMA = f"""
    SELECT array_agg(c.name), (
        SELECT n.not_visible ? 'grant' FROM orgmodel_run n
        WHERE n.source {IS_DIRECTORY} AND n.outcome IN ('applied', 'unchanged')
        ORDER BY n.applied_at DESC LIMIT 1)
    FROM orgmodel_profileattribute c WHERE c.source {IS_DIRECTORY} AND {{there}}"""
_ACCOUNTS: Any = f"""
    SELECT a.id, a.native_id, a.status, a.person_id, p.name, p.key, v.profile
    FROM orgmodel_account a JOIN orgmodel_person p ON p.id = a.person_id
    LEFT JOIN (
        SELECT t.account_id, {{profile}} AS profile FROM orgmodel_attribute t
        WHERE t.name = ANY(%(names)s) AND t.account_id IS NOT NULL AND {{value}} {{together}}
    ) v ON v.account_id = a.id
    WHERE a.source {IS_DIRECTORY} AND {{there}} AND (%(all)s OR a.state <> 'ended')
    ORDER BY lower(p.name), a.id"""
