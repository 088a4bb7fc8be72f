"""What follows from facts is derived once, and again as soon as anything that it follows from is another."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgmodel.conventions import Conventions, UnitKind
from orgmodel.facts import Fact
from orgmodel.models import Account, Assignment, OrgUnit, Person
from orgmodel.reconcile.detectors import DETECTORS, Context, Found
from orgmodel.sync.account_decisions import link
from orgmodel.sync.decisions import Decider
from orgmodel.sync.findings import refresh_findings
from orgmodel.sync.runs import read_and_apply

from .world import FactsReader, account, group, moment

pytestmark = pytest.mark.django_db

TOMORROW = account("quinn", "Quinn Abe", team="radish", start_date=date(2026, 3, 2))
COMPANY: list[Fact] = [
    account("nadia", "Nadia Brandt", team="radish"),
    TOMORROW,
    group("00grad", "team-radish", "AUTO team Radish"),
]
DERIVED = ("orgmodel_managerline", "orgmodel_assignment", "orgmodel_orgunit", "orgmodel_unitlink")


def sync(
    facts: Sequence[Fact] = COMPANY, hours: float = 0, conventions: Conventions | None = None
) -> list[str]:
    """The tables of derived rows that the sync asked for."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        outcome = read_and_apply(
            FactsReader(facts), conventions or Conventions(), "okta", now=moment(0) + timedelta(hours=hours)
        )
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason
    # The guard holds stated units, of which there are none here, against those that are known.
    statements = [each["sql"] for each in queries if "stage_unit" not in each["sql"]]
    return [table for table in DERIVED if any(table in sql for sql in statements)]


def settle() -> None:
    """As it stands after a sync that brought everything and one that brought nothing."""
    assert sync() == [*DERIVED]
    assert sync() == [*DERIVED]


def teams(person: str) -> Iterable[str]:
    found = Assignment.objects.filter(person__name=person, ended=None, unit__kind="team")
    return sorted(found.values_list("unit__slug", flat=True))


def test_a_sync_that_brings_nothing_new_derives_nothing_once_it_was_proven() -> None:
    settle()
    assert sync() == []


def test_whatever_is_written_is_followed_up_in_the_same_sync() -> None:
    settle()
    assert teams("Nadia Brandt") == ["radish"]
    moved: list[Fact] = [account("nadia", "Nadia Brandt", team="cucumber"), *COMPANY[1:]]
    assert sync(moved, 1) == [*DERIVED]
    assert teams("Nadia Brandt") == ["cucumber"]
    # What another may follow from was written: only a sync that writes nothing proves the opposite.
    assert sync(moved, 2) == [*DERIVED]
    assert sync(moved, 3) == []


def test_a_state_that_changes_without_a_word_about_it_is_followed_up() -> None:
    """The same word of the source may come to mean something else: the account's own row does not tell."""
    settle()
    sync([account("nadia", "Nadia Brandt", team="radish", status="SUSPENDED"), *COMPANY[1:]], 1)
    assert Person.objects.get(name="Nadia Brandt").status == "suspended"


def test_other_conventions_are_followed_on_the_same_facts() -> None:
    settle()
    other = replace(Conventions(), unit_kinds=(UnitKind("crew", "team"),))
    assert sync(conventions=other) == [*DERIVED]
    assert set(OrgUnit.objects.filter(ended=None).values_list("kind", flat=True)) == {"crew"}


def test_a_day_that_passes_is_followed_on_the_same_facts() -> None:
    settle()
    assert Person.objects.get(name="Quinn Abe").status == "pending"
    sync(hours=24)
    assert Person.objects.get(name="Quinn Abe").status == "active"


def test_what_an_admin_decided_is_followed_on_the_same_facts() -> None:
    settle()
    quinn = Account.objects.get(native_id="quinn")
    link(quinn.pk, Person.objects.get(name="Nadia Brandt").pk, Decider(None, moment(0), "one and the same"))
    sync()
    quinn.refresh_from_db()
    assert quinn.person == Person.objects.get(name="Nadia Brandt")


def test_a_detector_looks_again_only_at_what_it_has_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def find(context: Context) -> Iterable[Found]:
        looks.append(context.now)
        yield Found(("one",), "One thing is odd.")

    # It goes by no fact but those of every sync, and not by the hour.
    odd = replace(DETECTORS["stale-source"], name="odd", find=find, needs=frozenset({"account"}))
    monkeypatch.setitem(DETECTORS, "odd", odd)

    def refresh(hours: float, conventions: Conventions | None = None) -> int:
        now = moment(0) + timedelta(hours=hours)
        return refresh_findings(conventions or Conventions(), "okta", now, frozenset(), {"odd"})

    sync()
    assert (refresh(0), refresh(1), len(looks)) == (1, 1, 1)
    sync(hours=2)
    assert (refresh(2), len(looks)) == (1, 1)
    sync([*COMPANY, account("radovan", "Radovan Ilic")], 3)
    assert (refresh(3), refresh(4), len(looks)) == (1, 1, 2)
    assert (refresh(4, replace(Conventions(), move_attributes=("team",))), len(looks)) == (1, 3)
    assert (refresh(24), len(looks)) == (1, 4)
