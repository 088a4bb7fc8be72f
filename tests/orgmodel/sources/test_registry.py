"""The registry: which sources there are, in which order they are read, and who is refused."""

from dataclasses import replace
from typing import Any

import pytest

from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions
from orgmodel.sources import registry
from orgmodel.sync.configured import NotConfigured, sync
from portal.configure import load_configuration
from portal.environment import Environment as Variables

from .doors import DOORS


def configure(**values: str) -> Configuration:
    return load_configuration(Variables(values), Conventions())


def test_units_are_read_before_people_and_people_before_access(tmp_path: Any) -> None:
    found = configure(
        OKTA_URL="https://nordwind.okta.example",
        OKTA_TOKEN="pretend",
        HRIS="csv",
        CONTROL_PLANE="csv",
        HRIS_CSV_DIR=str(tmp_path),
        DOORS_URL="https://doors.example",
        DOORS_TOKEN="pretend",
    )
    assert [each.name for each in registry.configured(found)] == ["control", "hris", "okta"]
    with registry.add(DOORS):
        found = replace(found, sources={**found.sources, "doors": "https://doors.example"})
        assert [each.name for each in registry.configured(found)] == ["control", "hris", "okta", "doors"]
    assert registry.truth(found) == "hris"


def test_people_and_units_may_come_from_different_kinds(tmp_path: Any) -> None:
    found = configure(
        HRIS="hibob",
        HRIS_USER="u",
        HRIS_TOKEN="t",
        CONTROL_PLANE="csv",
        HRIS_CSV_DIR=str(tmp_path),
    )
    assert [(each.name, each.kind) for each in registry.configured(found)] == [
        ("control", "csv"),
        ("hris", "hibob"),
    ]


def test_every_hr_system_is_called_by_its_own_name_and_only_files_are_called_hr() -> None:
    found = {each.kind: (each.label, each.a_sync) for each in registry.every_kind() if each.name == "hris"}
    assert found == {
        "bamboohr": ("BambooHR", "A BambooHR sync"),
        "csv": ("HR", "An HR sync"),
        "hibob": ("HiBob", "A HiBob sync"),
        "humaans": ("Humaans", "A Humaans sync"),
        "personio": ("Personio", "A Personio sync"),
        "scim": ("SCIM", "A SCIM sync"),
        "successfactors": ("SuccessFactors", "A SuccessFactors sync"),
        "workday": ("Workday", "A Workday sync"),
    }


def test_sentences_about_a_source_name_hibob_where_it_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_CHOSEN", {})
    registry.settle(configure(HRIS="hibob", HRIS_USER="u", HRIS_TOKEN="t"))
    assert registry.label("hris") == "HiBob"
    assert registry.a_sync("hris") == "A HiBob sync"
    assert registry.account_word("hris") == "HiBob record"


@pytest.mark.django_db
def test_a_further_source_is_set_up_and_read_like_any_other() -> None:
    with registry.add(DOORS):
        found = configure(DOORS_URL="https://doors.example", DOORS_TOKEN="pretend")
        assert found.sources == {"doors": "https://doors.example"}
        assert [(each.source, each.outcome) for each in sync(found)] == [("doors", "unchanged")]
        with pytest.raises(NotConfigured, match="The source okta is not set up; set OKTA_URL and OKTA_TOKEN"):
            list(sync(found, ["okta"]))
        assert registry.label("doors") == "Doors"
        assert registry.a_sync("doors") == "A Doors sync"
    assert registry.named("doors") is None
    with pytest.raises(
        NotConfigured, match=r"There is no source doors\. None is set up; see docs/settings\.md\."
    ):
        list(sync(found, ["doors"]))


def test_half_a_source_stops_the_start_with_the_missing_setting() -> None:
    with registry.add(DOORS), pytest.raises(Exception, match=r"\ADOORS_TOKEN is missing: DOORS_URL is set\."):
        configure(DOORS_URL="https://doors.example")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("okta", "Two sources are called okta: okta and doors."),
        ("doors", "Two sources are called doors: doors and doors."),
        ("Doors'", '"Doors\'" cannot be the name of a source: use a-z, digits and hyphens.'),
    ],
)
def test_a_name_that_is_taken_or_is_none_is_refused(name: str, sentence: str) -> None:
    twice = registry.add(DOORS, replace(DOORS, name=name))
    with pytest.raises(ValueError, match="source") as caught, twice:
        pass
    assert str(caught.value) == sentence
    assert registry.names() == ("okta", "hris", "control")


def test_two_organisations_of_one_kind_are_two_sources() -> None:
    with registry.add(DOORS, replace(DOORS, name="doors-berlin", label="Doors in Berlin")):
        assert registry.names("access") == ("okta", "doors", "doors-berlin")
        assert registry.label("doors-berlin") == "Doors in Berlin"
    assert registry.names("units") == ("control",)
    assert registry.names("people") == ("okta", "hris")


def test_of_several_kinds_under_one_name_the_setting_chooses(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The HR systems are all called hris: in rows, commands and addresses nothing changes with the system."""
    other = replace(
        registry.named("hris") or DOORS, kind="payroll", label="Payroll", settings=lambda environment: (
            "payroll" if environment.text("HRIS") == "payroll" else None
        ),
    )  # fmt: skip
    monkeypatch.setattr(registry, "_CHOSEN", {})
    with registry.add(other):
        found = configure(HRIS="payroll")
        assert registry.label("hris") == "HR"  # what is only looked at changes nothing
        registry.settle(found)
        assert [each.label for each in registry.configured(found)] == ["Payroll"]
        assert (registry.label("hris"), registry.truth(found)) == ("Payroll", "hris")
        found = configure(HRIS="csv", HRIS_CSV_DIR=str(tmp_path))
        registry.settle(found)
        assert [each.label for each in registry.configured(found)] == ["HR"]
        assert registry.names("people").count("hris") == 1
        with pytest.raises(ValueError, match="Two sources are called hris: payroll and payroll"):
            registry._register(other)
    assert registry.label("hris") == "HR"


def test_every_source_tells_the_doctor_what_it_tried() -> None:
    """A new operator runs the doctor before the first sync: silence would be taken for health."""
    silent = [each.label for each in registry.every_kind() if each.checks is DOORS.checks]
    assert list(DOORS.checks("")) == []
    assert silent == []
