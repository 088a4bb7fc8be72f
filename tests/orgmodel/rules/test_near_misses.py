"""Whom a rule misses by little."""

from orgmodel.rules import near_misses as module
from orgmodel.rules.batch_index import Look
from orgmodel.rules.near_misses import near_misses
from orgmodel.rules.population import Population, Rule

TEXT = 'user.team == "cucumber" AND user.city == "Oslo"'
PEOPLE = Population(
    ["ada", "ben", "cleo", "dan", "eve", "fin"],
    ["ACTIVE"] * 6,
    ["active"] * 6,
    {
        "team": ["cucumber", "cucumber", "cucumbr", "radish", "radish", "cucumber"],
        "city": ["Oslo", "Bergen", "Oslo", "Oslo", "Bergen", "Bergen"],
    },
)


def found(text: str) -> list[tuple[tuple[int, ...], list[str]]]:
    rule = Rule("r", text, ("g",))
    near = near_misses(text, Look(PEOPLE).combinations(rule, all_of_them=True))
    return [(each.people, [clause.words for clause in each.explanation.missing]) for each in near]


def test_one_clause_of_several_or_a_value_that_is_nearly_right() -> None:
    assert found(TEXT) == [
        ((2,), ["team is cucumber"]),
        ((3,), ["team is cucumber"]),
        ((1, 5), ["city is Oslo"]),
    ]
    assert found('user.team == "cucumber"') == [((2,), ["team is cucumber"])]


def test_what_cannot_be_read_is_missed_by_nobody() -> None:
    assert found("user.team =") == []


def test_the_search_ends(monkeypatch: object) -> None:
    rule = Rule("r", TEXT, ("g",))
    combinations = list(Look(PEOPLE).combinations(rule, all_of_them=True))
    assert len(near_misses(TEXT, combinations * (module.MOST // len(combinations) + 1))) <= module.MOST
