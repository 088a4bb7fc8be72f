"""Commands that have no answer: the sentence, the exit code, and JSON that is JSON all the same."""

import json
from pathlib import Path

import pytest
from django.core.management import load_command_class

from tests.orgmodel.sync.world import unit

from .test_ambiguous import COMPANY, run, sync

pytestmark = pytest.mark.django_db

NOBODY = "No person is known as {}."
NOTHING = "No app or group is known as {}."
ODD = [
    (" ", "“”"),
    ("\x00", "“”"),
    ("Zq\x00w", "“Zq w”"),
    ("\udcff", "“”"),
    ("%", "“%”"),
    ("_", "“_”"),
    ("'; DROP TABLE x; --", "“'; DROP TABLE x; --”"),
    ("[bold]x[/bold]", "“[bold]x[/bold]”"),
    ("🥒🌶️", "“🥒🌶️”"),
    ("O'Neil\u202egnp", "“O'Neilgnp”"),
    ("x" * 5000, f"“{'x' * 79}…”"),
]


@pytest.mark.parametrize(("odd", "shown"), ODD, ids=range(len(ODD)))
def test_whatever_is_typed_is_a_name_that_nobody_has(odd: str, shown: str) -> None:
    sync(COMPANY)
    for command, sentence in (
        ("access", NOBODY),
        ("who", NOTHING),
        ("team", "No team or unit is known as {}."),
    ):
        assert run(command, odd)[::2] == (1, sentence.format(shown))
    code, out, error = run("why", "lena", odd, "--json")
    assert (code, error) == (1, NOTHING.format(shown))
    assert json.loads(out) == {"error": error, "nearest": []}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("access", ("LENA OSEI", "lena osei ", "Lena@Nordwind.Example", "lena\n")),
        ("who", ("figma", " FIGMA ", "0oa3", "Team-Radish")),
        ("team", ("radish", "RADISH ", "team:Radish", "t1")),
    ],
)
def test_case_and_blanks_do_not_matter(typed: str, meant: tuple[str, ...]) -> None:
    sync(COMPANY)
    sync([unit("team", "t1", "Radish", "radish")], source="control")
    assert [run(typed, each)[0] for each in meant] == [0] * len(meant)


def test_half_a_name_is_answered_with_the_nearest() -> None:
    sync(COMPANY)
    code, out, error = run("access", "Osei", "--json")
    assert (code, json.loads(out)) == (1, {"error": error, "nearest": ["Lena Osei <lena@nordwind.example>"]})
    assert error == "No person is known as “Osei”. Nearest: Lena Osei <lena@nordwind.example>."
    assert json.loads(run("who", "my web", "--json")[1])["nearest"] == ["My Web App"]


@pytest.mark.parametrize(
    ("arguments", "code", "begins"),
    [
        (("access", "lena", "--at", "soon"), 2, "Give a date such as 2026-03-01"),
        (("access", "lena", "--at", "2999-01-01"), 2, "2999-01-01 "),
        (
            ("diff", "lena", "--since", "2026-03-02", "--until", "2026-03-01"),
            2,
            "The first date is after the second",
        ),
        (("whatif", "lena"), 2, "Name a unit to move to"),
        (("whatif", "lena", "--set", "team"), 2, "Write ATTRIBUTE=VALUE, not “team”"),
        (("whatif", "lena", "--move-to", "nowhere"), 1, "No team or unit is known as “nowhere”."),
        (("rehearse", "/nowhere.csv"), 1, "/nowhere.csv cannot be read: No such file or directory."),
        (("drift", "--detector", "nope"), 1, "No detector is called “nope”"),
        (("rule", "user.team == 1", "--profile", "/nowhere.json"), 1, "/nowhere.json: cannot be read"),
        (("evidence", "lena", "--out", "/nowhere/x.zip"), 1, "/nowhere/x.zip cannot be written"),
        (
            ("evidence",),
            2,
            "Name a person and --out FILE.zip, or --verify FILE.zip. Usage: evidence PERSON [APP] --out",
        ),
        (("sync", "nowhere"), 1, "There is no source nowhere."),
    ],
)
def test_an_error_is_json_too(arguments: tuple[str, ...], code: int, begins: str, tmp_path: Path) -> None:
    sync(COMPANY)
    found, out, error = run(*arguments, "--json")
    assert (found, error[: len(begins)]) == (code, begins)
    assert json.loads(out)["error"] == error
    assert run(*arguments) == (code, "", error)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (
            "rehearse",
            ["CHANGES.csv a file that says who moves", "--chart CHART.csv a file with the org chart"],
        ),
        ("rule", ["--profile FILE.json a file with a JSON object"]),
    ],
)
def test_what_is_read_from_a_file_is_called_one(name: str, shown: list[str]) -> None:
    command = load_command_class("orgmodel", name)
    words = " ".join(command.create_parser("manage.py", name).format_help().split())
    assert [each for each in shown if each not in words] == []
    assert "the text of a CSV" not in words
