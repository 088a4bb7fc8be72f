"""sightline.toml: defaults, every key, and one sentence naming the key for every mistake."""

import re
import tomllib
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from orgmodel.configuration import Configuration
from orgmodel.conventions import Ask, Conventions, Notify, People, UnitKind, Visibility, parse_conventions
from orgmodel.csv_feed import CsvFeed
from orgmodel.sources.okta import OktaSettings

EVERYTHING = """
[people]
id_attribute = "hrId"
manager_attribute = "managerEmail"
email_attribute = "workEmail"
[units]
[[units.kinds]]
kind = "team"
attribute = "squad"
group_pattern = "squad_<slug>"
description_prefix = "AUTO squad"
id_key = "recordId"
parent_key = "tribe"
active_key = "live"
[[units.kinds]]
kind = "chapter"
group_pattern = "<slug>-chapter"
[moves]
attributes = ["squad"]
[apps]
level_keys = ["seat", " role "]
[notify]
settle_minutes = 0
longest_wait_hours = 8
quiet_hours = "19:00-07:15"
time_zone = "Europe/Berlin"
mass_change_people = 20
mass_change_share = 1
[visibility]
confidential_groups = ["m-and-a"]
confidential_apps = ["0oaSecret"]
admins_group = "sightline-admins"
auditors_group = "sightline-auditors"
[ask]
contact = "IT help desk <it@acme.example>"
request_url = " https://it.acme.example/new?for={person}&what={app}&why={reason} "
[causes]
automation_actors = ["svc.terraform", "00uworkflows"]
[limits]
shrink_share = 0.5
[csv]
end_dates = "first_day_after"
encoding = "Latin1"
delimiter = "tab"
date_order = "DMY"
[csv.status_words]
"Ruht_-zeitweise" = "leave"
"""


def parse(text: str) -> Conventions:
    return parse_conventions(tomllib.loads(text))


def test_an_empty_file_means_the_defaults() -> None:
    assert parse("") == Conventions(
        people=People("employeeNumber", "managerId", "email"),
        unit_kinds=(
            UnitKind(
                kind="team",
                attribute="team",
                group_pattern="team-<slug>",
                description_prefix="AUTO team",
                id_key="airtableId",
                parent_key="parentId",
                active_key="active",
            ),
            UnitKind(kind="department", attribute="department"),
        ),
        move_attributes=("team", "department", "manager"),
        level_keys=("role", "licence", "license", "profile", "entitlements"),
        notify=Notify(90, 24, (time(18), time(8, 30)), ZoneInfo("UTC"), 50, 0.05),
        visibility=Visibility((), (), "", ""),
        shrink_share=0.2,
    )


def test_every_key_is_read() -> None:
    assert parse(EVERYTHING) == Conventions(
        people=People("hrId", "managerEmail", "workEmail"),
        unit_kinds=(
            UnitKind("team", "squad", "squad_<slug>", "AUTO squad", "recordId", "tribe", "live"),
            UnitKind("chapter", None, "<slug>-chapter", None, None, None, None),
        ),
        move_attributes=("squad",),
        level_keys=("seat", "role"),
        notify=Notify(0, 8, (time(19), time(7, 15)), ZoneInfo("Europe/Berlin"), 20, 1.0),
        visibility=Visibility(("m-and-a",), ("0oaSecret",), "sightline-admins", "sightline-auditors"),
        ask=Ask(
            "IT help desk <it@acme.example>",
            "https://it.acme.example/new?for={person}&what={app}&why={reason}",
        ),
        automation_actors=("svc.terraform", "00uworkflows"),
        shrink_share=0.5,
        csv=CsvFeed("first_day_after", "iso8859-1", "\t", "dmy", {"ruht zeitweise": "leave"}),
    )


def test_empty_quiet_hours_are_none() -> None:
    assert parse('notify.quiet_hours = ""').notify.quiet_hours is None


