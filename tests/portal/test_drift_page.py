"""Reconciliation: the list, its numbers, one finding, and what humans decide."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from orgmodel.models import Finding, Look, Person, Resource
from orgmodel.queries.findings.lists import trend
from tests.orgmodel.sync.world import moment
from tests.portal.conftest import SignIn
from tests.portal.keys import LENA, NADIA, QUINN
from tests.portal.operations import finding
from tests.portal.reading import read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]


def test_findings_are_told_with_their_subjects_and_numbers(as_person: SignIn) -> None:
    finding()
    finding("f2", severity="high", first_seen=moment(-1), detector="push-error", sentence="A push fails.")
    finding("f3", state="resolved", resolved_at=moment(5), sentence="Long gone.")
    page, links = read(as_person("tomas").get("/drift/").content)
    assert "1 high 1 medium 0 low" in page
    assert "2 detectors have found something" in page
    assert "Kept after a move Medium 1 1 7 days ago" in page
    assert "0 stood on 10 January 2026 , 3 at most since then, 2 today" in page
    assert links["A push fails."] == "/drift/f2/"
    assert page.index("A push fails.") < page.index("kept radish-oncall after moving")
    assert "Long gone." not in page
    assert "2 findings" in page


def test_the_trend_counts_what_stood_at_the_end_of_each_day() -> None:
    finding(first_seen=moment(-3))
    finding("f2", first_seen=moment(5), state="resolved", resolved_at=moment(7))
    finding("f3", first_seen=moment(5), detector="push-error")
    counts = {each.day.isoformat(): each.count for each in trend(moment(9))}
    assert len(counts) == 60
    assert [counts[f"2026-03-{day:02}"] for day in (5, 6, 7, 8, 9, 10)] == [1, 3, 3, 2, 2, 2]
    assert (counts["2026-02-25"], counts["2026-02-26"]) == (0, 1)
    assert [each.count for each in trend(moment(9), detector="push-error")][-5:] == [1, 1, 1, 1, 1]


def test_a_finding_about_no_one_person_or_group_tells_nothing_of_others(as_person: SignIn) -> None:
    finding(resources=[Resource.objects.get(name="team-cucumber").pk])
    finding("f2", detector="unit-without-group", sentence="Kohlrabi has no group.", people=[], resources=[])
    assert "What happened there" in words(as_person("tomas").get("/drift/f1/").content)
    page = words(as_person("tomas").get("/drift/f2/").content)
    assert "Kohlrabi has no group." in page
    assert "What happened there" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["f1", "f2", "f3"]),
        ("?detector=push-error", ["f2"]),
        ("?severity=low", ["f3"]),
        ("?state=accepted", ["f3"]),
        ("?state=resolved", ["f4"]),
        ("?state=nonsense", ["f1", "f2", "f3"]),
        ("?owner=nobody", ["f1", "f3"]),
        (f"?owner={LENA}", ["f2"]),
        ("?q=FAILS", ["f2"]),
    ],
)
def test_the_address_narrows_the_list(query: str, found: list[str], as_person: SignIn) -> None:
    finding()
    finding("f2", detector="push-error", sentence="A push fails.", owner=Person.objects.get(key=LENA))
    finding("f3", severity="low", state="accepted", until=moment(30))
    finding("f4", state="resolved", resolved_at=moment(5))
    client = as_person("tomas")
    assert (
        sorted(each["fingerprint"] for each in json.loads(client.get(f"/drift.json{query}").getvalue()))
        == found
    )
    assert f"{len(found)} finding" in words(client.get(f"/drift/{query}").content)


def test_one_finding_says_all_there_is_to_say(as_person: SignIn) -> None:
    finding(sightings=4)
    page, links = read(as_person("tomas").get("/drift/f1/").content)
    for sentence in (
        "Nadia Brandt kept radish-oncall after moving on 2026-03-02; nothing gives it any more.",
        "Kept after a move",
        "Moved 2 March 2026, 09:00 UTC",
        "API calls Copy curl -X DELETE",
        "How to take it back curl -X PUT",
        "Medium open",
        "4 sightings",
        "No owner yet.",
    ):
        assert sentence in page
    assert links["NB Nadia Brandt"] == f"/people/{NADIA}/"
    assert links["radish-oncall"] == "/groups/radish-oncall-7c07f7d20b/"
    shape = json.loads(as_person("tomas").get("/drift/f1.json").content)
    assert (shape["people"], shape["resources"]) == (["nadia@nordwind.example"], ["00gonc"])
    assert as_person("tomas").get("/drift/f2/").status_code == 404


def test_evidence_names_what_it_is_about_to_those_who_see_everything(as_person: SignIn) -> None:
    finding(evidence={"group": "00gonc", "account": "nadia", "state": "SYNC_ERROR"})
    page = words(as_person("tomas").get("/drift/f1/").content)
    assert "Group radish-oncall (00gonc) State sync error Account Nadia Brandt (nadia)" in page


def decide(as_person: SignIn, **form: str) -> tuple[Finding, str]:
    """What the finding became, and what the page said."""
    client = as_person("tomas")
    answer = client.post("/drift/f1/decide/", form, follow=True)
    return Finding.objects.get(fingerprint="f1"), words(answer.content)


def test_a_finding_is_acknowledged_accepted_and_opened_again(as_person: SignIn) -> None:
    finding()
    found, text = decide(as_person, do="acknowledged", until="2026-03-31")
    assert (found.state, found.until) == ("acknowledged", datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC))
    assert "Acknowledged until 31 March 2026; then it is open again." in text
    found, text = decide(as_person, do="accepted", until="2026-12-31", reason="until the audit")
    assert found.state == "accepted"
    assert "Accepted until 31 December 2026 by Tomas Okafor" in text
    assert ": until the audit" in text
    found, text = decide(as_person, do="open")
    assert (found.state, found.until) == ("open", None)
    assert "It is open again." in text


def test_an_owner_is_set_and_taken_away(as_person: SignIn) -> None:
    finding()
    found, text = decide(as_person, do="owner", owner="lena@nordwind.example")
    assert found.owner == Person.objects.get(key=LENA)
    assert "Owner LO Lena Osei" in text
    found, _ = decide(as_person, do="owner", owner="")
    assert found.owner is None


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"do": "accepted", "until": "2026-03-09", "reason": "x"}, "Choose a day in the future."),
        ({"do": "accepted", "until": "2026-12-31", "reason": " "}, "Say why this may stay as it is"),
        (
            {"do": "accepted", "until": "2999-01-01", "reason": "x"},
            "Choose a day within two years: then somebody looks at it again.",
        ),
        ({"do": "acknowledged", "until": "2028-03-11"}, "Choose a day within two years"),
        ({"do": "accepted", "until": "yesterday"}, "Give a date such as 2026-12-31."),
        ({"do": "accepted"}, "Give a date such as 2026-12-31."),
        ({"do": "nonsense", "until": "2026-12-31"}, "Choose what to do with the finding."),
        ({"do": "owner", "owner": "nobody at all"}, "No person is known as “nobody at all”."),
    ],
)
def test_a_decision_that_makes_no_sense_changes_nothing(
    form: dict[str, str], sentence: str, as_person: SignIn
) -> None:
    finding()
    found, page = decide(as_person, **form)
    assert (found.state, found.until, found.owner) == ("open", None, None)
    assert sentence in page


def test_a_refused_decision_keeps_what_was_typed(as_person: SignIn) -> None:
    finding()
    form = {"do": "accepted", "until": "2026-03-09", "reason": "legal asked for it"}
    answer = as_person("tomas").post("/drift/f1/decide/", form)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="2026-03-09"' in page
    assert 'value="legal asked for it"' in page
    typed = as_person("tomas").post("/drift/f1/decide/", {"do": "owner", "owner": "Nadja Brant"}).content
    assert 'value="Nadja Brant"' in typed.decode()
    assert 'value="2026-04-09"' in typed.decode(), "the day that is proposed stays"


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({"do": "accepted", "until": "2026-03-09", "reason": "x"}, "until", "Choose a day in the future."),
        ({"do": "accepted", "until": "2026-12-31"}, "reason", "Say why this may stay as it is"),
        ({"do": "owner", "owner": "nobody at all"}, "owner", "No person is known as “nobody at all”."),
    ],
)
def test_an_error_is_tied_to_its_field(
    form: dict[str, str], field: str, sentence: str, as_person: SignIn
) -> None:
    finding()
    page = as_person("tomas").post("/drift/f1/decide/", form).content.decode()
    (tag,) = (each for each in page.split("<") if f'id="{field}"' in each)
    assert 'aria-invalid="true" aria-describedby="error-1' in tag
    assert page.count("aria-invalid") == 1
    assert f'<li id="error-1"><a href="#{field}">{sentence}' in page


def test_two_years_are_the_longest(as_person: SignIn) -> None:
    finding()
    found, text = decide(as_person, do="acknowledged", until="2028-03-10")
    assert found.until == datetime(2028, 3, 10, 23, 59, 59, tzinfo=UTC)
    assert "Acknowledged until 10 March 2028; then it is open again." in text


def test_of_several_owners_one_is_chosen_by_a_button(as_person: SignIn) -> None:
    finding()
    Person.objects.filter(key=QUINN).update(name="Lena Osei")
    client = as_person("tomas")
    page = client.post("/drift/f1/decide/", {"do": "owner", "owner": "Lena Osei"}).content
    text, links = read(page)
    assert "“Lena Osei” is the name of more than one person. Choose one below." in text
    assert "quinn@nordwind.example" in text
    assert f"/people/{LENA}/" in links.values()
    assert f'name="owner" value="{QUINN}"' in page.decode()
    assert f"{LENA}" not in text, "nobody is asked to type a key"
    client.post("/drift/f1/decide/", {"do": "owner", "owner": QUINN})
    assert Finding.objects.get(fingerprint="f1").owner == Person.objects.get(key=QUINN)


def test_the_owner_of_a_finding_may_see_it_and_nobody_else_may(as_person: SignIn) -> None:
    finding(owner=Person.objects.get(key=LENA))
    finding("f2", detector="push-error", sentence="A push fails.")
    page, _ = read(as_person("lena").get("/drift/f1/").content)
    assert "kept radish-oncall after moving" in page
    assert "Acknowledge" not in page
    assert as_person("lena").get("/drift/f2/").status_code == 403
    assert as_person("lena").get("/drift/f9/").status_code == 403
    assert as_person("quinn").get("/drift/f1/").status_code == 403
    assert as_person("lena").post("/drift/f1/decide/", {"do": "open"}).status_code == 403


def test_an_owner_does_not_learn_of_a_confidential_group(as_person: SignIn) -> None:
    council = Resource.objects.get(native_id="00gwrk")
    finding(owner=Person.objects.get(key=QUINN), resources=[council.pk])
    assert as_person("quinn").get("/drift/f1/").status_code == 403


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/drift/", "No findings Access agrees with policy, as far as Sightline can see."),
        ("/drift/?q=zebra", "No findings match There may be others: clear the filter to see all."),
        ("/drift/?severity=low", "No findings match There may be others"),
    ],
)
def test_an_empty_list_says_agreement_only_where_nothing_is_filtered(
    address: str, sentence: str, as_person: SignIn
) -> None:
    Look.objects.create(detector="unit-cycle", at=moment(5))
    assert sentence in words(as_person("tomas").get(address).content)


def test_before_anything_was_compared_nothing_is_said_to_agree(as_person: SignIn) -> None:
    Look.objects.all().delete()
    page = words(as_person("tomas").get("/drift/").content)
    assert "No findings Nothing has been compared with policy yet: a sync comes first." in page


def test_what_is_resolved_or_unknown_is_not_decided(as_person: SignIn) -> None:
    finding(state="resolved", resolved_at=moment(5))
    found, text = decide(as_person, do="accepted", until="2026-12-31", reason="x")
    assert found.state == "resolved"
    assert "It is resolved: there is nothing left to decide." in text
    answer = as_person("tomas").post("/drift/f9/decide/", {"do": "open"}, follow=True)
    assert answer.status_code == 404


def test_a_long_list_is_paged(as_person: SignIn) -> None:
    for number in range(60):
        finding(f"f{number}", first_seen=moment(2) + timedelta(minutes=number))
    page, links = read(as_person("tomas").get("/drift/").content)
    assert "Page 1 of 2" in page
    assert links["Next"] == "?page=2"
    page, _ = read(as_person("tomas").get("/drift/?page=2").content)
    assert page.count("kept radish-oncall after moving") == 10
    assert "Page 1 of 2" in words(as_person("tomas").get("/drift/?page=99").content)
