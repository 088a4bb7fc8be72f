"""What HR and Okta record about one person, before a moment and now, and which of them is behind."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection

from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.queries.together import Question
from orgmodel.sources.roles import DIRECTORIES, HR, IS_DIRECTORY, IS_PEOPLE

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Records:
    """Values by attribute of the HR record and of the Okta profile, before and now."""

    hr_before: Values
    hr_now: Values
    before: Values
    """Okta's profile."""
    now: Values
    accounts_before: frozenset[int]
    """Okta accounts that were there before."""

    @property
    def status_before(self) -> str:
        return str(self.before.get("status") or "")

    @property
    def changed(self) -> bool:
        return (self.hr_before, self.before) != (self.hr_now, self.now)

    @cached_property
    def _hr_changed(self) -> set[str]:
        return _differing(self.hr_before, self.hr_now)

    def behind(self, read: Collection[str]) -> frozenset[str]:
        """Attributes that rules read and both records have, changed in one and other in the other."""
        changed = self._hr_changed | _differing(self.before, self.now)
        odd = [
            name
            for name in changed & {*read} & self.hr_now.keys() & {*self.before, *self.now}
            if not _alike(self.hr_now[name], self.now.get(name))
        ]
        same = _units_called(self.hr_now[name] for name in odd) if odd else []
        return frozenset(
            name
            for name in odd
            if not any(_named(self.hr_now[name], self.now.get(name), one) for one in same)
        )

    def will_be(self, behind: Collection[str]) -> dict[str, Any]:
        """Okta's profile once it has followed HR; a unit is named there as Okta's profiles name it."""
        late = {name: self.hr_now[name] for name in behind if name in self._hr_changed}
        return {**self.now, **(_in_okta(late) if late else {})}


def asking_records(who: int, since: Moment) -> Question[Records]:
    """Both records of the person."""
    found = yield (
        f"""
        SELECT a.source, a.id, t.name, t.value, t.began <= %(since)s, t.ended IS NULL,
               a.began <= %(since)s
        FROM orgmodel_account a LEFT JOIN orgmodel_attribute t ON t.account_id = a.id
         AND (t.ended IS NULL OR t.began <= %(since)s AND t.ended > %(since)s)
        WHERE a.person_id = %(who)s AND a.source {IS_PEOPLE} AND a.ended IS NULL
        ORDER BY a.state = 'ended' DESC, a.id DESC""",
        {"who": who, "since": since.at},
    )
    rows = [(*row[:3], json_value(row[3]), *row[4:]) for row in found]
    present = frozenset(row[1] for row in rows if row[0] in DIRECTORIES and row[6])

    def values_of(sources: Collection[str], place: int) -> dict[str, Any]:
        return {row[2]: row[3] for row in rows if row[0] in sources and row[2] and row[place]}

    return Records(
        values_of(HR, 4), values_of(HR, 5), values_of(DIRECTORIES, 4), values_of(DIRECTORIES, 5), present
    )


def _differing(one: Values, other: Values) -> set[str]:
    return {name for name in {*one, *other} if one.get(name) != other.get(name)}


def _alike(one: Any, other: Any) -> bool:
    return one == other or (
        isinstance(one, str) and isinstance(other, str) and one.strip().casefold() == other.strip().casefold()
    )


def _units_called(values: Iterable[Any]) -> list[set[str]]:
    """Everything that each of the units that one of these values may mean is called, folded."""
    texts = [value.strip().casefold() for value in values if isinstance(value, str)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT lower(slug), lower(name), lower(native_id) FROM orgmodel_orgunit
            WHERE ended IS NULL AND ARRAY[lower(slug), lower(name), lower(native_id)] && %s::text[]""",
            [texts],
        )
        return [set(row) for row in cursor.fetchall()]


def _named(one: Any, other: Any, unit: set[str]) -> bool:
    return all(isinstance(each, str) and each.strip().casefold() in unit for each in (one, other))


def _in_okta(late: Values) -> dict[str, Any]:
    """By attribute the word that most Okta profiles use for the unit that the value means, else the value.

    One query.
    """
    words = {name: value.strip().casefold() for name, value in late.items() if isinstance(value, str)}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT ON (k.name) k.name, t.value
            FROM (SELECT DISTINCT l.name, w.word FROM unnest(%s::text[], %s::text[]) l (name, word)
                  JOIN orgmodel_orgunit u ON u.ended IS NULL
                   AND l.word IN (lower(u.slug), lower(u.name), lower(u.native_id))
                  CROSS JOIN LATERAL (
                      VALUES (lower(u.slug)), (lower(u.name)), (lower(u.native_id))) w (word)) k
            JOIN orgmodel_attribute t ON t.name = k.name AND t.ended IS NULL
             AND lower(t.value #>> '{{}}') = k.word
            JOIN orgmodel_account a ON a.id = t.account_id AND a.source {IS_DIRECTORY}
            GROUP BY k.name, t.value ORDER BY k.name, count(*) DESC, t.value""",
            [list(words), list(words.values())],
        )
        return {**late, **{name: json_value(word) for name, word in cursor.fetchall()}}
