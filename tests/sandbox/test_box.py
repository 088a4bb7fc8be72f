"""Everything in one box: scenes reach Okta, feed and Slack, and a second start goes on."""

import csv
import json
import pickle
import signal
import subprocess
import sys
import tomllib
import urllib.request
from dataclasses import is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.box import Sandbox
from sandbox.company import Company
from sandbox.hris.kinds import SERVERS
from sandbox.hris.records import HrPerson
from sandbox.memory import NAME, RECORDS, read_memory
from sandbox.okta.state import Seat, User
from sandbox.year import year

NADIA = "nadia.brandt@nordwind.example"
ROOT = Path(__file__).resolve().parents[2]


def in_feed(folder: Path) -> str:
    """Nadia's team as HR says it."""
    with (folder / "people.csv").open(encoding="utf-8", newline="") as lines:
        return next(row["team"] for row in csv.DictReader(lines) if row["email"] == NADIA)


def in_okta(box: Sandbox) -> str:
    """Nadia's team as Okta says it on the wire."""
    headers = {"Authorization": f"SSWS {box.okta.token}"}
    answer = httpx.get(f"{box.okta.url}/api/v1/users/{NADIA}", headers=headers, timeout=5)
    return str(answer.json()["profile"]["team"])


def test_a_scene_reaches_okta_and_the_feed() -> None:
    with Sandbox(Company()) as box:
        folder = box.folder
        assert (in_okta(box), in_feed(box.feed_dir)) == ("radish", "radish")
        box.play("move", person=NADIA, team="cucumber")
        assert (in_okta(box), in_feed(box.feed_dir)) == ("cucumber", "cucumber")
        assert box.slack.workspace.by_email(NADIA) is not None
        assert "sightline-admins" in (folder / "sightline.toml").read_text(encoding="utf-8")
        with pytest.raises(LookupError, match="no scene"):
            box.play("dance")
    assert not folder.exists()


@pytest.mark.parametrize("kind", sorted(SERVERS))
def test_the_company_runs_on_any_hr_system_that_can_be_pretended(kind: str) -> None:
    with Sandbox(Company(), hris=kind) as box:
        assert box.variables["HRIS"] == kind
        assert box.hris is not None
        assert httpx.get(box.variables["HRIS_URL"], timeout=5).status_code < 500
        found = tomllib.loads(box.config.read_text(encoding="utf-8"))
        assert found["visibility"]["admins_group"] == "sightline-admins"
        box.play("move", person=NADIA, team="cucumber")
        served = box.hris.records
        assert served.current(served.people[box.company.person(NADIA).id]).team == "cucumber"


def test_without_another_hr_system_the_files_are_all_there_is() -> None:
    with Sandbox(Company()) as box:
        assert (box.hris, box.variables, box.config.name) == (None, {"HRIS": "csv"}, "sightline.toml")


def test_the_company_may_keep_its_units_in_a_pretend_airtable() -> None:
    with Sandbox(Company(), units="airtable") as box:
        variables = box.variables
        assert (variables["HRIS"], variables["CONTROL_PLANE"]) == ("csv", "airtable")
        table = f"{variables['AIRTABLE_URL']}/v0/{variables['AIRTABLE_BASE']}/{variables['AIRTABLE_TABLE']}"
        signed = {"Authorization": f"Bearer {variables['AIRTABLE_TOKEN']}"}
        records = httpx.get(table, headers=signed, timeout=5).json()["records"]
        cucumber = box.company.unit("cucumber")
        shown = next(each["fields"] for each in records if each["id"] == cucumber.id)
        assert (shown["Name"], shown["Kind"], shown["Parent"]) == ("Cucumber", "team", [cucumber.parent_id])
        assert httpx.get(table, timeout=5).status_code == 401


def test_the_demo_keeps_to_the_clock_it_is_given() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with Sandbox.demo(now=lambda: noon) as box:
        assert (len(box.company.people), box.clock()) == (220, noon)
        box.play("move", person=NADIA, team="cucumber")
        assert box.company.account(box.company.person(NADIA)).updated == noon
        history = (box.feed_dir / "assignments.csv").read_text(encoding="utf-8").splitlines()
        nadia, radish, cucumber = (
            box.company.person(NADIA).id,
            box.company.unit("radish").id,
            box.company.unit("cucumber").id,
        )
        own = [line.split(",") for line in history if line.startswith(f"{nadia},")]
        assert [(line[1], line[4]) for line in own] == [(radish, "2026-03-01"), (cucumber, "")]


