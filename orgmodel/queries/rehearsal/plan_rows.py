"""Rows of an uploaded CSV, and what their cells may name: people, attributes, units, values."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connection

from orgmodel.conventions import Conventions
from orgmodel.queries.moments import now
from orgmodel.queries.nearest import nearest
from orgmodel.queries.people import Ambiguous, Candidate, NotFound, find_person
from orgmodel.queries.quoting import quoted
from orgmodel.queries.refusals import NoAnswer
from orgmodel.queries.rules.rulebook import book, in_force
from orgmodel.queries.rules.unit_values import UnitValues
from orgmodel.sources.roles import IS_DIRECTORY

from .attribute_input import Words
from .move_facts import MoveFacts, move_facts, parameters

WHO = ("person", "email", "e-mail", "id")
MOST_ROWS = 200_000
MOST_TOLD = 50
MOST_COLUMNS = 8
MOST_NAMES = 20_000
"""People among whom the nearest to a mistyped name is sought."""


FIRST_CHART, SECOND_CHART = "the first chart", "the second chart"


class BadProposal(NoAnswer):
    """The file cannot be used: `problems` say why, bad rows with line and reason.

    `bad_rows`: how many of the problems are bad rows. `title`: what is wrong, as the second half of a
    heading. `where`: in which of two charts; empty where there is only one file.
    """

    def __init__(
        self,
        problems: Sequence[str],
        title: str = "the plan cannot be used",
        *,
        bad_rows: int = 0,
        where: str = "",
    ) -> None:
        more = f" … and {len(problems) - MOST_TOLD} more." if len(problems) > MOST_TOLD else ""
        super().__init__("\n".join(problems[:MOST_TOLD]) + more)
        self.problems = tuple(problems)
        self.title, self.bad_rows, self.where = title, bad_rows, where


def read_rows(lines: Iterable[str], where: str = "") -> tuple[list[str], list[tuple[int, dict[str, Any]]]]:
    """The header and the rows of a CSV, each with its line. Raises BadProposal.

    Semicolons or tabs part the columns where the first line has them and no comma, as spreadsheets save it.
    """
    every = iter(lines)
    first = next(every, "")
    delimiter = "," if "," in first else next((sign for sign in ";\t" if sign in first), ",")
    reader = csv.DictReader(chain([first], every), strict=True, delimiter=delimiter)
    place = f"{where}, line" if where else "line"
    try:
        header = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = header
        rows = [(reader.line_num, row) for row in islice(reader, MOST_ROWS + 1)]
    except csv.Error as error:
        problem = f"{place} {reader.line_num}: this is no CSV ({error})."
        raise BadProposal([problem], "the file is no CSV", where=where) from error
    if len(rows) > MOST_ROWS:
        raise BadProposal(
            [f"There are more than {MOST_ROWS:,} rows."], "there are too many rows", where=where
        )
    return header, rows


def columns_found(header: Sequence[str]) -> str:
    """What the first line holds instead of what it should, and how it should be written."""
    named = [quoted(name, 40) for name in header if name]
    if not named:
        return "The first line names no columns."
    more = f" and {len(named) - MOST_COLUMNS} more" if len(named) > MOST_COLUMNS else ""
    return f"Columns found: {', '.join(named[:MOST_COLUMNS])}{more}. They are expected to be comma-separated."


def strange(names: Iterable[str]) -> dict[str, str]:
    """Names that no attribute of the profile has, with what is nearest; none where no schema is known."""
    known = profile_attributes()
    odd = [name for name in names if known and name not in known]
    return {name: ", ".join(nearest(name, [(each, each) for each in known])) for name in odd}


def cells_of(row: Mapping[Any, Any]) -> dict[str, str]:
    """The cells that stand under a column."""
    return {name: value.strip() for name, value in row.items() if isinstance(value, str)}


def who_in(cells: Mapping[str, str]) -> str:
    """Whom the row is about, as it is written; empty where nobody is named."""
    return next((cells[name] for name in WHO if cells.get(name)), "")


def profile_types() -> dict[str, str]:
    """The attributes that Okta profiles have, with their types; none where that was not read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, type FROM orgmodel_profileattribute"
            f" WHERE source {IS_DIRECTORY} AND ended IS NULL ORDER BY name"
        )
        return dict(cursor.fetchall())


def profile_attributes() -> frozenset[str]:
    """The attributes that Okta profiles have; none where that was not read."""
    return frozenset(profile_types())


def people_named(names: Iterable[str]) -> dict[str, int | str]:
    """Whom a plan means, by what it calls them: the id, or why it is nobody as the rest of a sentence.

    Somebody whom any other question would find is found, too; of a name that fits several all are listed.
    """
    known = _known_people()
    found: dict[str, int | str] = {}
    strangers = 0
    for name in names:
        if name not in found:
            person = known.get(name.casefold())
            strangers += person is None
            # Of more problems than are told none is looked into.
            found[name] = person or (_otherwise(name, known) if strangers <= MOST_TOLD else _nobody(name))
    return found


def _nobody(name: str) -> str:
    return f"no person is known as {quoted(name)}."


def _otherwise(name: str, known: Mapping[str, int]) -> int | str:
    if not name:
        return "nobody is named."
    try:
        return find_person(name)
    except Ambiguous as error:
        listed = "; ".join(map(_told_apart, error.candidates))
        return f"{error.sentence} Write one of these: {listed}."
    except NotFound:
        near = nearest(name, [(each, each) for each in islice(known, MOST_NAMES)])
        hint = f" Nearest: {', '.join(near)}." if near else ""
        return f"{_nobody(name)}{hint}"


def _told_apart(one: Candidate) -> str:
    """What to write for one of several, and who that is: the e-mail address where it means this person."""
    if not one.email or not _means(one.email, one.key):
        return f"{one.key} ({one.hint})"
    hint = " · ".join(part for part in one.hint.split(" · ") if part != one.email)
    return f"{one.email} ({hint})" if hint else one.email


def _means(email: str, key: str) -> bool:
    try:
        return find_person(email) == find_person(key)
    except NotFound:
        return False


def _known_people() -> dict[str, int]:
    """What people are known by, in small letters; what means several is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT said, min(id) FROM (
                SELECT key AS said, coalesce(merged_into_id, id) AS id FROM orgmodel_person
                UNION SELECT lower(email), id FROM orgmodel_person WHERE ended IS NULL
                UNION SELECT lower(native_id), person_id FROM orgmodel_account WHERE person_id IS NOT NULL
                UNION SELECT lower(login), person_id FROM orgmodel_account
                      WHERE person_id IS NOT NULL AND ended IS NULL
            ) known WHERE said <> '' GROUP BY said HAVING count(DISTINCT id) = 1"""
        )
        return dict(cursor.fetchall())


def plan_words(
    names: Iterable[str],
    texts: Iterable[str],
    who: Iterable[int],
    conventions: Conventions,
    new: Mapping[str, frozenset[str]],
) -> Words:
    """What the cells of a plan may mean: attributes by these names, units by these texts; three queries.

    `who`: the people of the plan. `new`: attribute → what the plan itself adds.
    """
    facts: MoveFacts = move_facts(parameters(texts, sorted(who), names, conventions))
    rules = [in_force(rule) for rule in book(now()).rules.values()]
    written = UnitValues(facts, rules, conventions)
    return Words(facts, written, rules, profile_types(), conventions.people.manager_attribute, new)
