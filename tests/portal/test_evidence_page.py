"""A bundle of evidence taken from the portal."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.test import Client

from orgmodel.management.bundle import verify
from tests.portal.company import tell
from tests.portal.conftest import SignIn
from tests.portal.keys import NADIA
from tests.portal.reading import read, words

pytestmark = pytest.mark.django_db
ADDRESS = f"/people/{NADIA}/evidence/"


@pytest.fixture
def tomas(conventions: None, as_person: SignIn) -> Client:
    """An admin."""
    tell()
    return as_person("tomas")


def test_a_bundle_is_whole_and_checks(tomas: Client, tmp_path: Path) -> None:
    answer = tomas.get(ADDRESS)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == ('attachment; filename="evidence-nadia-brandt-2026-03-10.zip"')
    kept = tmp_path / "kept.zip"
    kept.write_bytes(answer.content)
    assert verify(kept) == []
    data = json.loads(ZipFile(BytesIO(answer.content)).read("evidence.json"))
    assert {each["app"] for each in data["apps"]} == {"Figma", "Slack", "Datadog", "Radish on-call"}


def test_of_one_app_and_of_a_past_date(tomas: Client) -> None:
    answer = tomas.get(f"{ADDRESS}?of=0oastag&at=2026-03-01")
    data = json.loads(ZipFile(BytesIO(answer.content)).read("evidence.json"))
    assert [(each["app"], each["level"]) for each in data["apps"]] == [("Radish staging", "Admin")]
    assert "radish-staging-2026-03-01.zip" in answer["Content-Disposition"]


def test_what_is_not_there_is_told_kindly(tomas: Client) -> None:
    assert "No app or group is known as" in words(tomas.get(f"{ADDRESS}?of=figmo").content)
    assert tomas.get("/people/nobody-known/evidence/").status_code == 404
    assert tomas.get(f"{ADDRESS}?at=soon").status_code == 400


def test_only_for_those_who_run_sightline(tomas: Client, as_person: SignIn) -> None:
    for name in ("nadia", "lena", "stranger"):
        assert as_person(name).get(ADDRESS).status_code == 403
    assert Client().get(ADDRESS)["Location"].startswith("/login/")
    assert "Evidence for an auditor" not in words(as_person("lena").get(f"/people/{NADIA}/").content)


def test_the_pages_lead_to_it(tomas: Client) -> None:
    assert read(tomas.get(f"/people/{NADIA}/").content)[1]["Evidence for an auditor"] == ADDRESS
    why = read(tomas.get(f"/people/{NADIA}/why/figma-3cc92972d4/?at=2026-03-01").content)[1]
    assert why["Evidence for an auditor"] == f"{ADDRESS}?of=figma-3cc92972d4&at=2026-03-01"
