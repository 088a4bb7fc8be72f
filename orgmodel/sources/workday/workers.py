"""The rows of the workers report, put together by person: one for each job, or for each dated row of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from orgmodel.facts import Value
from orgmodel.sources.hr_records import Stretch, Worker, status_of
from orgmodel.sources.job_timeline import Job, timeline
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.values import NAME

from .cells import Row, date_of, id_among, key, several, text, truth
from .columns import WorkerColumns

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Belonging:
    """A person is in an organisation from a day (None: from the first) until the first day they are not."""

    organisation: str
    kind: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """One worker with all rows."""

    worker: Worker
    status: str
    belongings: Sequence[Belonging]


@dataclass(frozen=True, slots=True)
class _Face:
    """What every row of a person says alike."""

    name: str
    email: str
    number: str
    worker_type: str
    status: str
    start: date | None
    end: date | None
    zone: str


@dataclass(slots=True)
class _Rows:
    face: _Face
    jobs: dict[str, list[tuple[Stretch, tuple[str, ...]]]] = field(default_factory=dict)
    primary: set[str] = field(default_factory=set)


class Workers:
    """Gathers rows by person. `words`: the tenant's own for a status; `today`: in a time zone by name."""

    def __init__(
        self, columns: WorkerColumns, words: Mapping[str, str], today: Callable[[str], date]
    ) -> None:
        self._columns, self._words, self._today = columns, words, today
        self._people: dict[str, _Rows] = {}
        self.names: set[str] = set()

    def __contains__(self, person: str) -> bool:
        return person in self._people

    def __iter__(self) -> Iterator[str]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)

    def id_of(self, row: Row) -> str:
        """Whose row it is. Raises BadRecord."""
        return key(row, self._columns.of["id"])

    def add(self, row: Row) -> None:
        """One row as it holds today. Raises BadRecord."""
        person, face = self._read(row)
        known = self._people.setdefault(person, _Rows(face))
        if known.face != face:
            raise BadRecord("appears twice, and the two differ in more than the job")
        self.names.add(face.name)
        self._job(row, known)

    def add_coming(self, row: Row) -> None:
        """One row as it will hold on a later day: of who is here only what begins after today.

        Raises BadRecord.
        """
        person, face = self._read(row)
        since = date_of(row, self._columns.of["valid_from"])
        known = self._people.get(person)
        if known is None and face.start and face.start > self._today(face.zone):
            known = self._people[person] = _Rows(face)
        elif known is None or since is None or since <= self._today(known.face.zone):
            return
        self._job(row, known, next(iter(known.jobs)) if len(known.jobs) == 1 else "")

    def drop(self, person: str) -> None:
        """Nothing of this person is believed."""
        self._people.pop(person, None)

    def numbers(self) -> dict[str, str]:
        """Everything by which a row may name a worker → the id."""
        numbers = {rows.face.number: person for person, rows in self._people.items() if rows.face.number}
        return numbers | {person: person for person in self._people}

    def people(self) -> Iterable[Person]:
        """Everybody, with references to ids wherever those are known."""
        known, history = self.numbers(), any(map(self._has_history, self._people.values()))
        for person, rows in self._people.items():
            yield self._person(person, rows, known, history=history)

    def _has_history(self, rows: _Rows) -> bool:
        """Whether the report tells of this person what was before, too."""
        today = self._today(rows.face.zone)
        days = (
            {row.since for row, _ in job if row.since and row.since <= today} for job in rows.jobs.values()
        )
        return any(len(each) > 1 for each in days)

    def _read(self, row: Row) -> tuple[str, _Face]:
        of = self._columns.of
        person = self.id_of(row)
        if not person:
            raise BadRecord(f"{of['id']} is missing")
        name = text(row, of["name"], NAME)
        if not name:
            raise BadRecord(f"{of['name']} is missing")
        start, last = date_of(row, of["start_date"]), date_of(row, of["end_date"])
        last = last or date_of(row, of["contract_end"])
        if start and last and last < start:
            last = None  # Who comes back has a new first day; the old end is history.
        zone = text(row, of["time_zone"], NAME)
        face = _Face(
            name=name,
            email=text(row, of["email"]),
            number=key(row, of["employee_number"]) if "employee_number" in of else "",
            worker_type=text(row, of["worker_type"], NAME),
            status=self._status(row, start, self._today(zone)),
            start=start,
            end=last + DAY if last else None,
            zone=zone,
        )
        return person, face

    def _status(self, row: Row, start: date | None, today: date) -> str:
        of = self._columns.of
        if word := text(row, of["status"]):
            found = status_of(word, self._words)
            if found is None:
                raise BadRecord(f"{of['status']} is no known word; csv.status_words can say what it means")
            return found
        on_leave, active = truth(row, of["on_leave"]), truth(row, of["active"])
        if start and start > today:
            return "pending"
        if active is False:
            return "ended"
        return "leave" if on_leave else "active"

    def _job(self, row: Row, known: _Rows, only: str = "") -> None:
        """Note the job of a row. `only`: the one job of the person, which a row that names none is about."""
        of = self._columns.of
        since, last = date_of(row, of["valid_from"]), date_of(row, of["valid_to"])
        if since and last and last < since:
            raise BadRecord(f"{of['valid_to']} is before {of['valid_from']}")
        attributes: dict[str, Value] = {}
        for name, column in self._columns.attributes.items():
            if name in self._columns.of_units:
                values = several(row, column)
                attributes[name] = values[0] if len(values) == 1 else list(values) or ""
            else:
                attributes[name] = "; ".join(several(row, column))
        organisations = (text(row, of["organisation"]), *several(row, of["organisations"]))
        stretch = Stretch(since, last + DAY if last else None, attributes, key(row, of["manager"]))
        primary = truth(row, of["primary"])
        job = key(row, of["job"]) or only or _unnamed_job(primary, stretch, organisations[0])
        if primary:
            known.primary.add(job)
        rows = known.jobs.setdefault(job, [])
        if (stretch, organisations) not in rows:
            rows.append((stretch, organisations))

    def _person(self, person: str, rows: _Rows, known: Mapping[str, str], *, history: bool) -> Person:
        ordered = sorted(rows.jobs, key=lambda job: job not in rows.primary)
        face = rows.face
        # A row that is all there is says since when it is so, not since when each of its values is.
        unsure = None if history else self._today(face.zone)
        start = face.start if len(ordered) == 1 else None
        jobs = [_dated(rows.jobs[job], known, unsure, start) for job in ordered]
        worker = Worker(
            native_id=person,
            name=face.name,
            email=face.email,
            employee_number=face.number,
            worker_type=face.worker_type,
            status=face.status,
            start=face.start,
            end=face.end,
            zone=face.zone,
            stretches=timeline(
                [Job([stretch for stretch, _ in job]) for job in jobs], self._columns.of_units
            ),
        )
        return Person(worker, face.status, _belongings(jobs))


