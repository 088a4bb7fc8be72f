"""The same answers for machines: CSV that no spreadsheet runs, JSON in the shapes of the contract."""

import csv
import io
import json
from typing import Any, cast

import pytest
from django.test import Client

from tests.portal.conftest import SignIn
from tests.portal.keys import NADIA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]


def rows(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.streaming
    text = b"".join(cast(Any, answer).streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def form_of(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert answer["Content-Type"] == "application/json"
    return json.loads(answer.getvalue())


HERS = {"Datadog": "assigned", "Figma": "Editor", "Radish on-call": "assigned", "Slack": "assigned"}
UNITS = {"Cucumber": "3", "Design": "1", "Engineering": "4", "Fennel": "1", "Radish": "1"}
"""Unit → people."""
OF_CUCUMBER = {
    "Figma": "unit",
    "Datadog": "ancestor",
    "Slack": "everyone",
    "Radish on-call": "individual",
    "Radish staging": "individual",
}
ADDRESSES = {f"{name}@nordwind.example" for name in ("nadia", "lena", "tomas", "quinn", "hostile")}
APPS = {
    "Council files": "0",
    "Datadog": "4",
    "Figma": "4",
    "Radish on-call": "1",
    "Radish staging": "2",
    "Slack": "5",
}
"""App → people that the reader may know of: the council's files are open to a confidential group only."""
GROUPS = {
    "dept-engineering": "4",
    "Everyone": "5",
    "radish-oncall": "1",
    "sightline-admins": "1",
    "team-cucumber": "3",
    "team-radish": "1",
}
FIGMA = {"nadia": "Editor", "lena": "Editor", "hostile": "Editor", "tomas": "Viewer"}
IN_CUCUMBER = dict.fromkeys(("nadia", "lena", "hostile"), "member")


def by_address(levels: dict[str, str]) -> dict[str, str]:
    return {f"{name}@nordwind.example": level for name, level in levels.items()}


@pytest.mark.parametrize(
    ("address", "columns", "expected"),
    [
        ("/me.csv", ("App", "Level"), HERS),
        ("/teams.csv", ("Unit", "People"), UNITS),
        ("/teams/cucumber.csv", ("App", "Where from"), OF_CUCUMBER),
        ("/people.csv", ("E-mail", "Status"), dict.fromkeys(ADDRESSES, "active")),
        (f"/people/{NADIA}.csv", ("App", "Level"), HERS),
        ("/apps.csv", ("Name", "People"), APPS),
        ("/apps/figma-3cc92972d4.csv", ("E-mail", "Level"), by_address(FIGMA)),
        ("/groups.csv", ("Name", "People"), GROUPS),
        ("/groups/team-cucumber-bcda84a3ba.csv", ("E-mail", "Level"), by_address(IN_CUCUMBER)),
    ],
)
def test_every_table_is_csv_at_its_address(
    address: str, columns: tuple[str, str], expected: dict[str, str], as_person: SignIn
) -> None:
    found = rows(as_person("nadia"), address)
    assert {row[columns[0]]: row[columns[1]] for row in found} == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize(
    ("address", "rows_of", "name", "expected"),
    [
        ("/me.json", "apps", "app", set(HERS)),
        ("/teams.json", "", "name", set(UNITS)),
        ("/teams/cucumber.json", "apps", "app", set(OF_CUCUMBER)),
        ("/people.json", "", "email", ADDRESSES),
        ("/apps.json", "", "name", set(APPS)),
        ("/groups.json", "", "name", set(GROUPS)),
    ],
)
def test_and_json(address: str, rows_of: str, name: str, expected: set[str], as_person: SignIn) -> None:
    answer = form_of(as_person("nadia"), address)
    found = [row[name] for row in (answer[rows_of] if rows_of else answer)]
    assert (set(found), len(found)) == (expected, len(expected))


def test_a_formula_is_made_text_and_a_hostile_name_stays_one_cell(as_person: SignIn) -> None:
    people = {row["E-mail"]: row for row in rows(as_person("nadia"), "/people.csv")}
    assert people["quinn@nordwind.example"]["Title"] == '\'=HYPERLINK("https://evil.example")'
    assert "<script>alert(1)</script>" in people["hostile@nordwind.example"]["Name"]


def test_the_csv_of_an_app_says_who_at_which_level_and_why(as_person: SignIn) -> None:
    found = {row["Person"]: row for row in rows(as_person("nadia"), "/apps/radish-staging-3ea1735a81.csv")}
    assert {name: row["Level"] for name, row in found.items()} == {
        "Lena Osei": "Viewer",
        "Tomas Okafor": "Admin",
    }
    assert found["Lena Osei"]["Why"] == (
        "Lena Osei has Radish staging as Viewer, assigned directly and not through a group."
    )


def test_a_person_as_json_is_what_the_command_says(as_person: SignIn) -> None:
    answer = form_of(as_person("nadia"), f"/people/{NADIA}.json")
    assert answer["person"]["email"] == "nadia@nordwind.example"
    assert [(each["app"], each["level"]) for each in answer["apps"]] == [
        ("Datadog", "assigned"),
        ("Figma", "Editor"),
        ("Radish on-call", "assigned"),
        ("Slack", "assigned"),
    ]
    assert [each["group"] for each in answer["groups"]] == [
        "dept-engineering",
        "Everyone",
        "radish-oncall",
        "team-cucumber",
    ]


def test_a_team_as_json_is_what_the_command_says(as_person: SignIn) -> None:
    answer = form_of(as_person("nadia"), "/teams/cucumber/?format=json")
    assert answer["unit"] == {"id": "recCUC", "kind": "team", "name": "Cucumber", "slug": "cucumber"}
    assert [(each["app"], each["source"], each["held_by"], each["of"]) for each in answer["apps"]] == [
        ("Figma", "unit", 3, 3),
        ("Datadog", "ancestor", 3, 3),
        ("Slack", "everyone", 3, 3),
        ("Radish on-call", "individual", 1, 3),
        ("Radish staging", "individual", 1, 3),
    ]


def test_why_as_json_is_what_the_command_says(as_person: SignIn) -> None:
    answer = form_of(as_person("nadia"), f"/people/{NADIA}/why/radish-staging-3ea1735a81/?format=json")
    assert (answer["has"], answer["target"]["name"]) == (False, "Radish staging")
    assert answer["lost"]["what"] == "team-radish"


def test_who_has_a_group_as_json(as_person: SignIn) -> None:
    answer = form_of(as_person("quinn"), "/groups/radish-oncall-7c07f7d20b.json")
    assert answer["target"] == {"kind": "group", "name": "radish-oncall", "native_id": "00gonc"}
    assert [each["person"]["email"] for each in answer["people"]] == ["nadia@nordwind.example"]


def test_a_list_for_machines_holds_everything_that_fits(as_person: SignIn) -> None:
    found = form_of(as_person("nadia"), "/apps.json?q=radish")
    assert [each["name"] for each in found] == ["Radish on-call", "Radish staging"]


def test_a_form_that_does_not_exist_is_not_found(as_person: SignIn) -> None:
    assert as_person("nadia").get("/people/?format=xml").status_code == 404
