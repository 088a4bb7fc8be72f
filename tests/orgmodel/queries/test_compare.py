"""What two people, two units or two dates have in common and what not, asked of the database."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgmodel.queries.access.team import TeamApp
from orgmodel.queries.history.compare import Comparison, compare
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import NotFound, find_person
from orgmodel.queries.targets import find_target, find_unit
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, app, group, member, moment, opens, rule
from tests.portal.company import CONVENTIONS, founded, nadia, tell

pytestmark = pytest.mark.django_db
NOW = Moment(moment(9), live=True)
BEFORE = Moment(moment(0.5), live=False)


@pytest.fixture
def company() -> None:
    tell()


def names(found: Comparison, where: str) -> list[str]:
    return [row.app.name for row in found.of(where)]


def parts(a: str, b: str, at: Moment = NOW, until: Moment = NOW, viewer: Viewer = OPERATOR) -> Any:
    found = compare(a, b, at, until, viewer)
    return {where: names(found, where) for where in ("a", "b", "both", "few")}


def test_turned_round_it_says_the_same(company: None) -> None:
    for a, b in (("nadia", "quinn"), ("lena", "radish"), ("cucumber", "fennel")):
        one, other = parts(a, b), parts(b, a)
        assert (one["a"], one["b"], one["both"]) == (other["b"], other["a"], other["both"])
        assert one["few"] == other["few"]


def test_people_are_found_by_all_that_they_are_called(company: None) -> None:
    for text in ("lena", "LENA@nordwind.example", "Lena Osei", " lena osei "):
        found = compare(text, "quinn", NOW, NOW, OPERATOR)
        assert (found.a.is_person, found.a.ref.name) == (True, "Lena Osei")


def test_units_are_found_by_all_that_they_are_or_were_called(company: None) -> None:
    for text in ("cucumber", "recCUC", "team:cucumber", "CUCUMBER", "gherkin"):
        found = compare(text, "quinn", NOW, NOW, OPERATOR)
        assert (found.a.is_person, found.a.ref.pk) == (False, find_unit("cucumber").pk)


def test_nobody_of_that_name(company: None) -> None:
    with pytest.raises(NotFound, match=r"No person or team is known as “lena osey”\. Nearest: Lena Osei <"):
        compare("quinn", "lena osey", NOW, NOW, OPERATOR)
    with pytest.raises(NotFound, match="No person or team is known as “”"):
        compare("", "quinn", NOW, NOW, OPERATOR)


def test_what_a_unit_has_and_where_each_app_comes_from(company: None) -> None:
    found = compare("radish", "fennel", NOW, NOW, OPERATOR)
    sides = [row.a for row in found.rows if isinstance(row.a, TeamApp)]
    assert {(each.app.name, each.level, each.source, each.held_by, each.of) for each in sides} == {
        ("Radish staging", "Admin", "unit", 1, 1),
        ("Datadog", "assigned", "ancestor", 1, 1),
        ("Figma", "Viewer", "ancestor", 1, 1),
        ("Slack", "assigned", "everyone", 1, 1),
    }


def test_a_unit_with_nobody_still_has_what_comes_with_it(company: None) -> None:
    found = compare("radish", "tomas", BEFORE, BEFORE, OPERATOR)
    assert names(found, "both") == ["Datadog", "Figma", "Radish staging", "Slack"]
    facts = [fact for fact in (*nadia("cucumber"), *founded()) if fact[0] != "tomas"]
    read_and_apply(FactsReader(facts, size=500), CONVENTIONS, "okta", now=moment(2))
    empty = compare("radish", "quinn", NOW, NOW, OPERATOR)
    held = {row.app.name: row.a for row in empty.of("a")}
    staging = held["Radish staging"]
    assert isinstance(staging, TeamApp)
    assert (staging.source, staging.held_by, staging.of) == ("unit", 0, 0)


def test_an_earlier_moment_has_the_values_of_then(company: None) -> None:
    found = compare("nadia", "nadia", BEFORE, NOW, OPERATOR)
    figma = next(row for row in found.of("both") if row.app.name == "Figma")
    assert (getattr(figma.a, "level", ""), getattr(figma.b, "level", "")) == ("Viewer", "Editor")
    assert figma.differs
    staging = next(row for row in found.of("a") if row.app.name == "Radish staging")
    data = staging.as_json()["a"]["paths"][0]["sentence"]
    assert data.startswith("Nadia Brandt’s team is radish. The rule “Radish team” puts Nadia Brandt into")
    assert staging.would_take == ""


def test_two_moments_of_now_are_one(company: None) -> None:
    assert compare("nadia", "nadia", NOW, Moment(moment(9.1), live=True), OPERATOR).empty


def test_advice_takes_the_nearest_way_and_names_nothing_hidden(company: None) -> None:
    facts = [
        *nadia("cucumber"),
        *founded(),
        group("00gfar", "far"),
        app("0oanew", "New"),
        opens("00gfar", "0oanew"),
        opens("00gwrk", "0oanew"),
        opens("00gcuc", "0oanew"),
        rule("0prfar", "Far", 'user.team == "x" AND user.department == "y"', "00gfar"),
        app("0oasec", "Secret door"),
        opens("00gwrk", "0oasec"),
        group("00gzzz", "zz-door"),
        opens("00gzzz", "0oasec"),
        member("lena", "00gzzz"),
    ]
    read_and_apply(FactsReader(facts, size=500), CONVENTIONS, "okta", now=moment(2))
    hidden = frozenset({find_target("works-council", OPERATOR).pk})
    quinn = find_person("quinn")
    found = compare("quinn", "lena", NOW, NOW, Viewer(quinn, hidden=hidden))
    takes = {row.app.name: row.would_take for row in found.of("b")}
    assert takes["New"] == "The rule “Cucumber team” would match if team is cucumber (now fennel)."
    assert takes["Secret door"] == "Someone must add them to zz-door manually."
    assert "works-council" not in str(found.as_json())


def test_of_somebody_without_an_account_nothing_is_advised(company: None) -> None:
    facts = [fact for fact in (*nadia("cucumber"), *founded()) if fact[0] != "quinn"]
    read_and_apply(FactsReader(facts, size=500), CONVENTIONS, "okta", now=moment(2))
    found = compare("quinn", "lena", NOW, NOW, OPERATOR)
    assert "Figma" in names(found, "b")
    assert {row.would_take for row in found.rows} == {""}


@pytest.mark.parametrize("until", [NOW, BEFORE])
@pytest.mark.parametrize(
    ("a", "b"), [("nadia", "quinn"), ("quinn", "cucumber"), ("cucumber", "radish"), ("nadia", "nadia")]
)
def test_at_most_nine_questions(company: None, a: str, b: str, until: Moment) -> None:
    with CaptureQueriesContext(connection) as queries:
        compare(a, b, NOW, until, OPERATOR)
    assert len(queries) <= 9


def test_a_row_is_of_an_app(company: None) -> None:
    rows = compare("nadia", "cucumber", NOW, NOW, OPERATOR).rows
    assert {row.app.kind for row in rows} == {"app"}
    assert len({row.app.pk for row in rows}) == len(rows)
