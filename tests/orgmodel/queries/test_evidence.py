"""A bundle of evidence: what it holds, that it can be checked, and that a changed one is found out."""

import csv
import io
import json
import re
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.queries.access.holdings import who
from orgmodel.queries.moments import Moment, now
from orgmodel.queries.people import NotFound, find_person
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.queries.why.evidence import evidence
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, added, app, group, member, moment, opens, removed
from tests.snapshots import once

from .rule_company import FACTS

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def company(transactional_db: None) -> None:
    once(_synced)


def _synced() -> None:
    more: list[Fact] = [app("0oaevil", f"=1+1 {HOSTILE}"), opens("00gonc", "0oaevil")]
    log: list[Fact] = [added("e1", "nadia", "00gonc", moment(-20))]
    without = [each for each in FACTS if each != member("nadia", "00geng", "0preng")]
    for day, facts in ((0, [*FACTS, *more, *log]), (1, [*without, *more])):
        assert read_and_apply(FactsReader(facts), Conventions(), "okta", now=moment(day)).outcome == "applied"


def written(path: Path, *words: str) -> Any:
    out = StringIO()
    call_command("evidence", *words, "--out", str(path), "--json", stdout=out)
    return json.loads(out.getvalue())


def test_everything_about_a_person(company: None, tmp_path: Path) -> None:
    path = tmp_path / "nadia.zip"
    assert written(path, "nadia") == {
        "file": str(path),
        "files": [
            *("evidence.html", "evidence.css", "evidence.json", "access.csv", "changes.csv"),
            *("events.json", "SHA256SUMS"),
        ],
        "apps": 2,
        "events": 1,
    }
    with zipfile.ZipFile(path) as bundle:
        page = bundle.read("evidence.html").decode()
        data = json.loads(bundle.read("evidence.json"))
        rows = list(csv.reader(io.StringIO(bundle.read("access.csv").decode())))
        changes = list(csv.DictReader(io.StringIO(bundle.read("changes.csv").decode())))
        events = json.loads(bundle.read("events.json"))
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert [each["app"] for each in data["apps"]] == [f"=1+1 {HOSTILE}", "Radish staging"]
    assert [each["answer"] for each in data["apps"][0]["answers"][:3]] == [
        "It was added by hand by Tomas Okafor; no request is known.",
        "Not known: no approval is in Okta’s log.",
        "radish-oncall.",
    ]
    assert rows[1][0] == f"'=1+1 {HOSTILE}"
    assert [each["What"] for each in changes][-1] == "is no longer in dept-engineering."
    assert [each["uuid"] for each in events] == ["e1"]
    out = StringIO()
    call_command("evidence", "--verify", str(path), stdout=out)
    assert out.getvalue().replace("\n", "").endswith("every hash agrees.")


def test_one_app_and_what_was_taken_away(company: None) -> None:
    found = evidence(find_person("nadia"), find_target("Radish staging", OPERATOR), now(), OPERATOR)
    assert [each.access.app.name for each in found.apps] == ["Radish staging"]
    assert {each.group.name for each in found.groups} == {"team-radish", "radish-oncall"}
    lost = evidence(find_person("nadia"), find_target("Datadog", OPERATOR), now(), OPERATOR)
    assert (lost.apps, lost.groups) == ((), ())
    assert lost.changes[-1].sentence == "is no longer in dept-engineering."
    group = evidence(find_person("nadia"), find_target("radish-oncall", OPERATOR), now(), OPERATOR)
    assert [each.access.app.name for each in group.apps] == [f"=1+1 {HOSTILE}", "Radish staging"]


def test_what_is_hidden_stays_hidden(company: None) -> None:
    target = find_target("radish-oncall", OPERATOR)
    other = Viewer(find_person("tomas"), hidden=frozenset({target.pk}))
    with pytest.raises(NotFound):
        evidence(find_person("nadia"), target, now(), other)
    found = evidence(find_person("nadia"), None, now(), other)
    assert "radish-oncall" not in json.dumps(found.as_json())


