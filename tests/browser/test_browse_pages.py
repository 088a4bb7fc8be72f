"""The pages for reading in a real browser: accessible in both themes and widths, usable by keyboard alone."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from tests.browser.conftest import Enter
from tests.portal.keys import LENA, NADIA, QUINN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/",
    "/teams/",
    "/teams/cucumber/",
    "/teams/engineering/?at=2026-03-01",
    "/people/",
    "/people/?q=nobody-at-all",
    f"/people/{NADIA}/",
    f"/people/{NADIA}/?tab=groups",
    f"/people/{LENA}/?tab=reports",
    f"/people/{NADIA}/?tab=history",
    f"/people/{NADIA}/why/figma-3cc92972d4/",
    f"/people/{NADIA}/why/radish-staging-3ea1735a81/",
    f"/people/{QUINN}/why/team-cucumber-bcda84a3ba/",
    "/apps/",
    "/apps/figma-3cc92972d4/",
    "/apps/council-files-f4e058a86e/",
    "/groups/",
    "/groups/team-cucumber-bcda84a3ba/",
    "/rules/",
    "/rules/1728d577b2/",
    "/attributes/team/",
    f"/people/{NADIA}/what-if/",
    f"/people/{NADIA}/what-if/?team=radish",
    f"/people/{NADIA}/what-if/?move=Fennel&keep=department",
    f"/people/{NADIA}/what-if/?move=Leak",
    f"/people/{NADIA}/what-if/?set=team%3Dradish&set=planet%3Dmars&set=moon%3Dluna&at=2026-03-01",
    "/compare/",
    "/compare/?a=quinn&b=cucumber",
    "/compare/?a=cucumber&b=radish",
    "/compare/?a=nadia&at=2026-03-01",
    "/compare/?a=hostile&b=lena",
    "/people/?since=2026-03-01",
    f"/people/{NADIA}/?since=2026-03-01",
    "/apps/figma-3cc92972d4/?since=2026-03-01",
    "/search/?q=cuc",
    "/people/nadja/",
    "/?at=yesterday",
    "/signed-out/",
)
WIDTHS: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 900},
    "phone": {"width": 360, "height": 780},
}


SIDEWAYS = """innerWidth < 560 && [...document.querySelectorAll(".scroll:has(table)")].some(
    (each) => each.scrollWidth > each.clientWidth + 1)"""


def complaints(page: Page) -> list[str]:
    """What axe finds, with the element, and what hangs over the edge."""
    found: dict[str, Any] = Axe().run(page).response
    faults = [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append("the page is wider than the screen")
    if page.evaluate(SIDEWAYS):
        faults.append("a table scrolls sideways on a phone")
    return faults


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_stands_in_anybodys_way(
    theme: str, width: str, enter: Enter, context: BrowserContext, base_url: str
) -> None:
    page = enter("nadia")
    context.add_cookies([{"name": "theme", "value": theme, "url": base_url}])
    page.set_viewport_size(WIDTHS[width])
    complaints_by_page = {}
    for address in PAGES:
        page.goto(address)
        if found := complaints(page):
            complaints_by_page[address] = found
    assert complaints_by_page == {}


def test_the_palette_answers_why(enter: Enter) -> None:
    page = enter("nadia")
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("why can I use figma")
    expect(page.get_by_role("option", name="Why do I have Figma, or why not?")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Why you can use Figma")


def test_a_list_is_filtered_while_typing_and_back_undoes_it(enter: Enter) -> None:
    page = enter("nadia")
    page.goto("/people/")
    expect(page.locator("#count")).to_have_text("5 people")
    page.keyboard.press("/")
    page.keyboard.type("osei")
    expect(page.locator("#count")).to_have_text("1 person")
    expect(page).to_have_url("/people/?q=osei&status=")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    csv = page.get_by_role("link", name="CSV")
    expect(csv).to_have_attribute("href", re.compile(r"^/people\.csv\?q=osei"))
    page.go_back()
    expect(page.locator("#list tbody tr")).to_have_count(5)


def test_the_palette_opens_on_a_page_that_was_gone_back_to(enter: Enter) -> None:
    page = enter("nadia")
    page.goto("/people/")
    page.get_by_role("searchbox", name="Filter people").fill("osei")
    expect(page).to_have_url("/people/?q=osei&status=")
    page.go_back()
    expect(page.locator("#list tbody tr")).to_have_count(5)
    page.locator("h1").click()
    page.keyboard.press("Control+k")
    page.keyboard.type("radish st")
    expect(page.get_by_role("option", name="Radish staging")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Search")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Radish staging")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who has Radish staging?")


def test_a_list_is_walked_by_keyboard(enter: Enter) -> None:
    page = enter("nadia")
    page.goto("/apps/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who has Datadog?")


def test_escape_closes_what_is_open_and_goes_back_to_its_button(enter: Enter) -> None:
    page = enter("nadia")
    page.goto("/people/")
    page.locator(".bar details.pop summary").last.click()
    page.get_by_label("Show this page as it was on").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Show this page as it was on")).to_be_hidden()
    expect(page.locator(".bar details.pop summary").last).to_be_focused()
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_text("Menu", exact=True).click()
    page.locator(".menu .nav a").first.focus()
    page.keyboard.press("Escape")
    expect(page.locator("details.menu")).not_to_have_attribute("open", "")
    expect(page.locator("details.menu summary")).to_be_focused()


def test_a_date_stays_while_going_from_page_to_page(enter: Enter) -> None:
    page = enter("nadia")
    page.goto("/?at=2026-03-01")
    expect(page.get_by_role("status").first).to_contain_text("You are looking at 1 March 2026")
    page.get_by_role("link", name="Radish", exact=True).first.click()
    expect(page).to_have_url("/teams/radish/?at=2026-03-01")
    page.get_by_role("link", name="Back to today").first.click()
    expect(page).to_have_url(re.compile(r"/teams/radish/\??$"))


def test_everything_works_without_script(enter: Enter, browser: Any, base_url: str) -> None:
    cookies = enter("nadia").context.cookies()
    with browser.new_context(java_script_enabled=False, base_url=base_url) as bare:
        bare.add_cookies(cookies)
        page = bare.new_page()
        page.goto("/people/")
        page.get_by_role("searchbox", name="Filter people").fill("osei")
        page.get_by_role("button", name="Filter").click()
        expect(page.locator("#count")).to_have_text("1 person")
        page.get_by_role("link", name="Lena Osei").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Lena Osei")
        page.get_by_role("link", name="Reports", exact=True).click()
        expect(page.get_by_role("link", name="Nadia Brandt Designer")).to_be_visible()
