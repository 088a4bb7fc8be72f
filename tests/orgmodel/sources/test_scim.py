"""SCIM users and groups as facts: active, e-mails, managers, the enterprise extension, groups as units."""

from collections.abc import Iterator
from typing import Any

import pytest

from orgmodel.facts import AssignmentFact, UnitFact
from orgmodel.marks import Unreadable
from orgmodel.reports import Reference, SourceFailed
from sandbox.hris.scim import ENTERPRISE, OWN, ScimServer

from .hr_reads import Read
from .scim_reads import GROUPS, TEAMS, nordwind, read


@pytest.fixture
def scim() -> Iterator[ScimServer]:
    with ScimServer(nordwind()) as server:
        yield server


def with_user(server: ScimServer, settings: str = "", /, **values: Any) -> Read:
    """A read in which Inès has other values; None takes one away."""
    rows = [server.user_row(each) for each in server.records.people.values()]
    rows[1] = {name: value for name, value in (rows[1] | values).items() if value is not None}
    server.users = rows
    return read(server, settings)


def test_one_read_gives_people_their_teams_and_managers(scim: ScimServer) -> None:
    found = read(scim, TEAMS)
    ines = found.accounts["u2"]
    assert (ines.name, ines.email, ines.title) == ("Inès Ørsted", "u2@nordwind.example", "Engineer")
    assert (ines.manager_ref, ines.employee_number, ines.worker_type) == ("u1", "0042", "Employee")
    assert (ines.status, ines.time_zone, ines.start_date) == ("active", "Europe/Lisbon", None)
    assert ines.attributes == {"title": "Engineer", "department": "Product", "team": "Radish"}
    assert found.accounts["u5"].status == "ended"
    assert found.units["g2"] == UnitFact("team", "g2", "Radish", "radish", "g1", "", True, None, None, "")
    assert {*found.units} == {"g1", "g2", "g-cucumber"}
    assert sorted(found.assignments) == [
        AssignmentFact("u1", "g1", "", None, None),
        AssignmentFact("u2", "g2", "", None, None),
        AssignmentFact("u3", "g2", "", None, None),
        AssignmentFact("u4", "g-cucumber", "", None, None),
    ]
    assert found.covered == {"unit", "account", "assignment", "planned"}
    assert (found.planned, found.report.problems, found.report.not_visible) == ([], [], {})
    assert found.report.unknown == []


def test_groups_are_not_read_unless_they_are_named(scim: ScimServer) -> None:
    found = read(scim)
    assert (found.units, found.assignments, scim.calls[GROUPS]) == ({}, [], 0)
    assert "team" not in found.accounts["u2"].attributes


def test_beside_a_control_plane_groups_name_units_and_state_none(scim: ScimServer) -> None:
    found = read(scim, TEAMS, units=True)
    assert (found.units, found.assignments) == ({}, [])
    assert found.accounts["u2"].attributes["team"] == "Radish"


def test_without_a_pattern_every_group_is_a_unit(scim: ScimServer) -> None:
    found = read(scim, 'people.fields = {team = "groups"}')
    assert found.units["everybody"].name == "Everybody"
    assert found.accounts["u2"].attributes["team"] == ["Everybody", "team-Radish"]


@pytest.mark.parametrize("switch", ["words", "lower"])
def test_words_and_names_may_be_in_any_case(scim: ScimServer, switch: str) -> None:
    plain = read(scim, TEAMS)
    setattr(scim, switch, True)
    found = read(scim, TEAMS)
    assert (found.accounts, found.units, found.assignments) == (
        plain.accounts,
        plain.units,
        plain.assignments,
    )


@pytest.mark.parametrize(
    ("active", "status"),
    [("False", "ended"), ("TRUE", "active"), ("false", "ended"), (False, "ended"), (None, "active")],
)
def test_active_is_a_truth_or_a_word(scim: ScimServer, active: Any, status: str) -> None:
    assert with_user(scim, active=active).accounts["u2"].status == status


