"""How long a session lives, how the issuer confirms it, and how its owner ends it anywhere."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.door import counters, sessions
from portal.door import issuer as door
from portal.door.models import Session, Tally
from tests.orgmodel.sync.world import moment
from tests.portal.issuer import Issuer
from tests.portal.reading import words
from tests.portal.signing_in import LENA, come_back, leave, login_by, name_on_the_page

pytestmark = pytest.mark.django_db
NOON = moment(9)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"


@pytest.fixture
def issuer(people: None, settings: LazySettings) -> Iterator[Issuer]:
    with login_by(settings) as found:
        yield found


@pytest.fixture
def client(issuer: Issuer) -> Client:
    """A browser in which Nadia has just signed in."""
    made = Client()
    with at():
        come_back(made, issuer)
    return made


def at(**later: float) -> time_machine.travel:
    """So much later on the day on which Nadia signed in, the clock standing."""
    return time_machine.travel(NOON + timedelta(**later), tick=False)


def asked_of(answer: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(answer["Location"]).query)


def confirm(client: Client, issuer: Issuer, address: str = "/teams/") -> Any:
    """The way round by the issuer; the answer to coming back."""
    return client.get("/oidc/callback/", {"code": "abc", "state": leave(client, issuer, address)["state"]})


def test_a_session_ends_two_hours_after_its_last_request(client: Client, issuer: Issuer) -> None:
    with at(minutes=25):
        assert client.get("/").status_code == 200
    with at(hours=2, minutes=24):
        assert confirm(client, issuer)["Location"] == "/teams/"
    with at(hours=4, minutes=25):
        assert client.get("/")["Location"] == "/login/?next=/"


def test_a_session_ends_after_twelve_hours_however_busy(client: Client, issuer: Issuer) -> None:
    for half in range(1, 24):
        with at(minutes=30 * half):
            assert confirm(client, issuer)["Location"] == "/teams/"
    with at(hours=11, minutes=59):
        assert client.get("/").status_code == 200
    with at(hours=12, seconds=1):
        assert client.get("/")["Location"] == "/login/?next=/"


def test_using_a_session_is_noted_once_a_minute_and_costs_one_question(client: Client) -> None:
    def writes() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/search/")
        mine = [query["sql"] for query in seen if "portal_session" in query["sql"]]
        assert sum(sql.startswith("SELECT") for sql in mine) == 1
        return sum(sql.startswith("UPDATE") for sql in mine)

    with at(seconds=50):
        assert writes() == 0
    with at(seconds=70):
        assert (writes(), writes()) == (1, 0)


def test_after_half_an_hour_a_page_goes_round_by_the_issuer_and_stays_the_same(
    client: Client, issuer: Issuer
) -> None:
    with at(minutes=29):
        assert client.get("/people/?q=a").status_code == 200
    with at(minutes=31):
        token, key = client.cookies["csrftoken"].value, client.cookies["sessionid"].value
        answer = client.get("/people/?q=a")
        assert asked_of(answer)["prompt"] == ["none"]
        assert confirm(client, issuer, "/people/?q=a")["Location"] == "/people/?q=a"
        assert client.get("/people/?q=a").status_code == 200
        assert (client.cookies["csrftoken"].value, client.cookies["sessionid"].value) == (token, key)
        assert Session.objects.get().renewed == NOON + timedelta(minutes=31)


def test_whom_the_issuer_no_longer_knows_signs_in_again(client: Client, issuer: Issuer) -> None:
    with at(minutes=31):
        state = leave(client, issuer, "/teams/")["state"]
        answer = client.get("/oidc/callback/", {"error": "login_required", "state": state})
        assert answer["Location"] == "/login/?next=%2Fteams%2F"
        assert Session.objects.count() == 0
        assert "prompt" not in asked_of(client.get(answer["Location"]))


def test_whom_the_issuer_no_longer_lets_in_is_out(client: Client, issuer: Issuer) -> None:
    with at(minutes=31):
        state = leave(client, issuer, "/teams/")["state"]
        client.get("/oidc/callback/", {"error": "access_denied", "state": state})
        assert Session.objects.count() == 0
        assert "may not use Sightline" in words(client.get("/login/refused/").content)


def test_another_person_who_comes_back_has_a_session_of_their_own(client: Client, issuer: Issuer) -> None:
    with at(minutes=31):
        issuer.claims = dict(LENA)
        confirm(client, issuer)
        assert name_on_the_page(client) == "Lena Osei"
        assert Session.objects.count() == 1


def test_an_issuer_in_trouble_does_not_put_out_who_is_in(client: Client, issuer: Issuer) -> None:
    with at(minutes=31):
        state = leave(client, issuer, "/teams/")["state"]
        answer = client.get("/oidc/callback/", {"error": "temporarily_unavailable", "state": state})
        assert answer["Location"] == "/teams/"
        assert client.get("/teams/").status_code == 200
    with at(minutes=33):
        assert asked_of(client.get("/teams/"))["prompt"] == ["none"]
        issuer.broken = True
        door.forget()
        assert client.get("/teams/").status_code == 200


def test_nobody_puts_off_the_issuer_for_more_than_an_hour(client: Client, issuer: Issuer) -> None:
    with at(minutes=61):
        state = leave(client, issuer, "/teams/")["state"]
        answer = client.get("/oidc/callback/", {"error": "server_error", "state": state})
        assert answer.status_code == 503
        assert asked_of(client.get("/teams/"))["prompt"] == ["none"]


HTMX = {"HX-Request": "true"}
FETCH = {"Sec-Fetch-Mode": "cors"}


def test_parts_of_a_page_and_forms_go_on_for_an_hour(client: Client) -> None:
    with at(minutes=59):
        assert client.get("/people/", headers=HTMX).status_code == 200
        assert client.get("/search/?partial=palette", headers=FETCH).status_code == 200
        assert client.post("/account/sessions/end/").status_code == 302


def test_then_a_part_loads_the_page_and_a_form_keeps_what_was_typed(client: Client) -> None:
    with at(minutes=61):
        part = client.get("/people/", headers=HTMX)
        assert (part.status_code, part["HX-Refresh"], part.content) == (200, "true", b"")
        assert client.get("/search/?partial=palette", headers=FETCH).status_code == 403
        answer = client.post("/account/sessions/end/", {"why": "<b>typed</b>", "csrfmiddlewaretoken": "t"})
        assert answer.status_code == 403
        assert words(answer.content).startswith("Confirm who you are first Nothing was changed.")
        assert '<textarea name="why" hidden>&lt;b&gt;typed&lt;/b&gt;</textarea>' in answer.content.decode()


def test_a_form_sent_after_the_end_shows_what_was_typed(client: Client) -> None:
    with at(hours=3):
        answer = client.post("/account/sessions/end/", {"why": "typed at length"})
        assert answer.status_code == 403
        assert words(answer.content).startswith("You are no longer signed in")
        assert "typed at length" in words(answer.content)
        assert client.get("/people/", headers=HTMX)["HX-Refresh"] == "true"


def test_where_i_am_signed_in_and_ending_it(client: Client, issuer: Issuer) -> None:
    with at(hours=0):
        phone, laptop, lena = Client(), Client(headers={"User-Agent": WINDOWS}), Client()
        for one in (phone, laptop):
            come_back(one, issuer)
        issuer.claims = dict(LENA)
        come_back(lena, issuer)
        page = client.get("/account/sessions/")
        assert words(page.content).count("this browser") == 1
        assert words(page.content).count("Chrome on Windows") == 2  # in its row and on its button
        keys = {each.browser: each.key for each in page.context["sessions"]}
        assert len(page.context["sessions"]) == 3
        assert laptop.cookies["sessionid"].value not in page.content.decode()
        client.post("/account/sessions/end/", {"session": keys["Chrome on Windows"]})
        assert [name_on_the_page(one) for one in (laptop, phone)] == ["", "Nadia Brandt"]
        client.post("/account/sessions/end/")
        assert [name_on_the_page(one) for one in (phone, client)] == ["", "Nadia Brandt"]
        assert name_on_the_page(lena) == "Lena Osei"
        theirs = Session.objects.exclude(pk=sessions.digest(client.cookies["sessionid"].value)).get()
        client.post("/account/sessions/end/", {"session": theirs.pk})
        assert name_on_the_page(lena) == "Lena Osei"
        assert client.get("/account/sessions/end/").status_code == 405


@pytest.mark.parametrize(
    ("agent", "sentence"),
    [
        (WINDOWS, "Chrome on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18 Safari/605.1.15", "Safari on macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "an unknown browser"),
    ],
)
def test_a_browser_in_a_few_words(agent: str, sentence: str) -> None:
    assert sessions.described(agent) == sentence


def test_a_request_under_way_does_not_bring_back_a_session_that_was_ended(
    client: Client, issuer: Issuer
) -> None:
    with at(minutes=1):
        under_way = sessions.SessionStore(client.cookies["sessionid"].value)
        assert under_way["person"]
        client.post("/logout/")
        under_way["theme"] = "dark"
        with pytest.raises(UpdateError):
            under_way.save()
        assert Session.objects.count() == 0


def swept(now: datetime) -> tuple[int, int]:
    return sessions.sweep(now), counters.sweep(now)


def test_what_is_over_is_cleaned_away(client: Client) -> None:
    assert swept(NOON + timedelta(minutes=59))[0] == 0
    assert Tally.objects.exists()
    sessions_gone, tallies_gone = swept(NOON + timedelta(hours=2, seconds=1))
    assert sessions_gone == 1
    assert tallies_gone >= 1
    assert not Tally.objects.exists()
