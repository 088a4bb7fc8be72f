"""All rules against all people, and one person against all rules, in memory; beside the least of it.

The floor looks only at the plainest rules, one comparison each, and finds their people in a mapping from
value to people: what a program must do that knows the answer's shape in advance.
"""

import random
import statistics
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from orgmodel.rules.evaluate import Subject
from orgmodel.rules.expected import expected
from orgmodel.rules.population import Population, Rule
from orgmodel.rules.rule_index import RuleBook

from .report import Line, cost

RULES = 2_000
"""As many as Okta allows."""
MOST_SECONDS = 10
MOST_MS = 5
SAMPLE = 200
ROUND = (16, 26, 36, 46)
"""The last digits of the numbers whose rule asks for an empty value; one in fifty asks for a group."""
BROAD = 5
"""One rule in a hundred takes most people."""
TEAMS, DEPARTMENTS, TITLES = 1_500, 60, 800


def measure(people: int) -> list[Line]:
    """Both questions for so many people and as many rules as an organisation may have."""
    population, rules = made_up(people), [Rule(f"0pr{i}", text(i), (f"00g{i}",)) for i in range(RULES)]
    plain = [rule for rule in rules if rule.anchor and not rule.anchor.prefix and len(rule.reads) == 1]
    floor = cost(lambda: _by_value(population, plain))
    whole = cost(lambda: expected(rules, population))
    book = RuleBook(rules, population.names)
    subjects = [_subject(population, place) for place in range(0, people, max(people // SAMPLE, 1))]
    took = [1000 * cost(partial(book.standing, subject)).wall for subject in subjects]
    slow = statistics.quantiles(took, n=20)[-1]
    return [
        Line(f"{len(plain):,} plain rules by mapping", f"{floor.cpu:.2f} s"),
        Line("all rules, all people", f"{whole.cpu:.2f} s", f"{floor.cpu:.2f} s", whole.cpu / floor.cpu),
        Line(
            "all rules, all people, budget",
            f"{whole.cpu:.2f} s",
            f"{MOST_SECONDS} s",
            whole.cpu / MOST_SECONDS,
            1.0,
            "XL",
        ),
        Line("all rules, one person, p95", f"{slow:.2f} ms", f"{MOST_MS} ms", slow / MOST_MS, 1.0),
    ]


def made_up(people: int) -> Population:
    """People with the attributes that rules read most, some of them empty."""
    chosen = random.Random(5)  # noqa: S311  # made-up people
    any_of = chosen.choice
    columns: dict[str, Sequence[Any]] = {
        "team": [f"team-{chosen.randrange(TEAMS)}" for _ in range(people)],
        "department": [f"dep {chosen.randrange(DEPARTMENTS)}" for _ in range(people)],
        "title": [f"Title {chosen.randrange(TITLES)}" for _ in range(people)],
        "city": [any_of(("SF", "NYC", "Oslo", None)) for _ in range(people)],
        "userType": [any_of(("Employee", "Employee", "Contractor")) for _ in range(people)],
        "login": [f"u{number}@nordwind.example" for number in range(people)],
    }
    natives = [f"00u{number}" for number in range(people)]
    crew = {"00gcrew": frozenset(range(0, people, 3))}
    return Population(
        natives, ["ACTIVE"] * people, ["active"] * people, columns, crew, {"00gcrew": "DEPT-crew"}
    )


def text(number: int) -> str:
    """One rule of ten kinds: mostly one or two comparisons, some patterns, some that ask for groups."""
    team, title, department = number % TEAMS, number % TITLES, number % DEPARTMENTS
    cascade = f'isMemberOfGroup("00g{number - 6}") AND user.city == "Oslo"'
    kinds = (
        f'user.team == "team-{team}"',
        f'user.team == "team-{team}" AND user.userType == "Employee"',
        f'user.department == "dep {department}"',
        f'user.department == "dep {department}" AND user.city == "SF"',
        f'String.stringContains(user.title, "Title {title}")',
        f'user.team == "team-{team}" OR user.team == "team-{(team + 1) % TEAMS}"',
        "user.city == null" if number % 50 in ROUND else cascade,
        f'String.startsWith(user.login, "u{number}")',
        f'user.city != "SF" AND user.department == "dep {department}"',
        f'user.title matches ".*{title}"',
    )
    return kinds[number % 10] if number % 100 != BROAD else 'user.userType == "Employee"'


def _by_value(population: Population, rules: Sequence[Rule]) -> int:
    index: dict[str, dict[Any, set[int]]] = {}
    for name in {rule.reads[0] for rule in rules}:
        people = index.setdefault(name, {})
        for place, value in enumerate(population.attributes[name]):
            people.setdefault(value, set()).add(place)
    return sum(len(_found(rule, index)) for rule in rules)


def _found(rule: Rule, index: Mapping[str, Mapping[Any, set[int]]]) -> frozenset[int]:
    people = index[rule.reads[0]]
    texts = rule.anchor.texts if rule.anchor else frozenset()
    return frozenset().union(*(people.get(value, set()) for value in texts))


def _subject(population: Population, place: int) -> Subject:
    groups = frozenset(group for group, there in population.members.items() if place in there)
    return Subject(
        profile={name: values[place] for name, values in population.attributes.items()},
        group_ids=groups,
        group_names=frozenset(population.names.get(group, group) for group in groups),
        native_id=population.natives[place],
        status="ACTIVE",
    )
