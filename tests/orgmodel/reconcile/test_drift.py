"""The command `drift`: the contract's JSON, one detector, and a detector that nobody knows."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from orgmodel.reconcile import DETECTORS
from tests.orgmodel.sync.world import group, seat

from .company import OKTA, tell

EMPTY = group("00gemp", "[bold]radish[/bold] alumni")
DOCUMENT = Path(__file__).parents[3] / "docs" / "reconciliation.md"


def drift(*arguments: str) -> str:
    out = StringIO()
    call_command("drift", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_json_of_the_contract() -> None:
    tell([*OKTA, EMPTY, seat("quinn", "0oafigma")])
    found = json.loads(drift("--json"))
    assert [each["detector"] for each in found] == ["app-direct", "empty-group"]
    first = found[0]
    assert set(first) >= {
        "fingerprint",
        "detector",
        "severity",
        "state",
        "sentence",
        "people",
        "resources",
        "first_seen",
        "last_seen",
        "evidence",
        "fix",
    }
    assert (first["severity"], first["state"]) == ("low", "open")
    assert first["people"] == ["quinn@nordwind.example"]
    assert first["resources"] == ["0oafigma"]
    assert first["first_seen"].startswith("2026-03-01T09:00:00")
    assert {frozenset(fix) for fix in first["fix"]} == {frozenset({"kind", "text", "reverse"})}


@pytest.mark.django_db
def test_one_detector() -> None:
    tell([*OKTA, EMPTY, seat("quinn", "0oafigma")])
    assert [each["detector"] for each in json.loads(drift("--json", "--detector", "empty-group"))] == [
        "empty-group"
    ]
    assert json.loads(drift("--json", "--detector", "unit-cycle")) == []


@pytest.mark.django_db
def test_for_a_reader() -> None:
    tell([*OKTA, EMPTY])
    assert "[bold]radish[/bold]" in drift().replace("\n", " ")
    tell(day=1)
    assert "Access agrees with policy" in drift()


@pytest.mark.django_db
def test_what_it_says_where_there_is_no_finding() -> None:
    assert "Nothing has been compared with policy yet: a sync comes first." in drift()
    tell([*OKTA, EMPTY])
    assert "1 finding " in drift()
    assert "agrees" not in drift("--detector", "unit-cycle")
    assert "This detector has found nothing that stands." in drift("--detector", "unit-cycle")


@pytest.mark.django_db
def test_a_detector_that_nobody_knows() -> None:
    with pytest.raises(CommandError, match=r"known are .*hand-made-member") as caught:
        drift("--detector", "horoscope")
    assert caught.value.returncode == 1


def test_every_detector_is_documented_with_its_severity() -> None:
    table = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]
    documented = {line.split("`")[1]: line.split("|")[2].strip() for line in table}
    assert documented == {name: each.severity for name, each in DETECTORS.items()}
