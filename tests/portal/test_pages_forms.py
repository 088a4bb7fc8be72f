"""The same answers for machines: CSV that no spreadsheet runs, JSON in the shapes of the contract."""

import csv
import io
import json
from typing import Any, cast

import pytest
from django.test import Client

from tests.portal.conftest import SignIn

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


@pytest.mark.parametrize(
    "address",
    [
        "/me.csv",
        "/teams.csv",
        "/teams/cucumber.csv",
        "/people.csv",
        "/people/nadia.csv",
        "/apps.csv",
        "/apps/figma-3cc92972d4.csv",
        "/groups.csv",
        "/groups/team-cucumber-bcda84a3ba.csv",
    ],
)
def test_every_table_is_csv_and_json_at_its_address(address: str, as_person: SignIn) -> None:
    client = as_person("nadia")
    assert rows(client, address)
    assert form_of(client, address.replace(".csv", ".json"))


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
    answer = form_of(as_person("nadia"), "/people/nadia.json")
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
    answer = form_of(as_person("nadia"), "/people/nadia/why/radish-staging-3ea1735a81/?format=json")
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
