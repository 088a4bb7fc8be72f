"""Addresses with a native id of the source lead to the key, with their filters; the hidden stays unknown."""

import json
from typing import Any, cast

import pytest

from tests.portal.conftest import SignIn
from tests.portal.keys import NADIA

pytestmark = pytest.mark.usefixtures("nordwind")
FIGMA = "figma-3cc92972d4"  # of `printf 'okta 0oafigma' | sha256sum`


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/apps/0oafigma/", f"/apps/{FIGMA}/"),
        ("/apps/0oafigma/?at=2026-03-01&q=a%20b", f"/apps/{FIGMA}/?at=2026-03-01&q=a%20b"),
        ("/apps/0oafigma.csv?at=2026-03-01", f"/apps/{FIGMA}.csv?at=2026-03-01"),
        ("/apps/0oafigma/?since=2026-03-01", f"/apps/{FIGMA}/?since=2026-03-01"),
        ("/groups/00gcuc.json", "/groups/team-cucumber-bcda84a3ba.json"),
        ("/rules/0prcuc/", "/rules/1728d577b2/"),
        ("/people/nadia/?tab=groups&at=2026-03-01", f"/people/{NADIA}/?tab=groups&at=2026-03-01"),
        ("/people/nadia.csv", f"/people/{NADIA}.csv"),
        ("/people/nadia/what-if/?team=radish", f"/people/{NADIA}/what-if/?team=radish"),
        ("/people/nadia/why/0oafigma/", f"/people/{NADIA}/why/0oafigma/"),
        (f"/people/{NADIA}/why/0oafigma/", f"/people/{NADIA}/why/{FIGMA}/"),
    ],
)
def test_an_old_address_leads_on(as_person: SignIn, old: str, new: str) -> None:
    answer = as_person("quinn").get(old)
    assert (answer.status_code, answer["Location"]) == (301, new)


def test_the_answer_keeps_the_native_id_and_a_name_is_found_as_before(as_person: SignIn) -> None:
    page = as_person("quinn")
    data = json.loads(b"".join(cast(Any, page.get(f"/apps/{FIGMA}.json")).streaming_content))
    assert data["target"]["native_id"] == "0oafigma"
    assert page.get("/apps/Figma/").status_code == 200


@pytest.mark.parametrize(
    "old", ["/groups/00gwrk/", "/rules/0prwrk/", f"/people/{NADIA}/why/00gwrk/", "/apps/00gcuc/"]
)
def test_nothing_hidden_and_nothing_else_leads_on(as_person: SignIn, old: str) -> None:
    assert as_person("quinn").get(old).status_code == 404
