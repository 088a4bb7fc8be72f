"""HiBob's nested lists as org units, where no control plane keeps them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import AssignmentFact, UnitFact
from orgmodel.sources.hibob import HiBobSettings
from orgmodel.sources.hibob.declared import SOURCE
from orgmodel.sources.hibob.labels import Labels, Unresolved
from orgmodel.sources.hibob.lists import NamedLists, field_types
from orgmodel.sources.hibob.lists import read as lists_of
from orgmodel.sources.source import Reading, Role
from sandbox.hris.hibob import HiBobServer

from .hibob_company import BO, INES, MEI, NOW, company, read

DEPARTMENT = {
    "name": "department",
    "items": [
        {
            "id": 258136000,
            "value": "Product & Tech",
            "name": "Product & Tech",
            "archived": False,
            "children": [
                {
                    "id": 258136021,
                    "value": "Engineering",
                    "name": "Engineering",
                    "archived": False,
                    "children": [],
                }
            ],
        },
        {"id": 258136044, "value": "Growth", "name": "Growth", "archived": True, "children": []},
    ],
}
TEAMS = "work.column_1712065102576"


@pytest.fixture
def hibob() -> Iterator[HiBobServer]:
    with HiBobServer(company()) as server:
        server.item_ids = {
            ("department", "Engineering"): "258136021",
            ("department", "Product & Tech"): "258136000",
            (TEAMS, "Payments Core"): "7001",
            (TEAMS, "Ledger"): "7002",
        }
        server.above = {"Engineering": "Product & Tech"}
        yield server


def unit(
    native_id: str, name: str, slug: str, kind: str, parent: str = "", *, active: bool = True
) -> UnitFact:
    return UnitFact(kind, native_id, name, slug, parent, "", active, None, None, "")


def test_items_of_the_lists_of_units_are_units_with_their_parents(hibob: HiBobServer) -> None:
    found, above = read(hibob, units=True), "list:department:258136000"
    assert sorted(found.units.values(), key=lambda each: each.native_id) == [
        unit(above, "Product & Tech", "product-tech", "department"),
        unit(
            "list:department:258136021",
            "Engineering",
            "engineering",
            "department",
            "list:department:258136000",
        ),
        unit(f"list:{TEAMS}:7001", "Payments Core", "payments-core", "team"),
        unit(f"list:{TEAMS}:7002", "Ledger", "ledger", "team"),
    ]
    assert {"unit", "assignment"} <= found.covered


def test_people_belong_to_the_units_of_today_from_their_first_day_there(hibob: HiBobServer) -> None:
    placed = {(each.person, each.unit): each for each in read(hibob, units=True).assignments}
    assert placed[INES, f"list:{TEAMS}:7001"] == AssignmentFact(
        INES, f"list:{TEAMS}:7001", "primary", date(2026, 3, 1), date(2026, 11, 1)
    )
    assert placed[INES, "list:department:258136021"].valid_from == date(2024, 3, 18)
    assert (INES, f"list:{TEAMS}:7002") not in placed
    assert (BO, f"list:{TEAMS}:7001") in placed
    assert (MEI, f"list:{TEAMS}:7002") in placed


def test_beside_a_control_plane_lists_make_no_units_and_those_they_made_end(hibob: HiBobServer) -> None:
    found = read(hibob, units=False)
    assert (found.units, found.assignments) == ({}, [])
    assert {"unit", "assignment"} <= found.covered


UNITS: frozenset[Role] = frozenset({"units"})


@pytest.mark.parametrize(("beside", "units"), [(UNITS, False), (frozenset(), True)])
def test_whether_a_control_plane_is_set_decides(
    hibob: HiBobServer, beside: frozenset[Role], units: bool
) -> None:

    settings = HiBobSettings(url=hibob.url, user=hibob.user, token=hibob.token)
    reader = SOURCE.reader(settings, Reading(Conventions(), NOW, beside=beside))
    kinds = {type(each) for batch in reader.batches() for each in batch}
    assert (UnitFact in kinds) is units


def test_lists_that_are_closed_leave_units_as_they_were(hibob: HiBobServer) -> None:
    hibob.faults.refuse(403, "named-lists")
    found = read(hibob, units=True)
    assert found.accounts[INES].attributes["department"] == "Engineering"
    assert "403" in found.report.not_visible["unit"]
    assert not {"unit", "assignment"} & found.covered


def test_an_archived_item_is_a_unit_as_long_as_somebody_holds_it(hibob: HiBobServer) -> None:
    hibob.archived = {"Payments Core", "Product & Tech"}
    units = read(hibob, units=True).units
    assert units[f"list:{TEAMS}:7001"].active
    assert not units["list:department:258136000"].active


def test_two_items_of_one_name_are_told_apart_by_their_ids() -> None:
    items = [{"id": number, "name": "Operations"} for number in (1, 2)]
    lists = NamedLists(lists_of({"department": {"name": "department", "items": items}}))
    assert lists.item("work.department", "Operations") is None
    found = lists.item("work.department", "2")
    assert found is not None
    assert found.id == "2"


@pytest.mark.parametrize(
    "answer",
    [DEPARTMENT, [DEPARTMENT], {"department": DEPARTMENT}, {"department": DEPARTMENT["items"]}],
    ids=["one", "a list of them", "under their names", "items under their names"],
)
def test_lists_in_every_shape_that_is_known_of_them(answer: object) -> None:
    lists = NamedLists(lists_of(answer))
    assert lists.label("work.department", "258136021") == "Engineering"
    assert lists.lists["department"]["258136021"].parent == "258136000"
    assert lists.lists["department"]["258136044"].archived


def test_names_of_lists_are_told_apart_by_capital_letters() -> None:
    lists = NamedLists({"terminationreason": {}})
    assert lists.of("internal.terminationReason") == ""
    assert lists.of("internal.terminationreason") == "terminationreason"


def test_the_description_of_a_field_may_name_its_list() -> None:
    types, of_fields = field_types(
        [{"id": "work.title", "type": "List", "typeData": {"listId": "job"}}, {"id": 7}, "odd"]
    )
    lists = NamedLists(lists_of({"job": {"items": [{"id": 1, "name": "Engineer"}]}}), of_fields)
    assert Labels(lists, types).value("work.title", 1) == "Engineer"


def test_an_id_counts_before_a_name_and_neither_is_unresolved() -> None:
    items = [{"id": 1, "name": "2"}, {"id": 2, "name": "Growth"}]
    labels = Labels(NamedLists(lists_of({"department": {"items": items}})))
    assert labels.value("work.department", "2") == "Growth"
    assert labels.value("work.department", "Growth") == "Growth"
    with pytest.raises(Unresolved):
        labels.value("work.department", "growth")
    assert labels.value("work.department", "growth", "Growth (old)") == "Growth (old)"


def test_fields_with_several_values_keep_all_of_them() -> None:
    labels = Labels(
        NamedLists(lists_of({"guild": {"items": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]}}))
    )
    assert labels.value("about.guild", ["1", "2"]) == ["A", "B"]
    assert labels.value("about.guild", []) == []
    assert labels.value("about.guild", None) == ""


def test_a_renamed_item_is_the_same_unit(hibob: HiBobServer) -> None:
    before = read(hibob, units=True).units[f"list:{TEAMS}:7001"]
    hibob.item_ids[TEAMS, "Payments Heart"] = hibob.item_ids.pop((TEAMS, "Payments Core"))
    for native_id, rows in hibob.records.rows.items():
        hibob.records.rows[native_id] = [
            replace(each, team="Payments Heart") if each.team == "Payments Core" else each for each in rows
        ]
    bo = hibob.records.people[BO]
    bo.team = "Payments Heart"
    after = read(hibob, units=True).units[f"list:{TEAMS}:7001"]
    assert (before.native_id, before.name) == (after.native_id, "Payments Core")
    assert after.name == "Payments Heart"
