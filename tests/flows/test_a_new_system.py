"""A new system is one folder and one line: it appears wherever access is told, with no other change."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.test import Client

from orgmodel.configuration import Configuration
from orgmodel.facts import AccountFact, Fact
from orgmodel.models import Finding, Move
from orgmodel.queries.access.holdings import access
from orgmodel.queries.access.team import team
from orgmodel.queries.history.by_day import Filter
from orgmodel.queries.history.feed import feed
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import find_person
from orgmodel.queries.targets import find_target, find_unit
from orgmodel.queries.visibility import OPERATOR
from orgmodel.queries.why.answer import why
from orgmodel.sources import registry
from orgmodel.sync.findings import refresh_findings
from orgmodel.sync.runs import SyncOutcome, read_and_apply
from portal.management.commands.doctor import examine
from tests.flows.doors import SOURCE, DoorsReader
from tests.orgmodel.sync.world import FactsReader, member, moment
from tests.portal.company import CONVENTIONS, founded, nadia, tell
from tests.portal.keys import LENA

from .conftest import Nordwind
from .hearing import today

pytestmark = pytest.mark.django_db
COMPANY: dict[str, Any] = {
    "people": [{"id": "p1", "name": "Porter", "email": "porter@doors.example"}],
    "badges": [
        {"id": "b1", "name": "cucumber-badges", "mirrors": "00gcuc", "inside": ["b2"]},
        # Each lies in the other: a cycle.
        {"id": "b2", "name": "makers", "inside": ["b1"], "keys": {"z1": "steward"}},
        {"id": "b3", "name": "guests", "mirrors": "00geng", "keys": {"z1": "visitor"}},
    ],
    "zones": [
        {"id": "z1", "name": "Atelier", "shared": {"z2": "member"}},
        {"id": "z2", "name": "Loading bay"},
    ],
    "doors": [{"id": "k1", "name": "Kiln room", "zone": "z1"}, {"id": "k2", "name": "Gate", "zone": "z2"}],
}


@pytest.fixture
def doors(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """Nordwind, and the list of its doors after the first read of it."""
    settings.SIGHTLINE = replace(settings.SIGHTLINE, conventions=CONVENTIONS)
    path = tmp_path / "doors.json"
    with registry.add(SOURCE), time_machine.travel(moment(9)):  # The one line.
        tell()
        assert read(path, COMPANY, 5).outcome == "applied"
        yield path


def read(path: Path, company: dict[str, Any], day: float) -> SyncOutcome:
    path.write_text(json.dumps(company))
    return read_and_apply(DoorsReader(path), CONVENTIONS, "okta", now=moment(day))


def at(day: float = 9) -> Moment:
    return Moment(moment(day), live=day == 9)


def places(who: str, day: float = 9) -> dict[str, str]:
    """Zones and doors of a person → level."""
    found = access(find_person(who), at(day), OPERATOR).apps
    return {each.app.name: each.level for each in found if each.app.source == "doors"}


def people_of_okta(day: float, *, quinn: str = "fennel", gone: str = "") -> None:
    """Okta reads: Quinn in a team, and somebody deactivated."""
    facts: list[Fact] = [*nadia("cucumber"), *founded()]
    for place, fact in enumerate(facts):
        if isinstance(fact, AccountFact) and fact.native_id == gone:
            facts[place] = fact._replace(status="DEPROVISIONED")
        elif isinstance(fact, AccountFact) and fact.native_id == "quinn" and quinn == "cucumber":
            facts[place] = fact._replace(attributes={"team": "cucumber", "department": "engineering"})
            facts += [member("quinn", "00gcuc", "0prcuc"), member("quinn", "00geng", "0preng")]
    outcome = read_and_apply(FactsReader(facts, size=500), CONVENTIONS, "okta", now=moment(day))
    assert outcome.outcome == "applied", outcome.reason


def client(name: str) -> Client:
    user = get_user_model().objects.create(username=name, email=f"{name}@nordwind.example")
    made = Client()
    made.force_login(user)
    return made


STEWARD = {"Atelier": "steward", "Gate": "member", "Kiln room": "steward", "Loading bay": "member"}
VISITOR = dict.fromkeys(STEWARD, "visitor")


def test_it_stands_in_access_at_any_date(doors: Path) -> None:
    assert (places("lena"), places("tomas"), places("quinn")) == (STEWARD, VISITOR, {})
    assert places("lena", 4.5) == {}
    without = {**COMPANY, "doors": COMPANY["doors"][1:]}
    assert read(doors, without, 6).outcome == "applied"
    assert (set(places("lena")), places("lena", 5.5)) == ({"Atelier", "Gate", "Loading bay"}, STEWARD)


def test_why_leads_across_the_systems(doors: Path) -> None:
    found = why(find_person("lena"), find_target("Gate", OPERATOR), at(), OPERATOR)
    through = next(path.sentence for path in found.paths if "makers" in path.sentence)
    assert through == (
        "Lena Osei’s team is cucumber. The rule “Cucumber team” puts Lena Osei into the Okta group"
        " team-cucumber, which Doors mirrors as cucumber-badges, which is part of makers, which opens Atelier"
        " as steward, which passes on to Loading bay as member, the most that is passed on, which passes on"
        " to Gate as member."
    )
    assert found.level_because == "member counts: of several levels, Gate gives the highest."
    lacks = why(find_person("quinn"), find_target("Gate", OPERATOR), at(), OPERATOR)
    assert lacks.has is False


def test_it_stands_on_the_pages_and_in_exports(doors: Path) -> None:
    tomas = client("tomas")
    gate = find_target("Gate", OPERATOR)
    export = cast(Any, tomas.get(f"/apps/{gate.key}.csv"))
    rows = csv.DictReader(b"".join(export.streaming_content).decode().removeprefix("\ufeff").splitlines())
    assert {
        row["Person"]: row["Level"] for row in rows if row["Person"] in {"Lena Osei", "Tomas Okafor"}
    } == {
        "Lena Osei": "member",
        "Tomas Okafor": "visitor",
    }
    assert "Kiln room" in tomas.get("/search/?q=kiln").content.decode()
    assert "Doors" in tomas.get("/sources/").content.decode()
    assert "Atelier" in tomas.get(f"/people/{LENA}/").content.decode()
    cucumber = team(find_unit("cucumber"), at(), OPERATOR)
    assert {row.app.name: (row.source, row.level) for row in cucumber.apps if row.app.source == "doors"} == {
        name: ("unit", level) for name, level in STEWARD.items()
    }


def test_a_level_that_fell_and_an_answer_without_anything(doors: Path) -> None:
    lower = json.loads(json.dumps(COMPANY))
    lower["badges"][1]["keys"]["z1"] = "visitor"
    assert read(doors, lower, 6).outcome == "applied"
    assert (places("lena"), places("lena", 5.5)) == (VISITOR, STEWARD)
    nothing: dict[str, Any] = {name: [] for name in COMPANY}
    assert read(doors, nothing, 7).outcome == "quarantined"
    assert places("lena") == VISITOR


def test_changes_and_moves_tell_what_it_gives_and_takes(doors: Path) -> None:
    people_of_okta(6, quinn="cucumber")
    news = [each.sentence for each in feed(Filter(person=find_person("quinn")), OPERATOR, most=9)]
    assert "gained Atelier (steward), Figma (Editor), Gate (member) and 2 more through team-cucumber." in news
    tomas = client("tomas")
    assert (
        "Kiln room"
        in tomas.get(f"/moves/{Move.objects.get(person=find_person('quinn')).pk}/").content.decode()
    )
    assert "Atelier (steward)" in tomas.get("/changes/").content.decode()
    assert read(doors, {**COMPANY, "doors": COMPANY["doors"][1:]}, 7).outcome == "applied"
    assert [each.kind for each in Move.objects.filter(person=find_person("lena"))] == ["lost"]


def test_findings_name_what_differs_in_it(doors: Path) -> None:
    known = {
        **COMPANY,
        "people": [
            {"id": "p2", "name": "Lena Osei", "email": "lena@nordwind.example"},
            {"id": "p3", "name": "Quinn Abe", "email": "quinn@nordwind.example"},
        ],
        "badges": [{**COMPANY["badges"][0], "members": ["p2", "p3"]}, *COMPANY["badges"][1:]],
    }
    assert read(doors, known, 6).outcome == "applied"
    people_of_okta(7, gone="lena")
    refresh_findings(CONVENTIONS, "okta", moment(7), frozenset())
    found = Finding.objects.filter(detector__in=["leaver-active", "member-beside-mirror"]).order_by(
        "detector"
    )
    assert [(each.sentence, each.fix[0]["text"]) for each in found] == [
        (
            "Lena Osei left on 8 March 2026, and the Doors account is still active.",
            "Doors › account p2 › deactivate",
        ),
        (
            (
                "cucumber-badges: Quinn Abe was added in Doors directly, and is not in team-cucumber,"
                " the Okta group that it mirrors."
            ),
            "Doors › b1 › people › remove p3",
        ),
    ]
    assert places("quinn") == STEWARD
    tomas = client("tomas")
    page = tomas.get("/drift/").content.decode()
    assert "the Doors account is still active" in page
    move = Move.objects.get(person=find_person("lena"), kind="leaver")
    steps = tomas.get(f"/moves/{move.pk}/").content.decode()
    assert "Close the Doors account. It is still active." in steps


def test_the_doctor_looks_at_it(doors: Path) -> None:
    lines = {each.what: each.ok for each in examine(Configuration(entrance="demo", sources={"doors": doors}))}
    assert lines["The list of the doors is there"] is True
    missing = Configuration(entrance="demo", sources={"doors": doors.parent / "none.json"})
    assert {each.what: each.ok for each in examine(missing)}["The list of the doors is there"] is False


def test_a_partial_read_ends_nothing_outside_what_it_covers(doors: Path) -> None:
    nothing: dict[str, Any] = {name: [] for name in COMPANY}
    moved = {"id": "k1", "name": "Kiln room", "zone": "z2"}
    zones = {"zones": COMPANY["zones"], "doors": [moved], "only": ["k1"]}
    outcome = read(doors, {**nothing, **zones}, 6)
    assert outcome.outcome == "applied", outcome.reason
    assert places("lena") == {**STEWARD, "Kiln room": "member"}
    assert places("lena", 5.5) == STEWARD


@pytest.mark.django_db(transaction=True)
def test_the_mover_hears_of_it(nordwind: Nordwind, tmp_path: Path, settings: LazySettings) -> None:
    path = tmp_path / "doors.json"
    badge = {**COMPANY["badges"][0], "mirrors": nordwind.groups["cucumber"].id}
    path.write_text(json.dumps({**COMPANY, "badges": [badge, COMPANY["badges"][1]]}))
    settings.SIGHTLINE = replace(settings.SIGHTLINE, sources={**settings.SIGHTLINE.sources, "doors": path})
    with registry.add(SOURCE):
        nordwind.sync()
        nordwind.notify()
        assert nordwind.dms() == {}
        nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
        nordwind.sync()
        nordwind.notify()
    new = (
        "• Because your team is now Cucumber (rule “Cucumber team”): Atelier – steward, Figma – Editor,"
        " Gate – member, Kiln room – steward, Loading bay – member"
    )
    (message,) = nordwind.dms()["nadia"]
    assert message.splitlines()[:3] == [
        f"You moved from Radish to Cucumber on {today()} (Okta profile).",
        "New:",
        new,
    ]
