"""Whose an account is, by what evidence, and what was decided about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from orgmodel.sources.registry import account_word
from orgmodel.sources.roles import IS_PEOPLE
from orgmodel.why.identity import Evidence, evidence_of

from .moments import Moment, now
from .people import NotFound, PersonRef, people
from .together import Lasting, Question, ask
from .visibility import Viewer

MOST = 50
"""Accounts that one list names."""


@dataclass(frozen=True)
class AccountRow:
    """One account and how it came to its person. `state`: in our words, "ended" also where it is gone."""

    pk: int
    source: str
    native_id: str
    login: str
    email: str
    name: str
    state: str
    match: str
    person: int | None

    @property
    def kind(self) -> str:
        return account_word(self.source)

    @property
    def called(self) -> str:
        return self.login or self.email or self.name or self.native_id

    @property
    def evidence(self) -> Evidence:
        return evidence_of(self.match)

    def as_json(self) -> dict[str, str]:
        return {
            "source": self.source,
            "native_id": self.native_id,
            "login": self.login,
            "state": self.state,
            "matched_by": self.match,
            "confidence": self.evidence.confidence,
        }


@dataclass(frozen=True)
class Decision:
    """What an admin decided. `act`: link, unlink or undo; `who` is empty for somebody on the server."""

    at: datetime
    act: str
    who: str
    whose: str
    reason: str
    person: int | None
    """Who goes on for whom it names."""

    def as_json(self) -> dict[str, str]:
        return {
            "at": self.at.isoformat(),
            "act": self.act,
            "who": self.who,
            "whose": self.whose,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Candidate:
    """Somebody whose the account may be, and what speaks for it."""

    person: PersonRef
    because: str


@dataclass(frozen=True)
class AccountPage:
    """One account: whose it is, whose it may be, and what was decided, newest first."""

    account: AccountRow
    person: PersonRef | None
    others: int
    """Other accounts of the same person."""
    alone: bool
    """Nothing else makes the person known."""
    decisions: tuple[Decision, ...]
    candidates: tuple[Candidate, ...]

    @property
    def decided(self) -> str:
        """What counts: link, unlink, or nothing."""
        newest = self.decisions[0].act if self.decisions else ""
        return "" if newest == "undo" else newest

    @property
    def waits(self) -> bool:
        """The next sync has yet to do what was decided."""
        now_is = {"linked by hand": "link", "kept apart by hand": "unlink"}.get(self.account.match, "")
        if self.decided == "link" and self.decisions[0].person != self.account.person:
            return True
        return now_is != self.decided

    def as_json(self) -> dict[str, Any]:
        return {
            **self.account.as_json(),
            "person": self.person.as_json() if self.person else None,
            "decisions": [each.as_json() for each in self.decisions],
        }


def accounts_of(person: int, moment: Moment, viewer: Viewer) -> tuple[AccountRow, ...] | None:
    """The accounts of a person at the moment, for the person, admins and auditors; None for others."""
    return ask(asking_accounts(person, moment, viewer))


def asking_accounts(person: int, moment: Moment, viewer: Viewer) -> Question[tuple[AccountRow, ...] | None]:
    """The same as a question."""
    if not (viewer.admin or viewer.auditor or viewer.person == person):
        return None
    return (
        yield from _asking(moment.owned("a", "%(people)s"), {"people": [person], "at": moment.at}, moment)
    )


def accounts_called(named: Mapping[str, Iterable[str]]) -> tuple[AccountRow, ...]:
    """The accounts of these native ids, by source; "" stands for any source."""
    ids = sorted({native for each in named.values() for native in each})
    if not ids:
        return ()
    found = ask(_asking("a.native_id = ANY(%(ids)s)", {"ids": ids}, now()))
    return tuple(
        each for each in found if each.native_id in {*named.get(each.source, ()), *named.get("", ())}
    )


def account_page(pk: int) -> AccountPage:
    """One account, as an admin sees it; three queries, four where somebody may be meant. Raises NotFound."""
    found = ask(_asking("a.id = %(id)s", {"id": pk}, now()))
    if not found:
        raise NotFound("account", str(pk))
    account = found[0]
    decisions, may_be, others, peers = _round(pk)
    refs = people([*may_be, *([account.person] if account.person else [])], now())
    return AccountPage(
        account,
        refs.get(account.person or 0),
        others,
        peers == 0,
        decisions,
        tuple(Candidate(refs[each], because) for each, because in may_be.items() if each in refs),
    )


def _asking(where: str, parameters: dict[str, Any], moment: Moment) -> Question[tuple[AccountRow, ...]]:
    sql = f"""
        SELECT a.id, a.source, a.native_id, a.login, a.email, a.name,
               CASE WHEN a.ended IS NOT NULL THEN 'ended' ELSE a.state END, a.match, {moment.owner("a")}
        FROM orgmodel_account a WHERE {where} AND a.began <= %(at)s
        ORDER BY a.source {IS_PEOPLE} DESC, a.ended IS NOT NULL, a.source, a.id LIMIT {MOST}"""
    rows = yield Lasting(sql), {**parameters, "at": moment.at}
    return tuple(AccountRow(*row) for row in rows)


def _round(pk: int) -> tuple[tuple[Decision, ...], dict[int, str], int, int]:
    """Decisions; whom it may mean, with why; other accounts of the person, and those of sources of people."""
    with connection.cursor() as cursor:
        cursor.execute(_DECISIONS, {"id": pk})
        decisions = tuple(Decision(*row) for row in cursor.fetchall())
        cursor.execute(_CANDIDATES, {"id": pk})
        rows: Sequence[Sequence[Any]] = cursor.fetchall()
    candidates = {person: because for person, because in rows if person}
    counts = next((because.split() for person, because in rows if not person), ["0", "0"])
    return decisions, candidates, int(counts[0]), int(counts[1])


_DECISIONS = """
    SELECT d.at, d.act, coalesce(w.name, ''), coalesce(p.name, ''), d.reason,
           coalesce(p.merged_into_id, p.id)
    FROM orgmodel_accountdecision d
    LEFT JOIN orgmodel_person w ON w.id = d.actor_id LEFT JOIN orgmodel_person p ON p.id = d.person_id
    WHERE d.account_id = %(id)s ORDER BY d.id DESC LIMIT 50"""
# The strongest reason for each; a login like the first half of an address, and a name, only suggest.
_CANDIDATES = f"""
    WITH me AS (
        SELECT a.*, lower(a.email) AS mail, lower(a.login) AS known_as FROM orgmodel_account a
        WHERE a.id = %(id)s
    ), found (rank, person, because) AS (
        SELECT 1, x.person_id, 'same employee number' FROM me
        JOIN orgmodel_account x ON x.employee_number = me.employee_number WHERE me.employee_number <> ''
        UNION ALL SELECT 1, x.person_id, 'same employee number' FROM me
        JOIN orgmodel_account x ON x.native_id = me.employee_number WHERE me.employee_number <> ''
        UNION ALL SELECT 1, x.person_id, 'same employee number' FROM me
        JOIN orgmodel_account x ON x.employee_number = me.native_id
        UNION ALL SELECT 2, x.person_id, 'same e-mail address' FROM me
        JOIN orgmodel_account x ON lower(x.email) IN (me.mail, me.known_as) WHERE x.email <> ''
        UNION ALL SELECT 2, x.person_id, 'same e-mail address' FROM me
        JOIN orgmodel_account x ON lower(x.login) IN (me.mail, me.known_as) WHERE x.login <> ''
        UNION ALL SELECT 3, x.person_id, 'the user name is like the address' FROM me
        JOIN orgmodel_account x ON split_part(lower(x.email), '@', 1) = me.known_as
        WHERE me.known_as <> '' AND strpos(me.known_as, '@') = 0
        UNION ALL SELECT 4, p.id, 'same name' FROM me
        JOIN orgmodel_person p ON lower(p.name) = lower(me.name) WHERE me.name <> ''
    ), best AS (
        SELECT DISTINCT ON (f.person) f.person, f.because, f.rank
        FROM found f JOIN orgmodel_person p ON p.id = f.person AND p.merged_into_id IS NULL
        WHERE f.person IS DISTINCT FROM (SELECT person_id FROM me) ORDER BY f.person, f.rank
    )
    (SELECT person, because FROM best ORDER BY rank, person LIMIT 20)
    UNION ALL
    SELECT NULL, count(*) || ' ' || count(*) FILTER (WHERE o.source {IS_PEOPLE})
    FROM orgmodel_account o WHERE o.person_id = (SELECT person_id FROM me) AND o.id <> %(id)s"""
