"""Over 200 expressions: tree, value for five people, words, and the clauses that decide for one. All by hand.

A block of corpus/*.txt is five lines: the expression, its tree with the operator in front, the value for Ada,
Ben, Cleo, Dev and Eve (True, False, Unknown), whom it takes in words, and what decides for Ada.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from orgmodel.rules import tree
from orgmodel.rules.evaluate import Subject, fits
from orgmodel.rules.explain import Clause, explain
from orgmodel.rules.parse import parse
from orgmodel.rules.render import literal, render
from orgmodel.rules.values import Unknown
from orgmodel.rules.words import in_words

KEPT = frozenset(
    [
        "firstName",
        "lastName",
        "login",
        "email",
        "department",
        "team",
        "title",
        "city",
        "countryCode",
        "userType",
        "isContractor",
        "isManager",
        "level",
        "skills",
        "costCenter",
        "nickName",
    ]
)
SCHEMA = KEPT | {"salary"}
GROUPS = {"00gEng": "DEPT-Engineering", "00gSal": "DEPT-Sales", "00gAll": "BR-ALL", "00gLead": "ROLE-LEADS"}


def person(profile: dict[str, object], *groups: str, native_id: str, status: str = "ACTIVE") -> Subject:
    return Subject(
        profile=profile,
        schema=SCHEMA,
        kept=KEPT,
        group_ids=frozenset(groups),
        group_names=frozenset(GROUPS[each] for each in groups),
        native_id=native_id,
        status=status,
    )


ADA = person(
    {
        "firstName": "Ada",
        "lastName": "Lind",
        "login": "ada.lind@acme.example",
        "email": "ada.lind@acme.example",
        "department": "Engineering",
        "team": "cucumber",
        "title": "Senior Engineer",
        "city": "Berlin",
        "countryCode": "DE",
        "userType": "Employee",
        "isContractor": False,
        "isManager": True,
        "level": 5,
        "skills": ["python", "dbt"],
        "costCenter": "CC-410",
    },
    "00gEng",
    "00gAll",
    native_id="00uAda",
)
BEN = person(
    {
        "firstName": "Ben",
        "lastName": "Okafor",
        "login": "ben@partner.example",
        "email": "ben.okafor@acme.example",
        "department": "Sales",
        "team": "radish",
        "title": "Account Executive",
        "city": "Munich",
        "countryCode": "DE",
        "userType": "Contractor",
        "isContractor": True,
        "isManager": False,
        "level": 2,
        "skills": ["excel"],
        "costCenter": "CC-200",
    },
    "00gSal",
    "00gAll",
    native_id="00uBen",
)
CLEO = person(
    {
        "firstName": "Cleo",
        "lastName": "O'Neil",
        "login": "cleo@acme.example",
        "email": "cleo@acme.example",
        "department": "engineering",
        "team": "Cucumber ",
        "title": "engineer",
        "countryCode": "DE",
        "userType": "Employee",
        "skills": [],
    },
    native_id="00uCleo",
    status="STAGED",
)
DEV = person(
    {
        "firstName": "Dev",
        "lastName": "Silva",
        "login": "dev.silva@acme.example",
        "email": "dev.silva@acme.example",
        "department": "Engineering",
        "team": "leek",
        "title": "Engineering Manager",
        "city": "São Paulo",
        "countryCode": "BR",
        "userType": "Employee",
        "isContractor": False,
        "isManager": True,
        "level": 7,
        "skills": ["python", "go"],
        "costCenter": "CC-411",
    },
    "00gEng",
    "00gLead",
    native_id="00uDev",
)
EVE = Subject(
    profile={
        "firstName": "Eve",
        "lastName": "Roth",
        "login": "eve.roth@acme.example",
        "email": "eve.roth@acme.example",
        "department": "Legal",
        "team": "cucumber",
        "title": "Counsel, Europe",
        "city": "Berlin",
        "countryCode": "DE",
        "userType": "Employee",
        "isContractor": False,
        "isManager": False,
        "level": 4,
        "skills": ["english", "french"],
        "costCenter": "",
    },
    schema=SCHEMA,
    kept=KEPT,
    native_id="00uEve",
    status="SUSPENDED",
)
"""Nothing is known of Eve's groups."""


@dataclass(frozen=True)
class Case:
    text: str
    tree: str
    values: str
    words: str
    ada: str


def cases() -> Iterator[Case]:
    for file in sorted((Path(__file__).parent / "corpus").glob("*.txt")):
        for block in file.read_text(encoding="utf-8").split("\n\n"):
            text, *lines = block.strip("\n").split("\n")
            yield Case(text, *(line.removeprefix("    ") for line in lines))


CORPUS = list(cases())
HEADS: dict[type[tree.Node], str] = {
    tree.Not: "not",
    tree.And: "and",
    tree.Or: "or",
    tree.Add: "+",
    tree.Ternary: "if",
    tree.Elvis: "else",
}


def written(node: tree.Node) -> str:
    """The tree with operators in front, as the corpus writes it."""
    match node:
        case tree.Literal(value=value):
            return literal(value)
        case tree.Attribute(name=name):
            return name
        case tree.ListOf(parts=parts):
            return f"[{' '.join(map(written, parts))}]"
        case tree.Call(name=name) | tree.Method(name=name) | tree.Member(name=name):
            return row(f".{name}" if not isinstance(node, tree.Call) else name, node)
        case tree.Index(base=base, key=key):
            return f"(at {written(base)} {literal(key)})"
        case tree.Compare(operator=operator):
            return row(operator, node)
    return row(HEADS[type(node)], node)


def row(head: str, node: tree.Node) -> str:
    return f"({' '.join([head, *map(written, node.children())])})"


def decided(clause: Clause) -> str:
    sign = {True: "+", False: "-", None: "?"}[clause.holds]
    return f"{sign} {clause.words}" + (f": {clause.reason}" if clause.reason else "")


def test_there_are_enough() -> None:
    assert len({case.text for case in CORPUS}) == len(CORPUS) >= 200


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.text)
def test_expression(case: Case) -> None:
    node = parse(case.text)
    assert written(node) == case.tree
    assert parse(render(node)) == node
    found = [fits(node, subject) for subject in (ADA, BEN, CLEO, DEV, EVE)]
    assert " ".join("U" if isinstance(each, Unknown) else "FT"[each] for each in found) == case.values
    assert in_words(node) == case.words
    assert "; ".join(map(decided, explain(case.text, node, ADA).deciding)) == case.ada
