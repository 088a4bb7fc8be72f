"""How the sections of somebody's apps are headed: in the words of whoever they belong to."""

from typing import Any

from orgmodel.queries.access import my_access
from orgmodel.queries.access.holdings import AccessOfPerson
from orgmodel.queries.access.my_access import Section, UnitsOfGroups, sections
from orgmodel.rules.spoken import spoken
from orgmodel.why.paths import memberships
from orgmodel.why.voice import Voice


def grouped(held: AccessOfPerson, units: UnitsOfGroups, *, own: bool) -> dict[str, Any]:
    """The sections with their headings, and apart what everyone has. `own`: they are the reader's."""
    found = sections(held, units)
    headed = [
        {"title": _title(each, own=own), "hint": _hint(each, own=own), "section": each}
        for each in found
        if each.source != my_access.EVERYONE
    ]
    everyone = next((each for each in found if each.source == my_access.EVERYONE), None)
    return {"sections": headed, "everyone": everyone}


def _title(section: Section, *, own: bool) -> str:
    theirs = "your" if own else "the"
    if section.unit:
        kind = section.unit.kind.replace("_", " ")
        return f"With {theirs} {kind} {section.unit.name}"
    if section.values:
        conditions = [f"{theirs} {spoken(name)} is {value}" for name, value in section.values]
        conditions += [memberships(words, Voice(own=own)) for words in section.member]
        return f"Because {' and '.join(conditions)}"
    if section.source == my_access.OWN:
        return "Given to you individually" if own else "Given individually"
    return "Through other groups"


def _hint(section: Section, *, own: bool) -> str:
    if section.unit or section.values:
        return ""
    if section.source == my_access.OWN:
        return "not to your team" if own else "not to the team"
    return "groups that are filled automatically"