def test_a_bundle_that_was_changed_is_found_out(company: None, tmp_path: Path) -> None:
    path, other = tmp_path / "a.zip", tmp_path / "b.zip"
    written(path, "nadia")
    with zipfile.ZipFile(path) as bundle, zipfile.ZipFile(other, "w") as changed:
        for name in bundle.namelist():
            if name != "changes.csv":
                body = bundle.read(name)
                changed.writestr(name, body.replace(b"Tomas", b"Thomas") if name == "evidence.json" else body)
        changed.writestr("more.txt", "x")
    with pytest.raises(CommandError) as refused:
        call_command("evidence", "--verify", str(other))
    assert str(refused.value) == (
        f"{other}: changes.csv is missing. more.txt is not listed. evidence.json was changed."
    )
    assert refused.value.returncode == 1


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    text, empty = tmp_path / "text.zip", tmp_path / "empty.zip"
    text.write_text("hello", encoding="utf-8")
    with zipfile.ZipFile(empty, "w") as bundle:
        bundle.writestr("a", "b")
    for path, message in (
        (text, "cannot be read as a zip: File is not a zip file."),
        (empty, "holds no SHA256SUMS: it is no bundle of evidence."),
    ):
        with pytest.raises(CommandError) as refused:
            call_command("evidence", "--verify", str(path))
        assert str(refused.value) == f"{path} {message}"


