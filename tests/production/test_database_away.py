"""PostgreSQL is stopped under the real portal and the real worker: short answers, few lines, no traces."""

import time

import httpx

from tests.production.conftest import Install
from tests.production.databases import External
from tests.production.installation import within

VALUE = "the-value-of-the-event-hook"
AWAY = "the database cannot be reached; no task starts until it answers"


def test_everything_says_so_and_goes_on_afterwards(install: Install) -> None:
    place = install("external")
    place.settings = {**place.settings, "OKTA_EVENT_HOOK_SECRET": VALUE}
    assert isinstance(place.database, External)
    place.manage("migrate", "--verbosity", "0")
    port = place.serve("web")
    place.work("worker")
    processed = "Processed 'portal.jobs.read' "

    def delivery(value: str) -> tuple[int, str]:
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "Authorization": value}
        sent = httpx.post(f"http://127.0.0.1:{port}/hooks/okta/", json={}, headers=headers, trust_env=False)
        return sent.status_code, sent.text

    within(30, lambda: processed in place.log("worker").read_text(), "the first sync")
    assert delivery(VALUE) == (204, "")
    place.database.control("stop", "-m", "fast")
    within(10, lambda: AWAY in place.log("worker").read_text(), "the worker's line")
    time.sleep(12)  # The library's pusher gives up ten seconds after the database went.
    assert delivery(VALUE) == (503, "Sightline cannot reach its database. Try again in a minute.\n")
    assert delivery("another value") == (401, "")
    place.database.control("start", "-l", str(place.database.folder / "server.log"))
    before = place.log("worker").read_text()
    within(10, lambda: "the database answers again" in place.log("worker").read_text(), "its return")
    assert delivery(VALUE) == (204, "")
    assert before.count(AWAY) == 1
    for name in ("worker", "web"):
        written = place.log(name).read_text()
        assert "Traceback" not in written, written
        assert "sudden death" not in written, written
    place.stop()
