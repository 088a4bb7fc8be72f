"""Two accounts of one person: linked on the page, in force from the next sync on, and nobody has moved."""

import json
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from orgmodel.models import Account, Move, Person
from tests.portal.reading import read, words

from .conftest import TOMAS, Nordwind
from .test_waiting import received

pytestmark = pytest.mark.django_db(transaction=True)


def admin(settings: Any) -> Client:
    """Nadia's on-call group runs Sightline; she is signed in."""
    known = settings.SIGHTLINE.conventions
    visibility = replace(known.visibility, admins_group="radish-oncall")
    settings.SIGHTLINE = replace(settings.SIGHTLINE, conventions=replace(known, visibility=visibility))
    client = Client()
    client.force_login(get_user_model().objects.create(username="nadia", email="nadia@nordwind.example"))
    return client


def access(person: str, *more: str) -> dict[str, Any]:
    out = StringIO()
    call_command("access", person, "--json", *more, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def apps(person: str, *more: str) -> list[str]:
    return [each["app"] for each in access(person, *more)["apps"]]


def test_an_account_linked_on_the_page(nordwind: Nordwind, settings: Any) -> None:
    tenant, client = nordwind.tenant, admin(settings)
    second = tenant.add_user(
        "l.osei@nordwind.example", firstName="Lena", lastName="Osei", team="radish", managerId="3"
    )
    tenant.add_member(nordwind.groups["oncall"], second, TOMAS)
    nordwind.sync()
    received(nordwind)
    posts, cases = len(nordwind.slack.posts), Move.objects.count()
    account = Account.objects.get(native_id=second.id)
    alone, lena = account.person, Person.objects.get(email="lena@nordwind.example")
    assert alone is not None
    page = f"/accounts/{account.pk}/"
    assert "Lena Osei lena@nordwind.example · same name" in words(client.get(page).content)

    refused = client.post(f"{page}decide/", {"do": "link", "candidate": lena.key, "reason": " "})
    assert refused.status_code == 400
    assert "Say why" in words(refused.content)
    assert f'value="{lena.key}"' in (text := refused.content.decode())
    assert "checked" in text
    form = {"do": "link", "candidate": lena.key, "reason": "HR asked."}
    done = words(client.post(f"{page}decide/", form, follow=True).content)
    assert "Linked. The next sync applies it" in done
    assert "Waiting for the next sync" in done
    assert apps("lena@nordwind.example") == ["Figma", "Slack"]
    before = tenant.now().isoformat()

    nordwind.sync()
    assert received(nordwind, after=posts) == {}
    assert Move.objects.count() == cases
    assert apps("lena@nordwind.example") == ["Figma", "Radish on-call", "Radish staging", "Slack"]
    assert [each["matched_by"] for each in access("lena@nordwind.example")["accounts"]] == [
        "own record",
        "linked by hand",
    ]
    assert apps("lena@nordwind.example", "--at", before) == ["Figma", "Slack"]
    assert "Radish staging" in apps(alone.key, "--at", before)
    assert apps(alone.key) == apps("lena@nordwind.example")
    shown, links = read(client.get(f"/people/{alone.key}/").content)
    assert "linked by hand" in shown
    assert page in links.values()
    history = words(client.get(f"/people/{lena.key}/?tab=history").content)
    assert (
        "now has the Okta account l.osei@nordwind.example. Linked by hand by Nadia Brandt: HR asked."
        in history
    )
    assert "is the same person as Lena Osei." in history

    client.post(f"{page}decide/", {"do": "undo", "reason": "HR was wrong."})
    nordwind.sync()
    assert received(nordwind, after=posts) == {}
    assert Move.objects.count() == cases
    assert apps("lena@nordwind.example") == ["Figma", "Slack"]
    assert "Radish staging" in apps(alone.key)
    tenant.remove_member(nordwind.groups["oncall"], second, TOMAS)
    nordwind.sync()
    assert Move.objects.exclude(kind="joiner").values_list("person", flat=True).first() == alone.pk
