"""A page asks the database the same number of questions for one row and for twenty: at most twelve."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.portal.company import grown, tell
from tests.portal.conftest import SignIn
from tests.portal.keys import LENA, NADIA

pytestmark = pytest.mark.django_db
MOST = 12
PAGES = (
    "/",
    "/teams/",
    "/teams/cucumber/",
    "/people/",
    f"/people/{NADIA}/",
    f"/people/{NADIA}/?tab=groups",
    f"/people/{LENA}/?tab=reports",
    f"/people/{NADIA}/?tab=history",
    f"/people/{NADIA}/why/figma-3cc92972d4/",
    f"/people/{NADIA}/why/radish-staging-3ea1735a81/",
    "/apps/",
    "/apps/figma-3cc92972d4/",
    "/groups/",
    "/groups/team-cucumber-bcda84a3ba/",
    f"/people/{NADIA}/what-if/",
    f"/people/{NADIA}/what-if/?team=radish&department=design",
    f"/people/{NADIA}/what-if/?move=Fennel",
    "/rules/",
    "/rules/1728d577b2/",
    "/attributes/team/",
    "/search/?q=c",
    "/compare/",
    "/compare/?a=nadia&b=quinn",
    "/compare/?a=quinn&b=cucumber",
    "/compare/?a=cucumber&b=radish",
    "/compare/?a=cucumber&b=nadia&until=2026-03-01",
    "/compare/?a=nadia&b=quinn&until=2026-03-01",
    "/compare/?a=nadia&b=nadia&until=2026-03-01",
    "/compare/?a=cucumber&b=radish&until=2026-03-01",
)
FEWER = {f"/people/{NADIA}/": 10}
"""Pages of which more is asked together."""


def queries_of(as_person: SignIn, address: str, who: str = "nadia") -> list[str]:
    """The questions of one page; those of the door are not the page's."""
    client = as_person(who)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    door = ("portal_session", "portal_tally", "auth_user")
    return [query["sql"] for query in seen if not any(table in query["sql"] for table in door)]


@pytest.mark.parametrize("at", ["", "at=2026-03-06"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_twenty_rows_asks_no_more_than_one_of_few(
    address: str, at: str, conventions: None, as_person: SignIn
) -> None:
    address += ("&" if "?" in address else "?") * bool(at) + at
    with transaction.atomic():
        tell()
        few = queries_of(as_person, address)
        transaction.set_rollback(True)
    grown(20)
    many = queries_of(as_person, address)
    assert len(many) == len(few), "\n\n".join(many)
    assert len(few) <= MOST, f"{len(few)} queries:\n" + "\n\n".join(few)


@pytest.mark.parametrize("address", PAGES)
def test_an_admin_who_also_sees_what_waits_asks_no_more_than_twelve(
    address: str, conventions: None, as_person: SignIn
) -> None:
    tell()
    few = queries_of(as_person, address, "tomas")
    assert len(few) <= FEWER.get(address, MOST), f"{len(few)} queries:\n" + "\n\n".join(few)
