"""The pages of the operators in a real browser: accessible in both themes and widths, and doing as told."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from notifier.models import Outbox
from orgmodel.models import Account, Finding, Move, Run
from orgmodel.sync.rehearsals import Plan, keep
from tests.browser.conftest import Enter
from tests.browser.test_browse_pages import WIDTHS, complaints
from tests.orgmodel.sync.world import moment
from tests.portal.company import CONVENTIONS
from tests.portal.keys import NADIA
from tests.portal.operations import finding, message, quarantined

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def pages() -> tuple[str, ...]:
    """Everything an operator looks at, with something on it."""
    move = Move.objects.get(person__key=NADIA).pk
    finding()
    finding("f2", detector="push-error", severity="high", sentence="Pushing team-cucumber to Slack fails.")
    held = message(move=move)
    quarantined(8)
    Run.objects.filter(source="okta", outcome="applied").update(not_visible={"event": "403 /api/v1/logs"})
    plan = Plan("Summer", "person,team,department\nnadia,radish,design\n")
    rehearsed = keep(plan, CONVENTIONS, moment(8))
    return (
        "/rehearsals/",
        f"/rehearsals/{rehearsed}/",
        f"/rehearsals/{rehearsed}/actual/",
        "/changes/",
        "/changes/?person=nadia&cause=rule",
        "/changes/?q=nobody-at-all",
        "/moves/",
        f"/moves/{move}/",
        "/drift/",
        "/drift/f1/",
        "/drift/?q=nothing-at-all",
        "/sources/",
        "/outbox/",
        f"/outbox/{held.pk}/",
        "/outbox/?state=sent",
        f"/accounts/{Account.objects.get(native_id='nadia').pk}/",
        "/account/sessions/",
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_stands_in_an_operators_way(
    theme: str, width: str, enter: Enter, context: BrowserContext, base_url: str
) -> None:
    page = enter("tomas")
    context.add_cookies([{"name": "theme", "value": theme, "url": base_url}])
    page.set_viewport_size(WIDTHS[width])
    complaints_by_page = {}
    for address in pages():
        page.goto(address)
        if found := complaints(page):
            complaints_by_page[address] = found
    assert complaints_by_page == {}


def test_the_feed_is_narrowed_while_choosing_and_back_undoes_it(enter: Enter) -> None:
    page = enter("nadia")
    page.goto("/changes/?person=nadia")
    expect(page.locator("#count")).to_have_text("4 changes")
    page.get_by_label("Kind").select_option("Team moves")
    expect(page.locator("#count")).to_have_text("2 changes")
    expect(page).to_have_url("/changes/?q=&kind=assignment&cause=&since=&until=&person=nadia")
    page.go_back()
    expect(page.locator("#list .timeline li li")).to_have_count(4)
    page.get_by_label("Remove the filter by person").click()
    expect(page).to_have_url("/changes/")


def test_a_finding_is_accepted_and_given_an_owner(enter: Enter) -> None:
    page = enter("tomas")
    finding()
    day = timezone.now().date() + timedelta(days=100)
    page.goto("/drift/")
    page.get_by_role("link", name="Nadia Brandt kept radish-oncall").click()
    page.get_by_label("Until").fill(day.isoformat())
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("alert").filter(has_text="Say why this may stay as it is")).to_be_visible()
    expect(page.get_by_label("Until")).to_have_value(day.isoformat())
    page.get_by_label("Reason").fill("until the audit")
    page.get_by_role("button", name="Accept").click()
    expect(
        page.get_by_role("status").filter(has_text=f"Accepted until {day.day} {day:%B %Y}")
    ).to_be_visible()
    page.get_by_label("Name or e-mail").fill("lena@nordwind.example")
    page.get_by_role("button", name="Set the owner").click()
    expect(page.get_by_role("link", name="Lena Osei")).to_be_visible()
    assert Finding.objects.get(fingerprint="f1").state == "accepted"


def test_held_things_are_released_by_hand(enter: Enter) -> None:
    page = enter("tomas")
    held, run = message(), quarantined(8)
    page.goto("/outbox/?state=held")
    page.get_by_role("link", name="nadia@nordwind.example").click()
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("Released 1 message")).to_be_visible()
    page.goto("/sources/")
    page.get_by_role("button", name="Release").click()
    assert Run.objects.get(pk=run.pk).released is None, "the box is not ticked"
    page.get_by_label("I have checked at the source").check()
    page.get_by_role("button", name="Release").click()
    assert Run.objects.get(pk=run.pk).released is None, "nothing is said of what was checked"
    page.get_by_label("What you checked").fill("HR confirmed it.")
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("Released: the next sync")).to_be_visible()
    expect(page.get_by_role("cell", name="HR confirmed it.")).to_contain_text("Tomas Okafor")
    assert Outbox.objects.get(pk=held.pk).state == "planned"
    assert Run.objects.get(pk=run.pk).released is not None


ON_PAPER = """[...document.querySelectorAll("main *")].filter((each) => each.clientWidth && (
    getComputedStyle(each).overflowX !== "visible" && each.scrollWidth > each.clientWidth + 1
    || getComputedStyle(each).overflowY !== "visible" && each.scrollHeight > each.clientHeight + 1
    || each.getBoundingClientRect().right > innerWidth + 1)).map((each) => each.outerHTML.slice(0, 80))"""
"""Elements of which paper would show only a part; what is for screen readers alone is no element of paper."""


def test_nothing_of_a_rehearsal_is_cut_on_paper(enter: Enter) -> None:
    page = enter("tomas")
    plan = "person,move_to\n" + "nadia@nordwind.example,Radish\n"
    key = keep(Plan("Summer", plan), CONVENTIONS, timezone.now())
    page.set_viewport_size({"width": 690, "height": 1000})
    page.emulate_media(media="print")
    for address in (f"/rehearsals/{key}/", f"/rehearsals/{key}/actual/", "/rehearsals/", "/drift/"):
        page.goto(address)
        cut = [each for each in page.evaluate(ON_PAPER) if 'class="sr"' not in each]
        assert cut == [], address
