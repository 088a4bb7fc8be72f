"""Which attributes of a profile follow from the one that names somebody's unit."""

from collections.abc import Iterable

from orgmodel.queries.together import ask, rows
from orgmodel.sources.roles import IS_DIRECTORY

from .copy_colleague import OWN

SAMPLE = 1_000
"""Accounts that are looked at to learn whether one attribute follows from another."""
ACCOUNT = f"a.source {IS_DIRECTORY} AND a.ended IS NULL AND a.state <> 'ended'"
"""Accounts whose profiles count."""


class Follows:
    """Which attributes follow from the one that names somebody's unit; asked when it is needed."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, float]] = {}

    def share(self, own: str, attribute: str, among: Iterable[str]) -> float:
        """Of the people whose unit `own` names: how many have the value that most people of their unit have.

        0 where too few units have people. One query for each `own`, which asks for all attributes `among`.
        """
        if own not in self._known:
            values = {"naming": own, "among": sorted({*among} - {own, *OWN})}
            self._known[own] = dict(ask(rows(_FOLLOWS, values)))
        return float(self._known[own].get(attribute, 0))


_FOLLOWS = f"""
    SELECT name, sum(most) / sum(times) FROM (
        SELECT value, name, max(times) AS most, sum(times) AS times FROM (
            SELECT o.value, t.name, t.value AS other, count(*) AS times FROM (
                SELECT t.account_id, t.value FROM orgmodel_attribute t
                JOIN orgmodel_account a ON a.id = t.account_id AND {ACCOUNT}
                WHERE t.name = %(naming)s AND t.ended IS NULL ORDER BY t.value LIMIT {SAMPLE}) o
            JOIN orgmodel_attribute t ON t.account_id = o.account_id AND t.ended IS NULL
             AND t.name = ANY(%(among)s) GROUP BY 1, 2, 3) pairs
        GROUP BY 1, 2 HAVING sum(times) > 1) units
    GROUP BY name HAVING count(*) > 1"""
