"""One read of Humaans: everybody, their job roles, and the custom fields that attributes lie in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orgmodel.facts import AccountFact, Fact, PlannedFact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import Report, SourceFailed
from orgmodel.sources.hr_records import facts_of
from orgmodel.sources.json_api import HIDDEN
from orgmodel.sources.json_records import key_of
from orgmodel.sources.record_problems import BadRecord, RecordProblems
from orgmodel.sources.references import Register
from orgmodel.sources.source import Reading

from .fields import TEAMS, custom_ids, tracked
from .lists import CUSTOM_FIELDS, CUSTOM_VALUES, PEOPLE, RIGHTS, ROLES, Lists, api
from .records import Person, unplaced, worker_of
from .settings import HumaansSettings

BATCH = 1000
OF_ROLES = ("attribute", "manager", "planned")
"""Kinds of facts that job roles speak of."""
PLACE = "Humaans people"
STAYS = "What was known stays."


class HumaansReader:
    """One read. Further arguments are those of the HttpClient."""

    source = "hris"

    def __init__(self, settings: HumaansSettings, reading: Reading, **client: Any) -> None:
        self.report = Report()
        self._api = api(settings, **client)
        self._problems = RecordProblems(self.report, PEOPLE)
        self._lists = Lists(self._api, self._problems)
        self._reading = reading
        self._fields = tracked(reading.conventions)
        self._managers = Register("reportingTo", "manager")
        self._hidden: dict[str, set[str]] = {}
        """Person → the kinds of facts of theirs that cannot be seen; empty: everybody."""

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Accounts, what is planned, then the marks. Raises SourceFailed."""
        try:
            people = self._people()
            roles = self._add_roles(people)
            self._add_custom_values(people)
        finally:
            self._api.close()
            self.report.calls = self._api.calls
        self._note_untagged(people)
        accounts, planned = self._facts(people)
        self.report.problems += self._managers.problems()
        self.report.unknown += self._managers.unknown()
        self._problems.require_few(len(accounts))
        for facts in (accounts, planned):
            for at in range(0, len(facts), BATCH):
                yield facts[at : at + BATCH]
        yield [Covered("account"), *([Covered("planned")] if roles else [])]
        marks = [Unreadable(kind, each) for each, kinds in self._hidden.items() for kind in sorted(kinds)]
        if marks := [*self._problems.marks(), *marks]:
            yield marks

    def _people(self) -> dict[str, Person]:
        try:
            rows = self._lists.whole(PEOPLE)
        except HIDDEN as why:
            raise SourceFailed(f"Humaans's people cannot be read; nothing was applied. {why}") from why
        if not rows:
            raise SourceFailed(
                "Humaans gives no people at all; nothing was applied. Check whose token it is."
            )
        return {each.native_id: each for each in map(Person, rows)}

    def _add_roles(self, people: Mapping[str, Person]) -> bool:
        """Give everybody their job roles; False: they cannot be seen. A role of nobody says nothing."""
        try:
            rows = self._lists.whole(ROLES)
        except HIDDEN as why:
            for kind in ("attribute", "manager", "planned"):
                self.report.not_visible[kind] = f"{STAYS} {why}"
            self._hide(people, "attribute", "manager")
            return False
        for row in rows:
            person = people.get(key_of(row, "personId"))
            if person and unplaced(row):
                self._doubt(person, "a job role has no effectiveDate that can be read", *OF_ROLES)
            elif person:
                person.roles.append(row)
        for row in self._lists.doubtful[ROLES]:
            if person := people.get(key_of(row, "personId")):
                self._doubt(person, "a job role has no id, or is given in two forms", *OF_ROLES)
        return True

    def _add_custom_values(self, people: Mapping[str, Person]) -> None:
        if not self._fields.custom:
            return
        try:
            attributes = custom_ids(self._fields.custom, self._lists.whole(CUSTOM_FIELDS))
            rows = self._lists.whole(CUSTOM_VALUES)
        except HIDDEN as why:
            self.report.not_visible["attribute"] = f"{STAYS} {why}"
            self._hide(people, "attribute")
            return
        for row in rows:
            attribute = attributes.get(key_of(row, "customFieldId"))
            person = people.get(key_of(row, "personId"))
            if attribute and person:
                person.custom[attribute] = row.get("value")
        for row in self._lists.doubtful[CUSTOM_VALUES]:
            if person := people.get(key_of(row, "personId")):
                self._doubt(person, "a custom value has no id, or is given in two forms", "attribute")

    def _note_untagged(self, people: Mapping[str, Person]) -> None:
        """Whose teams are not there at all, or null, may have some: that is not the same as none."""
        untagged = [native for native, each in people.items() if not each.tagged]
        if self._fields.tags and untagged:
            self._hide(untagged, "attribute")
            self.report.not_visible["attribute"] = (
                f"{STAYS} Humaans does not show {TEAMS} of {len(untagged)} of {len(people)} people; {RIGHTS}."
            )

    def _doubt(self, person: Person, reason: str, *kinds: str) -> None:
        """Part of a person cannot be read: what was known of that part stays."""
        self._problems.remark(person.native_id, reason)
        self._hide([person.native_id], *kinds)

    def _hide(self, people: Mapping[str, Person] | Sequence[str], *kinds: str) -> None:
        for each in people:
            self._hidden.setdefault(each, set()).update(kinds)

    def _facts(self, people: Mapping[str, Person]) -> tuple[list[AccountFact], list[PlannedFact]]:
        accounts: list[AccountFact] = []
        planned: list[PlannedFact] = []
        for native, person in people.items():
            try:
                worker, status, today = worker_of(person, self._fields, self._reading)
            except BadRecord as why:
                self._problems.odd(native, str(why))
                self._hidden.pop(native, None)
                continue
            if status != "ended" and worker.end and worker.end <= today:
                reason = "status says employed, and the employment has ended: the dates count"
                self._problems.remark(native, reason)
            for fact in facts_of(worker, status, today):
                if isinstance(fact, AccountFact):
                    accounts.append(fact)
                    self._managers.add(
                        PLACE, native, fact.manager_ref, number=fact.employee_number, email=fact.email
                    )
                else:
                    planned.append(fact)
        return accounts, planned
