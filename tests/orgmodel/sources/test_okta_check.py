"""The doctor's questions to Okta."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx

from orgmodel.sources.okta.check import check
from orgmodel.sources.source import Line

from .organisation import Organisation, always, answer, cut, event, small_organisation


def lines(org: Organisation) -> list[Line]:
    return list(check(org.connection(), transport=org.transport(), sleep=org.clock.sleep, clock=org.clock))


def lines_of(org: Organisation) -> dict[str, bool | None]:
    return {line.what: line.ok for line in lines(org)}


def test_a_good_organisation_is_well() -> None:
    org = small_organisation()
    found = lines_of(org)
    assert set(found.values()) == {True}
    assert list(found) == [
        "Okta people can be read",
        "Okta groups can be read",
        "Okta rules can be read",
        "Okta apps can be read",
        "Okta log can be read",
        "Okta group members can be read",
        "Okta group owners can be read",
        "Okta app groups can be read",
        "Okta app users can be read",
        "Okta group pushes can be read",
        "Okta group schema can be read",
        "Okta user schema can be read",
        "Okta user types can be read",
        "Okta tells which rule put a member into a group",
    ]
    assert len(org.requests) == 14


def test_what_is_missing_is_named_with_its_scope() -> None:
    org = small_organisation()
    org.special["/apps/0oafig/users"] = [always(403, "E0000006")]
    org.special["/groups/00grad/owners"] = [always(401, "E0000015")]
    found = {line.what: line for line in lines(org)}
    seats = found["Okta app users cannot be read"]
    assert seats.ok is False
    assert "/api/v1/apps/0oafig/users" in seats.todo
    assert "okta.apps.read" in seats.todo
    owners = found["Okta group owners cannot be read"]
    assert owners.ok is None
    assert "no licence" in owners.todo


def test_an_empty_list_of_people_is_a_missing_role() -> None:
    org = small_organisation()
    org.lists["/users"] = []
    assert lines_of(org)["Okta gives no people at all"] is False


def test_what_cannot_be_tried_is_said() -> None:
    found = lines_of(Organisation(lists={"/users": [1]}))
    assert found["Whether Okta group members can be read is not known"] is None
    assert found["Whether Okta group pushes can be read is not known"] is None
    assert found["Whether Okta tells rules of members could not be seen"] is None
    assert False not in found.values()


def test_members_without_rules_are_told() -> None:
    org = small_organisation()
    org.lists["/groups/00grad/users"] = [{"id": "00unadia"}]
    assert lines_of(org)["Okta does not tell which rule put a member into a group"] is None


def test_no_connection_and_a_dead_token_end_the_examination() -> None:
    org = small_organisation()
    org.special["/users"] = [cut] * 9
    (line,) = lines(org)
    assert (line.ok, line.what) == (False, "Okta cannot be reached")
    assert "check OKTA_URL" in line.todo
    org = small_organisation()
    org.special["/users"] = [always(401, "E0000011")]
    (line,) = lines(org)
    assert (line.ok, line.what) == (False, "Okta refuses the token")
    assert "Make a new one" in line.todo
    assert "00Tsecret" not in line.todo


def test_one_part_that_fails_does_not_hide_the_others() -> None:
    org = small_organisation()
    org.special["/apps"] = [always(500, "E0000009")] * 2
    found = lines_of(org)
    assert found["Okta apps cannot be read"] is False
    assert found["Okta log can be read"] is True


def test_an_address_that_is_not_oktas() -> None:
    org = small_organisation()
    org.special["/users"] = [always(404, "")]
    assert lines_of(org)["Okta people is not there"] is False


def dated(ahead: timedelta) -> Any:
    def reply(request: httpx.Request) -> httpx.Response:
        return answer(
            [event("e1")], headers={"date": format_datetime(datetime.now(UTC) + ahead, usegmt=True)}
        )

    return reply


def test_clocks_that_differ_are_told() -> None:
    org = small_organisation()
    org.special["/logs"] = [dated(timedelta(0))]
    assert lines_of(org)["The clocks here and at Okta agree"] is True
    org = small_organisation()
    org.special["/logs"] = [dated(timedelta(minutes=-10))]
    (line,) = [each for each in lines(org) if "clock" in each.what]
    assert line.ok is False
    assert line.todo == "Set the clock by NTP."