@pytest.mark.parametrize("active", ["maybe", 0, [], {"value": True}])
def test_an_active_that_is_neither_is_that_users_problem(scim: ScimServer, active: Any) -> None:
    found = with_user(scim, active=active)
    assert found.problems == [("u2", "active is neither true nor false")]
    assert found.unreadable == {Unreadable("account", "u2")}
    assert len(found.accounts) == 4


def test_the_tenant_says_what_inactive_means(scim: ScimServer) -> None:
    found = with_user(scim, 'csv.status_words = {inactive = "suspended"}', active=False)
    assert found.accounts["u2"].status == "suspended"


HOME, WORK, OTHER = (
    {"value": "ines@home.example", "type": "home"},
    {"value": "ines@nordwind.example", "type": "Work"},
    {"value": "i.o@nordwind.example"},
)


@pytest.mark.parametrize(
    ("emails", "address"),
    [
        ([HOME, WORK, {**OTHER, "primary": True}], "i.o@nordwind.example"),
        ([HOME, OTHER, {**WORK, "primary": "True"}], "ines@nordwind.example"),
        ([HOME, OTHER, WORK], "ines@nordwind.example"),
        ([{**HOME, "primary": True}, OTHER], "i.o@nordwind.example"),
        ([{**HOME, "primary": True}], "u2@nordwind.example"),
        ([{"value": None, "primary": True}], "u2@nordwind.example"),
        ([], "u2@nordwind.example"),
    ],
)
def test_of_several_addresses_the_primary_one_that_is_not_private_counts(
    scim: ScimServer, emails: list[dict[str, Any]], address: str
) -> None:
    """A user name that is an address stands in for none."""
    assert with_user(scim, emails=emails).accounts["u2"].email == address


@pytest.mark.parametrize(
    "manager",
    [
        {"value": "u1"},
        {"value": "u1", "displayName": "Bo Lind", "$ref": "../Users/u9"},
        {"$ref": "https://scim.nordwind.example/v2/Users/u1"},
        "u1",
    ],
)
def test_a_manager_comes_as_parts_as_a_reference_or_bare(scim: ScimServer, manager: Any) -> None:
    assert with_user(scim, **{ENTERPRISE: {"manager": manager}}).accounts["u2"].manager_ref == "u1"


@pytest.mark.parametrize("manager", [None, "", {}, {"value": ""}, {"value": "u2"}])
def test_nobody_and_oneself_are_no_manager(scim: ScimServer, manager: Any) -> None:
    assert with_user(scim, **{ENTERPRISE: {"manager": manager}}).accounts["u2"].manager_ref == ""


def test_a_user_without_the_extension_has_what_the_core_says(scim: ScimServer) -> None:
    found = with_user(scim, **{ENTERPRISE: None}).accounts["u2"]
    assert (found.manager_ref, found.employee_number, found.attributes) == ("", "", {"title": "Engineer"})


def test_the_strings_of_the_extension_are_attributes(scim: ScimServer) -> None:
    found = with_user(
        scim, **{ENTERPRISE: {"division": "Money", "costCenter": 4130, "organization": "Nordwind"}}
    )
    assert found.accounts["u2"].attributes == {
        "title": "Engineer",
        "division": "Money",
        "costCenter": 4130,
        "organization": "Nordwind",
    }


def test_a_field_may_name_the_manager(scim: ScimServer) -> None:
    found = with_user(scim, 'people.fields = {manager = "nickName"}', nickName="bo@nordwind.example")
    assert found.accounts["u2"].manager_ref == "bo@nordwind.example"
    assert found.accounts["u3"].manager_ref == ""
    assert "manager" not in found.accounts["u2"].attributes


def test_unknown_extensions_are_left_out_unless_they_are_named(scim: ScimServer) -> None:
    assert "Backend" not in repr(read(scim).accounts)
    found = read(scim, f'people.fields = {{specialisation = "{OWN}:specialisation"}}')
    assert found.accounts["u2"].attributes["specialisation"] == "Backend"
    assert "salary" not in repr(found.accounts)


def test_an_extension_may_come_as_names_with_the_whole_path(scim: ScimServer) -> None:
    found = with_user(scim, f'people.fields = {{team = "{OWN}:squad"}}', **{f"{OWN}:squad": "Kiwi"})
    assert found.accounts["u2"].attributes["team"] == "Kiwi"


