"""A slice of the oracle in the suite: one company whose HR is Okta, one whose HR keeps files of its own."""

import ast
from pathlib import Path

import pytest

from .playing import Play

HERE = Path(__file__).parent
STEPS = 25


@pytest.mark.no_cover
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [0, 1])
def test_every_answer_is_what_the_simulator_knows(seed: int, tmp_path: Path) -> None:
    problems: list[str] = []
    play = Play(seed, STEPS, tmp_path, problems.append, frozenset() if seed else frozenset({"holds"}))
    play.run()
    assert play.found == [], "\n".join(problems)
    assert play.step >= STEPS
    assert play.questions > 5 * play.reads


@pytest.mark.parametrize(
    "name",
    [
        *("conditions", "happened", "books", "answers", "ledger", "reading", "world", "founding", "staging"),
        *(
            "steps",
            "careers",
            "tinkering",
            "comparing",
            "differing",
            "lacking",
            "namesakes",
            "structure",
            "leftovers",
            "curiosity",
            "hearing",
        ),
    ],
)
def test_what_is_true_is_not_asked_of_the_product(name: str) -> None:
    tree = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
    imported = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {each.split(".")[0] for each in imported} & {"orgmodel", "notifier", "portal", "django"} == set()
