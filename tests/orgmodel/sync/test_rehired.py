"""Who comes back is the same person; who gets an address after somebody else is not."""

import pytest

from orgmodel.facts import AccountFact, Fact
from orgmodel.models import Account, Change, Grant, ManagerLine, Move, Person
from orgmodel.queries.history.compare import compare
from orgmodel.queries.moments import now
from orgmodel.queries.people import find_person, person
from orgmodel.queries.visibility import OPERATOR

from .test_people import hr, joined, sync
from .world import account, group, member

pytestmark = pytest.mark.django_db

# What `printf 'hris 1001' | sha256sum` begins with, and `printf 'okta 00unew' | sha256sum`.
NADIA_KEY, ALIAS_KEY = "553ae16c7a933886", "69e3e6e2bd6c99c5"
NADIA_HR = hr("1001", "Nadia Brandt", employee_number="1001", email="nadia@nordwind.example")
LENA_HR = hr("1002", "Lena Osei", employee_number="1002", email="lena@nordwind.example")
OLD = account("00uold", "Nadia Brandt", employee_number="1001", email="nadia@nordwind.example")
GONE = OLD._replace(status="DEPROVISIONED")
LENA = account("00ulena", "Lena Osei", employee_number="1002", email="lena@nordwind.example")
NEW = account("00unew", "Nadia Brandt", employee_number="1001", email="n.brandt@nordwind.example")
STAFF: list[Fact] = [group("00gstaff"), member("00ulena", "00gstaff")]


def left(*, vanished: bool = False, number: str = "1001") -> None:
    """Nadia worked here and left; her account was deactivated, or deleted."""
    sync([NADIA_HR._replace(employee_number=number), LENA_HR], source="hris")
    sync([OLD._replace(employee_number=number), LENA, *STAFF, member("00uold", "00gstaff")], 0.1)
    sync([NADIA_HR._replace(status="ended", employee_number=number), LENA_HR], 1, "hris")
    old = [] if vanished else [GONE._replace(employee_number=number)]
    sync([*old, LENA, *STAFF], 1.1)
    assert Person.objects.get(key=NADIA_KEY).status == "ended"


def came_back() -> None:
    """One Nadia with both accounts: what the old one held, and what the new one holds."""
    assert {("00unew", "00uold", "1001"), ("00ulena", "1002")} == {row for row in joined() if row}
    nadia = Person.objects.get(key=NADIA_KEY)
    assert (nadia.status, nadia.ended) == ("active", None)
    held = Grant.objects.filter(account__person=nadia).order_by("began")
    assert [(each.account.native_id, each.ended is None) for each in held] == [
        ("00uold", False),
        ("00unew", True),
    ]


@pytest.mark.parametrize("vanished", [False, True])
@pytest.mark.parametrize("hr_first", [False, True])
def test_a_new_account_under_the_old_number(*, hr_first: bool, vanished: bool) -> None:
    left(vanished=vanished)
    old = [] if vanished else [GONE]
    for day in (2, 3):
        if hr_first:
            sync([NADIA_HR, LENA_HR], day, "hris")
        sync([*old, NEW, LENA, *STAFF, member("00unew", "00gstaff")], day + 0.1)
        if not hr_first:
            sync([NADIA_HR, LENA_HR], day + 0.2, "hris")
    came_back()
    assert Person.objects.count() == 2


def test_a_new_account_at_a_new_address_that_hr_tells_later() -> None:
    left(number="")
    nameless = NEW._replace(employee_number="")
    okta: list[Fact] = [
        GONE._replace(employee_number=""),
        nameless,
        LENA._replace(manager_ref="00unew"),
        *STAFF,
        member("00unew", "00gstaff"),
    ]
    sync(okta, 2, truth="hris")
    assert Person.objects.count() == 3
    back = NADIA_HR._replace(employee_number="", email="n.brandt@nordwind.example")
    sync([back, LENA_HR._replace(manager_ref="1001")], 2.1, "hris")
    came_back()
    alias = Person.objects.get(accounts=None)
    nadia = Person.objects.get(key=NADIA_KEY)
    assert (alias.status, alias.key, alias.merged_into) == ("ended", ALIAS_KEY, nadia)
    assert find_person(ALIAS_KEY) == find_person("00unew") == nadia.pk
    assert compare(ALIAS_KEY, "1002", now(), now(), OPERATOR).a.ref == person(nadia.pk, now())
    assert not Move.objects.filter(person=alias, state="open").exists()
    assert Change.objects.filter(kind="grant", account__native_id="00unew").count() == 1
    assert not Change.objects.filter(kind="grant", account__native_id="00unew", person=alias).exists()
    assert ManagerLine.objects.get(ended=None).manager == Person.objects.get(key=NADIA_KEY)


