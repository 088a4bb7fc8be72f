"""What `manage.py sync` prints for a reader; its JSON is the contract's."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from orgmodel.configuration import Configuration
from orgmodel.management.commands import sync as command
from orgmodel.sources.okta import OktaSettings
from orgmodel.sync.runs import SyncOutcome

pytestmark = pytest.mark.django_db
COUNTS = {
    "seat": {"seen": 90, "began": 4, "ended": 0, "changed": 1},
    "grant": {"seen": 40, "began": 0, "ended": 2, "changed": 0},
    "schema": {"seen": 9, "began": 0, "ended": 0, "changed": 0},
}


def outcome(**values: Any) -> SyncOutcome:
    fields: dict[str, Any] = {"source": "okta", "mode": "full", "outcome": "applied", "calls": 27}
    return SyncOutcome(**(fields | {"counts": COUNTS, "problems": [], "seconds": 0.51} | values))


def problem(number: int) -> dict[str, Any]:
    return {
        "where": f"people.csv line {number}",
        "record": "",
        "reason": "email is missing",
        "kind": "account",
    }


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the command meet this outcome."""

    def given(**values: Any) -> None:
        def outcomes(*_: object, **__: object) -> Iterator[SyncOutcome]:
            yield outcome(**values)

        monkeypatch.setattr(command, "sync", outcomes)

    return given


def printed(*arguments: str, code: int = 0) -> list[str]:
    out = io.StringIO()
    if code:
        with pytest.raises(SystemExit) as ended:
            call_command("sync", *arguments, stdout=out)
        assert ended.value.code == code
    else:
        call_command("sync", *arguments, stdout=out)
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


def test_a_preview_says_what_would_be(give: Any) -> None:
    give()
    lines = printed("--preview")
    assert lines[0] == "Source Outcome Calls Seconds Would change"
    assert lines[1].startswith("okta would be applied 27 0.5")
    assert "applied 27" not in " ".join(lines).replace("would be applied", "")
    give(outcome="quarantined", reason="All rules would vanish.")
    lines = printed("--preview", code=1)
    assert "would be held back" in " ".join(lines)
    assert lines[-1] == "okta: All rules would vanish."


def test_a_sync_says_what_changed_in_words(give: Any) -> None:
    give()
    lines = printed()
    assert lines[0] == "Source Outcome Calls Seconds Changed"
    text = " ".join(lines)
    assert "okta applied 27 0.5" in text
    assert "2 gone" in text
    assert "app assignments: 4 new, 1 changed" in text
    assert "seat" not in text
    assert "schema" not in text


def test_an_answer_that_waits_is_held_back_as_on_the_page(give: Any) -> None:
    give(outcome="quarantined", reason="All rules would vanish.")
    text = " ".join(printed(code=1))
    assert "held back" in text
    assert "quarantined" not in text


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (20, "okta: people.csv line 20: email is missing"),
        (21, "okta: 1 more problem not shown; --json prints all 21."),
        (220, "okta: 200 more problems not shown; --json prints all 220."),
    ],
)
def test_problems_that_are_not_shown_are_counted(give: Any, number: int, line: str) -> None:
    give(problems=[problem(each) for each in range(1, number + 1)])
    lines = printed()
    assert lines[-1] == line
    assert sum("email is missing" in each for each in lines) == 20


def test_what_cannot_be_read_is_named_in_words(give: Any) -> None:
    give(not_visible={"seat": "403: missing scope"})
    assert " ".join(printed()).endswith(
        "Sightline cannot read app assignments: unknown, not empty (403: missing scope)"
    )


def test_the_json_is_as_ever(give: Any) -> None:
    give(problems=[problem(each) for each in range(220)])
    (found,) = json.loads("\n".join(printed("--json")))
    assert (found["outcome"], len(found["problems"]), found["counts"]["seat"]["began"]) == ("applied", 220, 4)


def test_an_unknown_source_is_answered_with_those_there_are(settings: Any) -> None:
    okta = OktaSettings(url="https://nordwerk.okta.com", token="00T")
    settings.SIGHTLINE = replace(Configuration(entrance="tests"), sources={"okta": okta})
    with pytest.raises(CommandError) as refused:
        call_command("sync", "otka")
    assert str(refused.value) == "There is no source otka. Set up: okta."
    with pytest.raises(CommandError) as refused:
        call_command("sync", "okta", "hris")
    assert str(refused.value).endswith("Set up: okta.")
