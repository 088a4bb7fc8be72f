"""The lists of employments and of their jobs, held against each other and put together by person."""

from collections.abc import Iterable, Mapping
from typing import Any

from orgmodel.reports import SourceFailed
from orgmodel.sources.record_problems import OddRecord, RecordProblems

from . import fields as names
from .entities import Selection
from .fields import Fields
from .people import Employment, JobRow, employment_of, in_order, job_of
from .wire import key, record, value

NOT_LISTED = "a job belongs to an employment that is not in the list of employments"


class Employments:
    """Everybody's employments. What cannot be read is a problem of its person."""

    def __init__(self, fields: Fields, words: Mapping[str, str], problems: RecordProblems) -> None:
        self._fields, self._words, self._problems = fields, words, problems
        self.of: dict[str, dict[str, Employment]] = {}
        """Person → user id → employment."""
        self.person_of: dict[str, str] = {}
        """User id → person."""

    def take(self, rows: Iterable[Any]) -> None:
        """The rows of EmpEmployment."""
        for row in rows:
            person = user = ""
            try:
                person, user = key(record(row), names.PERSON), key(row, names.USER)
                self._note(person, employment_of(row, self._fields))
            except OddRecord as why:
                self._problems.odd(person, str(why))
                if person:
                    self.person_of.setdefault(user, person)

    def take_jobs(self, rows: Iterable[Any]) -> None:
        """The rows of EmpJob."""
        by_user: dict[str, dict[tuple[object, int], JobRow]] = {}
        strangers: set[str] = set()
        for row in rows:
            person = ""
            try:
                user = key(record(row), names.USER)
                if user not in self.person_of:
                    strangers.add(user)
                    continue
                person = self.person_of[user]
                job = job_of(row, self._fields, self._words)
                known = by_user.setdefault(user, {}).setdefault((job.since, job.sequence), job)
                _require_same(known, job)
            except OddRecord as why:
                self._problems.odd(person, str(why))
        for _ in strangers:
            self._problems.odd("", NOT_LISTED)
        for user, jobs in by_user.items():
            if employment := self.of.get(self.person_of[user], {}).get(user):
                employment.rows = in_order(jobs.values())

    def _note(self, person: str, found: Employment) -> None:
        if not person:
            raise OddRecord(f"{names.PERSON} is missing")
        owner = self.person_of.setdefault(found.user, person)
        if owner != person:
            self._problems.odd(owner, "shares a user id with another person")
            raise OddRecord("shares a user id with another person")
        _require_same(self.of.setdefault(person, {}).setdefault(found.user, found), found)


def _require_same(known: object, found: object) -> None:
    if known != found:
        raise OddRecord("a record appears twice, and the two differ")


def require_filled(selection: Selection, rows: list[Any], paths: Iterable[str]) -> None:
    """Fields that a login may not see are empty for everybody. Raises SourceFailed for one of these."""
    for path in paths:
        if not any(isinstance(row, dict) and value(row, path) not in (None, "") for row in rows):
            setting = selection.settings.get(path)
            more = f", or correct {setting} in sightline.toml" if setting else ""
            raise SourceFailed(
                f"SuccessFactors gives {path} of {selection.entity} for nobody: let the role of HRIS_USER see"
                f" that field{more}."
            )
