"""Where units come from, what a rename does not do, and which unit a look-alike must not make."""

from collections.abc import Sequence
from typing import Any

import pytest

from orgmodel.conventions import Conventions, UnitKind
from orgmodel.facts import AssignmentFact, Fact
from orgmodel.models import Assignment, Attribute, Change, Move, OrgUnit, UnitLink
from orgmodel.sync.runs import SyncOutcome, read_and_apply

from .world import FactsReader, account, group, moment, unit

pytestmark = pytest.mark.django_db

FENNEL = unit("team", "recF", "Fennel", "fennel", parent="recVEG", lead="lena")
KALE = unit("team", "recK", "Kale", "kale", parent="recVEG")
VEGETABLES = unit("team_group", "recVEG", "Vegetables", "vegetables")
HERBS = unit("team_group", "recHRB", "Herbs", "herbs")
RECORDS: list[Fact] = [FENNEL, KALE, VEGETABLES, HERBS]
LENA = account("lena", "Lena Osei", team="fennel")
NADIA = account("nadia", "Nadia Brandt", team="kale")


def sync(
    facts: Sequence[Fact],
    day: float = 0,
    source: str = "okta",
    conventions: Conventions | None = None,
    truth: str = "okta",
) -> SyncOutcome:
    given = [*facts, group("00geverybody", "Everybody")] if source == "okta" else facts
    reader = FactsReader(given, source=source)
    outcome = read_and_apply(reader, conventions or Conventions(), truth, now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason
    return outcome


def belongs() -> dict[str, str]:
    current = Assignment.objects.filter(ended=None)
    return dict(current.values_list("person__name", "unit__name"))


def units() -> set[tuple[Any, ...]]:
    return set(OrgUnit.objects.filter(ended=None).values_list("kind", "native_id", "source", "name"))


def carrier(slug: str, record: str = "", **profile: Any) -> Fact:
    """The group that stands for a team, as an automation makes it."""
    keys = {"airtableId": record, **profile} if record else profile
    return group(f"00g{slug}", f"team-{slug}", f"AUTO team {slug.title()}", **keys)


def test_records_make_units_with_their_place_and_groups_stand_for_them() -> None:
    sync([LENA, NADIA, carrier("fennel", "recF"), carrier("kale", "recK")])
    sync(RECORDS, 1, "control")
    sync([LENA, NADIA, carrier("fennel", "recF"), carrier("kale", "recK")], 2)
    assert units() == {
        ("team", "recF", "control", "Fennel"),
        ("team", "recK", "control", "Kale"),
        ("team_group", "recVEG", "control", "Vegetables"),
        ("team_group", "recHRB", "control", "Herbs"),
    }
    fennel = OrgUnit.objects.get(native_id="recF")
    assert (fennel.parent and fennel.parent.name, fennel.lead and fennel.lead.name) == (
        "Vegetables",
        "Lena Osei",
    )
    links = UnitLink.objects.filter(ended=None).values_list("unit__name", "group__name", "evidence")
    assert set(links) == {
        ("Fennel", "team-fennel", "profile key"),
        ("Kale", "team-kale", "profile key"),
    }
    assert belongs() == {"Lena Osei": "Fennel", "Nadia Brandt": "Kale"}


def test_where_no_record_exists_a_group_makes_the_unit() -> None:
    sync([LENA, NADIA, carrier("fennel", "recF", parentId="recK"), carrier("kale", "recK")])
    assert units() == {("team", "recF", "okta", "Fennel"), ("team", "recK", "okta", "Kale")}
    parents = dict(OrgUnit.objects.values_list("name", "parent__name"))
    assert parents == {"Fennel": "Kale", "Kale": None}


def test_where_nothing_else_exists_a_value_makes_the_unit_and_takes_it_along() -> None:
    sync([LENA, NADIA])
    assert units() == {
        ("team", "value:fennel", "attribute", "fennel"),
        ("team", "value:kale", "attribute", "kale"),
    }
    sync([LENA, NADIA._replace(attributes={"team": "fennel"})], 1)
    assert units() == {("team", "value:fennel", "attribute", "fennel")}
    assert OrgUnit.objects.get(native_id="value:kale").ended == moment(1)
    assert belongs() == {"Lena Osei": "fennel", "Nadia Brandt": "fennel"}


def test_a_renamed_record_keeps_its_people_and_opens_no_case() -> None:
    by_id: list[Fact] = [account("lena", "Lena Osei", team="recF"), carrier("fennel", "recF")]
    sync(RECORDS, source="control")
    sync(by_id, 0.1)
    fennel = OrgUnit.objects.get(native_id="recF")
    sync([FENNEL._replace(name="Finocchio", slug="finocchio"), *RECORDS[1:]], 1, "control")
    sync(by_id, 1.1)
    assert belongs() == {"Lena Osei": "Finocchio"}
    assert Assignment.objects.count() == 1
    assert OrgUnit.objects.get(slug="finocchio").pk == fennel.pk
    assert not Move.objects.exists()
    change = Change.objects.get(kind="unit", verb="changed", attribute="name")
    assert (change.before, change.after, change.unit) == ("Fennel", "Finocchio", fennel)


def test_a_renamed_group_with_its_id_is_the_same_unit() -> None:
    by_id = account("lena", "Lena Osei", team="recF")
    sync([by_id, carrier("fennel", "recF")])
    renamed = group("00gfennel", "team-finocchio", "AUTO team Finocchio", airtableId="recF")
    sync([by_id, renamed], 1)
    assert units() == {("team", "recF", "okta", "Finocchio")}
    assert Assignment.objects.get().ended is None
    assert not Move.objects.exists()


def test_a_unit_moves_under_another() -> None:
    sync(RECORDS, source="control")
    sync([FENNEL._replace(parent="recHRB"), *RECORDS[1:]], 1, "control")
    fennel = OrgUnit.objects.get(native_id="recF")
    assert fennel.parent is not None
    assert fennel.parent.name == "Herbs"
    history = Attribute.objects.filter(unit=fennel, name="parent").order_by("began")
    old, new = OrgUnit.objects.get(native_id="recVEG").pk, OrgUnit.objects.get(native_id="recHRB").pk
    assert list(history.values_list("value", "began", "ended")) == [
        (old, moment(0), moment(1)),
        (new, moment(1), None),
    ]


def test_a_unit_is_not_its_own_parent() -> None:
    sync([FENNEL._replace(parent="recF"), *RECORDS[1:]], source="control")
    assert OrgUnit.objects.get(native_id="recF").parent is None


def test_two_kinds_may_share_a_slug() -> None:
    department = unit("department", "depF", "Fennel", "fennel")
    sync([department, FENNEL, VEGETABLES], source="control")
    addresses = dict(OrgUnit.objects.filter(slug="fennel").values_list("kind", "address"))
    pk = OrgUnit.objects.get(native_id="depF").pk
    assert addresses == {"team": "fennel", "department": f"department-fennel-{pk}"}
    both = account("lena", "Lena Osei", team="fennel", department="fennel")
    sync([both], 1)
    current = Assignment.objects.filter(ended=None).values_list("unit__kind", "unit__native_id")
    assert set(current) == {("team", "recF"), ("department", "depF")}


def test_a_retired_unit_stays_and_says_so() -> None:
    sync(RECORDS, source="control")
    sync([FENNEL._replace(active=False), *RECORDS[1:]], 1, "control")
    fennel = OrgUnit.objects.get(native_id="recF")
    assert (fennel.active, fennel.ended) == (False, None)
    change = Change.objects.get(kind="unit", attribute="active", verb="changed")
    assert (change.before, change.after) == (True, False)


def test_a_unit_retires_on_its_day_though_nothing_else_changes() -> None:
    ending: list[Fact] = [FENNEL._replace(active_to=moment(1).date()), *RECORDS[1:]]
    sync(ending, source="control")
    assert OrgUnit.objects.get(native_id="recF").active
    sync(ending, 1, "control")
    assert not OrgUnit.objects.get(native_id="recF").active
    assert Change.objects.get(kind="unit", attribute="active", verb="changed").at == moment(1)


def test_a_record_that_is_gone_ends_its_unit_and_may_come_back() -> None:
    sync(RECORDS, source="control")
    sync(RECORDS[1:], 1, "control")
    assert OrgUnit.objects.get(native_id="recF").ended == moment(1)
    sync(RECORDS, 2, "control")
    assert OrgUnit.objects.get(native_id="recF").ended is None


def test_a_look_alike_makes_no_unit_of_a_recorded_kind() -> None:
    sync(RECORDS, source="control")
    sync([LENA, group("00gx", "team-picnic"), carrier("soup", "recSOUP")], 1)
    assert not OrgUnit.objects.filter(slug__in=["picnic", "soup"]).exists()
    assert not UnitLink.objects.exists()
    nadia = account("nadia", "Nadia Brandt", team="picnic")
    sync([LENA, nadia, group("00gx", "team-picnic")], 2)
    assert not OrgUnit.objects.filter(slug="picnic").exists()
    assert belongs() == {"Lena Osei": "Fennel"}


def test_a_kind_that_only_groups_carry() -> None:
    conventions = Conventions(unit_kinds=(UnitKind("guild", None, "guild-<slug>"),))
    sync([LENA, group("00gbakers", "guild-sour-dough")], conventions=conventions)
    assert units() == {("guild", "group:sour-dough", "okta", "Sour Dough")}
    assert not Assignment.objects.exists()


def test_assignments_that_end_on_their_stated_day_are_no_answer_that_shrank() -> None:
    sync(RECORDS, source="control")
    people = [account(str(n), f"Person {n}", status="active") for n in range(12)]
    ends = [AssignmentFact(str(n), "recK", "primary", None, moment(2).date()) for n in range(11)]
    answer: list[Fact] = [*people, *ends, AssignmentFact("11", "recK", "primary", None, None)]
    sync(answer, 1, "hris", truth="hris")
    assert len(belongs()) == 12
    sync(answer, 2, "hris", truth="hris")
    assert belongs() == {"Person 11": "Kale"}


def test_assignments_stated_by_hr_go_before_the_attribute() -> None:
    sync(RECORDS, source="control")
    person = account("1001", "Lena Osei", status="active", team="fennel")
    stated = AssignmentFact("1001", "recK", "primary", None, None)
    sync([person], 1, "hris", truth="hris")
    assert belongs() == {"Lena Osei": "Fennel"}
    sync([person, stated], 2, "hris", truth="hris")
    assert belongs() == {"Lena Osei": "Kale"}
    sync([person, stated._replace(valid_to=moment(3).date())], 3, "hris", truth="hris")
    assert belongs() == {"Lena Osei": "Fennel"}
