"""Group rules: the list, and one rule with whom it matches, whom it nearly matches, and what it opens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.db import connection

from orgmodel.queries.access.target import Target, columns
from orgmodel.queries.moments import Moment
from orgmodel.queries.pages.lists import ListRequest, Page
from orgmodel.queries.people import NotFound
from orgmodel.queries.rows import json_value
from orgmodel.queries.targets import SEEN, TARGETS
from orgmodel.queries.together import Lasting, ask
from orgmodel.queries.together import rows as stated
from orgmodel.queries.visibility import Viewer
from orgmodel.rules.batch_index import Look, Memberships
from orgmodel.rules.confidential import CONFIDENTIAL
from orgmodel.rules.explain import Clause
from orgmodel.rules.mistakes import BadExpression, Mistake
from orgmodel.rules.near_misses import Near, near_misses
from orgmodel.rules.parse import parse
from orgmodel.rules.population import DEACTIVATED, looked_at
from orgmodel.rules.words import in_words
from orgmodel.why.attribute_change import Version
from orgmodel.why.requirements import change_sentence

from .census import Census, census
from .rule_evaluation import NAMED, RuleText, tree_of
from .rule_warnings import RuleWarning, rule_warnings
from .rulebook import in_force

ORDER = {"name": "lower(v.name)", "status": "v.status"}


@dataclass(frozen=True)
class RuleRow:
    """A rule in a list. `words` is empty for an expression that is none."""

    native_id: str
    key: str
    name: str
    status: str
    expression: str
    words: str
    targets: tuple[Target, ...]
    since: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "native_id": self.native_id,
            "status": self.status,
            "expression": self.expression,
            "words": self.words,
            "groups": [each.as_json() for each in self.targets],
        }


@dataclass(frozen=True)
class Someone:
    """A person as far as a link needs it."""

    pk: int
    key: str
    name: str


@dataclass(frozen=True)
class Missed:
    """People whom a rule misses by little, and by what."""

    people: tuple[Someone, ...]
    sentence: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class RulePage:
    """A rule. `mistake`: why it cannot be read. `late`: fit and are not in; `astray`: in by it, unfit.

    `unsure`: fit and are not in, and whether Okta runs the rule for such an account is not known.
    """

    row: RuleRow
    mistake: Mistake | None
    attributes: tuple[str, ...]
    fitting: tuple[Someone, ...]
    unknown: tuple[tuple[str, int], ...]
    """Reason → people."""
    late: tuple[Someone, ...]
    unsure: tuple[Someone, ...]
    astray: tuple[Someone, ...]
    near: tuple[Missed, ...]
    excluded: tuple[Someone, ...]
    versions: tuple[Version, ...]
    odd: tuple[RuleWarning, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            **self.row.as_json(),
            "error": self.mistake.as_json() if self.mistake else None,
            "attributes": list(self.attributes),
            "fits": [each.name for each in self.fitting],
            "unknown": [{"reason": reason, "people": number} for reason, number in self.unknown],
            "not_yet_in": [each.name for each in self.late],
            "not_sure_whether_in": [each.name for each in self.unsure],
            "in_and_unfit": [each.name for each in self.astray],
            "near": [
                {"people": [one.name for one in each.people], "sentence": each.sentence} for each in self.near
            ],
            "excluded": [each.name for each in self.excluded],
            "lint": [each.as_json() for each in self.odd],
        }


def list_rules(criteria: ListRequest, moment: Moment, viewer: Viewer) -> Page:
    """Rules whose name or expression holds the text; those that feed only what is hidden are left out."""
    if criteria.text and viewer.secrets.names:
        whole = replace(criteria, text="", number=1, everything=True)
        return _holding(criteria, list_rules(whole, moment, viewer))
    order = ORDER.get(criteria.sort.removeprefix("-"), ORDER["name"])
    direction = "DESC" if criteria.sort.startswith("-") else "ASC"
    where = f"""{moment.holds("v")} AND {SEEN} AND (%(status)s = '' OR v.status = %(status)s)
        AND (%(text)s = '' OR v.name ILIKE %(like)s OR v.expression ILIKE %(like)s)"""
    text = criteria.text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    parameters: dict[str, Any] = {
        "at": moment.at,
        "hidden": sorted(viewer.hidden),
        "status": criteria.status.lower(),
        "text": criteria.text,
        "like": f"%{text}%",
        **criteria.slice,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_ROW}, count(*) OVER () FROM {_FROM} WHERE {where}"
            f" ORDER BY {order} {direction}, r.native_id LIMIT %(most)s OFFSET %(first)s",
            parameters,
        )
        rows = cursor.fetchall()
    return Page(tuple(_row(row, viewer) for row in rows), rows[0][-1] if rows else 0, criteria.number)


def _holding(criteria: ListRequest, page: Page) -> Page:
    """Of all rules as they are told those with the text: what is left open must not be found by its words."""
    text, first = criteria.text.casefold(), criteria.slice["first"]
    rows = [row for row in page.rows if text in row.name.casefold() or text in row.expression.casefold()]
    return Page(tuple(rows[first : first + criteria.slice["most"]]), len(rows), criteria.number)


def rule_page(named: str, moment: Moment, viewer: Viewer, *, warned: bool = True) -> RulePage:
    """The rule with this key or native id at the moment; seven queries.

    `warned`: with what is odd about it. Raises NotFound, also where it feeds only what is hidden.
    """
    row, excluded, versions = _one(named, moment, viewer)
    native = row.native_id
    text = RuleText(
        native, row.name, row.status, row.expression, tuple(t.native_id for t in row.targets), excluded
    )
    # What was found odd was found in the text as it is written.
    legible = CONFIDENTIAL not in row.expression
    odd = rule_warnings(native, moment, viewer) if warned and legible else ()
    node = tree_of(row.expression)
    if node is None:
        return RulePage(row, _mistake(row.expression), (), (), (), (), (), (), (), (), versions, odd)
    rule = in_force(text)
    everybody = census(rule.reads, moment, grouped=bool(rule.calls) and not viewer.hidden)
    look = Look(everybody.population)
    look.memberships = Memberships(everybody.population, {}, {})
    fit = look.fit(rule)
    inside, through = _members(row.targets, native, moment)
    places = {person: place for place, person in enumerate(everybody.people)}
    running = row.status == "active"
    absent = (
        [place for place in sorted(fit.people) if everybody.people[place] not in inside] if running else []
    )
    late = [place for place in absent if looked_at(everybody.population.states[place])]
    astray = sorted(
        places[person]
        for person in through
        if person in places and places[person] not in fit.people and places[person] not in fit.unknown
    )
    left_out = [place for place, native_ in enumerate(everybody.population.natives) if native_ in excluded]
    near = near_misses(row.expression, look.combinations(rule, all_of_them=True), everybody.population.names)
    return RulePage(
        row,
        None,
        rule.reads,
        _named(sorted(fit.people), everybody),
        _reasons(fit.unknown),
        _named(late, everybody),
        _named(sorted({*absent} - {*late}), everybody),
        _named(astray, everybody),
        tuple(missed for each in near if (missed := _missed(each, everybody)).people),
        _named(left_out, everybody),
        versions,
        odd,
    )


def rule_name(named: str, moment: Moment, viewer: Viewer) -> str:
    """What a rule is called at the moment. Raises NotFound."""
    return _one(named, moment, viewer)[0].name


def _missed(near: Near, everybody: Census) -> Missed:
    present = [place for place in near.people if everybody.population.states[place] != DEACTIVATED]
    return Missed(
        _named(present, everybody),
        f"Would match if {change_sentence(near.explanation)}.",
        near.explanation.missing,
    )


def _named(places: Iterable[int], everybody: Census) -> tuple[Someone, ...]:
    return tuple(
        Someone(everybody.people[place], everybody.keys[place], everybody.names[place]) for place in places
    )


def _reasons(unknown: Mapping[int, str]) -> tuple[tuple[str, int], ...]:
    counted: dict[str, int] = {}
    for reason in unknown.values():
        counted[reason] = counted.get(reason, 0) + 1
    return tuple(sorted(counted.items(), key=lambda each: -each[1]))


def _mistake(expression: str) -> Mistake | None:
    try:
        parse(expression)
    except BadExpression as error:
        return error.mistake
    return None


_FROM = "orgmodel_ruleversion v JOIN orgmodel_rule r ON r.id = v.rule_id"
_ROW = f"""r.native_id, v.name, v.status, v.expression, coalesce(v.true_began, v.began), (
    SELECT json_agg(json_build_array({columns("g")}) ORDER BY lower(g.name)) FROM {TARGETS.format("g")}),
    {NAMED}, r.key"""


def _row(row: Any, viewer: Viewer) -> RuleRow:
    rule = RuleText(*row[:4]).redacted(viewer.secrets)
    node = tree_of(rule.expression)
    targets = tuple(Target(*each) for each in json_value(row[5]) or ())
    words = in_words(node, json_value(row[6]), viewer.spoken) if node else ""
    return RuleRow(rule.native_id, row[7], rule.name, rule.status, rule.expression, words, targets, row[4])


def _one(named: str, moment: Moment, viewer: Viewer) -> tuple[RuleRow, tuple[str, ...], tuple[Version, ...]]:
    """The rule as it stands, whom it leaves out, and all it said up to the moment, newest first."""
    sql = f"""
        SELECT {_ROW}, v.excluded, v.began, {SEEN} FROM {_FROM}
        WHERE (r.key = %(named)s OR r.native_id = %(named)s) AND v.began <= %(at)s ORDER BY v.began DESC"""
    rows = ask(stated(Lasting(sql), {"named": named, "at": moment.at, "hidden": sorted(viewer.hidden)}))
    if not (rows and rows[0][10]):
        raise NotFound("rule", named)
    seen = [Version(row[9], *row[1:4]).redacted(viewer.secrets) for row in rows if row[10]]
    # Of versions that differ in nothing that may be told the first one counts.
    versions = tuple(
        each
        for each, before in zip_longest(seen, seen[1:])
        if before is None or replace(each, began=before.began) != before or not viewer.secrets.ids
    )
    return _row(rows[0], viewer), tuple(json_value(rows[0][8])), versions


def _members(targets: Iterable[Target], native: str, moment: Moment) -> tuple[set[int], set[int]]:
    """People in all groups that the rule feeds, and those whom Okta says it put into any."""
    groups = [each.pk for each in targets]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {moment.owner("a")}, count(DISTINCT e.resource_id), bool_or(%(native)s = ANY(g.rules))
            FROM orgmodel_grant g JOIN orgmodel_account a ON a.id = g.account_id
            JOIN orgmodel_entitlement e ON e.id = g.entitlement_id
            WHERE e.resource_id = ANY(%(groups)s) AND {moment.owner("a")} IS NOT NULL AND {moment.holds("g")}
            GROUP BY 1""",
            {"groups": groups, "native": native, "at": moment.at},
        )
        rows = cursor.fetchall()
    return (
        {person for person, number, _ in rows if number == len(groups)},
        {person for person, _, through in rows if through},
    )
