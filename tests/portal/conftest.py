"""Nordwind as it is seen by its people: signed-in clients by first name."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.test import Client

from orgmodel.models import Account, Person
from tests.orgmodel.sync.world import moment
from tests.portal.company import CONVENTIONS, tell

SignIn = Callable[[str], Client]


@pytest.fixture
def conventions(settings: LazySettings) -> Iterator[None]:
    """The conventions of this Nordwind, its admins and what is confidential; it is 10 March 2026 there."""
    settings.SIGHTLINE = replace(settings.SIGHTLINE, conventions=CONVENTIONS)
    with time_machine.travel(moment(9)):
        yield


@pytest.fixture
def nordwind(db: None, conventions: None) -> None:
    """The company after Nadia's move."""
    tell()


@pytest.fixture
def people(db: None, conventions: None) -> None:
    """Nadia, Lena and Quinn with their Okta accounts and nothing else: for tests of the door."""
    for key, name in (("nadia", "Nadia Brandt"), ("lena", "Lena Osei"), ("quinn", "Quinn Abe")):
        address = f"{key}@nordwind.example"
        person = Person.objects.create(key=key, name=name, email=address, began=moment(0))
        Account.objects.create(
            source="okta",
            native_id=key,
            person=person,
            login=address,
            email=address,
            status="ACTIVE",
            began=moment(0),
        )


@pytest.fixture
def as_person(db: None, conventions: None) -> SignIn:
    """A client signed in with the address of somebody: `lena`, `tomas` (an admin), `stranger` (no person)."""

    def sign_in(name: str) -> Client:
        user, _ = get_user_model().objects.get_or_create(
            username=name, defaults={"email": f"{name}@nordwind.example"}
        )
        client = Client()
        client.force_login(user)
        return client

    return sign_in
