"""HR, Okta's groups and the control plane name one unit one after another, in every order."""

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.models import Assignment, Attribute, Change, Move, OrgUnit, UnitLink
from orgmodel.sync.runs import read_and_apply

from .test_units import FENNEL, KALE, VEGETABLES, belongs, carrier, sync, units
from .world import FactsReader, account, group, moment, unit

pytestmark = pytest.mark.django_db

LENA = account("lena", "Lena Osei", team="fennel")
NADIA = account("nadia", "Nadia Brandt", team="kale")
BOTH: list[Fact] = [LENA, NADIA]


def unmoved(pk: int) -> None:
    """Lena has been in this one unit since the first day, and nobody is told otherwise."""
    mine = Assignment.objects.get(person__name="Lena Osei", ended=None)
    assert (mine.unit_id, mine.true_began or mine.began) == (pk, moment(0))
    assert not Move.objects.exists()
    assert not Change.objects.filter(kind="assignment", baseline=False).exists()


@pytest.mark.parametrize("record", ["", "recF"])
def test_a_unit_that_hr_names_first_is_the_one_its_group_carries(record: str) -> None:
    sync(BOTH)
    first = OrgUnit.objects.get(slug="fennel")
    for day in (1, 2, 3):
        sync([*BOTH, carrier("fennel", record)], day)
    assert units() == {
        ("team", record or "group:fennel", "okta", "Fennel"),
        ("team", "value:kale", "attribute", "kale"),
    }
    unmoved(first.pk)
    assert UnitLink.objects.get(ended=None).unit_id == first.pk


def test_a_group_that_gets_its_id_later_still_carries_the_same_unit() -> None:
    sync([*BOTH, carrier("fennel")])
    first = OrgUnit.objects.get(slug="fennel")
    sync([*BOTH, carrier("fennel", "recF")], 1)
    assert ("team", "recF", "okta", "Fennel") in units()
    unmoved(first.pk)
    sync([*BOTH, carrier("fennel")], 2)
    unmoved(first.pk)


def test_a_unit_that_hr_names_first_is_the_one_that_is_recorded() -> None:
    sync(BOTH)
    first = OrgUnit.objects.get(slug="fennel")
    sync([FENNEL, KALE, VEGETABLES], 1, "control")
    sync(BOTH, 2)
    assert units() == {
        ("team", "recF", "control", "Fennel"),
        ("team", "recK", "control", "Kale"),
        ("team_group", "recVEG", "control", "Vegetables"),
    }
    unmoved(first.pk)


def test_a_group_with_another_id_gives_way_to_the_record_of_its_name() -> None:
    sync([*BOTH, carrier("fennel", "recOLD")])
    first = OrgUnit.objects.get(slug="fennel")
    sync([FENNEL, KALE], 1, "control")
    sync([*BOTH, carrier("fennel", "recOLD")], 2)
    assert {row[1] for row in units()} == {"recF", "recK"}
    unmoved(first.pk)


def test_hr_renames_first_and_the_group_follows() -> None:
    by_name = [account("lena", "Lena Osei", team="finocchio")]
    sync([LENA, carrier("fennel", "recF")])
    sync([*by_name, carrier("fennel", "recF")], 1)
    assert belongs() == {"Lena Osei": "finocchio"}
    moves = Move.objects.count()
    renamed = group("00gfennel", "team-finocchio", "AUTO team Finocchio", airtableId="recF")
    for day in (2, 3, 4):
        sync([*by_name, renamed], day)
    assert units() == {("team", "recF", "okta", "Finocchio")}
    assert belongs() == {"Lena Osei": "Finocchio"}
    assert Move.objects.count() == moves
    assert not Change.objects.filter(kind="assignment", at__gte=moment(2)).exists()
    mine = Assignment.objects.get(ended=None)
    assert mine.true_began == moment(1)
    assert OrgUnit.objects.get(native_id="value:finocchio").merged_into == mine.unit


def test_hr_renames_first_and_the_record_follows() -> None:
    sync([FENNEL, KALE], source="control")
    sync([LENA], 0.1)
    sync([account("lena", "Lena Osei", team="finocchio")], 1)
    assert belongs() == {}
    sync([FENNEL._replace(name="Finocchio", slug="finocchio"), KALE], 2, "control")
    assert belongs() == {"Lena Osei": "Finocchio"}
    sync([account("lena", "Lena Osei", team="finocchio")], 3)
    assert belongs() == {"Lena Osei": "Finocchio"}


