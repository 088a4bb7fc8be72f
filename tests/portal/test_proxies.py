"""What a proxy says counts where it is trusted; a wrong set-up is a sentence, not a redirect for ever."""

import pytest
from django.conf import LazySettings
from django.test import Client, RequestFactory

from portal.configure import load_proxies
from portal.door.proxies import client_address
from portal.environment import Environment

PROXY = "10.1.2.3"


@pytest.fixture(autouse=True)
def proxied(settings: LazySettings) -> None:
    settings.TRUSTED_PROXIES = load_proxies(Environment({"TRUSTED_PROXIES": f"{PROXY}, 2001:db8::/32"}))
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.django_db
def test_a_trusted_proxy_says_what_was_https() -> None:
    def answer_to(proto: str) -> tuple[int, str]:
        answer = Client(REMOTE_ADDR=PROXY).get("/teams/", headers={"X-Forwarded-Proto": proto})
        return answer.status_code, answer["Location"]

    assert answer_to("https") == (302, "/login/?next=/teams/")
    assert answer_to("http") == (301, "https://testserver/teams/")


def test_a_proxy_that_is_not_trusted_is_named_by_its_setting() -> None:
    answer = Client(REMOTE_ADDR="10.9.9.9").get("/teams/", headers={"X-Forwarded-Proto": "https"})
    assert (answer.status_code, answer["Content-Type"]) == (503, "text/plain; charset=utf-8")
    assert answer.content.decode() == (
        "TRUSTED_PROXIES does not name the proxy in front of Sightline, so what it says of https is not"
        " believed: set TRUSTED_PROXIES to the proxy's address.\n"
    )


def test_a_proxy_that_does_not_speak_of_https_is_told_so() -> None:
    answer = Client(REMOTE_ADDR=PROXY).get("/teams/", headers={"X-Forwarded-For": "192.0.2.7"})
    assert answer.status_code == 503
    assert "let it send X-Forwarded-Proto" in answer.content.decode()


def test_without_a_proxy_plain_http_is_redirected() -> None:
    answer = Client(REMOTE_ADDR="192.0.2.7").get("/teams/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/teams/")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        (PROXY, "192.0.2.7", "192.0.2.7"),
        (PROXY, "198.51.100.1, 192.0.2.7", "192.0.2.7"),
        (PROXY, f"198.51.100.1, 192.0.2.7, {PROXY}", "192.0.2.7"),
        (f"::ffff:{PROXY}", "192.0.2.7", "192.0.2.7"),
        ("", "192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:470:1:2:3:4:5:6", "2001:470:1:2::/64"),
        (PROXY, "", PROXY),
        (PROXY, "unknown", "unknown"),
    ],
)
def test_the_client_is_who_stands_before_our_proxies(peer: str, forwarded: str, client: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)
    assert client_address(request) == client
