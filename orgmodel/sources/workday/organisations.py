"""The rows of the organisations report as units: supervisory organisations, and whatever else it lists."""

import re
from collections.abc import Collection, Mapping

from orgmodel.facts import UnitFact
from orgmodel.recognition import slugify
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.values import NAME

from .cells import BEHIND, Row, date_of, id_among, key, several, text, truth

SUPERVISORY = "supervisory"
INHERITED = " (Inherited)"
"""What Workday writes behind a manager who has an organisation only from the one above."""


class Organisations:
    """Makes units. `kinds`: those that are configured; `workers`: what names a worker → the id."""

    def __init__(
        self,
        columns: Mapping[str, str],
        kinds: Collection[str],
        workers: Mapping[str, str],
        names: Collection[str],
    ) -> None:
        self._columns, self._workers, self._names = columns, workers, names
        self._kinds = {folded(each): each for each in kinds}
        self._usual = "team" if "team" in kinds else next(iter(kinds), "team")

    def id_of(self, row: Row) -> str:
        """Which organisation it is. Raises BadRecord."""
        return key(row, self._columns["id"])

    def leads(self, row: Row) -> list[str]:
        """The ids of those who lead it, as far as they are known; else what the report says."""
        found = (id_among(each, self._workers) for each in several(row, self._columns["lead"]))
        return [self._workers.get(each, each) for each in found]

    def unit(self, row: Row) -> UnitFact:
        """Raises BadRecord."""
        of = self._columns
        native = self.id_of(row)
        if not native:
            raise BadRecord(f"{of['id']} is missing")
        full = text(row, of["name"], NAME)
        if not full:
            raise BadRecord(f"{of['name']} is missing")
        name = self._without_manager(full)
        parent = key(row, of["parent"])
        return UnitFact(
            kind=self._kind(text(row, of["kind"], NAME), text(row, of["type"], NAME)),
            native_id=native,
            name=name,
            slug=slugify(name)[:NAME],
            parent="" if parent == native else parent,
            lead=next(iter(self.leads(row)), ""),
            active=not truth(row, of["inactive"]),
            active_from=date_of(row, of["active_from"]),
            active_to=date_of(row, of["active_to"]),
            merged_into="",
        )

    def _kind(self, subtype: str, kind: str) -> str:
        """A configured kind that is called like the subtype or the type, else what the report calls it."""
        for word in (subtype, kind):
            if found := self._kinds.get(folded(word)):
                return found
        if subtype:
            return folded(subtype)
        return self._usual if folded(kind) in {"", SUPERVISORY} else folded(kind)

    def _without_manager(self, name: str) -> str:
        """`Payments Core (Bo Lind)` without the manager, who is no part of what people call it."""
        plain = name.removesuffix(INHERITED)
        plain = re.sub(r" \(Inherited\)\)$", ")", plain)
        if (behind := BEHIND.fullmatch(plain)) and behind[1] in self._names:
            return plain[: -len(behind[1]) - 2].rstrip() or name
        return name


def folded(word: str) -> str:
    """As kinds are written: `Cost Center` → `cost_center`."""
    return re.sub(r"[\s_-]+", "_", word.strip().casefold())
