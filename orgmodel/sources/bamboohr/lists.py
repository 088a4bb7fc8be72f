"""Lists of BambooHR as org units, where no control plane keeps them: `list:department:17`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, UnitFact
from orgmodel.recognition import slugify
from orgmodel.reports import Problem, Report, SourceFailed
from orgmodel.sources.json_records import key_of
from orgmodel.sources.values import NAME, clean

from .fields import Field

LISTS = "/api/v1/meta/lists"


@dataclass(frozen=True)
class Option:
    """One value of a list."""

    id: str
    name: str
    archived: bool


def listed_kinds(conventions: Conventions, tracked: Mapping[str, Field]) -> dict[str, tuple[str, str]]:
    """List, by the name of its field → the kind of unit that it holds, and the attribute that names them."""
    return {
        tracked[kind.attribute].column: (kind.kind, kind.attribute)
        for kind in conventions.unit_kinds
        if kind.attribute and kind.attribute in tracked
    }


class Lists:
    """The lists that are read, by the names of their fields."""

    def __init__(self, answer: Any, wanted: Mapping[str, tuple[str, str]], report: Report) -> None:
        """Raises SourceFailed for what is no list of lists."""
        if not isinstance(answer, list):
            raise SourceFailed(f"BambooHR's answer to {LISTS} holds no lists; nothing was applied.")
        self._wanted, self._report = wanted, report
        self.options: dict[str, list[Option]] = {}
        for each in answer:
            names = {key_of(each, "alias"), key_of(each, "fieldId")} - {""}
            for name in names.intersection(wanted):
                self.options[name] = list(self._options(each.get("options")))

    def _options(self, raw: Any) -> Iterator[Option]:
        for each in raw if isinstance(raw, list) else ():
            native = key_of(each)
            name = clean(each.get("name"), NAME).strip() if native else ""
            if native and name:
                yield Option(native, name, key_of(each, "archived").casefold() == "yes")
            else:
                self._report.problems.append(Problem(LISTS, native, "an option has no id or no name", "unit"))

    def units(self, accounts: list[AccountFact]) -> list[UnitFact]:
        """All options. An archived one that somebody still holds is active; one whose name another option
        has by now is left out: nobody could tell who holds which."""
        found = []
        for name, options in self.options.items():
            kind, attribute = self._wanted[name]
            held = _held(accounts, attribute)
            current = {each.name for each in options if not each.archived}
            found += [
                _unit(kind, name, each, held=each.name in held)
                for each in options
                if not each.archived or each.name not in current
            ]
        return found


def _held(accounts: list[AccountFact], attribute: str) -> set[Any]:
    """The values that people have who are still there."""
    found: set[Any] = set()
    for each in accounts:
        value = each.attributes.get(attribute) if each.status != "ended" else None
        found.update(value if isinstance(value, list) else [value])
    return found


def _unit(kind: str, where: str, option: Option, *, held: bool) -> UnitFact:
    return UnitFact(
        kind=kind,
        native_id=f"list:{where}:{option.id}",
        name=option.name,
        slug=slugify(option.name)[:NAME],
        parent="",
        lead="",
        active=held or not option.archived,
        active_from=None,
        active_to=None,
        merged_into="",
    )