def test_messages_outlive_a_killed_sandbox(tmp_path: Path) -> None:
    with Sandbox(tmp_path) as box:
        box.slack.load({"posts": []})
        httpx.post(
            f"{box.slack.api_url}chat.postMessage",
            headers={"Authorization": f"Bearer {box.slack.token}"},
            data={"channel": box.slack.workspace.people()[0].user_id, "text": "hello"},
            timeout=5,
        )
        box.save_messages()
        kept = (tmp_path / NAME).stat().st_ino
        box.save_messages()
        assert (tmp_path / NAME).stat().st_ino == kept
        # What a second process would find now, though this one has not ended.
        known = read_memory(tmp_path)
        assert known is not None
        assert [post["text"] for post in known.posts["posts"]] == ["hello"]


def test_faults_are_scenes_too() -> None:
    with Sandbox(Company()) as box:
        box.play("okta_answers_nothing")
        assert box.okta.faults.on == ["users come empty"]
        box.play("okta_recovers")
        assert box.okta.faults.on == []


def test_a_second_start_goes_on(tmp_path: Path) -> None:
    today = datetime.now(UTC)
    with Sandbox(tmp_path) as box:
        assert box.clock() < today - timedelta(days=360)
        first = box.next_of_year(today)
        box.play("move", person=NADIA, team="leek")
        events = len(box.company.tenant.log.events)
        address = httpx.post(
            f"{box.slack.api_url}chat.postMessage",
            headers={"Authorization": f"Bearer {box.slack.token}"},
            data={"channel": box.slack.workspace.people()[0].user_id, "text": "hello"},
            timeout=5,
        )
        assert address.json()["ok"] is True
        at = box.clock()
    with Sandbox(tmp_path) as again:
        assert (in_okta(again), in_feed(again.feed_dir)) == ("leek", "leek")
        assert len(again.company.tenant.log.events) == events
        assert again.clock() == at
        assert [post.text for post in again.slack.posts] == ["hello"]
        second = again.next_of_year(today)
    assert first is not None
    assert second is not None
    assert first[0] < second[0]


def test_what_another_version_left_is_refused(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"\x80\x04N.")
    with pytest.raises(ValueError, match="another version"):
        Sandbox(tmp_path)


def test_every_record_that_is_kept_belongs_to_the_shape_of_the_file(tmp_path: Path) -> None:
    """A field more or less in any of them makes the file one of another version."""
    kept: set[type] = set()

    class Reader(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            found = super().find_class(module, name)
            if module.startswith("sandbox.") and isinstance(found, type) and is_dataclass(found):
                kept.add(found)
            return found

    with Sandbox(tmp_path) as box:
        box.play("add_by_hand", person=NADIA, group="tableau-viewers")
    with (tmp_path / NAME).open("rb") as file:
        Reader(file).load()
    assert {User, Seat, HrPerson} <= kept
    assert kept <= set(RECORDS)


def test_the_whole_year_can_be_played(tmp_path: Path) -> None:
    today = datetime.now(UTC)
    with Sandbox(tmp_path) as box:
        planned = list(year(box.company))
        assert box.company.unit("gherkin").lead_id == box.company.person("lena.osei@nordwind.example").id
        played = []
        while found := box.next_of_year(today):
            played.append(found)
        assert [scene for _, scene in played] == [dated.scene for dated in planned]
        assert [at for at, _ in played] == sorted(at for at, _ in played)
        assert len(played) == 20
        assert in_okta(box) == "cucumber"
        assert "team-gherkin" not in {group.name for group in box.company.tenant.groups.values()}
        assert abs(box.clock() - datetime.now(UTC)) < timedelta(minutes=1)
        pending = [person.name for person in box.company.people.values() if person.status == "pending"]
        assert pending == ["Mara Quist"]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_the_command_says_where_it_is_and_ends_cleanly(tmp_path: Path, sign: signal.Signals) -> None:
    feed = tmp_path / "hr"
    command = [sys.executable, "-m", "sandbox", "--state", str(tmp_path / "state"), "--feed", str(feed)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            assert child.stdout is not None
            assert child.stderr is not None
            where = json.loads(child.stdout.readline())
            assert {
                "okta_url",
                "okta_token",
                "slack",
                "slack_token",
                "dms",
                "controller",
                "feed",
                "config",
                "variables",
            } == set(where)
            with urllib.request.urlopen(where["dms"], timeout=5) as answer:
                assert "Nadia Brandt" in answer.read().decode()
            assert in_feed(feed) == "radish"
            child.send_signal(sign)
            assert child.wait(10) == 0
            assert child.stderr.read() == ""
        finally:
            child.kill()