def test_without_an_hr_system_the_number_tells() -> None:
    sync([OLD, LENA], truth="okta")
    sync([GONE, LENA], 1, truth="okta")
    sync([GONE, NEW, LENA], 2, truth="okta")
    assert joined() == {("00unew", "00uold"), ("00ulena",)}
    nadia = Person.objects.get(name="Nadia Brandt")
    assert (nadia.status, nadia.email) == ("active", "n.brandt@nordwind.example")


def test_both_accounts_in_the_first_read() -> None:
    sync([GONE, NEW, LENA], truth="okta")
    assert joined() == {("00unew", "00uold"), ("00ulena",)}
    assert Person.objects.get(name="Nadia Brandt").status == "active"


def test_both_accounts_in_the_first_read_with_an_hr_system() -> None:
    sync([NADIA_HR, LENA_HR], source="hris")
    sync([GONE, NEW, LENA], 0.1)
    assert joined() == {("00unew", "00uold", "1001"), ("00ulena", "1002")}


@pytest.mark.parametrize("number", ["external", "0", ""])
def test_what_is_no_number_joins_nobody(number: str) -> None:
    sync([OLD._replace(employee_number=number), LENA], truth="okta")
    sync([GONE._replace(employee_number=number), LENA], 1, truth="okta")
    sync([GONE._replace(employee_number=number), NEW._replace(employee_number=number), LENA], 2, truth="okta")
    assert joined() == {("00unew",), ("00uold",), ("00ulena",)}


def test_two_accounts_in_use_under_one_number_stay_two() -> None:
    sync([OLD, LENA], truth="okta")
    sync([OLD, NEW, LENA], 1, truth="okta")
    assert joined() == {("00unew",), ("00uold",), ("00ulena",)}


@pytest.mark.parametrize("number", ["1003", ""])
def test_an_address_that_went_to_somebody_else_joins_nobody_to_them(number: str) -> None:
    left(number="" if not number else "1001")
    other = account("00uother", "Nadja Brand", employee_number=number, email="nadia@nordwind.example")
    record = hr("1003", "Nadja Brand", employee_number=number, email="nadia@nordwind.example")
    gone = GONE._replace(employee_number="" if not number else "1001")
    sync([gone, other, LENA, *STAFF], 2)
    sync([LENA_HR, record], 2.1, "hris")
    sync([gone, other, LENA, *STAFF], 3)
    assert joined() == {("00uold", "1001"), ("00uother", "1003"), ("00ulena", "1002")}


def test_a_new_hr_id_at_the_old_address_is_another_person() -> None:
    left()
    record = hr("1003", "Nadja Brand", email="nadia@nordwind.example")
    sync([LENA_HR, record], 2, "hris")
    assert joined() == {("00uold", "1001"), ("1003",), ("00ulena", "1002")}


ADMIN = account("00uadm", "Nadia Brandt (admin)", login="x.admin", email="nadia@nordwind.example")
MINE = account("00umine", "Nadia Brandt", login="nadia@nordwind.example", email="nadia@nordwind.example")


@pytest.mark.parametrize("order", [("hris", "okta"), ("okta", "hris")])
def test_of_two_accounts_with_one_address_the_login_tells(order: tuple[str, str]) -> None:
    facts: dict[str, list[AccountFact]] = {
        "hris": [NADIA_HR._replace(employee_number="")],
        "okta": [ADMIN, MINE],
    }
    for day, source in enumerate(order):
        sync(facts[source], day, source)
    assert joined() == {("00umine", "1001"), ("00uadm",)}
    assert Account.objects.get(native_id="00umine").match in {"e-mail", "own record"}
