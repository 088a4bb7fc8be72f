"""Who gets in: every page as its owner, as somebody signed in who is no person, and as nobody."""

import pytest
from django.test import Client

from tests.portal.conftest import SignIn

pytestmark = pytest.mark.django_db

PAGES = (
    "/",
    "/teams/",
    "/teams/cucumber/",
    "/people/",
    "/people/nadia/",
    "/people/nadia/?tab=groups",
    "/people/nadia/?tab=reports",
    "/people/nadia/?tab=history",
    "/people/nadia/why/0oafigma/",
    "/people/nadia/why/0oastag/",
    "/people/quinn/why/00gcuc/",
    "/apps/",
    "/apps/0oafigma/",
    "/groups/",
    "/groups/00gcuc/",
    "/search/?q=cuc",
    "/search/?q=cuc&partial=palette",
)


@pytest.mark.parametrize("address", PAGES)
def test_an_employee_sees_every_page(address: str, nordwind: None, as_person: SignIn) -> None:
    answer = as_person("nadia").get(address)
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"].startswith("default-src 'self'")


@pytest.mark.parametrize("address", PAGES)
def test_nobody_is_asked_to_sign_in(address: str, nordwind: None) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/?next=/")


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_told_what_to_do(address: str, nordwind: None, as_person: SignIn) -> None:
    answer = as_person("stranger").get(address)
    assert answer.status_code == 403
    assert "no person of the company has your address" in answer.content.decode()
    assert "Cucumber" not in answer.content.decode()
