"""What units, image, compose file and operating manual call exists: commands, files, settings."""

import re
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = sorted(path for path in (ROOT / "deploy").iterdir() if path.is_file())
MANUAL = ROOT / "docs" / "operating.md"
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
OWN = {"DATABASE_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
"""Variables of the compose file itself and of PostgreSQL's image."""


def missing(text: str) -> list[str]:
    """What a text calls and the tree does not have."""
    commands = set(re.findall(r"manage\.py\"?,? \"?([a-z_]+)", text))
    programs = set(re.findall(r"\.venv/bin/([a-z_-]+)", text)) - {"python"}
    files = set(re.findall(r"\bdeploy/([A-Za-z.-]*[A-Za-z])", text)) - {"sightline.env"}
    return [
        *(f"command {each}" for each in sorted(commands - set(get_commands()))),
        *(
            f"program {each}"
            for each in sorted(programs)
            if not (Path(sys.executable).parent / each).exists()
        ),
        *(f"file {each}" for each in sorted(files) if not (ROOT / "deploy" / each).exists()),
    ]


def variables(text: str) -> set[str]:
    """The environment variables that a text sets or reads."""
    written = re.findall(r"^(?:Environment=|ENV |    +)?([A-Z][A-Z_]+)(?:=|: )", text, re.MULTILINE)
    return {*written, *re.findall(r" ([A-Z][A-Z_]+)=", text), *re.findall(r"environ\.get\(\"(\w+)\"", text)}


@pytest.mark.parametrize("path", [*DEPLOY, MANUAL], ids=lambda path: path.name)
def test_everything_called_exists(path: Path) -> None:
    assert missing(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", DEPLOY, ids=lambda path: path.name)
def test_every_variable_is_documented(path: Path) -> None:
    found = variables(path.read_text(encoding="utf-8")) - OWN
    assert [name for name in sorted(found) if f"`{name}`" not in SETTINGS] == []


def test_a_call_that_leads_nowhere_is_found() -> None:
    text = 'run: [".venv/bin/guniborn", "manage.py", "qclutter"] and manage.py migrate, deploy/lost.service'
    assert missing(text) == ["command qclutter", "program guniborn", "file lost.service"]
    assert variables("Environment=OKTA_ULR=x\nENV A_B=1 C_D=2\n      E_F: g\n") == {
        "OKTA_ULR",
        "A_B",
        "C_D",
        "E_F",
    }


def test_both_units_run_from_the_same_place_as_the_same_user() -> None:
    web, worker = (
        (ROOT / "deploy" / f"sightline-{name}.service").read_text(encoding="utf-8").splitlines()
        for name in ("web", "worker")
    )
    differing = {line.partition("=")[0] for line in {*web} ^ {*worker} if "=" in line}
    assert differing == {"Description", "ExecStart", "ExecReload"}