def test_fields_may_lie_in_the_core_the_extension_or_in_parts(scim: ScimServer) -> None:
    fields = 'team = "Department", first = "name.givenName", mails = "emails"'
    found = read(scim, f"people.fields = {{{fields}}}").accounts["u2"].attributes
    assert (found["team"], found["first"]) == ("Product", "Inès")
    assert found["mails"] == ["u2@home.example", "u2@nordwind.example"]


def test_a_field_that_no_user_has_stays_as_it_was_known(scim: ScimServer) -> None:
    found = read(scim, 'people.fields = {team = "squad"}')
    assert found.report.not_visible["attribute"] == (
        "No user has the attribute 'squad' that people.fields.team names; make it readable for the"
        " credentials, or correct its name."
    )
    assert found.unreadable == {Unreadable("attribute", f"u{number}") for number in range(1, 6)}
    with pytest.raises(SourceFailed, match=r"people\.fields\.employee_number names"):
        read(scim, 'people.fields = {employee_number = "number"}')


def test_what_nobody_needs_is_not_wanted(scim: ScimServer) -> None:
    assert "Secret Hill" not in repr(read(scim).accounts)
    assert "home.example" not in repr(read(scim).accounts)


def test_a_list_of_groups_without_members_has_each_looked_up(scim: ScimServer) -> None:
    plain = read(scim, TEAMS)
    scim.lists_members = False
    found = read(scim, TEAMS)
    assert found.assignments == plain.assignments
    assert scim.calls["GET /Groups/{id}"] == 4


@pytest.mark.parametrize("status", [403, 404])
def test_groups_that_cannot_be_read_stay_as_they_were_known(scim: ScimServer, status: int) -> None:
    scim.faults.refuse(status, GROUPS)
    found = read(scim, TEAMS)
    assert (found.units, found.assignments, found.covered) == ({}, [], {"account", "planned"})
    assert {*found.report.not_visible} == {"unit", "assignment", "attribute"}
    assert Unreadable("attribute", "u2") in found.unreadable


def test_a_group_without_a_name_leaves_its_members_as_they_were_known(scim: ScimServer) -> None:
    rows = scim.group_rows()
    del rows[1]["displayName"]
    rows[2]["members"].append({"value": "u2"})
    scim.groups = rows
    found = read(scim, TEAMS)
    assert found.problems == [("g2", "has no id or no displayName")]
    assert "team" not in found.accounts["u2"].attributes
    assert found.accounts["u4"].attributes["team"] == "cucumber"
    assert Unreadable("unit", "g2") in found.unreadable
    assert {Unreadable("attribute", "u2"), Unreadable("assignment", "u2")} < found.unreadable
    assert Unreadable("attribute", "u4") not in found.unreadable


@pytest.mark.parametrize("members", ["all", [1], [{"value": ["u1"]}]])
def test_members_that_cannot_be_understood_apply_nothing(scim: ScimServer, members: Any) -> None:
    scim.groups = [{"id": "g1", "displayName": "team-x", "members": members}]
    with pytest.raises(SourceFailed, match="cannot be understood"):
        read(scim, TEAMS)


def test_a_member_whom_no_list_holds_is_an_unknown_reference(scim: ScimServer) -> None:
    scim.groups = [{"id": "g1", "displayName": "team-x", "members": [{"value": "u9"}, {"value": "u2"}]}]
    found = read(scim, TEAMS)
    assert [each.person for each in found.assignments] == ["u2"]
    assert found.report.unknown == [Reference("/Groups", "g1", "members", "person", "u9")]


def test_a_group_in_two_groups_has_no_one_parent(scim: ScimServer) -> None:
    inner = {"id": "c", "displayName": "team-c", "members": []}
    outer = [
        {"id": own, "displayName": f"team-{own}", "members": [{"value": "c"}, {"value": own}]} for own in "ab"
    ]
    scim.groups = [*outer, inner]
    found = read(scim, TEAMS)
    assert [found.units[own].parent for own in "abc"] == ["", "", ""]
    assert found.problems == [("c", "lies in several groups, so it has no one parent")]
