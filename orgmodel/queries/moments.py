"""The moment at which a question is asked: now or any date; and the SQL for what was true then."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from .refusals import BadQuestion


class BadMoment(BadQuestion):
    """The date cannot be understood or is in the future; the text says what to do."""


@dataclass(frozen=True)
class Moment:
    """A moment asked about. `live`: now, so that current rows answer."""

    at: datetime
    live: bool

    def holds(self, alias: str) -> str:
        """SQL: the fact with this alias holds at the moment; takes the parameter %(at)s when not live."""
        if self.live:
            return f"{alias}.ended IS NULL"
        return f"({alias}.began <= %(at)s AND ({alias}.ended IS NULL OR {alias}.ended > %(at)s))"

    def owner(self, alias: str) -> str:
        """SQL: the person (id) to whom the account with this alias belonged; what changed hands says it."""
        if self.live:
            return f"{alias}.person_id"
        return f"""(
            SELECT CASE WHEN y.id IS NULL THEN {alias}.person_id ELSE y.before_id END
            FROM (SELECT 1) one LEFT JOIN LATERAL (
                SELECT z.id, z.before_id FROM orgmodel_handover z
                WHERE z.account_id = {alias}.id AND z.at > %(at)s ORDER BY z.at, z.id LIMIT 1) y ON true)"""

    def owned(self, alias: str, people: str) -> str:
        """SQL: the account with this alias belonged to one of these people (SQL of an array of ids)."""
        if self.live:
            return f"{alias}.person_id = ANY({people})"
        return f"""{alias}.id = ANY(ARRAY(
            SELECT y.id FROM orgmodel_account y WHERE y.person_id = ANY({people}) AND NOT EXISTS (
                SELECT FROM orgmodel_handover z WHERE z.account_id = y.id AND z.at > %(at)s)
            UNION SELECT z.account_id FROM orgmodel_handover z
            WHERE z.before_id = ANY({people}) AND z.at > %(at)s AND NOT EXISTS (
                SELECT FROM orgmodel_handover y WHERE y.account_id = z.account_id AND y.at > %(at)s
                  AND (y.at, y.id) < (z.at, z.id))))"""

    def label(self, alias: str, kind: str, column: str) -> str:
        """SQL: name or status of an entity (person, resource) as it stood, which the next change tells."""
        if self.live:
            return f"{alias}.{column}"
        return f"""coalesce((
            SELECT z.before ->> '{column}' FROM orgmodel_change z
            WHERE z.kind = '{kind}' AND z.fact = {alias}.id AND z.verb = 'changed' AND z.at > %(at)s
            ORDER BY z.at, z.id LIMIT 1), {alias}.{column})"""

    def priority(self, alias: str) -> str:
        """SQL: the priority of an edge as it stood: who gives the level may have changed since."""
        if self.live:
            return f"{alias}.priority"
        return f"""coalesce((
            SELECT (z.before #>> '{{}}')::int FROM orgmodel_change z
            WHERE z.kind = 'edge' AND z.fact = {alias}.id AND z.verb = 'changed' AND z.at > %(at)s
            ORDER BY z.at, z.id LIMIT 1), {alias}.priority)"""

    def labels(self, alias: str, kind: str, column: str) -> tuple[str, str]:
        """SQL: the same for many at one go: what is to be joined, and name or status as it stood."""
        if self.live:
            return "", f"{alias}.{column}"
        joined = f"""
            LEFT JOIN (
                SELECT DISTINCT ON (z.fact) z.fact, z.before ->> '{column}' AS {column} FROM orgmodel_change z
                WHERE z.kind = '{kind}' AND z.verb = 'changed' AND z.at > %(at)s ORDER BY z.fact, z.at, z.id
            ) {alias}_{column} ON {alias}_{column}.fact = {alias}.id"""
        return joined, f"coalesce({alias}_{column}.{column}, {alias}.{column})"

    def of_unit(self, alias: str, name: str) -> str:
        """SQL: name, parent, lead or active of an org unit at the moment, as text; null where it had none."""
        return f"""(
            SELECT z.value #>> '{{}}' FROM orgmodel_attribute z
            WHERE z.unit_id = {alias}.id AND z.name = '{name}' AND {self.holds("z")} LIMIT 1)"""

    def inside(self, units: str) -> str:
        """SQL: these units (ids, an array) and all below them at the moment."""
        parent = "u.parent_id" if self.live else f"{self.of_unit('u', 'parent')}::bigint"
        return f"""
            WITH RECURSIVE below (id) AS (
                SELECT unnest({units}::bigint[])
                UNION SELECT u.id FROM (SELECT u.id, {parent} AS above FROM orgmodel_orgunit u) u
                JOIN below b ON u.above = b.id
            ) SELECT id FROM below"""


def now() -> Moment:
    """The present."""
    return Moment(timezone.now(), live=True)


def just_before(at: datetime) -> Moment:
    """The moment before something began at `at`."""
    return Moment(at - timedelta(microseconds=1), live=False)


def parse_moment(text: str, *, clock: datetime | None = None) -> Moment:
    """A date (its last second, UTC) or a date-time; empty means now. Raises BadMoment."""
    present = clock or timezone.now()
    if not text.strip():
        return Moment(present, live=True)
    try:
        at = _read(text.strip())
    except (ValueError, OverflowError) as error:
        raise BadMoment("Give a date such as 2026-03-01, or a date-time such as 2026-03-01T09:30.") from error
    if at.date() == present.date() and len(text.strip()) == len("2026-03-01"):
        return Moment(present, live=True)
    if at > present:
        raise BadMoment(f"{at:%Y-%m-%d} is in the future; choose today or an earlier date.")
    return Moment(at, live=False)


def _read(text: str) -> datetime:
    if len(text) == len("2026-03-01"):
        return datetime.combine(date.fromisoformat(text), time.max, UTC)
    at = datetime.fromisoformat(text)
    if at.tzinfo:
        at.astimezone(UTC)  # near the first and the last year an offset leads out of the calendar
        return at
    return at.replace(tzinfo=UTC)
