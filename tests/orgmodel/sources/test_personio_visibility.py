"""What the credentials for Personio may not see is unknown, not empty."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from orgmodel.marks import Unreadable
from orgmodel.reports import SourceFailed
from sandbox.hris.personio import PersonioServer

from .personio_reads import FIELDS, job, nordwind, read


@pytest.fixture
def personio() -> Iterator[PersonioServer]:
    with PersonioServer(nordwind()) as server:
        yield server


@pytest.mark.parametrize("status", [403, 404])
def test_org_units_that_cannot_be_read_stay_as_they_were_known(personio: PersonioServer, status: int) -> None:
    personio.faults.refuse(status, "org-units")
    found = read(personio)
    assert found.covered == {"account", "planned"}
    assert {*found.report.not_visible} == {"unit", "assignment", "attribute"}
    assert "team" not in found.accounts["5005"].attributes
    assert {*found.unreadable} == {Unreadable("attribute", "4001"), Unreadable("attribute", "5005")}
    assert found.report.unknown == []


def test_without_the_permission_for_attributes_nothing_is_applied(personio: PersonioServer) -> None:
    personio.shows_attributes = False
    with pytest.raises(SourceFailed, match="Personio shows no names of persons; nothing was applied"):
        read(personio)


def test_employments_that_show_their_status_alone_are_refused(personio: PersonioServer) -> None:
    bare = {"id": "e", "status": "ACTIVE", "_meta": {"links": {}}}
    personio.employments = {"4001": [bare], "5005": [bare]}
    with pytest.raises(SourceFailed, match="shows nothing of employments but their status"):
        read(personio)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("supervisor", {"manager"}),
        ("position", {"attribute"}),
        ("org_units", {"attribute", "assignment"}),
    ],
)
def test_what_an_employment_does_not_show_stays_as_it_was_known(
    personio: PersonioServer, name: str, kinds: set[str]
) -> None:
    row = job()
    del row[name]
    personio.employments["5005"] = [row]
    found = read(personio)
    assert {*found.unreadable} == {Unreadable(kind, "5005") for kind in kinds}
    assert found.report.not_visible == {}
    personio.employments["4001"] = [row]
    assert {*read(personio).report.not_visible} == kinds - {"assignment"}


def test_an_attribute_that_no_person_shows_stays_as_it_was_known(personio: PersonioServer) -> None:
    found = read(personio, 'people.fields = {team = "Squad"}')
    assert found.report.not_visible["attribute"] == (
        "No person in Personio shows the attribute 'Squad' that people.fields.team names; make it readable"
        " for the credentials, or correct its name."
    )
    assert {*found.unreadable} == {Unreadable("attribute", "4001"), Unreadable("attribute", "5005")}


def test_employee_numbers_must_not_go_missing(personio: PersonioServer) -> None:
    with pytest.raises(SourceFailed, match=r"'Number' that people\.fields\.employee_number names"):
        read(personio, 'people.fields = {employee_number = "Number"}')


def test_an_attribute_that_is_empty_for_everybody_is_shown(personio: PersonioServer) -> None:
    personio.records.people["5005"] = replace(personio.records.people["5005"], specialisation="")
    assert "specialisation" not in read(personio, FIELDS).accounts["5005"].attributes
