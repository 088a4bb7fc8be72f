"""Okta delivers to the real portal, and the real worker syncs early: before its timetable would."""

from sandbox.okta.event_hooks import EventHook
from tests.production.browser import Browser
from tests.production.conftest import Company, Install
from tests.production.installation import Installation, within

SOON = 45
"""Seconds, at most: five for what belongs to one change, five until the worker looks, and a sync."""
VALUE = "the-value-of-the-event-hook"


def one(place: Installation, statement: str) -> object:
    """The first value of a statement's answer; None without an answer."""
    with place.database.connect() as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def test_a_change_is_on_the_page_within_seconds_of_its_delivery(install: Install, company: Company) -> None:
    place = install("embedded")
    place.settings = {**place.settings, "OKTA_EVENT_HOOK_SECRET": VALUE}
    place.manage("migrate", "--verbosity", "0")
    place.manage("sync")
    port = place.serve("web")
    proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    hook = EventHook(company.okta.tenant, f"http://127.0.0.1:{port}/hooks/okta/", VALUE, proxied)
    assert hook.verify()
    nadia = Browser([port], "nadia")
    nadia.sign_in()
    assert "Figma" not in nadia.apps()
    # A minute has passed since: Okta is due when the worker starts.
    one(place, "UPDATE orgmodel_run SET started = started - interval '1 minute'")
    place.work("worker")
    runs = "SELECT count(*) FROM orgmodel_run WHERE finished IS NOT NULL"
    within(SOON, lambda: one(place, runs) == 2, "the first sync of the worker")
    # The distance that two syncs keep is tested elsewhere.
    one(place, "UPDATE orgmodel_run SET finished = finished - interval '1 minute'")
    # As late as the timetable lets it be: what is seen before comes by the hook.
    later = "UPDATE django_q_schedule SET next_run = now() + interval '110 seconds'"
    one(place, f"{later} WHERE func = 'portal.jobs.read'")
    company.move("nadia", "cucumber", "lena")
    hook.deliver(doubled=True)
    assert set(hook.answers) == {204}
    within(SOON, lambda: "Figma" in nadia.apps(), "the change on the page")
    within(SOON, lambda: one(place, runs) == 3, "one sync more")
    within(SOON, lambda: one(place, "SELECT count(*) FROM orgmodel_hookhint") == 0, "all is looked at")
    place.stop()
