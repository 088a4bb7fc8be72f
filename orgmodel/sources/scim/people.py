"""SCIM users as people: as they stand now, since SCIM knows no days and no history."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, PlannedFact, Value
from orgmodel.sources.hr_records import Worker, facts_of, status_of, today_in
from orgmodel.sources.json_records import LONGEST_KEY, Record, key, part, parts, record, text
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.values import NAME, clean

from .fields import ENTERPRISE, OF_A_WORKER, UserFields

ACTIVE = {"true": "active", "false": "inactive"}
"""Both as a truth and as a word in any case; a user without it is active."""
PRIVATE = frozenset({"home"})
"""Types of e-mail addresses that are nobody's business."""


class People:
    """Makes facts of users."""

    def __init__(self, conventions: Conventions, fields: UserFields, now: datetime) -> None:
        self._words, self._zone = conventions.csv.status_words, conventions.notify.time_zone
        self._fields, self._now = fields, now

    def facts(self, raw: Any, in_groups: Mapping[str, Value]) -> Iterator[AccountFact | PlannedFact]:
        """One user. `in_groups`: attributes that follow from groups. Raises BadRecord."""
        user = record(raw)
        own = key(user, "id")
        if not own:
            raise BadRecord("has no id")
        employee = part(user, ENTERPRISE)
        values = {**self._fields.values(user), **in_groups}
        special = {name: _text(values.pop(name, "")) for name in OF_A_WORKER}
        manager = special["manager"] if "manager" in self._fields.fields else _manager(employee)
        worker = Worker(
            native_id=own,
            name=_name(user),
            email=_email(user),
            employee_number=special["employee_number"] or key(employee, "employeenumber"),
            worker_type=special["worker_type"] or text(user, "usertype", NAME),
            zone=special["time_zone"] or text(user, "timezone", NAME),
            attributes=values,
            manager="" if manager == own else manager,
        )
        yield from facts_of(worker, self._status(user), today_in(worker.zone, self._now, self._zone))

    def _status(self, user: Record) -> str:
        raw = user.get("active")
        word = "true" if raw is None else str(raw).strip().lower() if isinstance(raw, bool | str) else ""
        status = status_of(ACTIVE[word], self._words) if word in ACTIVE else None
        if status is None:
            raise BadRecord("active is neither true nor false")
        return status


def _name(user: Record) -> str:
    parted = part(user, "name")
    both = " ".join(filter(None, (text(parted, "givenname", NAME), text(parted, "familyname", NAME))))
    whole = text(user, "displayname", NAME) or text(parted, "formatted", NAME)
    found = whole or both or text(user, "nickname", NAME) or text(user, "username", NAME)
    if not found:
        raise BadRecord("has neither a name nor a user name")
    return found[:NAME]


def _email(user: Record) -> str:
    """The primary address, else one for work, else any that is not private, else a user name that is one."""
    known = [each for each in parts(user, "emails") if key(each, "value")]
    open_ = [each for each in known if text(each, "type").lower() not in PRIVATE]
    primary = [each for each in open_ if str(each.get("primary")).lower() == "true"]
    work = [each for each in open_ if text(each, "type").lower() == "work"]
    for each in (*primary, *work, *open_):
        return key(each, "value")
    user_name = text(user, "username", LONGEST_KEY)
    return user_name if "@" in user_name else ""


def _manager(employee: Record) -> str:
    """The manager's id: in parts, as a reference, or bare as some services send it."""
    raw = employee.get("manager")
    if isinstance(raw, str | int):
        return key(employee, "manager")
    found = part(employee, "manager")
    reference = text(found, "$ref")
    return key(found, "value") or clean(unquote(reference.rstrip("/").rpartition("/")[2]), LONGEST_KEY)


def _text(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else clean(value, NAME)
