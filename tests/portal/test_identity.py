"""Whom the door takes somebody for: by the issuer's subject, and by a verified address where that must do."""

import json
from collections.abc import Iterator
from dataclasses import replace
from getpass import getuser
from io import StringIO

import pytest
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from orgmodel.models import Account, Change, Person, Run
from orgmodel.sources.okta import OktaSettings
from portal.door.models import Session, SignInRelease
from tests.portal.issuer import Issuer
from tests.portal.reading import words
from tests.portal.signing_in import LENA, NADIA, come_back, login_by, name_on_the_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def issuer(people: None, settings: LazySettings) -> Iterator[Issuer]:
    with login_by(settings) as found:
        yield found


def enter(issuer: Issuer, **claims: object) -> tuple[str, str]:
    """Who a fresh browser with these claims is taken for, or what it is told."""
    issuer.claims = claims
    client = Client()
    if come_back(client, issuer)["Location"] == "/":
        return name_on_the_page(client), ""
    assert name_on_the_page(client) == ""
    return "", words(client.get("/login/refused/").content)


def okta(settings: LazySettings, issuer: Issuer, server: str = "") -> None:
    """The issuer is the Okta that is read."""
    sources = {"okta": OktaSettings(url=issuer.address)}
    settings.SIGHTLINE = replace(settings.SIGHTLINE, sources=sources, oidc_issuer=f"{issuer.address}{server}")


@pytest.mark.parametrize("verified", [{}, {"email_verified": False}, {"email_verified": "true"}])
def test_an_address_that_is_not_verified_is_nobodys(
    verified: dict[str, object], issuer: Issuer, settings: LazySettings
) -> None:
    claims = {"sub": "00unadia", "email": "nadia@nordwind.example", **verified}
    _, text = enter(issuer, **claims)
    assert "You are signed in at 127.0.0.1 as nadia@nordwind.example." in text
    assert "does not say that this address is verified" in text
    assert "OIDC_TRUST_EMAIL" in text
    settings.SIGHTLINE = replace(settings.SIGHTLINE, oidc_trust_email=True)
    assert enter(issuer, **claims) == ("Nadia Brandt", "")


def test_a_bound_subject_needs_no_address_any_more(issuer: Issuer) -> None:
    assert enter(issuer, **NADIA)[0] == "Nadia Brandt"
    assert enter(issuer, **NADIA | {"email_verified": False}) == ("Nadia Brandt", "")
    assert enter(issuer, sub=NADIA["sub"]) == ("Nadia Brandt", "")


def test_nobody_is_let_in_without_an_address_or_without_a_person(issuer: Issuer) -> None:
    assert "did not tell Sightline your e-mail address" in enter(issuer, sub="1", email_verified=True)[1]
    text = enter(issuer, sub="1", email="ana@nordwind.example", email_verified=True)[1]
    assert "as ana@nordwind.example. Sightline has no person with this e-mail address." in text
    assert get_user_model().objects.count() == 0


def test_the_okta_that_is_read_names_the_account_and_no_address_is_needed(
    issuer: Issuer, settings: LazySettings
) -> None:
    okta(settings, issuer)
    assert (
        enter(issuer, sub="nadia", email="lena@nordwind.example", email_verified=False)[0] == "Nadia Brandt"
    )
    assert enter(issuer, sub="quinn")[0] == "Quinn Abe"
    text = enter(issuer, sub="00unew", email="lena@nordwind.example", email_verified=True)[1]
    assert "Sightline has no person with this Okta account yet." in text


def test_a_custom_authorization_server_may_name_the_login_and_the_id_beside_it(
    issuer: Issuer, settings: LazySettings
) -> None:
    okta(settings, issuer, "/oauth2/default")
    issuer.discovery = {"issuer": f"{issuer.address}/oauth2/default"}
    issuer.token = {"iss": f"{issuer.address}/oauth2/default"}
    address = issuer.address
    paths = {"/oauth2/default/.well-known/openid-configuration": "/.well-known/openid-configuration"}
    answer = issuer.answer
    issuer.answer = lambda path, form: answer(paths.get(path, path), form)  # type: ignore[method-assign]
    assert enter(issuer, sub="nadia")[0] == "Nadia Brandt"
    assert enter(issuer, sub="lena@nordwind.example", uid="lena")[0] == "Lena Osei"
    login = {"sub": "quinn@nordwind.example", "email": "quinn@nordwind.example"}
    assert "is verified" in enter(issuer, **login)[1]
    assert enter(issuer, **login, email_verified=True)[0] == "Quinn Abe"
    assert issuer.address == address


def test_an_address_that_moved_moves_no_session_and_no_subject(issuer: Issuer) -> None:
    client = Client()
    come_back(client, issuer)
    Person.objects.filter(key="nadia").update(email="n.brandt@nordwind.example")
    Person.objects.filter(key="quinn").update(email="nadia@nordwind.example")
    assert name_on_the_page(client) == "Nadia Brandt"
    assert enter(issuer, **NADIA)[0] == "Nadia Brandt"
    assert enter(issuer, **NADIA | {"sub": "00uquinn"})[0] == "Quinn Abe"
    assert name_on_the_page(client) == "Nadia Brandt"


