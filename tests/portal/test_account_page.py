"""The page of an account: whose it is and why, and what an admin decides about it."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgmodel.models import Account, AccountDecision, Person
from tests.portal.conftest import SignIn
from tests.portal.keys import LENA, NADIA, QUINN
from tests.portal.operations import finding
from tests.portal.reading import read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]


def page(native_id: str = "nadia") -> str:
    return f"/accounts/{Account.objects.get(native_id=native_id).pk}/"


def test_the_page_says_whose_it_is_and_how_that_is_known(as_person: SignIn) -> None:
    Account.objects.filter(native_id="nadia").update(match="e-mail")
    client = as_person("tomas")
    text, links = read(client.get(page()).content)
    assert "Okta account nadia@nordwind.example" in text
    assert "How we know: same e-mail address (confidence: medium)" in text
    assert f"/people/{NADIA}/" in links.values()
    assert "Nobody has decided anything about this account." in text
    data = json.loads(client.get(f"{page()[:-1]}.json").content)
    assert (data["matched_by"], data["confidence"]) == ("e-mail", "medium")


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"do": "link", "named": "quinn@nordwind.example", "reason": ""}, "Say why"),
        ({"do": "link", "reason": "Asked."}, "Choose a person"),
        ({"do": "link", "named": "nobody-here", "reason": "Asked."}, "No person is known as"),
        ({"do": "unlink", "reason": "Asked."}, "Link it to another person instead."),
        ({"do": "undo", "reason": "Asked."}, "Nobody has decided anything"),
        ({"do": "dance", "reason": "Asked."}, "Choose what to do"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_is_kept(
    form: dict[str, str], says: str, as_person: SignIn
) -> None:
    answer = as_person("tomas").post(f"{page()}decide/", form)
    assert answer.status_code == 400
    assert says in words(answer.content)
    assert f'value="{form.get("named", "")}"' in answer.content.decode()
    assert f'value="{form["reason"]}"' in answer.content.decode()
    assert not AccountDecision.objects.exists()


def test_a_decision_is_kept_with_who_and_why(as_person: SignIn) -> None:
    client = as_person("tomas")
    form = {"do": "link", "named": "lena@nordwind.example", "reason": "Same person."}
    text = words(client.post(f"{page('quinn')}decide/", form, follow=True).content)
    assert "Linked to Lena Osei by Tomas Okafor" in text
    assert ": Same person." in text
    assert "Waiting for the next sync" in text
    row = AccountDecision.objects.get()
    assert (row.act, row.person, row.actor) == (
        "link",
        Person.objects.get(key=LENA),
        Person.objects.get(accounts__native_id="tomas"),
    )
    again = client.post(f"{page('quinn')}decide/", form)
    assert "linked to Lena Osei already" in words(again.content)


def test_who_may_see_by_what_somebody_is_known(as_person: SignIn) -> None:
    for who, may in (("nadia", True), ("tomas", True), ("lena", False)):
        client = as_person(who)
        assert (
            "the record by which the person is known" in words(client.get(f"/people/{NADIA}/").content)
        ) == may
        assert ("accounts" in json.loads(client.get(f"/people/{NADIA}.json").content)) == may


def test_the_finding_leads_to_the_accounts(as_person: SignIn) -> None:
    accounts = {"source": "okta", "shared": "e-mail address", "accounts": ["nadia", "quinn"]}
    finding(detector="identity-collision", evidence=accounts)
    _, links = read(as_person("tomas").get("/drift/f1/").content)
    assert {page("nadia"), page("quinn")} <= set(links.values())


def test_the_page_takes_as_few_queries_however_many_it_may_belong_to(as_person: SignIn) -> None:
    client = as_person("tomas")
    counts = []
    for same in (1, 12):
        for number in range(same):
            Person.objects.create(
                key=f"{same:08}{number:08}", name="Nadia Brandt", began=Person.objects.get(key=QUINN).began
            )
        client.get(page())
        with CaptureQueriesContext(connection) as seen:
            assert client.get(page()).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def test_of_several_people_one_is_chosen_by_a_button_that_keeps_the_reason(as_person: SignIn) -> None:
    Person.objects.filter(key=NADIA).update(name="Lena Osei")
    client, form = as_person("tomas"), {"do": "link", "named": "Lena Osei", "reason": "Same person."}
    answer = client.post(f"{page('quinn')}decide/", form).content
    text = words(answer)
    assert "“Lena Osei” is the name of more than one person. Choose one below." in text
    assert "lena@nordwind.example" in text
    assert f'href="/people/{NADIA}/"' in answer.decode()
    assert f'name="named" value="{LENA}"' in answer.decode()
    assert '<input type="hidden" name="reason" value="Same person.">' in answer.decode()
