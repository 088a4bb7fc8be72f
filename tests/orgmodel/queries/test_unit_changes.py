"""What the feed tells of units: created, hung elsewhere, led by somebody else, gone."""

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.queries.history.by_day import Filter, history
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, moment, unit

pytestmark = pytest.mark.django_db

LENA = account("7", "Lena Osei", login="", status="active", state="active", email="lena@nordwind.example")
RADOVAN = account(
    "8", "Radovan Ilic", login="", status="active", state="active", email="rado@nordwind.example"
)
ABOVE: list[Fact] = [
    unit("area", "recT", "Tech", "tech"),
    unit("area", "recD", "Data", "data"),
    *(unit("team", f"rec{at}", f"Team {at}", f"team-{at}") for at in range(12)),
]


def sync(day: float, *facts: Fact, source: str = "control") -> None:
    everything = [*facts, *ABOVE] if source == "control" else facts
    outcome = read_and_apply(FactsReader(everything, source=source), Conventions(), "hris", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def lines() -> list[str]:
    """The newest run's lines, oldest first."""
    found = history(Filter(kinds=("unit",)), OPERATOR)
    return [f"{each.who} {each.sentence}" for each in reversed(found) if each.at == found[0].at]


@pytest.fixture(autouse=True)
def company() -> None:
    sync(0)
    sync(0.1, LENA, RADOVAN, source="hris")


def test_a_new_unit_was_created_and_says_where_it_belongs() -> None:
    sync(1, unit("team", "recF", "Fennel", "fennel", parent="recT", lead="7"))
    assert sorted(lines()) == [
        "Fennel is now led by Lena Osei.",
        "Fennel is now part of Tech.",
        "Fennel was created.",
    ]


def test_a_unit_that_hangs_elsewhere_and_has_another_lead() -> None:
    sync(1, unit("team", "recF", "Fennel", "fennel", parent="recT", lead="7"))
    sync(2, unit("team", "recF", "Fennel", "fennel", parent="recD", lead="8"))
    assert sorted(lines()) == [
        "Fennel is now led by Radovan Ilic instead of Lena Osei.",
        "Fennel is now part of Data instead of Tech.",
    ]
    sync(3, unit("team", "recF", "Fennel", "fennel"))
    assert sorted(lines()) == [
        "Fennel is no longer led by Radovan Ilic.",
        "Fennel is no longer part of Data.",
    ]


def test_a_unit_that_is_gone_belongs_nowhere_without_a_word() -> None:
    sync(1, unit("team", "recF", "Fennel", "fennel", parent="recT", lead="7"))
    sync(2)
    assert lines() == ["Fennel no longer exists."]
