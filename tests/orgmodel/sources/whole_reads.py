"""What one read of an HR system gave, in forms that tests compare."""

from typing import Any

from orgmodel.facts import AccountFact, AssignmentFact, PlannedFact, UnitFact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import Reader, Report


class Read:
    """What one read gave."""

    def __init__(self, reader: Reader) -> None:
        self.facts = [fact for batch in reader.batches() for fact in batch]
        self.report: Report = reader.report

    def of(self, kind: type[Any]) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    @property
    def people(self) -> dict[str, AccountFact]:
        return {fact.native_id: fact for fact in self.of(AccountFact)}

    @property
    def units(self) -> dict[str, UnitFact]:
        return {fact.native_id: fact for fact in self.of(UnitFact)}

    @property
    def planned(self) -> list[tuple[str, str, str, str]]:
        return [(each[0], each[1], each[2], str(each[3])) for each in self.of(PlannedFact)]

    @property
    def places(self) -> list[tuple[str, str, str, str, str]]:
        return [(each[0], each[1], each[2], str(each[3]), str(each[4])) for each in self.of(AssignmentFact)]

    @property
    def covered(self) -> set[str]:
        return {fact.kind for fact in self.of(Covered)}

    @property
    def kept(self) -> set[tuple[str, str]]:
        return {(fact.kind, fact.native_id) for fact in self.of(Unreadable)}

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return [(each.record, each.reason) for each in self.report.problems]
