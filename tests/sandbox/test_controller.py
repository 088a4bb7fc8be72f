"""The controller: its page without JavaScript, its JSON, and whom it refuses."""

from collections.abc import Iterator

import httpx
import pytest

from sandbox.box import Sandbox
from sandbox.company import Company
from sandbox.controller.server import Controller

NADIA = "nadia.brandt@nordwind.example"
ODD = "a field holds what does not fit: a number wants digits, a time looks like 2026-03-02T10:00+01:00"


@pytest.fixture
def controller() -> Iterator[Controller]:
    with Sandbox(Company()) as box, Controller(box, "http://127.0.0.1:8000") as server:
        yield server


def team(controller: Controller) -> str:
    return controller.box.company.person(NADIA).team


def test_the_page_lists_scenes_faults_and_links(controller: Controller) -> None:
    answer = httpx.get(controller.url, timeout=5)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    for words in (
        'action="/play/move"',
        'action="/play/okta_recovers"',
        'action="/fault/revoked"',
        'action="/year/next"',
        'action="/clock"',
        'name="seconds" value="0.2"',
        f'value="{NADIA}"',
        f'href="{controller.box.slack.url}dms/"',
        'href="http://127.0.0.1:8000"',
    ):
        assert words in answer.text
    assert "<script" not in answer.text
    assert "light-dark(" in httpx.get(f"{controller.url}/style.css", timeout=5).text
    assert httpx.get(f"{controller.url}/nothing", timeout=5).status_code == 404


def test_a_form_plays_a_scene_and_says_so(controller: Controller) -> None:
    answer = httpx.post(f"{controller.url}/play/move", data={"person": NADIA, "team": "cucumber"}, timeout=5)
    assert (answer.status_code, team(controller)) == (200, "cucumber")
    assert 'role="status">Done.' in answer.text


def test_a_form_with_unknown_names_says_what_is_wrong(controller: Controller) -> None:
    wrong = {"person": NADIA, "team": "<script>alert(1)</script>"}
    answer = httpx.post(f"{controller.url}/play/move", data=wrong, timeout=5)
    assert (answer.status_code, team(controller)) == (400, "radish")
    assert "no team is called &lt;script&gt;" in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    ("act", "fields", "reason"),
    [
        ("play/joiner", {"name": "Edda Holm", "team": "radish", "days": "soon"}, ODD),
        ("play/joiner", {"name": "Edda Holm", "team": "radish", "days": "99999999999"}, ODD),
        ("play/move", {"person": NADIA, "colour": "red"}, ODD),
        ("play/open_app", {"group": "team-none", "app": "Grafana"}, "no group is called team-none"),
        ("play/reparent_unit", {"team": "leek", "area": "moon"}, "no team group is called moon"),
        ("fault/slow", {"seconds": "long"}, ODD),
        ("clock", {"at": "noon"}, ODD),
        ("clock", {"at": "2026-03-02"}, "the time needs a time zone"),
    ],
)
def test_a_refusal_is_a_sentence_and_no_exception(
    act: str, fields: dict[str, str], reason: str, controller: Controller
) -> None:
    answer = httpx.post(f"{controller.url}/{act}", json=fields, timeout=5)
    assert (answer.status_code, answer.json()) == (400, {"error": reason})


def test_scenes_by_json(controller: Controller) -> None:
    body = {"scene": "move", "args": {"person": NADIA, "team": "leek"}}
    answer = httpx.post(f"{controller.url}/play", json=body, timeout=5)
    assert (answer.json()["scene"], team(controller)) == ("move", "leek")
    for wrong in (
        {"scene": "dance"},
        {"scene": "move"},
        {"scene": "move", "args": {"person": NADIA, "team": "carrot"}},
        {"scene": "move", "args": "all"},
        ["move"],
    ):
        refused = httpx.post(f"{controller.url}/play", json=wrong, timeout=5)
        assert (refused.status_code, list(refused.json())) == (400, ["error"])
    assert httpx.post(f"{controller.url}/play", content=b"{", timeout=5).status_code == 400
    assert httpx.post(f"{controller.url}/dance", json={}, timeout=5).status_code == 400


