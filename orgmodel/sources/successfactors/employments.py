"""The lists of employments and of their jobs, held against each other and put together by person."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from orgmodel.facts import Value
from orgmodel.reports import SourceFailed
from orgmodel.sources.json_records import record
from orgmodel.sources.record_problems import BadRecord, RecordProblems

from . import fields as names
from .entities import Entities, Selection
from .fields import Fields
from .people import Employment, JobRow, employment_of, in_order, job_of
from .wire import key, value

NOT_LISTED = "a job belongs to an employment that is not in the list of employments"


class Employments:
    """Everybody's employments. What cannot be read is a problem of its person."""

    def __init__(self, fields: Fields, words: Mapping[str, str], problems: RecordProblems) -> None:
        self._fields, self._words, self._problems = fields, words, problems
        self.of: dict[str, dict[str, Employment]] = {}
        """Person → user id → employment."""
        self.person_of: dict[str, str] = {}
        """User id → person."""
        self._values: dict[tuple[Value, ...], Mapping[str, Value]] = {}

    def take(self, rows: Iterable[Any]) -> None:
        """The rows of EmpEmployment."""
        for row in rows:
            person = user = ""
            try:
                person = key(record(row), names.PERSON)
                user = key(row, names.USER)
                self._note(person, employment_of(row, self._fields))
            except BadRecord as why:
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
                job = self._shared(job_of(row, self._fields, self._words))
                known = by_user.setdefault(user, {}).setdefault((job.since, job.sequence), job)
                _require_same(known, job)
            except BadRecord as why:
                self._problems.odd(person, str(why))
        for _ in strangers:
            self._problems.odd("", NOT_LISTED)
        for user, jobs in by_user.items():
            if employment := self.of.get(self.person_of[user], {}).get(user):
                employment.rows = in_order(jobs.values())

    def _shared(self, job: JobRow) -> JobRow:
        """Thousands of people share few titles and departments: these are kept once."""
        known = self._values.setdefault((*job.attributes.values(),), job.attributes)
        return job if known is job.attributes else replace(job, attributes=known)

    def _note(self, person: str, found: Employment) -> None:
        if not person:
            raise BadRecord(f"{names.PERSON} is missing")
        owner = self.person_of.setdefault(found.user, person)
        if owner != person:
            self._problems.odd(owner, "shares a user id with another person")
            raise BadRecord("shares a user id with another person")
        _require_same(self.of.setdefault(person, {}).setdefault(found.user, found), found)


def _require_same(known: object, found: object) -> None:
    if known != found:
        raise BadRecord("a record appears twice, and the two differ")


class Filled:
    """Watches that fields hold something: those that a login may not see are empty for everybody."""

    def __init__(self, selection: Selection, needed: Iterable[str], given: Iterable[str]) -> None:
        self._selection = selection
        self._empty = [*needed, *sorted({*given}.intersection(selection.fields))]
        self._rows = 0

    def seen(self, entities: Entities) -> Iterator[Any]:
        """The rows of the entity. Raises NotVisible, SourceFailed."""
        for row in entities.rows(self._selection):
            self._rows += 1
            if self._empty and isinstance(row, dict):
                self._empty = [path for path in self._empty if value(row, path) in (None, "")]
            yield row

    def require(self) -> None:
        """After all rows. Raises SourceFailed where there was none, or a field is empty in all of them."""
        if not self._rows:
            raise SourceFailed(
                "SuccessFactors gives no employments at all, or no jobs of them; check the target population"
                " of the role of HRIS_USER."
            )
        for path in self._empty:
            setting = self._selection.settings.get(path)
            more = f", or correct {setting} in sightline.toml" if setting else ""
            raise SourceFailed(
                f"SuccessFactors gives {path} of {self._selection.entity} for nobody: let the role of"
                f" HRIS_USER see that field{more}."
            )
