"""What the credentials for Personio may not see is unknown, not empty."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from orgmodel.reports import SourceFailed
from sandbox.hris.personio import PersonioServer

from .personio_reads import FIELDS, job, nordwind, read


@pytest.fixture
def personio() -> Iterator[PersonioServer]:
    with PersonioServer(nordwind()) as server:
        yield server


@pytest.mark.parametrize("status", [403, 404])
def test_org_units_that_were_never_visible_are_unknown(personio: PersonioServer, status: int) -> None:
    personio.faults.refuse(status, "org-units")
    found = read(personio)
    assert found.covered == {"account", "planned"}
    assert {*found.report.not_visible} == {"unit", "assignment"}
    assert "team" not in found.accounts["5005"].attributes
    assert found.report.cursors == {}


def test_org_units_that_were_visible_must_not_go_missing(personio: PersonioServer) -> None:
    cursors = read(personio).report.cursors
    personio.faults.refuse(404, "org-units")
    with pytest.raises(SourceFailed, match="org units can no longer be read; nothing was applied"):
        read(personio, cursors=cursors)


def test_without_the_permission_for_attributes_nothing_is_applied(personio: PersonioServer) -> None:
    personio.shows_attributes = False
    with pytest.raises(SourceFailed, match="Personio shows no names of persons; nothing was applied"):
        read(personio)


def test_employments_that_show_their_status_alone_are_refused(personio: PersonioServer) -> None:
    bare = {"id": "e", "status": "ACTIVE", "_meta": {"links": {}}}
    personio.employments = {"4001": [bare], "5005": [bare]}
    with pytest.raises(SourceFailed, match="shows nothing of employments but their status"):
        read(personio)


def test_supervisors_that_nobody_shows_are_unknown(personio: PersonioServer) -> None:
    row = job()
    del row["supervisor"]
    personio.employments = {"4001": [row], "5005": [row]}
    assert "manager" in read(personio).report.not_visible


def test_an_attribute_that_no_person_shows_stops_the_read(personio: PersonioServer) -> None:
    sentence = "No person in Personio shows the attribute 'Squad' that people.fields.team names"
    with pytest.raises(SourceFailed, match=sentence):
        read(personio, 'people.fields = {team = "Squad"}')


def test_an_attribute_that_is_empty_for_everybody_is_shown(personio: PersonioServer) -> None:
    personio.records.people["5005"] = replace(personio.records.people["5005"], specialisation="")
    assert "specialisation" not in read(personio, FIELDS).accounts["5005"].attributes
