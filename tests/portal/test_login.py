"""Signing in by OIDC against a pretend issuer: who gets in, who does not, and that nobody goes round."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.test import Client

from portal.door import issuer as door
from portal.door.models import Session, Tally
from tests.orgmodel.sync.world import moment
from tests.portal.issuer import Issuer
from tests.portal.reading import words
from tests.portal.signing_in import come_back, leave, login_by, name_on_the_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def issuer(people: None, settings: LazySettings) -> Iterator[Issuer]:
    with login_by(settings) as found:
        yield found


def refused(client: Client) -> str:
    """The page on which the way in ends."""
    page = client.get("/login/refused/")
    assert page.status_code == 403
    return words(page.content)


def test_the_way_in_leads_to_the_page_that_was_wanted(issuer: Issuer) -> None:
    client = Client()
    query = leave(client, issuer, "/login/?next=/teams/")
    assert query["redirect_uri"] == "http://testserver/oidc/callback/"
    assert (query["scope"], query["code_challenge_method"]) == ("openid email profile", "S256")
    assert "prompt" not in query
    answer = client.get("/oidc/callback/", {"code": "abc", "state": query["state"]})
    assert (answer.status_code, answer["Location"]) == (302, "/teams/")
    assert name_on_the_page(client) == "Nadia Brandt"
    user = get_user_model().objects.get()
    assert (user.email, user.has_usable_password()) == ("", False)


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_another_host_is_never_where_the_way_ends(address: str, issuer: Issuer) -> None:
    assert come_back(Client(), issuer, f"/login/?next={address}")["Location"] == "/"


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
    assert name_on_the_page(client) == ""
    assert "The answer of your company’s sign-in could not be checked." in refused(client)


def test_a_state_that_we_did_not_give_lets_nobody_in(issuer: Issuer) -> None:
    client = Client()
    state = leave(client, issuer)["state"]
    for browser, back in ((client, "made-up"), (client, ""), (Client(), state)):
        answer = browser.get("/oidc/callback/", {"code": "abc", "state": back})
        assert answer["Location"] == "/login/refused/"
        assert name_on_the_page(browser) == ""
    assert "started in another browser" in refused(client)


def test_a_code_without_its_verifier_lets_nobody_in(issuer: Issuer) -> None:
    client = Client()
    state = leave(client, issuer)["state"]
    issuer.challenge = "of somebody else"
    answer = client.get("/oidc/callback/", {"code": "abc", "state": state})
    assert answer["Location"] == "/login/refused/"
    assert name_on_the_page(client) == ""


def test_one_attempt_leads_in_once_even_with_a_copy_of_its_cookie(issuer: Issuer) -> None:
    client, thief = Client(), Client()
    state = leave(client, issuer)["state"]
    thief.cookies.load({name: morsel.value for name, morsel in client.cookies.items()})
    back = {"code": "abc", "state": state}
    assert client.get("/oidc/callback/", back)["Location"] == "/"
    assert client.get("/oidc/callback/", back)["Location"] == "/login/refused/"
    assert thief.get("/oidc/callback/", back)["Location"] == "/login/refused/"
    assert name_on_the_page(thief) == ""
    assert name_on_the_page(client) == "Nadia Brandt"


def test_an_attempt_lasts_ten_minutes(issuer: Issuer) -> None:
    client = Client()
    state = leave(client, issuer)["state"]
    with time_machine.travel(moment(9) + timedelta(minutes=10, seconds=5)):
        answer = client.get("/oidc/callback/", {"code": "abc", "state": state})
    assert answer["Location"] == "/login/refused/"


def test_two_tabs_may_sign_in_at_once(issuer: Issuer) -> None:
    client = Client()
    first = leave(client, issuer, "/login/?next=/teams/")
    challenge, nonce = issuer.challenge, issuer.nonce
    assert come_back(client, issuer, "/login/?next=/apps/")["Location"] == "/apps/"
    issuer.challenge, issuer.nonce = challenge, nonce
    answer = client.get("/oidc/callback/", {"code": "abc", "state": first["state"]})
    assert answer["Location"] == "/teams/"


def test_somebody_whom_the_issuer_turns_away_is_told_so(issuer: Issuer) -> None:
    client = Client()
    state = leave(client, issuer)["state"]
    client.get("/oidc/callback/", {"error": "access_denied", "state": state})
    assert "may not use Sightline. Ask IT to assign Sightline to you." in refused(client)


def test_strangers_leave_no_session_behind(issuer: Issuer) -> None:
    client = Client()
    for address in (
        "/",
        "/people/",
        "/login/",
        "/login/refused/",
        "/oidc/callback/?code=x&state=y",
        "/nowhere/",
    ):
        client.get(address)
    assert Session.objects.count() == 0
    cookie = client.cookies["signingin"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://another.example"},
        {"token_endpoint": "http://nordwind.example/token"},
        {"jwks_uri": ""},
    ],
)
def test_an_issuer_that_says_what_it_must_not_is_not_followed(
    description: dict[str, str], issuer: Issuer
) -> None:
    issuer.discovery = description
    answer = Client().get("/login/")
    assert answer.status_code == 503
    assert words(answer.content).startswith("Signing in does not work right now")


def test_an_issuer_that_hangs_costs_one_short_wait(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert door.TIMEOUT <= 5
    monkeypatch.setattr(door, "TIMEOUT", 0.2)
    issuer.hangs = 1
    first = Client().get("/login/")
    assert (first.status_code, first["Retry-After"]) == (503, "30")
    calls = len(issuer.calls)
    began = time.perf_counter()
    door.forget()  # another process, which has not tried yet
    assert [Client().get("/login/").status_code for _ in range(5)] == [503] * 5
    assert len(issuer.calls) == calls
    assert time.perf_counter() - began < 1
    issuer.hangs = 0
    with time_machine.travel(moment(9) + timedelta(seconds=31)):
        assert Client().get("/login/").status_code == 302


def test_a_token_endpoint_that_hangs_is_remembered_and_one_that_refuses_is_not(
    issuer: Issuer, settings: LazySettings
) -> None:
    client = Client()
    state = leave(client, issuer)["state"]
    issuer.challenge = "of somebody else"
    client.get("/oidc/callback/", {"code": "made-up", "state": state})
    assert Client().get("/login/").status_code == 302
    settings.OIDC_TIMEOUT = 0.2
    state = leave(client, issuer)["state"]
    issuer.hangs = 1
    assert client.get("/oidc/callback/", {"code": "abc", "state": state}).status_code == 503
    assert Client().get("/login/").status_code == 503


def test_an_issuer_that_moves_or_changes_its_key_is_followed(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_back(Client(), issuer)
    issuer.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    issuer.discovery = {"authorization_endpoint": f"{issuer.address}/authorize?from=2026"}
    client = Client()
    assert come_back(client, issuer)["Location"] == "/"
    assert name_on_the_page(client) == "Nadia Brandt"
    assert issuer.calls.count("/.well-known/openid-configuration") == 1
    now = time.monotonic()
    monkeypatch.setattr("portal.door.issuer.time.monotonic", lambda: now + 3601)
    assert "/authorize?from=2026&response_type=code" in Client().get("/login/")["Location"]


def test_whoever_is_in_does_not_need_the_issuer(issuer: Issuer) -> None:
    client = Client()
    come_back(client, issuer)
    door.forget()
    issuer.broken = True
    assert client.get("/search/").status_code == 200
    assert Client().get("/login/").status_code == 503


def test_too_many_sign_ins_from_one_address_have_to_wait(issuer: Issuer) -> None:
    answers = [Client().get("/login/") for _ in range(121)]
    assert {answer.status_code for answer in answers[:120]} == {302}
    assert answers[120].status_code == 429
    assert 1 <= int(answers[120]["Retry-After"]) <= 60
    assert words(answers[120].content).startswith("429 That was too often")
    assert Client().get("/login/", REMOTE_ADDR="192.0.2.1").status_code == 302
    assert all(len(key) == 64 for key in Tally.objects.values_list("key", flat=True))


def test_signing_out_ends_on_a_page_of_its_own(issuer: Issuer) -> None:
    client, copy = Client(), Client()
    come_back(client, issuer)
    copy.cookies["sessionid"] = client.cookies["sessionid"].value
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/signed-out/"
    assert [name_on_the_page(each) for each in (client, copy)] == ["", ""]
    assert Session.objects.count() == 0
    assert words(client.get("/signed-out/").content).startswith("You are signed out")


def test_the_issuer_is_asked_nothing_where_there_is_another_way_in(people: None) -> None:
    assert Client().get("/oidc/callback/", {"code": "abc", "state": "made-up"}).status_code == 404
    assert Client().get("/login/").status_code == 403