def test_a_kind_is_found_by_its_name() -> None:
    chapter = parse(EVERYTHING).unit_kind("chapter")
    assert chapter is not None
    assert chapter.group_pattern == "<slug>-chapter"
    assert parse(EVERYTHING).unit_kind("guild") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("colour = 1", "colour is not a known key; known here are apps, "),
        ("[notify]\nsettle = 1", "notify.settle is not a known key; known here are longest_wait_hours, "),
        ("notify = 1", "notify must be a table."),
        ("people.id_attribute = 1", "people.id_attribute must be a text."),
        ("ask.contact = 1", "ask.contact must be a text."),
        ('ask.request_url = "ftp://it.example"', "ask.request_url must be a link that begins with https://"),
        (
            'ask.request_url = "javascript:alert(1)"',
            "ask.request_url must be a link that begins with https://",
        ),
        ('ask.request_url = "it.example/{app}"', "ask.request_url must be a link that begins with https://"),
        ('ask.request_url = "https://[it"', "ask.request_url must be a link that begins with https://"),
        ('ask.request_url = "https://{app}.example"', "ask.request_url must name its host without a field."),
        (
            'ask.request_url = "https://it.example/{team}"',
            "ask.request_url may hold {person}, {app} and {reason}, and no other braces.",
        ),
        ('people.id_attribute = " "', "people.id_attribute must not be empty."),
        ('moves.attributes = "team"', "moves.attributes must be a list of texts."),
        ("apps.level_keys = [1]", "apps.level_keys must be a text."),
        ("notify.settle_minutes = -1", "notify.settle_minutes must be a whole number of 0 or more."),
        ("notify.settle_minutes = true", "notify.settle_minutes must be a whole number of 0 or more."),
        ("notify.settle_minutes = 1.5", "notify.settle_minutes must be a whole number of 0 or more."),
        ('csv.end_dates = "today"', "csv.end_dates must be one of: last_day, first_day_after."),
        ('csv.date_order = "ydm"', "csv.date_order must be one of: empty, dmy, mdy, ymd."),
        ('csv.encoding = "utf-9"', "csv.encoding must be an encoding such as utf-8 or windows-1252."),
        ('csv.encoding = "hex"', "csv.encoding must be an encoding such as utf-8 or windows-1252."),
        ('csv.delimiter = ";;"', 'csv.delimiter must be one character such as ; or "tab".'),
        ('csv.delimiter = "x"', 'csv.delimiter must be one character such as ; or "tab".'),
        ('csv.status_words.Gone = "away"', "csv.status_words.Gone must be one of: active, pending, "),
        ("csv.status_words = 1", "csv.status_words must be a table."),
        ("csv.encoding = 1", "csv.encoding must be a text."),
        ("limits.shrink_share = 1.1", "limits.shrink_share must be a share from 0 to 1."),
        ("limits.shrink_share = nan", "limits.shrink_share must be a share from 0 to 1."),
        ("limits.shrink_share = false", "limits.shrink_share must be a share from 0 to 1."),
        ('limits.shrink_share = "half"', "limits.shrink_share must be a share from 0 to 1."),
        ('notify.time_zone = "Nordwind"', "notify.time_zone must be a time zone such as Europe/Berlin."),
        ('notify.time_zone = "../etc"', "notify.time_zone must be a time zone such as Europe/Berlin."),
        ('notify.quiet_hours = "evening"', "notify.quiet_hours must look like 18:00-08:30, or be empty."),
        ('notify.quiet_hours = "18:00-25:00"', "notify.quiet_hours must look like 18:00-08:30, or be empty."),
        ('notify.quiet_hours = "18:00-18:00"', "notify.quiet_hours must be two different times of day"),
        ('notify.quiet_hours = "18:00Z-19:00"', "notify.quiet_hours must be two different times of day"),
        ('notify.quiet_hours = "18:00-19:00Z"', "notify.quiet_hours must be two different times of day"),
        ("units.kinds = []", "units.kinds must be a list of one or more tables."),
        ("units.kinds = {}", "units.kinds must be a list of one or more tables."),
        ("units.kinds = [1]", "units.kinds[0] must be a table."),
        ('units.kinds = [{attribute = "team"}]', "units.kinds[0].kind is missing."),
        ('units.kinds = [{kind = "team"}]', "units.kinds[0] needs an attribute, a group_pattern, "),
        ('units.kinds = [{kind = "team", colour = "red"}]', "units.kinds[0].colour is not a known key"),
        (
            'units.kinds = [{kind = "team", group_pattern = "team-"}]',
            "units.kinds[0].group_pattern must hold <slug> exactly once.",
        ),
        ('people.fields = ["team"]', "people.fields must be a table of at most 100 texts."),
        ("units.reports = {units = 3}", "units.reports.units must be a text."),
        (
            'units.kinds = [{kind = "team", group_pattern = "<slug>-<slug>"}]',
            "units.kinds[0].group_pattern must hold <slug> exactly once.",
        ),
        (
            'units.kinds = [{kind = "team", attribute = "a"}, {kind = "team", attribute = "b"}]',
            "units.kinds must name each kind once; 'team' stands there twice.",
        ),
    ],
)
def test_a_mistake_is_one_sentence_with_the_key(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=rf"\A{re.escape(sentence)}[^\n]*\Z") as caught:
        parse(text)
    assert str(caught.value).endswith(".")


def test_the_representation_of_the_configuration_holds_no_secret() -> None:
    secrets = {
        "sources": {"okta": OktaSettings(token="s1-secret", private_key="s2-secret")},
        "slack_bot_token": "s7-secret",
        "slack_signing_secret": "s8-secret",
        "slack_app_token": "s9-secret",
        "oidc_client_secret": "s10-secret",
    }
    assert "secret" not in repr(Configuration(**secrets)).replace("_secret", "")  # type: ignore[arg-type] # all texts
    assert Configuration(entrance="demo").demo
    assert not Configuration().demo