def _unnamed_job(primary: bool | None, row: Stretch, organisation: str) -> str:
    """Rows with days are one job after another, unless the report says that one is not the primary job."""
    if primary:
        return "primary"
    if row.since is None:
        return f"in {organisation} as {row.attributes['title']}"
    return "" if primary is None else f"in {organisation}"


def _dated(
    rows: list[tuple[Stretch, tuple[str, ...]]],
    known: Mapping[str, str],
    unsure: date | None,
    start: date | None,
) -> list[tuple[Stretch, tuple[str, ...]]]:
    """The rows of one job, oldest first: each ends where the next one begins, or before.

    `unsure`: first days up to this one are no beginnings, except that of the person's only job (`start`).
    """
    ordered = sorted(rows, key=lambda row: row[0].since or date.min)
    found = []
    for at, (row, organisations) in enumerate(ordered):
        following = next((later.since for later, _ in ordered[at + 1 :] if later.since != row.since), None)
        until = min(filter(None, (row.until, following)), default=None)
        manager = id_among(row.manager or "", known)
        sure = row.since is None or unsure is None or row.since > unsure or row.since == start
        since = row.since if sure else None
        found.append((Stretch(since, until, row.attributes, known.get(manager, manager)), organisations))
    return found


def _belongings(jobs: Sequence[Sequence[tuple[Stretch, tuple[str, ...]]]]) -> list[Belonging]:
    """Where the person is and will be: the first organisation of the first job is the primary one."""
    found: list[Belonging] = []
    for nth, job in enumerate(jobs):
        for row, (first, *others) in job:
            for organisation in dict.fromkeys(filter(None, (first, *others))):
                kind = "primary" if nth == 0 and organisation == first else "secondary"
                _extend(found, Belonging(organisation, kind, row.since, row.until))
    return found


def _extend(found: list[Belonging], more: Belonging) -> None:
    """A row that goes on where another one of the same organisation ended begins nothing; nor does a second
    job there.
    """
    for at, each in enumerate(found):
        if (each.organisation, each.since, each.until) == (more.organisation, more.since, more.until):
            return
        same = (each.organisation, each.kind) == (more.organisation, more.kind)
        if same and each.until is not None and each.until == more.since:
            found[at] = Belonging(each.organisation, each.kind, each.since, more.until)
            return
    found.append(more)
