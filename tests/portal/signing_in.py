"""A browser's way in, against the pretend issuer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import LazySettings
from django.test import Client

from portal.door import issuer as door
from tests.portal.company import CONVENTIONS
from tests.portal.issuer import CLIENT, Issuer, serving

NADIA = {"sub": "00unadia", "email": "nadia@nordwind.example", "email_verified": True}
LENA = {"sub": "00ulena", "email": "lena@nordwind.example", "email_verified": True}


@contextmanager
def login_by(settings: LazySettings, **more: Any) -> Iterator[Issuer]:
    """An issuer that the portal is set up with; `more` goes into the configuration."""
    with serving() as issuer:
        settings.SIGHTLINE = replace(
            settings.SIGHTLINE,
            entrance="oidc",
            oidc_issuer=issuer.address,
            oidc_client_id=CLIENT,
            conventions=CONVENTIONS,
            **more,
        )
        settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = CLIENT, "between us"
        issuer.claims = dict(NADIA)
        door.forget()
        yield issuer
    door.forget()


def leave(client: Client, issuer: Issuer, address: str = "/login/") -> dict[str, str]:
    """Go to the issuer as the browser does; what it was asked there."""
    response = client.get(address)
    assert response.status_code == 302, response.content
    assert response["Location"].startswith(f"{issuer.address}/authorize?")
    query = {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}
    issuer.challenge, issuer.nonce = query["code_challenge"], query["nonce"]
    return query


def come_back(client: Client, issuer: Issuer, address: str = "/login/") -> Any:
    """There and back; the answer to coming back."""
    state = leave(client, issuer, address)["state"]
    return client.get("/oidc/callback/", {"code": "abc", "state": state})


def name_on_the_page(client: Client) -> str:
    """Who the portal takes the browser for; empty where it asks to sign in."""
    answer = client.get("/people/nadia.json")
    if answer.status_code == 302:
        return ""
    return str(client.get("/").context["viewer"]["name"])
