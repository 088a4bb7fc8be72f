"""Who is one human, who manages whom, and where somebody stands between the first and the last day."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations import RunSQL

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, Fact
from orgmodel.models import Account, Change, ManagerLine, Move, Person
from orgmodel.sources import registry
from orgmodel.sync.runs import SyncOutcome, read_and_apply
from tests.orgmodel.sources.doors import DOORS

from .world import DAY, FactsReader, account, group, moment

pytestmark = pytest.mark.django_db


def sync(facts: Sequence[Fact], day: float = 0, source: str = "okta", truth: str = "hris") -> SyncOutcome:
    given = facts if source == "hris" else [*facts, group("00geverybody")]
    outcome = read_and_apply(FactsReader(given, source=source), Conventions(), truth, now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason
    return outcome


def hr(native_id: str, name: str, **values: object) -> AccountFact:
    return account(native_id, name, **{"status": "active", "email": "", "login": "", **values})


def joined() -> set[tuple[str, ...]]:
    """Native ids of the accounts of each person."""
    people = Person.objects.prefetch_related("accounts")
    return {tuple(sorted(each.native_id for each in person.accounts.all())) for person in people}


NADIA_HR = hr("1001", "Nadia Brandt", employee_number="1001", email="nadia@nordwind.example")
LENA_HR = hr("1002", "Lena Osei", employee_number="1002", email="lena@nordwind.example")
NADIA = account("00unadia", "Nadia", employee_number="1001", email="n.brandt@nordwind.example")
LENA = account("00ulena", "Lena", email="LENA@nordwind.example")
BOT = account("00ubot", "Sprout")


@pytest.mark.parametrize("order", [("hris", "okta"), ("okta", "hris")])
def test_records_meet_by_number_and_by_address_whoever_is_read_first(order: tuple[str, str]) -> None:
    facts: dict[str, list[Fact]] = {"hris": [NADIA_HR, LENA_HR], "okta": [NADIA, LENA, BOT]}
    for day, source in enumerate(order):
        sync(facts[source], day, source)
    assert joined() == {("00unadia", "1001"), ("00ulena", "1002"), ("00ubot",)}
    matches = dict(Account.objects.exclude(match="own record").values_list("person__name", "match"))
    assert matches == {"Nadia Brandt": "employee number", "Lena Osei": "e-mail"}
    assert Person.objects.get(accounts__native_id="00unadia").email == "nadia@nordwind.example"


def test_a_login_serves_as_an_address() -> None:
    sync([LENA_HR], source="hris")
    sync([account("00ulena", "Lena", login="lena@nordwind.example", email="")])
    assert joined() == {("00ulena", "1002")}


def test_an_address_of_two_records_joins_nobody() -> None:
    sync([LENA_HR, hr("1003", "Lena Other", email="lena@nordwind.example")], source="hris")
    sync([LENA])
    assert joined() == {("1002",), ("1003",), ("00ulena",)}


def test_a_record_of_two_accounts_joins_nobody() -> None:
    sync([LENA_HR], source="hris")
    sync([LENA, account("00ulena2", "Lena admin", email="lena@nordwind.example")])
    assert joined() == {("1002",), ("00ulena",), ("00ulena2",)}


def test_who_is_joined_stays_joined_under_another_name_and_address() -> None:
    sync([LENA_HR], source="hris")
    sync([LENA])
    sync([account("00ulena", "Lena Adeyemi", email="lena.adeyemi@nordwind.example", login="la")], 1)
    assert joined() == {("00ulena", "1002")}


@pytest.mark.parametrize(
    "reference", ["00uboss", "2000", "The.Boss@nordwind.example", "boss-login", "boss@nordwind.example"]
)
def test_a_manager_is_found_by_id_number_address_or_login(reference: str) -> None:
    boss = account(
        "00uboss",
        "Boss",
        employee_number="2000",
        email="the.boss@nordwind.example",
        login=reference if "@" in reference else "boss-login",
    )
    sync([boss, account("00unadia", "Nadia", manager_ref=reference)], truth="okta")
    assert Person.objects.get(name="Nadia").manager == Person.objects.get(name="Boss")


def test_an_id_goes_before_a_number() -> None:
    facts: list[Fact] = [
        account("7", "By id"),
        account("00unumber", "By number", employee_number="7"),
        account("00unadia", "Nadia", manager_ref="7"),
    ]
    sync(facts, truth="okta")
    assert Person.objects.get(name="Nadia").manager == Person.objects.get(name="By id")


@pytest.mark.parametrize("reference", ["00unadia", "nadia@nordwind.example", "nobody", ""])
def test_nobody_manages_themselves(reference: str) -> None:
    me = account("00unadia", "Nadia", email="nadia@nordwind.example", manager_ref=reference)
    sync([me, account("00uboss", "Boss")], truth="okta")
    assert Person.objects.get(name="Nadia").manager is None
    assert not ManagerLine.objects.exists()


def test_a_new_manager_ends_the_old_line_and_opens_a_case() -> None:
    staff: list[Fact] = [account("00uboss", "Boss"), account("00ulena", "Lena")]
    sync([*staff, account("00unadia", "Nadia", manager_ref="00uboss")], truth="okta")
    sync([*staff, account("00unadia", "Nadia", manager_ref="00ulena")], 1, truth="okta")
    lines = ManagerLine.objects.order_by("began").values_list("manager__name", "began", "ended")
    assert list(lines) == [("Boss", moment(0), moment(1)), ("Lena", moment(1), None)]
    assert Move.objects.get().kind == "manager"


@pytest.mark.parametrize(
    ("status", "start", "end", "expected"),
    [
        ("active", None, None, "active"),
        ("leave", None, None, "leave"),
        ("ended", None, None, "ended"),
        ("active", None, -1, "ended"),
        ("active", None, 0, "ended"),
        ("active", None, 1, "active"),
        ("active", 1, None, "pending"),
        ("active", 0, None, "active"),
        ("ended", 1, None, "ended"),
        ("", None, None, "active"),
    ],
)
def test_where_an_hr_record_stands(status: str, start: int | None, end: int | None, expected: str) -> None:
    def day(offset: int | None) -> date | None:
        return None if offset is None else DAY + timedelta(days=offset)

    sync([hr("1001", "Nadia", status=status, start_date=day(start), end_date=day(end))], source="hris")
    assert Person.objects.get().status == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("ACTIVE", "active"),
        ("STAGED", "pending"),
        ("PROVISIONED", "active"),
        ("RECOVERY", "active"),
        ("PASSWORD_EXPIRED", "active"),
        ("LOCKED_OUT", "active"),
        ("SUSPENDED", "suspended"),
        ("DEPROVISIONED", "ended"),
    ],
)
def test_where_an_okta_user_stands(status: str, expected: str) -> None:
    sync([account("00unadia", "Nadia", status=status)], truth="okta")
    assert Person.objects.get().status == expected


def test_a_day_comes_without_any_news() -> None:
    joiner = hr("1001", "Nadia", start_date=date(2026, 3, 3))
    leaver = hr("1002", "Lena", end_date=date(2026, 3, 3))
    for day, expected in ((0, ("pending", "active")), (1, ("pending", "active")), (2, ("active", "ended"))):
        sync([joiner, leaver], day, "hris")
        nadia, lena = Person.objects.order_by("-name")
        assert (nadia.status, lena.status) == expected
    kinds = dict(Move.objects.values_list("person__name", "kind"))
    assert kinds == {"Nadia": "joiner", "Lena": "leaver"}


def test_a_deactivated_account_of_somebody_hr_still_knows() -> None:
    sync([NADIA_HR, LENA_HR], source="hris")
    sync([NADIA, LENA])
    sync([NADIA._replace(status="DEPROVISIONED"), LENA], 1)
    assert Person.objects.get(name="Nadia Brandt").status == "active"
    change = Change.objects.get(kind="account", verb="changed", baseline=False)
    assert (change.before, change.after) == ({"status": "ACTIVE"}, {"status": "DEPROVISIONED"})


def test_a_vanished_record_ends_the_person_who_may_come_back() -> None:
    sync([NADIA_HR, LENA_HR], source="hris")
    sync([LENA_HR], 1, "hris")
    gone = Person.objects.get(name="Nadia Brandt")
    assert (gone.status, gone.ended) == ("ended", moment(1))
    sync([NADIA_HR, LENA_HR], 2, "hris")
    gone.refresh_from_db()
    assert (gone.status, gone.ended) == ("active", None)
    assert Person.objects.count() == 2


def test_a_key_is_no_native_id_and_stays_whatever_becomes_of_the_person() -> None:
    nadia = hr("<script>/../", "Nadia")
    sync([nadia, hr("p@ok.example", "Lena")], source="hris")
    # What `printf 'hris <script>/../' | sha256sum` begins with, and so on.
    expected = {"9bef7f39d862cd1f", "142467040268ba36"}
    assert set(Person.objects.values_list("key", flat=True)) == expected
    sync([hr("p@ok.example", "Lena")], 1, "hris")
    sync([nadia._replace(name="N. Brandt"), hr("p@ok.example", "Lena")], 2, "hris")
    assert set(Person.objects.values_list("key", flat=True)) == expected


def test_the_upgrade_gives_everybody_the_key_that_a_new_model_would() -> None:
    sync([NADIA_HR, LENA_HR], source="hris")
    sync([NADIA, LENA])
    keys = dict(Person.objects.values_list("name", "key"))
    nobody = Person.objects.create(key="p7~", name="Alias", status="ended", began=moment(0))
    for person in Person.objects.exclude(pk=nobody.pk):
        Person.objects.filter(pk=person.pk).update(key=f"old-{person.pk}")
    migration = import_module("orgmodel.migrations.0024_keys_of_people").Migration
    (keyed,) = (each.sql for each in migration.operations if isinstance(each, RunSQL))
    with connection.cursor() as cursor:
        cursor.execute(str(keyed))
    assert dict(Person.objects.exclude(pk=nobody.pk).values_list("name", "key")) == keys
    nobody.refresh_from_db()
    assert re.fullmatch("[0-9a-f]{16}", nobody.key)


def test_a_source_of_access_gives_its_accounts_to_people_and_makes_nobody_one() -> None:
    other = hr("1003", "Lena Other", employee_number="1003", email="shared@nordwind.example")
    third = hr("1004", "Tomas Okafor", employee_number="1004", email="shared@nordwind.example")
    sync([NADIA_HR, LENA_HR, other, third], source="hris")
    doors = [
        account("d1", "N. B.", employee_number="1001", email="", login=""),
        account("d2", "L. O.", email="Lena@Nordwind.example", login=""),
        account("d3", "By login", email="", login="lena@nordwind.example"),
        account("d4", "Whose?", email="shared@nordwind.example", login=""),
        account("d5", "Guest", email="guest@elsewhere.example", login="guest"),
    ]
    with registry.add(DOORS):
        sync(doors, 1, "doors")
    assert joined() == {("1001", "d1"), ("1002", "d2", "d3"), ("1003",), ("1004",)}
    assert dict(Account.objects.filter(source="doors").values_list("native_id", "match")) == {
        "d1": "employee number",
        "d2": "e-mail",
        "d3": "e-mail",
        "d4": "several people: e-mail",
        "d5": "",
    }


@pytest.mark.parametrize("email", ["nadia@nordwind.example", "elsewhere@nordwind.example"])
def test_a_number_that_is_the_id_of_one_record_and_the_number_of_another_names_neither(email: str) -> None:
    other = hr("12", "Lena Osei", employee_number="40", email="lena@nordwind.example")
    nadia = hr("11", "Nadia Brandt", employee_number="12", email="nadia@nordwind.example")
    sync([nadia, other], source="hris")
    sync([account("00unadia", "Nadia", employee_number="12", email=email)])
    alone = {("11",), ("12",), ("00unadia",)}
    assert joined() == ({("00unadia", "11"), ("12",)} if email == nadia.email else alone)
