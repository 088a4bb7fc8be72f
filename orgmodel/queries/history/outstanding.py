"""The other half of a change that has been seen in HR or Okta only: what is still to come.

HR runs ahead of Okta, Okta's profile ahead of its rules, memberships ahead of the profile that was read
before them. What the rules come to is evaluated here, with the HR record's changed values laid over Okta's
profile, before the change and after it. What cannot be known counts as nothing that is still to come.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from orgmodel.queries.access.holdings import Access, AccessOfPerson, Membership, apps_of, visible
from orgmodel.queries.access.reasons import Reasons
from orgmodel.queries.access.routes import onward
from orgmodel.queries.moments import Moment
from orgmodel.queries.rehearsal.evaluation import apart_from_rules
from orgmodel.queries.rows import json_value
from orgmodel.queries.rules.rule_evaluation import Proofs
from orgmodel.queries.rules.rulebook import Book, Standpoint, standpoint
from orgmodel.queries.visibility import Viewer
from orgmodel.rules.evaluate import Subject
from orgmodel.rules.population import DEACTIVATED
from orgmodel.rules.rule_index import RuleBook, Standing
from orgmodel.sources.state_words import account_state
from orgmodel.why.causes import Cause

from .records import Records

BY_ITSELF = ("", "unknown", "rule", "system")
"""Causes of an end that a rule may be behind; whoever else takes a membership away has done it whole."""


WAITS_SINCE = """coalesce((
    SELECT min(r.at) FROM orgmodel_change r
    WHERE r.move_id = m.id AND r.kind NOT IN ('grant', 'seat')), m.opened)"""
"""SQL: since when the other half of a case m has been waited for. A loss that stands open when HR says that
somebody moves must not make half a move of it.
"""


@dataclass(frozen=True)
class Outstanding:
    """What is still to come after a change, each empty where there is nothing.

    `comes`: groups (native ids) that rules will put the person into, with these rules. `goes`: groups out
    of which no rule keeps them any longer. `half`: groups into or out of which they came although the rules,
    by the profile as it was read, say otherwise: what made it so has not been seen yet. `behind`: attributes
    that only one of HR record and Okta profile has changed. `apps`: what will come, as it would be held;
    `leaving`: what is held only through what goes.
    """

    comes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    goes: frozenset[str] = frozenset()
    half: frozenset[str] = frozenset()
    behind: tuple[str, ...] = ()
    apps: tuple[Access, ...] = ()
    leaving: tuple[Access, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.comes or self.goes or self.half or self.behind)


NOTHING = Outstanding()


Books = dict[frozenset[int], Book]
"""The rules in force by what is hidden from the reader: read once for many people."""


def outstanding(
    who: int,
    had: AccessOfPerson,
    has: AccessOfPerson,
    viewer: Viewer,
    books: Books | None,
    records: Records,
) -> Outstanding:
    """What is still to come of what changed between two answers about the person, the later one of now.

    `records`: both records of the person since the earlier one.
    """
    reader = viewer.about(who)
    moved = [*_less(has, had), *_less(had, has)]
    if not moved and not records.changed:
        return NOTHING
    hidden, books = frozenset(reader.hidden), {} if books is None else books
    where = standpoint(who, has.moment, reader, known=books.get(hidden))
    books[hidden] = where.book
    if where.subject is None or where.subject.state == DEACTIVATED:
        return NOTHING
    behind = records.behind({name for rule in where.book.rules.values() for name in rule.attributes})
    look = _Look(where, has, had, records, behind)
    comes, goes = look.to_come()
    return Outstanding(
        comes,
        goes,
        look.half(who),
        tuple(sorted(behind)),
        _apps(who, comes, where, has, reader),
        tuple(each for each in has.apps if {route.hops[0].place.native_id for route in each.routes} <= goes),
    )


def _less(one: AccessOfPerson, other: AccessOfPerson) -> Iterable[Membership]:
    other_groups = {each.group.pk for each in other.granted}
    return (each for each in one.granted if each.group.pk not in other_groups)


@dataclass(frozen=True)
class _Look:
    """The rules and one account before a change, now, and as it will be."""

    where: Standpoint
    has: AccessOfPerson
    had: AccessOfPerson
    records: Records
    behind: Collection[str]

    @property
    def held(self) -> dict[str, Membership]:
        return {each.group.native_id: each for each in self.has.granted}

    def standing(self, profile: Mapping[str, Any], status: str) -> Standing:
        """What the rules come to for this profile."""
        held = {native: each.kept_by for native, each in self.held.items()}
        names = {native: each.group.name for native, each in self.held.items()}
        rulebook: RuleBook = self.where.book.rulebook
        return rulebook.standing(
            replace(
                apart_from_rules(self.where.subject or Subject(), held, names),
                profile={name: value for name, value in profile.items() if value is not None},
                status=status,
                state=account_state(status),
            )
        )

    def to_come(self) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
        """What the change makes of the rules, less what they have done."""
        subject, account = self.where.subject or Subject(), self.where.account
        before = (
            self.standing(self.records.before, self.records.status_before)
            if account in self.records.accounts_before
            else Standing(frozenset(), {}, {})
        )
        after = self.standing(self.records.will_be(self.behind), subject.status)
        unsure = {group for native in after.unknown for group in self.where.book.rules[native].targets}
        comes = {
            group: rules
            for group, rules in after.groups.items()
            if group not in self.held and group not in before.groups
        }
        goes = before.groups.keys() - after.groups.keys() - unsure
        ours = {native for native, each in self.held.items() if each.origin in {"rule", "unknown"}}
        return comes, frozenset(goes & ours)

    def half(self, who: int) -> frozenset[str]:
        """Groups that came or went against what the rules make of the profile as it was read.

        What a rule gave that is no longer in force stays: there is nothing about it to wait for.
        """
        rules = self.where.book.rules.keys()
        came = (each for each in _less(self.has, self.had) if rules & set(each.route.rules))
        gained = {each.group.native_id for each in came}
        lost = {each.group.native_id for each in _less(self.had, self.has)}
        if not gained and not lost:
            return frozenset()
        subject = self.where.subject or Subject()
        now = self.standing(self.records.now, subject.status)
        unsure = {group for native in now.unknown for group in self.where.book.rules[native].targets}
        against = (gained - now.groups.keys() - unsure) | (lost & now.groups.keys())
        return frozenset(against - _taken_by_somebody(who, self.had.moment) if against else ())


def _taken_by_somebody(who: int, since: Moment) -> set[str]:
    """Groups that the person was taken out of by somebody or something else than a rule."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (c.resource_id) r.native_id, c.cause
            FROM orgmodel_change c JOIN orgmodel_resource r ON r.id = c.resource_id
            WHERE c.person_id = %s AND c.kind = 'grant' AND c.verb = 'ended' AND c.at > %s
            ORDER BY c.resource_id, c.at DESC, c.id DESC""",
            [who, since.at],
        )
        causes = [(native, json_value(cause) or {}) for native, cause in cursor.fetchall()]
        return {native for native, cause in causes if cause.get("kind", "") not in BY_ITSELF}


def _apps(
    who: int, comes: Mapping[str, tuple[str, ...]], where: Standpoint, has: AccessOfPerson, reader: Viewer
) -> tuple[Access, ...]:
    """Apps that come with these groups and are not held yet."""
    if not comes:
        return ()
    routes = [
        replace(route, rules=comes[route.hops[0].place.native_id])
        for route in visible(onward(comes, who, where.account, has.moment), reader.hidden)
    ]
    held, book = {each.app.pk for each in has.apps}, where.book
    subject = where.subject or Subject()
    reasons = Reasons({who: has.person.name}, Proofs(book.rules, {where.account: subject}, book.names))
    found = (each for each in apps_of(routes, reasons) if each.app.pk not in held)
    return tuple(replace(each, cause=_will_come(each, where)) for each in found)


def _will_come(each: Access, where: Standpoint) -> Cause:
    names = [where.book.rules[native].name for native in each.routes[0].rules]
    return Cause("will_come", rules=tuple(names))
