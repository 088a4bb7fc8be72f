"""Accounts of a system behind Okta go to whom the strongest evidence names, or to nobody."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from orgmodel.facts import AccountFact, Fact, ResourceFact, SeatFact
from orgmodel.models import Account, Seat
from orgmodel.sources import registry
from tests.orgmodel.sources.doors import DOORS

from .test_people import hr, sync
from .world import account, app, moment, seat

pytestmark = pytest.mark.django_db
DOORS_APP: ResourceFact = app("0oadoors", "Doors")._replace(type="doors")
NADIA = account("nadia", "Nadia Brandt", employee_number="1001")
LENA = account("lena", "Lena Osei", employee_number="1002")


@pytest.fixture(autouse=True)
def doors() -> Iterator[None]:
    with registry.add(replace(DOORS, catalogue=frozenset({"doors"}))):
        yield


def door(native_id: str, name: str = "", **values: str) -> AccountFact:
    return account(native_id, name or native_id, **{"email": "", "login": "", **values})


def known_as(who: str, user_name: str, external_id: str = "", there: str = "0oadoors") -> SeatFact:
    return seat(who, there)._replace(user_name=user_name, external_id=external_id)


def owners() -> dict[str, tuple[str, str]]:
    """Account of the doors → person's name, and how it was joined or why not."""
    found = Account.objects.filter(source="doors").values_list("native_id", "person__name", "match")
    return {native: (name or "", match) for native, name, match in found}


def okta(*facts: Fact, day: float = 0) -> None:
    sync([NADIA, LENA, DOORS_APP, *facts], day)


def test_oktas_own_assignment_names_the_account_before_anything_else() -> None:
    okta(known_as("nadia", "Nadia.B"), known_as("lena", "", "D-77"))
    sync([door("1", login="nadia.b", employee_number="1002"), door("d-77", email=NADIA.email)], 1, "doors")
    assert owners() == {
        "1": ("Nadia Brandt", "app assignment"),
        "d-77": ("Lena Osei", "app assignment"),
    }


def test_the_user_name_in_another_app_says_nothing() -> None:
    okta(app("0oafigma", "Figma"), known_as("nadia", "nb", there="0oafigma"))
    sync([door("1", login="nb")], 1, "doors")
    assert owners() == {"1": ("", "")}
    assert not Seat.objects.exclude(user_name="").exists()


def test_a_user_name_that_comes_later_joins_the_account_that_was_nobodys() -> None:
    okta(known_as("nadia", ""))
    sync([door("1", login="nb")], 1, "doors")
    assert owners() == {"1": ("", "")}
    okta(known_as("nadia", "nb"), day=2)
    sync([door("1", login="nb")], 3, "doors")
    assert owners() == {"1": ("Nadia Brandt", "app assignment")}


def test_a_user_name_that_two_people_have_is_nobodys_although_the_address_is_somebodys() -> None:
    okta(known_as("nadia", "crew"), known_as("lena", "crew"))
    sync([door("1", login="crew", email=NADIA.email)], 1, "doors")
    assert owners() == {"1": ("", "several people: app assignment")}


def test_addresses_count_in_any_case_and_by_every_account_of_a_person() -> None:
    sync([hr("1001", "Nadia Brandt", employee_number="1001", email="n.brandt@old.example")], source="hris")
    okta()
    mails = (
        "N.Brandt@OLD.example",
        NADIA.email.upper(),
        "nadia@nordwind.example.org",
        "nadia+doors@nordwind.example",
    )
    sync([door(str(place), email=mail) for place, mail in enumerate(mails)], 1, "doors")
    assert owners() == {
        "0": ("Nadia Brandt", "e-mail"),
        "1": ("Nadia Brandt", "e-mail"),
        "2": ("", ""),
        "3": ("", ""),
    }


def test_a_name_and_a_word_instead_of_a_number_are_no_evidence() -> None:
    sync([NADIA._replace(employee_number="external"), LENA])
    sync([door("1", "Nadia Brandt"), door("2", employee_number="external")], 1, "doors")
    assert owners() == {"1": ("", ""), "2": ("", "")}


def test_whoever_is_here_goes_before_whoever_had_the_address_and_left() -> None:
    old = account("old", "Old Lena", email=LENA.email, status="DEPROVISIONED")
    gone = account("gone", "Gone Ada", status="DEPROVISIONED")
    sync([NADIA, LENA, old, gone])
    sync([door("1", email=LENA.email), door("2", email=gone.email)], 1, "doors")
    assert owners() == {"1": ("Lena Osei", "e-mail"), "2": ("Gone Ada", "e-mail")}


def test_what_was_ambiguous_is_joined_once_it_no_longer_is() -> None:
    twin = account("twin", "Twin", email=NADIA.email, login="twin")
    sync([NADIA, LENA, twin])
    sync([door("1", email=NADIA.email)], 1, "doors")
    assert owners() == {"1": ("", "several people: e-mail")}
    sync([NADIA, LENA, twin._replace(email="twin@nordwind.example")], 2)
    assert owners() == {"1": ("Nadia Brandt", "e-mail")}


def test_whoever_got_an_address_after_somebody_else_does_not_get_what_was_older_than_they_are() -> None:
    leaver = account("old", "Old Lena", email=LENA.email, status="DEPROVISIONED", created=moment(-900))
    newcomer = LENA._replace(created=moment(-3))
    sync([NADIA, newcomer, leaver])
    older = door("1", email=LENA.email)._replace(created=moment(-800))
    younger = door("2", email=LENA.email)._replace(created=moment(-2))
    sync([older, younger], 1, "doors")
    assert owners() == {"1": ("", "several people: e-mail"), "2": ("Lena Osei", "e-mail")}
