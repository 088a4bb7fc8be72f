"""What a value is called says what it is; "said", "told" and "asked" say that somebody spoke."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("benchmarks", "notifier", "orgmodel", "portal", "sandbox", "tests")
SPEECH = {"said", "told", "asked"}


def speech(text: str) -> list[str]:
    """Variables, parameters, fields, functions and classes that are called so, each with its line."""
    found = []
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                pass
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                pass
            case _:
                continue
        if name.strip("_").lower() in SPEECH:
            found.append((node.lineno, name))
    return [f"line {line}: {name}" for line, name in sorted(found)]


def test_names_of_speech_are_found() -> None:
    assert speech(
        "told = 1\ndef _said(asked): ...\nfrom a import b as told\nclass Told:\n    asked: int"
    ) == [
        "line 1: told",
        "line 2: _said",
        "line 2: asked",
        "line 3: told",
        "line 4: Told",
        "line 5: asked",
    ]
    assert speech("row.told = said\nsaid(row, told=1)\nretold = asked_by = 2") == []


@pytest.mark.parametrize("floor", FLOORS)
def test_no_value_is_called_after_speech(floor: str) -> None:
    files = [each for each in (ROOT / floor).rglob("*.py") if each.parent.name != "migrations"]
    assert files
    found = {str(each.relative_to(ROOT)): speech(each.read_text(encoding="utf-8")) for each in files}
    assert {name: lines for name, lines in found.items() if lines} == {}