def test_the_clock_and_the_year(controller: Controller) -> None:
    state = httpx.post(f"{controller.url}/clock", json={"at": "2026-03-02T10:00:00+01:00"}, timeout=5).json()
    assert state["now"] == "2026-03-02T09:00:00+00:00"
    assert httpx.get(f"{controller.url}/state", timeout=5).json() == state
    assert httpx.post(f"{controller.url}/clock", json={"at": "2026-03-02"}, timeout=5).status_code == 400
    first = httpx.post(f"{controller.url}/year/next", json={}, timeout=5).json()
    assert (set(first), first["scene"]) == ({"at", "scene"}, "joiner")
    controller.box.company.played = 20
    assert httpx.post(f"{controller.url}/year/next", json={}, timeout=5).json() == {"done": True}
    assert controller.box.clock.at is None


def test_faults_can_be_switched(controller: Controller) -> None:
    faults = controller.box.okta.faults
    for name, words in (
        ("users", "users come empty"),
        ("groups", "groups come empty"),
        ("members", "members come empty"),
        ("revoked", "the token is revoked"),
        ("slow", "every answer takes 0.2 s"),
        ("refuse", "everything fails 10 times"),
    ):
        httpx.post(f"{controller.url}/fault/{name}", json={}, timeout=5)
        assert faults.on == [words]
        httpx.post(f"{controller.url}/fault/clear", json={}, timeout=5)
        assert faults.on == []


def test_faults_take_their_values_from_the_form(controller: Controller) -> None:
    faults = controller.box.okta.faults
    for name, fields, words in (
        ("fail", {"path": "/apps", "times": "3"}, "/apps fails 3 times"),
        ("cut", {"path": "/logs"}, "/logs fails 1 times"),
        ("mistype", {}, "/users fails 1 times"),
        ("forbid", {"path": "/groups/rules"}, "/groups/rules is forbidden"),
        ("slow", {"seconds": "0.5"}, "every answer takes 0.5 s"),
        ("shuffle", {}, "rows are shuffled"),
        ("expand", {}, "expand is ignored"),
    ):
        assert httpx.post(f"{controller.url}/fault/{name}", data=fields, timeout=5).status_code == 200
        assert faults.on == [words]
        faults.clear()
    for name, wrong in (("fail", {"times": "many"}), ("users", {"colour": "red"}), ("dance", {})):
        assert httpx.post(f"{controller.url}/fault/{name}", data=wrong, timeout=5).status_code == 400
    assert faults.on == []


def test_scenes_are_listed_by_json(controller: Controller) -> None:
    listed = httpx.get(f"{controller.url}/scenes", timeout=5).json()
    assert listed["move"] == {
        "title": "Somebody changes team",
        "args": {"person": NADIA, "team": "cucumber"},
    }


def test_time_by_forms(controller: Controller) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    shown = httpx.post(f"{controller.url}/clock", data={"at": "2026-03-02T09:00:00+00:00"}, timeout=5)
    assert "2 March 2026, 09:00 UTC" in shown.text
    assert 'value="2026-03-02T09:00:00+00:00"' in shown.text
    httpx.post(f"{controller.url}/clock", content=b"at=", headers=form, timeout=5)
    assert controller.box.clock.at is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "nordwind.example"},
        {"Host": "127.0.0.1.nordwind.example:80"},
        {"Origin": "https://nordwind.example"},
        {"Origin": "null"},
    ],
)
def test_other_pages_are_refused(controller: Controller, headers: dict[str, str]) -> None:
    body = {"person": NADIA, "team": "leek"}
    refused = httpx.post(f"{controller.url}/play/move", data=body, headers=headers, timeout=5)
    assert (refused.status_code, team(controller)) == (403, "radish")
    assert httpx.get(controller.url, headers=headers, timeout=5).status_code == 403


def test_its_own_pages_are_not_refused(controller: Controller) -> None:
    port = httpx.URL(controller.url).port
    for headers in ({"Host": f"localhost:{port}"}, {"Host": "localhost"}, {"Origin": controller.url}):
        assert httpx.get(controller.url, headers=headers, timeout=5).status_code == 200
