"""Signing in by OIDC against a pretend issuer: who gets in, who does not, and that nobody goes round."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.test import Client

from portal.login import discovered
from tests.portal.issuer import CLIENT, Issuer, serving
from tests.portal.reading import words

pytestmark = pytest.mark.django_db

NADIA = {"sub": "00unadia", "email": "nadia@nordwind.example", "email_verified": True}


@pytest.fixture
def issuer(settings: LazySettings) -> Iterator[Issuer]:
    with serving() as issuer:
        settings.SIGHTLINE = replace(
            settings.SIGHTLINE, entrance="oidc", oidc_issuer=issuer.address, oidc_client_id=CLIENT
        )
        settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = CLIENT, "between us"
        issuer.claims = dict(NADIA)
        yield issuer
    discovered.cache_clear()


def leave(client: Client, issuer: Issuer, address: str) -> str:
    """Go to the issuer as the browser does; the state to come back with."""
    asked = client.get(address, follow=False)
    assert asked.status_code == 302
    query = parse_qs(urlsplit(asked["Location"]).query)
    issuer.challenge, issuer.nonce = query["code_challenge"][0], query["nonce"][0]
    assert asked["Location"].startswith(f"{issuer.address}/authorize?")
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == ["http://testserver/oidc/callback/"]
    assert query["scope"] == ["openid email profile"]
    return query["state"][0]


def come_back(client: Client, issuer: Issuer, address: str = "/login/") -> Any:
    state = leave(client, issuer, address)
    return client.get("/oidc/callback/", {"code": "abc", "state": state})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_way_in_leads_to_the_page_that_was_wanted(issuer: Issuer) -> None:
    client = Client()
    answer = come_back(client, issuer, "/login/?next=/teams/")
    assert (answer.status_code, answer["Location"]) == (302, "/teams/")
    assert signed_in(client)
    user = get_user_model().objects.get()
    assert (user.get_username(), user.email, user.has_usable_password()) == (
        "00unadia",
        "nadia@nordwind.example",
        False,
    )


def test_another_host_is_never_where_the_way_ends(issuer: Issuer) -> None:
    assert come_back(Client(), issuer, "/login/?next=https://evil.example/")["Location"] == "/"


def test_a_new_address_of_the_same_person_is_taken_over(issuer: Issuer) -> None:
    come_back(Client(), issuer)
    issuer.claims["email"] = "nadia.brandt@nordwind.example"
    come_back(Client(), issuer)
    assert get_user_model().objects.get().email == "nadia.brandt@nordwind.example"


def test_an_address_given_to_somebody_else_does_not_inherit_the_user(issuer: Issuer) -> None:
    come_back(Client(), issuer)
    issuer.claims = {**NADIA, "sub": "00uother"}
    come_back(Client(), issuer)
    assert get_user_model().objects.count() == 2


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "00unadia"},
        {**NADIA, "email": ""},
        {**NADIA, "email_verified": False},
        {**NADIA, "email_verified": "false"},
    ],
)
def test_an_address_that_is_not_verified_is_nobodys(claims: dict[str, object], issuer: Issuer) -> None:
    issuer.claims = claims
    client = Client()
    answer = come_back(client, issuer)
    assert answer["Location"] == "/login/refused/"
    assert not signed_in(client)
    page = client.get("/login/refused/")
    assert page.status_code == 403
    assert words(page.content).startswith("You could not be signed in")


@pytest.mark.parametrize(
    "token",
    [
        {"aud": "another-client"},
        {"iss": "https://another.example"},
        {"nonce": "another"},
        {"exp": 1},
        {"sub": "00usomebody"},
    ],
)
def test_a_token_that_is_not_for_us_lets_nobody_in(token: dict[str, object], issuer: Issuer) -> None:
    issuer.token = token
    client = Client()
    assert come_back(client, issuer)["Location"] == "/login/refused/"
    assert not signed_in(client)


def test_a_state_that_we_did_not_give_lets_nobody_in(issuer: Issuer) -> None:
    client = Client()
    leave(client, issuer, "/login/")
    answer = client.get("/oidc/callback/", {"code": "abc", "state": "made-up"})
    assert answer["Location"] == "/login/refused/"
    assert not signed_in(client)


def test_a_code_without_its_verifier_lets_nobody_in(issuer: Issuer) -> None:
    client = Client()
    state = leave(client, issuer, "/login/")
    issuer.challenge = "of somebody else"
    answer = client.get("/oidc/callback/", {"code": "abc", "state": state})
    assert answer["Location"] == "/login/refused/"
    assert not signed_in(client)


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://another.example"},
        {"token_endpoint": "http://nordwind.example/token"},
        {"jwks_uri": ""},
    ],
)
def test_an_issuer_that_says_what_it_must_not_is_not_followed(said: dict[str, str], issuer: Issuer) -> None:
    issuer.discovery = said
    answer = Client().get("/login/")
    assert answer.status_code == 503
    assert words(answer.content).startswith("Signing in does not work right now")


def test_whoever_is_in_does_not_need_the_issuer(issuer: Issuer) -> None:
    client = Client()
    come_back(client, issuer)
    discovered.cache_clear()
    issuer.broken = True
    assert client.get("/search/").status_code == 403
    assert Client().get("/login/").status_code == 503


def test_signing_out_ends_on_a_page_of_its_own(issuer: Issuer) -> None:
    client = Client()
    come_back(client, issuer)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/signed-out/"
    assert not signed_in(client)
    assert words(client.get("/signed-out/").content).startswith("You are signed out")
