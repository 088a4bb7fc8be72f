"""Records that cannot be read: each is a problem of its own, and too many of them are the source's."""

from orgmodel.marks import Unreadable
from orgmodel.reports import Problem, Report, SourceFailed

MOST_ODD = 0.1
"""A list with a larger share of odd records is not believed; a single one is only that record's problem."""
MOST_SHOWN = 1000
OF_A_PERSON = ("account", "assignment", "planned")
"""Kinds of facts that a record of a person speaks for."""


class BadRecord(ValueError):
    """Why one record cannot be used; the text names the field, never the value."""


class RecordProblems:
    """The odd records of people of one read. What was known of them stays."""

    def __init__(self, report: Report, where: str) -> None:
        self._report, self._where = report, where
        self._odd: dict[str, str] = {}
        self._nameless = 0

    def odd(self, record: str, reason: str) -> None:
        """A record cannot be used; an empty id means that it cannot be told whose it is."""
        if not record:
            self._nameless += 1
        if self._odd.setdefault(record, reason) is reason and len(self._odd) <= MOST_SHOWN:
            self._report.problems.append(Problem(self._where, record, reason, "account"))

    def remark(self, record: str, reason: str) -> None:
        """Something is wrong with a record that can be used all the same."""
        if len(self._report.problems) < MOST_SHOWN:
            self._report.problems.append(Problem(self._where, record, reason))

    def __contains__(self, record: str) -> bool:
        return record in self._odd

    def require_few(self, good: int) -> None:
        """Raises SourceFailed when more than a tenth of all records, and more than one, are odd.

        `good`: how many others there are.
        """
        odd = len(self._odd) - ("" in self._odd) + self._nameless
        records = good + odd
        if odd and (odd == records or odd > max(MOST_ODD * records, 1)):
            raise SourceFailed(
                f"{self._where}: {odd} of {records} records cannot be read, more than a tenth;"
                " nothing was applied. The problems name record and reason: correct them, then sync again."
            )

    def marks(self) -> list[Unreadable]:
        """What was known of the odd records stays."""
        return [Unreadable(kind, record) for record in self._odd for kind in OF_A_PERSON]
