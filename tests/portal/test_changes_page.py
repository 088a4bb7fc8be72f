"""The feed: what it says, how it is narrowed, and what it keeps to itself."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from orgmodel.models import Change
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, member, moment, opens
from tests.portal.company import CONVENTIONS, founded, grow, nadia
from tests.portal.conftest import SignIn
from tests.portal.keys import NADIA
from tests.portal.reading import read, words

pytestmark = pytest.mark.django_db


def feed(client: Client, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/changes.json{query}")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = json.loads(answer.getvalue())
    return found


def sentences(client: Client, query: str = "") -> list[str]:
    return [f"{each['who']} {each['sentence']}" for each in feed(client, query)]


MOVE = [
    "Nadia Brandt is now in team-cucumber. Figma: Editor instead of Viewer.",
    "Nadia Brandt lost Radish staging (Admin) with team-radish.",
]


def test_a_move_is_told_by_what_was_gained_and_lost_and_why(nordwind: None, as_person: SignIn) -> None:
    page, links = read(as_person("lena").get("/changes/").content)
    for sentence in MOVE:
        assert sentence in page
    assert "Because their team changed from Radish to Cucumber (rule “Cucumber team”)." in page
    assert "Nadia Brandt joined the team Cucumber." in page
    assert "Cucumber was renamed from Gherkin." in page
    assert links["Nadia Brandt"] == f"/people/{NADIA}/"
    assert links[f"Why: {MOVE[0]}"] == f"/people/{NADIA}/why/figma-3cc92972d4/"


def test_the_first_read_is_no_news(nordwind: None, as_person: SignIn) -> None:
    assert Change.objects.filter(baseline=True).exists()
    assert not [each for each in feed(as_person("lena")) if each["at"] < "2026-03-02"]


def sync(*facts: Any, day: float) -> None:
    reader = FactsReader([*nadia("cucumber"), *founded(), *facts], size=500)
    assert read_and_apply(reader, CONVENTIONS, "okta", now=moment(day)).outcome == "applied"


def test_an_app_that_was_there_all_the_same_is_not_called_gained(nordwind: None, as_person: SignIn) -> None:
    sync(member("quinn", "00gall"), member("quinn", "00gcuc"), opens("00gcuc", "0oaslack"), day=2)
    assert sentences(as_person("lena"), "?person=quinn") == [
        "Quinn Abe gained Figma (Editor) through team-cucumber."
    ]
    assert [each["counts"] for each in feed(as_person("lena"), "?person=quinn")[0]["apps"]] == [True, False]
    sync(member("quinn", "00gcuc"), member("quinn", "00geng"), day=3)
    assert sentences(as_person("lena"), "?person=quinn")[0] == (
        "Quinn Abe gained Datadog through dept-engineering."
    )


def test_what_comes_through_another_path_is_said_so(nordwind: None, as_person: SignIn) -> None:
    sync(opens("00gonc", "0oaslack"), member("lena", "00gonc"), opens("00gadm", "0oaslack"), day=2)
    sync(opens("00gonc", "0oaslack"), member("lena", "00gadm"), opens("00gadm", "0oaslack"), day=3)
    assert sentences(as_person("tomas"), "?person=lena")[:2] == [
        "Lena Osei is now in sightline-admins, and already had Slack another way.",
        "Lena Osei lost Radish on-call with radish-oncall.",
    ]


def test_what_a_group_opens_is_told_of_the_group(nordwind: None, as_person: SignIn) -> None:
    sync(opens("00gcuc", "0oadog", "Writer"), day=2)
    assert sentences(as_person("lena"), "?kind=edge") == ["team-cucumber now opens Datadog as Writer."]


def test_the_reader_is_called_you(nordwind: None, as_person: SignIn) -> None:
    page, _ = read(as_person("nadia").get("/changes/").content)
    assert "You are now in team-cucumber. Figma: Editor instead of Viewer." in page
    assert "Because your team changed from Radish to Cucumber (rule “Cucumber team”)." in page
    assert "You joined the team Cucumber." in page
    assert sentences(as_person("nadia"), "?person=nadia&kind=grant")[0] == MOVE[1]


def test_a_level_before_is_told_by_the_priorities_of_then(nordwind: None, as_person: SignIn) -> None:
    """Engineering’s Viewer stood behind Cucumber’s Editor when Nadia came; now it does not."""
    sync(opens("00geng", "0oafigma", "Viewer", 0), opens("00gcuc", "0oafigma", "Editor", 5), day=2)
    assert MOVE[0] in sentences(as_person("lena"), "?person=nadia&kind=grant")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?kind=assignment&q=nadia", 2),
        ("?q=nobody+at+all", 0),
        ("?person=nadia", 4),
        ("?person=nadia%40nordwind.example&kind=grant", 2),
        ("?app=0oafigma", 1),
        ("?app=Radish+staging", 1),
        ("?group=00gcuc", 1),
        ("?unit=cucumber", 2),
        ("?cause=rule", 2),
        ("?cause=admin", 0),
        ("?since=2026-03-02", 5),
        ("?since=2026-03-03", 0),
        ("?until=2026-03-01", 0),
        ("?until=2026-03-02&kind=unit", 1),
        ("?at=2026-03-01", 0),
        ("?kind=nonsense&before=nonsense", 5),
    ],
)
def test_the_address_narrows_the_feed(query: str, count: int, nordwind: None, as_person: SignIn) -> None:
    assert len(feed(as_person("lena"), query)) == count


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("?person=nadja", 404, "No person is known as “nadja”."),
        ("?app=Figmo", 404, "No app or group is known as “Figmo”. Nearest: Figma."),
        ("?unit=leek", 404, "No team or unit is known as “leek”."),
        ("?since=yesterday", 400, "Give dates such as 2026-03-01."),
        ("?until=2026-13-01", 400, "Give dates such as 2026-03-01."),
    ],
)
def test_what_cannot_be_narrowed_to_is_told_kindly(
    query: str, status: int, sentence: str, nordwind: None, as_person: SignIn
) -> None:
    answer = as_person("lena").get(f"/changes/{query}&q=fig%26ma&kind=grant")
    assert answer.status_code == status
    assert sentence in words(answer.content)
    page = answer.content.decode()
    assert 'name="q" value="fig&amp;ma"' in page
    assert '<option value="grant" selected>' in page
    name, _, value = query[1:].partition("=")
    assert f'name="{name}"' in page
    assert f'value="{value}"' in page
    assert as_person("lena").get(f"/changes.json{query}").status_code == status


def test_a_filter_that_names_nothing_can_be_taken_away(nordwind: None, as_person: SignIn) -> None:
    content = as_person("lena").get("/changes/?person=nadja&kind=grant").content.decode()
    assert 'href="/changes/?kind=grant" aria-label="Remove the filter by person"' in content


def test_a_filter_by_name_is_shown_and_taken_away(nordwind: None, as_person: SignIn) -> None:
    page, links = read(as_person("lena").get("/changes/?person=nadia&kind=grant").content)
    assert "person Nadia Brandt" in page
    content = as_person("lena").get("/changes/?person=nadia&kind=grant").content.decode()
    assert '<input type="hidden" name="person" value="nadia">' in content
    assert 'href="/changes/?kind=grant" aria-label="Remove the filter by person"' in content
    assert links["CSV"] == "/changes.csv?person=nadia&kind=grant"


def test_the_feed_is_walked_page_by_page_without_a_gap(nordwind: None, as_person: SignIn) -> None:
    grow(80)
    client, seen = as_person("lena"), []
    address, pages = "/changes/?kind=assignment", 0
    while address:
        page, links = read(client.get(address).content)
        seen += page.split(" joined the team Cucumber.")[:-1]
        address, pages = links.get("Older", ""), pages + 1
    assert pages == 3
    assert len(seen) == 80 + 1
    assert "Newest" in page


def test_the_csv_is_whole_and_harmless(nordwind: None, as_person: SignIn) -> None:
    grow(80)
    answer = as_person("lena").get("/changes.csv?kind=grant")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert len(rows) == 2 + 3 * 80
    assert rows[-1]["What"] in {sentence.removeprefix("Nadia Brandt ") for sentence in MOVE}


def test_what_is_confidential_is_kept_from_the_feed(nordwind: None, as_person: SignIn) -> None:
    sync(member("quinn", "00gwrk"), day=2)
    assert "works-council" in as_person("tomas").get("/changes.json").getvalue().decode()
    everybodys = as_person("lena").get("/changes.json").getvalue().decode()
    assert "works-council" not in everybodys
    assert as_person("lena").get("/changes/?group=00gwrk").status_code == 404


def test_a_hostile_name_stays_text(nordwind: None, as_person: SignIn) -> None:
    sync(member("hostile", "00gonc"), day=2)
    page = as_person("lena").get("/changes/?kind=grant").content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page
