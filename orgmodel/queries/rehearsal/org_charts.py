"""Two org charts, the current and the planned one: the proposal is the difference."""

from collections.abc import Iterable

from orgmodel.conventions import Conventions
from orgmodel.queries.quoting import quoted

from .attribute_input import BadValue
from .plan_rows import (
    FIRST_CHART,
    SECOND_CHART,
    WHO,
    BadProposal,
    cells_of,
    columns_found,
    people_named,
    plan_words,
    profile_attributes,
    read_rows,
    who_in,
)
from .proposal import Proposal

NAMES = frozenset({"name", "first_name", "last_name", "display_name"})
"""Columns that say what people are called, not where they stand."""

Chart = dict[int, tuple[int, dict[str, str]]]
"""Person → the line, and what it says."""


def between_charts(now: Iterable[str], then: Iterable[str], conventions: Conventions) -> Proposal:
    """What the second chart changes of the first: a row per person, a column per attribute of the profile.

    Whoever stands only in the second is given all it says; whoever stands only in the first is named in a
    note, for a chart does not say what becomes of them. Raises BadProposal with every bad row.
    """
    attributes = profile_attributes()
    was, current_people, odd = _chart(now, attributes, FIRST_CHART)
    will, planned_people, more = _chart(then, attributes, SECOND_CHART)
    common = [name for name in planned_people if name in current_people]
    proposal = Proposal()
    texts = {text for _, says in will.values() for text in says.values()}
    words, problems = plan_words(common, texts, will, conventions, {}), []
    for person, (line, says) in will.items():
        before = was.get(person, (0, {}))[1]
        for name in (name for name in common if says[name] != before.get(name, "")):
            try:
                proposal.values.setdefault(person, {})[name] = words.value(name, says[name])
            except BadValue as error:
                problems.append(f"{SECOND_CHART}, line {line}, column {name}: {error}")
    if problems:
        raise BadProposal(problems, bad_rows=len(problems), where=SECOND_CHART)
    if ignored := sorted({*odd, *more, *(set(current_people) ^ set(planned_people))}):
        proposal.notes.append(f"Columns that were not compared: {', '.join(ignored)}.")
    if gone := len(set(was) - set(will)):
        people = "1 person stands" if gone == 1 else f"{gone} people stand"
        proposal.notes.append(f"{people} in the first chart only; what becomes of them is not rehearsed.")
    return proposal


def _chart(
    lines: Iterable[str], attributes: frozenset[str], which: str
) -> tuple[Chart, list[str], list[str]]:
    """Person → what the chart says, the columns that are attributes, and those that are none."""
    header, rows = read_rows(lines, which)
    who = next((name for name in WHO if name in header), "")
    if not who:
        missing = f"{which}, line 1: a column person, email or id is missing. {columns_found(header)}"
        raise BadProposal([missing], "a column is missing", where=which)
    named = [name for name in header if name and name not in {*WHO, *NAMES}]
    columns = [name for name in named if not attributes or name in attributes]
    if not columns:
        none = f"{which}, line 1: no column is an attribute of the Okta profile. {columns_found(header)}"
        raise BadProposal([none], "no column is an attribute", where=which)
    problems: list[str] = []
    found: Chart = {}
    written = [(line, row, cells_of(row)) for line, row in rows]
    people = people_named(who_in(cells) for _, _, cells in written)
    for line, row, cells in written:
        name, person = who_in(cells), people[who_in(cells)]
        if None in row:
            problems.append(f"{which}, line {line}: there are more cells than columns.")
        elif isinstance(person, str):
            problems += [f"{which}, line {line}: {person}"] if any(cells.values()) else []
        elif person in found:
            problems.append(f"{which}, line {line}: {quoted(name)} stands there twice.")
        else:
            found[person] = (line, {name: cells.get(name, "") for name in columns})
    if problems:
        raise BadProposal(problems, bad_rows=len(problems), where=which)
    return found, columns, [name for name in named if name not in columns]
