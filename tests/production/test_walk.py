"""From an empty database to a message, by the commands of README.md and docs/operating.md and nothing else.

Real processes: commands, gunicorn, qcluster. Nobody calls `sync` or `notify` once the worker has started.
The timetable is the real one. The worker reads as soon as it starts; where a test cannot wait a minute
for the next time, `time_passes` brings the next wake forward, and the worker does the rest.
"""

import json

import pytest

from tests.production.browser import Browser
from tests.production.conftest import Company, Install
from tests.production.installation import Installation, TooLate, within

SOON = 25
"""Seconds from a wake to a message: the worker looks every five seconds, then reads, plans and sends."""
HEARD = {"nadia": 1, "radovan": 1, "lena": 1}
"""Who hears of Nadia's move to Cucumber: she, the lead she leaves, the lead she comes to."""


def set_up(place: Installation) -> None:
    """The steps of the README up to serving; the first sync is silent."""
    place.manage("migrate", "--verbosity", "0")
    checks = json.loads(place.manage("doctor", "--json"))
    assert [line["what"] for line in checks if line["ok"] is False] == []
    (preview,) = json.loads(place.manage("sync", "--preview", "--json"))
    assert (preview["outcome"], preview["counts"]["account"]["began"]) == ("applied", 4)
    (synced,) = json.loads(place.manage("sync", "--json"))
    assert (synced["outcome"], synced["counts"]["account"]["began"]) == ("applied", 4)


def time_passes(place: Installation) -> None:
    """Until the worker's next wake is due, and Okta with it."""
    with place.database.connect() as connection:
        ago = "least(started, now() - interval '1 minute')"
        connection.execute(f"UPDATE orgmodel_run SET started = {ago} WHERE outcome <> 'running'")
        connection.execute("UPDATE django_q_schedule SET next_run = now()")


def ready(ports: list[int]) -> tuple[int, str]:
    """What a probe is told."""
    answer = Browser(ports).get("/readyz")
    return answer.status_code, answer.text


def people_see_themselves(ports: list[int]) -> None:
    nadia, lena = Browser(ports, "nadia"), Browser(ports, "lena")
    assert nadia.sign_in().status_code == 200
    assert lena.sign_in().status_code == 200
    assert nadia.apps() == ["Radish on-call", "Radish staging", "Slack"]
    assert lena.apps() == ["Figma", "Slack"]
    assert "Radish staging" in nadia.get("/").text
    assert Browser(ports, "stranger").sign_in().status_code == 403


def sessions_hold_and_end_everywhere(ports: list[int]) -> None:
    """12 of 12 sign in and are known to every process; after signing out 40 of 40 requests are refused."""
    browsers = [Browser(ports, name) for name in ("nadia", "lena", "radovan", "tomas") for _ in range(3)]
    assert [browser.sign_in().status_code for browser in browsers] == [200] * 12
    one = browsers[0]
    assert [one.get("/me.json").status_code for _ in range(8)] == [200] * 8
    stolen = dict(one.client.cookies)
    assert one.sign_out().status_code == 200
    one.client.cookies.update(stolen)
    assert [one.is_refused("/") for _ in range(40)] == [True] * 40
    assert browsers[1].get("/me.json").status_code == 200


def answering(place: Installation, names: list[str]) -> set[str]:
    """The ids of the web processes that have answered, as their access logs name them."""
    lines = [line for name in names for line in place.log(name).read_text().splitlines()]
    return {line.split()[1] for line in lines if line.startswith("took")}


IDLE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
django.setup()
import django_q.scheduler, portal.timetable
django_q.scheduler.scheduler = portal.timetable.keep_timetable = lambda *_, **__: None
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "qcluster"])
"""
"""A worker into whose queue nothing is ever put."""


def with_the_timetable_broken_nothing_arrives(
    place: Installation, ports: list[int], company: Company
) -> None:
    """The proof that this test can fail, and that the operator is told."""
    place.work("idle", ("-c", IDLE))
    with pytest.raises(TooLate):
        within(SOON / 2, lambda: company.messages() == HEARD, "three messages")
    assert company.messages() == {}
    assert place.running["idle"].poll() is None
    status, lines = ready(ports)
    assert (status, lines.splitlines()[0]) == (503, "No worker has run yet. Start manage.py qcluster.")
    place.stop("idle")


def a_move_becomes_messages(place: Installation, ports: list[int], company: Company) -> None:
    """By two workers, each message once."""
    for number in range(2):
        place.work(f"worker{number}")

    def heard() -> bool:
        if company.messages() == HEARD:
            return True
        time_passes(place)  # A second sync has to confirm what the first one saw.
        return False

    within(2 * SOON, heard, "three messages")
    assert company.texts("nadia")[0].startswith("You moved from Radish to Cucumber")
    assert ready(ports)[0] == 200
    nadia = Browser(ports, "nadia")
    assert nadia.sign_in().status_code == 200
    assert nadia.apps() == ["Figma", "Radish on-call", "Slack"]


def a_restart_of_the_database_is_survived(place: Installation, ports: list[int], company: Company) -> None:
    """By everything that runs: sessions hold, the worker goes on, nothing is sent twice."""
    nadia = Browser(ports, "nadia")
    nadia.sign_in()
    place.database.restart()
    assert nadia.get("/me.json").status_code == 200
    company.move("nadia", "radish", "radovan")

    def heard_again() -> bool:
        if sum(company.messages().values()) > sum(HEARD.values()):
            return sum(company.messages().values()) == 2 * sum(HEARD.values())
        time_passes(place)  # Again and again: a wake that met the end of the server is lost.
        return False

    within(2 * SOON, heard_again, "messages after the restart")
    assert nadia.apps() == ["Radish on-call", "Radish staging", "Slack"]


@pytest.mark.parametrize(
    ("kind", "hosts", "workers"),
    [("embedded", 1, 2), ("external", 2, 1)],
    ids=["embedded-one-host", "external-two-hosts"],
)
def test_the_walk(kind: str, hosts: int, workers: int, install: Install, company: Company) -> None:
    place = install(kind)
    set_up(place)
    names = [f"web{number}" for number in range(hosts)]
    options = ("--workers", str(workers), "--access-logfile", "-", "--access-logformat", "took %(p)s")
    ports = [place.serve(name, *options) for name in names]
    people_see_themselves(ports)
    company.move("nadia", "cucumber", "lena")
    if kind == "embedded":
        with_the_timetable_broken_nothing_arrives(place, ports, company)
    a_move_becomes_messages(place, ports, company)
    sessions_hold_and_end_everywhere(ports)
    assert len(answering(place, names)) == hosts * workers
    a_restart_of_the_database_is_survived(place, ports, company)
    place.stop()
    assert company.messages() == dict.fromkeys(HEARD, 2)


@pytest.mark.slow
def test_the_walk_by_the_clock(install: Install, company: Company) -> None:
    """The second move waits for the timetable itself: read within a minute, told within two more."""
    place = install("embedded")
    set_up(place)
    ports = [place.serve("web")]
    people_see_themselves(ports)  # From the first page on, the embedded server runs.
    company.move("nadia", "cucumber", "lena")
    a_move_becomes_messages(place, ports, company)
    company.move("nadia", "radish", "radovan")
    took = within(400, lambda: sum(company.messages().values()) == 6, "the second move by the clock")
    assert took > SOON
    place.stop()