def test_an_address_given_on_at_the_issuer_waits_for_somebody_to_look(issuer: Issuer) -> None:
    client = Client()
    come_back(client, issuer)
    text = enter(issuer, **NADIA | {"sub": "00uheir"})[1]
    assert "already belongs to another account of your company’s sign-in" in text
    assert "manage.py release_sign_in" in text
    with pytest.raises(CommandError, match="Say with --reason what was checked"):
        call_command("release_sign_in", "nadia@nordwind.example", "--reason", " ")
    assert name_on_the_page(client) == "Nadia Brandt"
    call_command("release_sign_in", "nadia@nordwind.example", "--reason", "HR gave it to nobody else.")
    kept = SignInRelease.objects.values_list("person__name", "who", "reason")
    assert list(kept) == [("Nadia Brandt", getuser(), "HR gave it to nobody else.")]
    assert name_on_the_page(client) == ""
    assert enter(issuer, **NADIA | {"sub": "00uheir"})[0] == "Nadia Brandt"


def test_a_release_says_how_many_sign_ins_there_were(issuer: Issuer) -> None:
    come_back(Client(), issuer)

    def released(*options: str) -> str:
        out = StringIO()
        call_command(
            "release_sign_in", "nadia@nordwind.example", "--reason", "Asked HR.", *options, stdout=out
        )
        return out.getvalue().strip()

    assert released() == "Released 1 sign-in of this person; the sessions begun there have ended."
    assert released() == "No sign-in of this person was known: there was nothing to release."
    assert released("--json") == '{"released": 0}'
    out = StringIO()
    with pytest.raises(CommandError, match="No person is known as “nobody”"):
        call_command("release_sign_in", "nobody", "--reason", "x", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"error": "No person is known as “nobody”."}


def test_who_left_and_came_back_needs_nobody_to_look(issuer: Issuer) -> None:
    old = Client()
    come_back(old, issuer)
    now, nadia = timezone.now(), Person.objects.get(key="nadia")
    left = Change(
        run=Run.objects.create(source="hris", started=now),
        at=now,
        kind="person",
        verb="changed",
        fact=nadia.pk,
        person=nadia,
        before={"status": "active"},
        after={"status": "ended"},
    )
    again = NADIA | {"sub": "00uagain"}
    assert "already belongs to another account" in enter(issuer, **again)[1]
    left.save()
    assert enter(issuer, **again)[0] == "Nadia Brandt"
    assert name_on_the_page(old) == ""
    assert "already belongs to another account" in enter(issuer, **NADIA)[1]


def test_long_subjects_are_told_apart_to_their_last_letter(issuer: Issuer) -> None:
    stem = "s" * 5000
    assert enter(issuer, **NADIA | {"sub": f"{stem}1"})[0] == "Nadia Brandt"
    assert enter(issuer, **LENA | {"sub": f"{stem}2"})[0] == "Lena Osei"
    assert enter(issuer, **LENA | {"sub": f"{stem}1"})[0] == "Nadia Brandt"


def test_an_address_of_two_people_is_explained_and_a_login_decides(issuer: Issuer) -> None:
    Person.objects.filter(key__in=["nadia", "quinn"]).update(email="desk@nordwind.example")
    desk = {"sub": "00udesk", "email": "desk@nordwind.example", "email_verified": True}
    text = enter(issuer, **desk)[1]
    assert "More than one account has this e-mail address" in text
    assert "Nadia" not in text
    Account.objects.filter(native_id="quinn").update(login="Desk@nordwind.example")
    assert enter(issuer, **desk)[0] == "Quinn Abe"


@pytest.mark.parametrize("state", ["suspended", "ended", "pending"])
def test_whom_okta_has_shut_out_is_out_at_the_next_sync(state: str, issuer: Issuer) -> None:
    client = Client()
    come_back(client, issuer)
    Account.objects.filter(native_id="nadia").update(state=state)  # while HR still says active
    assert client.get("/").status_code == 403
    assert "is suspended, is not active" in enter(issuer, **NADIA)[1]


@pytest.mark.parametrize("status", ["suspended", "ended"])
def test_whoever_is_suspended_or_has_left_is_out_at_the_next_sync(status: str, issuer: Issuer) -> None:
    client = Client()
    come_back(client, issuer)
    Person.objects.filter(key="nadia").update(status=status)
    assert client.get("/").status_code == 403
    assert enter(issuer, **NADIA)[0] == ""


def test_an_admin_of_a_suspended_account_is_no_admin(nordwind: None, settings: LazySettings) -> None:
    tomas, client = Account.objects.get(native_id="tomas"), Client()
    with login_by(settings) as issuer:
        issuer.claims = {"sub": "1", "email": "tomas@nordwind.example", "email_verified": True}
        come_back(client, issuer)
        assert client.get("/rehearsals/").status_code == 200
        Account.objects.create(
            source="okta", native_id="second", person=tomas.person, status="ACTIVE", began=tomas.began
        )
        Account.objects.filter(native_id="tomas").update(status="SUSPENDED", state="suspended")
        assert client.get("/").status_code == 200
        assert client.get("/rehearsals/").status_code == 403


def test_an_account_that_becomes_somebody_elses_ends_its_session(
    issuer: Issuer, settings: LazySettings
) -> None:
    okta(settings, issuer)
    issuer.claims = {"sub": "nadia"}
    client = Client()
    come_back(client, issuer)
    Account.objects.filter(native_id="nadia").update(person=Person.objects.get(key="quinn"))
    Account.objects.filter(native_id="quinn").update(person=Person.objects.get(key="nadia"))
    assert client.get("/").status_code == 403


def test_the_row_of_a_session_does_not_hold_what_the_browser_holds(issuer: Issuer) -> None:
    client = Client(headers={"User-Agent": "x" * 5000})
    come_back(client, issuer)
    row = Session.objects.get()
    assert client.cookies["sessionid"].value not in {row.pk, row.session_data}
    assert row.browser == "x" * 200
