"""What AIRTABLE_… must say, and what the doctor finds at Airtable."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions
from orgmodel.sources.airtable import AirtableSettings
from orgmodel.sources.airtable.check import check
from orgmodel.sources.source import Line
from portal.configure import load_configuration
from portal.environment import Environment
from sandbox.airtable.server import AirtableServer

from .airtable import airtable, settings_of
from .organisation import Clock

AIRTABLE = {
    "CONTROL_PLANE": "airtable",
    "AIRTABLE_TOKEN": "pretend",
    "AIRTABLE_BASE": "app1a2B3c4D5e6F7",
    "AIRTABLE_TABLE": "Units",
}


def configure(values: Mapping[str, str]) -> Configuration:
    return load_configuration(Environment(values), Conventions())


def test_what_airtable_takes_where_nothing_is_said() -> None:
    known = {"token": "pretend", "base": "app1a2B3c4D5e6F7", "table": "Units"}
    assert configure(AIRTABLE).sources == {
        "control": AirtableSettings(url="https://api.airtable.com", **known)
    }
    assert configure({**AIRTABLE, "CONTROL_PLANE": ""}).sources == {}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"CONTROL_PLANE": "airtable"}, "AIRTABLE_TOKEN is missing: CONTROL_PLANE is airtable."),
        (
            {"CONTROL_PLANE": "airtable", "AIRTABLE_TOKEN": "pretend"},
            "AIRTABLE_BASE is missing: CONTROL_PLANE is airtable.",
        ),
        (
            {"CONTROL_PLANE": "airtable", "AIRTABLE_TOKEN": "pretend", "AIRTABLE_BASE": "app1"},
            "AIRTABLE_TABLE is missing: CONTROL_PLANE is airtable.",
        ),
        ({**AIRTABLE, "AIRTABLE_BASE": "app1/tbl1"}, "AIRTABLE_BASE must be the id of one base such as app"),
        ({**AIRTABLE, "AIRTABLE_URL": "http://airtable.example"}, "AIRTABLE_URL must start with https://"),
        ({**AIRTABLE, "AIRTABLE_URL": "https://airtable.example/v0"}, "AIRTABLE_URL must be an address with"),
    ],
)
def test_a_mistake_is_one_sentence_with_the_variable(values: dict[str, str], sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        configure(values)
    assert str(caught.value).startswith(sentence)
    assert str(caught.value).endswith(".")


def examined(server: AirtableServer, **more: Any) -> list[Line]:
    clock = Clock()
    return list(check(settings_of(server, **more), sleep=clock.sleep, clock=clock, jitter=0.0))


def test_the_doctor_says_what_can_be_read_and_what_is_missing() -> None:
    with airtable() as server:
        assert examined(server) == [
            Line(True, "Airtable's tables can be read"),
            Line(True, "Airtable's records of Units can be read"),
        ]
        server.units.fields["active_to"].name = "Until"
        del server.units.fields["slug"]
        *_, last = examined(server)
        assert (last.ok, last.what) == (None, "Airtable's table Units has no column Slug, Active to")
        server.scopes.discard("data.records:read")
        *_, last = examined(server)
        assert (last.ok, last.what) == (False, "Airtable cannot be read")
        assert "data.records:read" in last.todo
        (line,) = examined(server, table="Teams")
        assert line.todo == "Airtable's base has no table Teams; check AIRTABLE_TABLE."
