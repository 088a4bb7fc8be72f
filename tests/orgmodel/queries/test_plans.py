"""Plans as they are handed in: two charts, and what cannot be read."""

import pytest

from orgmodel.models import Rehearsal
from orgmodel.queries.pages.lists import ListRequest
from orgmodel.queries.rehearsal.kept import rehearsal_page
from orgmodel.queries.rehearsal.plan_rows import BadProposal
from orgmodel.sync.rehearsals import Plan, keep
from tests.orgmodel.sync.world import moment

from .plans import COMPANY, CONVENTIONS, PLAN, found, kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(transactional_db: None) -> None:
    found(COMPANY)


def test_two_charts(company: None) -> None:
    chart = (
        "id,name,team,department,desk\nnadia,Nadia,radish,Engineering,1\ntomas,Tomas,cucumber,Engineering,2\n"
    )
    to_be = "id,name,team,department,floor\nnadia,Nadia,cucumber,Engineering,1\nola,Ola,cucumber,,3\n"
    page = rehearsal_page(kept(to_be, chart=chart), ListRequest())
    assert {one.name: dict(one.values) for one in page.people.rows} == {
        "Nadia Brandt": {"team": "cucumber"},
        "Ola Nord": {"team": "cucumber"},
    }
    assert page.answer["notes"] == [
        "Columns that were not compared: desk, floor.",
        "1 person stands in the first chart only; what becomes of them is not rehearsed.",
    ]
    two = "id,team\nnadia,radish\ntomas,cucumber\nola,radish\n"
    page = rehearsal_page(kept("id,team\nola,radish\n", chart=two), ListRequest())
    assert page.answer["notes"] == [
        "2 people stand in the first chart only; what becomes of them is not rehearsed."
    ]


COMMAS = "They are expected to be comma-separated."
NOBODY = "a column person, email or id is missing."
NO_ATTRIBUTE = "no column is an attribute of the Okta profile."


@pytest.mark.parametrize(
    ("changes", "chart", "problem"),
    [
        ("person,taem\nnadia,x\n", "", "line 1: the Okta profile has no attribute “taem”. Nearest: team."),
        (
            "person,attribute,value\nnadia,taem,x\n",
            "",
            "line 2: the Okta profile has no attribute “taem”.",
        ),
        (
            "id,team\nnobody,x\n",
            "id,team\nnadia,x\n",
            "the second chart, line 2: no person is known as “nobody”.",
        ),
        (
            "id,team\nnadia,x\n",
            "team\nx\n",
            f"the first chart, line 1: {NOBODY} Columns found: “team”. {COMMAS}",
        ),
        (
            "id,desk\nnadia,x\n",
            "id,team\nnadia,x\n",
            f"the second chart, line 1: {NO_ATTRIBUTE} Columns found: “id”, “desk”. {COMMAS}",
        ),
        (
            "person,team\nnadia,radish\nnadia,radish\nnadia,-\n",
            "",
            "line 4: line 2 gives this person another team; keep one of the two.",
        ),
        (
            "id,team\nnadia,x\nnadia,y\n",
            "id,team\nnadia,x\n",
            "the second chart, line 3: “nadia” stands there twice.",
        ),
        (
            "id,team\nnadia,x,y\n",
            "id,team\nnadia,x\n",
            "the second chart, line 2: there are more cells than columns.",
        ),
        ("id,team\n,x\n", "id,team\nnadia,x\n", "the second chart, line 2: nobody is named."),
    ],
)
def test_a_plan_that_cannot_be_read_is_not_kept(
    company: None, changes: str, chart: str, problem: str
) -> None:
    with pytest.raises(BadProposal) as refused:
        kept(changes, chart=chart)
    assert refused.value.problems == (problem,)
    assert not Rehearsal.objects.exists()


def test_a_rehearsal_needs_a_name(company: None) -> None:
    with pytest.raises(BadProposal, match="needs a name"):
        keep(Plan("  ", PLAN), CONVENTIONS, moment(1))
