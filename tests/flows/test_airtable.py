"""Units from the pretend Airtable, beside people of Okta: through the database, as a sync leaves them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from orgmodel.models import Change, OrgUnit
from orgmodel.sources.airtable import AirtableSettings
from sandbox.airtable.server import BASE, AirtableServer
from sandbox.hris.records import HrPerson, HrUnit, Records

from .conftest import Nordwind

pytestmark = pytest.mark.django_db(transaction=True)
ENGINEERING, RADISH, CUCUMBER, CRESS = "recEngineering000", "recradish", "reccucumber", "recCress000000000"


@pytest.fixture
def airtable(nordwind: Nordwind, settings: Any) -> Iterator[AirtableServer]:
    """The teams under Engineering; Lena leads Cucumber, Radovan Radish; Cress went into Radish long ago."""
    records = Records()
    for number, name in (("1", "lena"), ("2", "radovan")):
        mail = f"{name}@nordwind.example"
        records.add(HrPerson(number, mail, name, "", "", number, date(2024, 1, 1), "", "", "", ""))
    for unit in (
        HrUnit(ENGINEERING, "department", "Engineering", "engineering"),
        HrUnit(CUCUMBER, "team", "Cucumber", "cucumber", ENGINEERING, "1"),
        HrUnit(RADISH, "team", "Radish", "radish", ENGINEERING, "2"),
        HrUnit(CRESS, "team", "Cress", "cress", ENGINEERING, active_to=date(2025, 7, 1), merged_into=RADISH),
    ):
        records.units[unit.id] = unit
    with AirtableServer(records) as server:
        known = AirtableSettings(url=server.origin, token=server.token, base=BASE, table="Units")
        found = settings.SIGHTLINE
        settings.SIGHTLINE = replace(
            found, control_plane="airtable", sources={**found.sources, "control": known}
        )
        yield server


def control(nordwind: Nordwind) -> dict[str, Any]:
    (found,) = (each for each in nordwind.read() if each["source"] == "control")
    return found


def units() -> dict[str, tuple[Any, ...]]:
    """Current units by id: name, parent, lead, whether active, what it went into."""
    current = OrgUnit.objects.filter(ended=None, source="control")
    columns = ("name", "parent__name", "lead__name", "active", "merged_into__name")
    return {unit[0]: unit[1:] for unit in current.values_list("native_id", *columns)}


def test_a_sync_gives_units_with_parents_leads_and_what_became_of_them(
    nordwind: Nordwind, airtable: AirtableServer
) -> None:
    found = control(nordwind)
    assert (found["outcome"], found["problems"]) == ("applied", [])
    assert units() == {
        ENGINEERING: ("Engineering", None, None, True, None),
        CUCUMBER: ("Cucumber", "Engineering", "Lena Osei", True, None),
        RADISH: ("Radish", "Engineering", "Radovan Osei", True, None),
        CRESS: ("Cress", "Engineering", None, False, "Radish"),
    }


def test_a_renamed_unit_keeps_its_identity_and_its_people(
    nordwind: Nordwind, airtable: AirtableServer
) -> None:
    control(nordwind)
    before = OrgUnit.objects.get(native_id=RADISH)
    members = set(before.assignments.filter(ended=None).values_list("person__name", flat=True))
    airtable.records.units[RADISH].name = "Rettich"
    assert control(nordwind)["outcome"] == "applied"
    after = OrgUnit.objects.get(native_id=RADISH)
    assert (after.pk, after.name, after.ended) == (before.pk, "Rettich", None)
    assert members == {"Radovan Osei", "Nadia Brandt"}
    assert set(after.assignments.filter(ended=None).values_list("person__name", flat=True)) == members
    change = Change.objects.get(kind="unit", verb="changed", attribute="name")
    assert (change.before, change.after, change.unit) == ("Radish", "Rettich", after)


def test_a_unit_is_retired_and_merged_and_a_deleted_record_ends(
    nordwind: Nordwind, airtable: AirtableServer
) -> None:
    control(nordwind)
    cucumber = airtable.records.units[CUCUMBER]
    cucumber.active, cucumber.merged_into = False, RADISH
    airtable.units.hidden.add(CRESS)
    control(nordwind)
    assert units()[CUCUMBER] == ("Cucumber", "Engineering", "Lena Osei", False, "Radish")
    gone = OrgUnit.objects.get(native_id=CRESS)
    assert gone.ended is not None
    assert CRESS not in units()


def test_what_cannot_be_read_of_a_unit_leaves_it_as_it_was(
    nordwind: Nordwind, airtable: AirtableServer
) -> None:
    control(nordwind)
    airtable.units.odd[RADISH, "parent"] = [ENGINEERING, CUCUMBER]
    found = control(nordwind)
    assert [(each["record"], each["reason"]) for each in found["problems"]] == [
        (RADISH, "Parent holds 2 units; a unit has one parent")
    ]
    assert units()[RADISH] == ("Radish", "Engineering", "Radovan Osei", True, None)


def test_a_table_that_is_suddenly_empty_is_held_back(nordwind: Nordwind, airtable: AirtableServer) -> None:
    control(nordwind)
    airtable.records.units.clear()
    assert control(nordwind)["outcome"] == "quarantined"
    assert len(units()) == 4


def test_a_refused_token_fails_and_changes_nothing(nordwind: Nordwind, airtable: AirtableServer) -> None:
    control(nordwind)
    airtable.scopes.clear()
    found = control(nordwind)
    assert found["outcome"] == "failed"
    assert len(units()) == 4