def test_wrong_arguments(company: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^Name a person and --out FILE\.zip, or --verify") as refused:
        call_command("evidence", "nadia")
    assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        written(tmp_path / "nowhere" / "a.zip", "nadia")


def answers_by_question(target: str, day: float = 9, person: str = "ada") -> dict[str, list[dict[str, Any]]]:
    """The apps, and the former apps, of a bundle: each with its answers."""
    then = Moment(moment(day), live=day == 9)
    found = evidence(find_person(person), find_target(target, OPERATOR), then, OPERATOR).as_json()
    return {"apps": found["apps"], "former": found["former_apps"]}


def play(*days: tuple[Fact, ...]) -> None:
    fixed: list[Fact] = [group("00gteam", "team"), group("00gguild", "guild"), app("0oafigma", "Figma")]
    fixed += [opens("00gteam", "0oafigma", "Editor", 0), opens("00gguild", "0oafigma", "Viewer", 1)]
    fixed += [account("ivo"), member("ivo", "00gteam"), member("ivo", "00gguild")]
    for day, facts in enumerate(days):
        outcome = read_and_apply(
            FactsReader([*fixed, *facts], size=50), Conventions(), "okta", now=moment(day)
        )
        assert outcome.outcome == "applied", outcome.reason


ADA, TEAM, GUILD = account("ada"), member("ada", "00gteam"), member("ada", "00gguild")


def test_a_level_that_was_taken_counts_as_revoked() -> None:
    play((ADA, TEAM, GUILD), (ADA, GUILD, removed("e1", "ada", "00gteam", moment(0.9))))
    (figma,) = answers_by_question("Figma")["apps"]
    assert [each["answer"] for each in figma["answers"][3:]] == [
        "Since 2026-03-02 09:00 UTC. At some level since before Sightline began (2026-03-01 09:00 UTC).",
        "Editor was revoked on 2026-03-02 09:00 UTC; Viewer was left. Removed by hand by Tomas Okafor.",
    ]
    assert figma["answers"][4]["evidence"] == "log"


def test_an_app_that_is_no_longer_held_has_its_five_answers() -> None:
    play((ADA, TEAM), (ADA,))
    found = answers_by_question("Figma")
    assert found["apps"] == []
    (figma,) = found["former"]
    assert (figma["level"], figma["until"]) == ("Editor", moment(1).isoformat())
    assert [each["answer"] for each in figma["answers"]] == [
        "Not known: neither Okta nor its log says how it came about.",
        "Not known: no approval is in Okta’s log.",
        "team.",
        "Since before Sightline began (2026-03-01 09:00 UTC).",
        "Editor was revoked on 2026-03-02 09:00 UTC.",
    ]
    assert answers_by_question("Figma", 0.5)["former"] == []


def test_what_a_leaver_had_is_former() -> None:
    play((ADA, TEAM), (ADA._replace(status="DEPROVISIONED"), TEAM))
    found = answers_by_question("Figma")
    assert found["apps"] == []
    (figma,) = found["former"]
    assert (figma["until"], figma["answers"][4]["answer"]) == (
        moment(1).isoformat(),
        "Editor was revoked on 2026-03-02 09:00 UTC.",
    )


def test_a_level_that_rose_revoked_nothing() -> None:
    put = added("e1", "ada", "00gteam", moment(0.9))
    play((ADA, GUILD), (ADA, GUILD, TEAM, put))
    (figma,) = answers_by_question("Figma")["apps"]
    assert (figma["level"], figma["answers"][4]["answer"]) == (
        "Editor",
        "Nothing that Sightline has seen since it began (2026-03-01 09:00 UTC).",
    )


def test_what_ended_at_the_same_time_elsewhere_is_not_why() -> None:
    crew, ivo = group("00gcrew", "crew"), member("ivo", "00gcrew")
    off = removed("e1", "ada", "00gcrew", moment(0.9))
    closed = ADA._replace(status="DEPROVISIONED")
    play((ADA, TEAM, crew, ivo, member("ada", "00gcrew")), (closed, TEAM, crew, ivo, off))
    (figma,) = answers_by_question("Figma")["former"]
    assert figma["answers"][4]["answer"] == "Editor was revoked on 2026-03-02 09:00 UTC."


def test_a_membership_that_opens_nothing_just_now_is_there() -> None:
    play((ADA, TEAM), (ADA._replace(status="DEPROVISIONED"), TEAM))
    then = Moment(moment(9), live=True)
    found = evidence(find_person("ada"), find_target("Figma", OPERATOR), then, OPERATOR)
    assert [each.group.name for each in found.groups] == ["team"]


def test_who_has_it_is_said_by_the_way_that_gives_the_level() -> None:
    play((ADA, TEAM, GUILD))
    figma = find_target("Figma", OPERATOR)
    (ada,) = [
        each for each in who(figma, Moment(moment(9), live=True), OPERATOR) if each.person.name == "Ada"
    ]
    assert (ada.level, [path.steps[0].name for path in ada.paths]) == ("Editor", ["team", "guild"])


def test_of_the_time_before_the_first_read_the_page_says_what_pages_say(
    company: None, tmp_path: Path
) -> None:
    path = tmp_path / "then.zip"
    call_command("evidence", "nadia", "--at", "2025-12-24", "--out", str(path), stdout=StringIO())
    with zipfile.ZipFile(path) as bundle:
        page = bundle.read("evidence.html").decode()
    began = re.search(r"<b>Sightline first read everything on (\S+ \S+ UTC): (.*?)</b>", page)
    assert began
    assert began[1].startswith("2026-03-0")
    assert began[2] == "of the time before, it knows nothing or only a part."


def test_each_way_has_the_level_that_it_gives(tmp_path: Path) -> None:
    play((ADA, GUILD), (ADA, GUILD, TEAM))
    written(tmp_path / "ada.zip", "ada", "Figma")
    with zipfile.ZipFile(tmp_path / "ada.zip") as bundle:
        rows = list(csv.reader(io.StringIO(bundle.read("access.csv").decode())))
        page = " ".join(re.sub(r"<[^>]+>", " ", bundle.read("evidence.html").decode()).split())
    assert [row[2:5] for row in rows] == [
        ["Level", "Since", "There before Sightline"],
        ["Editor", "2026-03-02T09:00:00+00:00", "no"],
        ["Viewer", "", ""],
    ]
    assert "guild before 2026-03-01 " in page
    assert "team 2026-03-02 " in page