def test_two_groups_exchange_their_names() -> None:
    fennel, kale = carrier("fennel", "recF"), carrier("kale", "recK")
    sync([*BOTH, fennel, kale])
    pks = dict(OrgUnit.objects.values_list("native_id", "pk"))
    for day in (1, 2):
        swapped: list[Fact] = [
            group("00gfennel", "team-kale", "AUTO team Kale", airtableId="recF"),
            group("00gkale", "team-fennel", "AUTO team Fennel", airtableId="recK"),
        ]
        sync([*BOTH, *swapped], day)
        assert units() == {("team", "recF", "okta", "Kale"), ("team", "recK", "okta", "Fennel")}
        assert belongs() == {"Lena Osei": "Fennel", "Nadia Brandt": "Kale"}
    assert dict(OrgUnit.objects.values_list("native_id", "pk")) == pks


def test_two_groups_with_one_id_are_one_unit_with_one_name() -> None:
    second = group("00gz", "team-fennel-ext", "AUTO team Fennel Ext", airtableId="recF")
    for day in (0, 1):
        sync([LENA, second, carrier("fennel", "recF")], day)
        assert units() == {("team", "recF", "okta", "Fennel")}
    assert UnitLink.objects.filter(ended=None).count() == 2
    assert Attribute.objects.filter(name="name", unit__isnull=False).count() == 1


def test_two_units_of_one_name_leave_the_members_where_hr_puts_them() -> None:
    sync([LENA])
    first = OrgUnit.objects.get()
    twins: list[Fact] = [
        carrier("fennel", "recF"),
        group("00g2", "team-Fennel", "AUTO team Fennel", airtableId="recG"),
    ]
    for day in (1, 2, 3):
        sync([LENA, *twins], day)
    unmoved(first.pk)
    assert units() == {
        ("team", "value:fennel", "attribute", "fennel"),
        ("team", "recF", "okta", "Fennel"),
        ("team", "recG", "okta", "Fennel"),
    }


def test_a_unit_made_anew_under_another_id_takes_the_members_along() -> None:
    sync([LENA, carrier("fennel", "recF")])
    for day in (1, 2):
        sync([LENA, carrier("fennel", "recF2")], day)
    assert units() == {("team", "recF2", "okta", "Fennel")}
    unmoved(OrgUnit.objects.get(native_id="recF2").pk)


def test_a_record_that_went_with_all_others_of_its_kind_comes_back_as_a_group() -> None:
    sync([FENNEL, VEGETABLES], source="control")
    sync([VEGETABLES], 1, "control")
    for day in (2, 3):
        sync([LENA, carrier("fennel", "recF")], day)
    assert ("team", "recF", "okta", "Fennel") in units()
    assert belongs() == {"Lena Osei": "Fennel"}


def test_values_that_fit_no_index_make_no_unit() -> None:
    long = "".join(chr(0x4E00 + number) for number in range(2000))
    outcome = read_and_apply(
        FactsReader(
            [account("lena", team=long), group("00g", "team-x", "AUTO team " + long, airtableId=long)]
        ),
        Conventions(),
        "okta",
        now=moment(0),
    )
    assert (outcome.outcome, outcome.reason) == ("applied", "")
    assert {(row[1], len(row[3])) for row in units()} == {("group:x", 500)}


def test_addresses_never_meet_and_can_be_visited() -> None:
    first = unit("team", "t1", "One", "one")
    sync([first, unit("area", "a1", "One", "one")], source="control")
    other = OrgUnit.objects.get(native_id="a1")
    hostile: list[Fact] = [
        unit("team", "t2", "Taken", f"area-one-{other.pk}"),
        unit("team", "t3", "Up", ".."),
        unit("a/b", "t4", "Path", "x/y?#%"),
        unit("team", "t:5", "Colon", ":t"),
        unit("team:t", "5", "Colon", "team:t:5"),
        unit("team", "t6", "Büro", "büro"),
    ]
    for day in (1, 2):
        sync([first, unit("area", "a1", "One", "one"), *hostile], day, "control")
    addresses = dict(OrgUnit.objects.values_list("native_id", "address"))
    pks = dict(OrgUnit.objects.values_list("native_id", "pk"))
    assert addresses == {
        "t1": "one",
        "t2": f"area-one-{pks['a1']}",
        "a1": f"area-one-{pks['a1']}~",
        "t3": f"team-..-{pks['t3']}",
        "t4": f"a-b-x-y--{pks['t4']}",
        "t:5": f"team--t-{pks['t:5']}",
        "5": f"team-t-team-t-5-{pks['5']}",
        "t6": "büro",
    }
