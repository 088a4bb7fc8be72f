"""HR, Okta's groups and the control plane name two units in a random order: the end is always the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.models import Assignment, UnitLink
from orgmodel.sync.runs import read_and_apply

from .test_units import units
from .world import FactsReader, account, group, moment, unit

pytestmark = pytest.mark.django_db

PEOPLE = ("alma", "bo", "chen")


@dataclass
class Company:
    """What the sources say at present: names of two teams by record, and the name each person's HR row says.

    Each source has its own copy of a team's name, so that a rename reaches one after another.
    """

    recorded: bool = False
    ids: bool = True
    names: dict[str, dict[str, str]] = field(
        default_factory=lambda: {
            source: {"rec1": "Fennel", "rec2": "Kale"} for source in ("hr", "okta", "cp")
        }
    )
    groups: set[str] = field(default_factory=set)
    teams: dict[str, str] = field(default_factory=lambda: {"alma": "rec1", "bo": "rec2", "chen": "rec1"})

    def okta(self) -> list[Fact]:
        people = [account(name, team=self.names["hr"][self.teams[name]]) for name in PEOPLE]
        carriers = [
            group(
                f"00g{record}",
                f"team-{self.names['okta'][record].lower()}",
                **({"airtableId": record} if self.ids else {}),
            )
            for record in sorted(self.groups)
        ]
        return [*people, *carriers, group("00geverybody")]

    def control(self) -> list[Fact]:
        return [unit("team", record, name, name.lower()) for record, name in self.names["cp"].items()]


STEP = st.one_of(
    st.tuples(
        st.just("rename"),
        st.sampled_from(("hr", "okta", "cp")),
        st.sampled_from((("Fennel", "Kale"), ("Kale", "Fennel"), ("Leek", "Kale"), ("Fennel", "Leek"))),
    ),
    st.tuples(st.just("group"), st.sampled_from(("rec1", "rec2"))),
    st.tuples(st.just("move"), st.sampled_from(PEOPLE), st.sampled_from(("rec1", "rec2"))),
    st.tuples(st.just("ids"), st.booleans()),
    st.tuples(st.just("record")),
    st.tuples(st.just("okta")),
)


def play(company: Company, step: Sequence[object], clock: int) -> None:
    match step:
        case ["rename", str(source), (str(one), str(two))]:
            company.names[source] = {"rec1": one, "rec2": two}
        case ["group", str(record)]:
            company.groups ^= {record}
        case ["move", str(person), str(record)]:
            company.teams[person] = record
        case ["ids", bool(ids)]:
            company.ids = ids
        case ["record"]:
            company.recorded = True
            tell(company.control(), "control", clock)
        case _:
            tell(company.okta(), "okta", clock)


def tell(facts: list[Fact], source: str, clock: int) -> None:
    outcome = read_and_apply(
        FactsReader(facts, source=source), Conventions(shrink_share=1.0), "okta", now=moment(clock)
    )
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


@pytest.mark.no_cover
@settings(max_examples=16, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    steps=st.lists(STEP, max_size=9),
    last=st.sampled_from((("Fennel", "Kale"), ("Kale", "Fennel"), ("Leek", "Kale"))),
)
def test_whoever_speaks_first_the_unit_is_one_and_its_members_are_right(
    steps: list[Sequence[object]], last: tuple[str, str]
) -> None:
    with transaction.atomic():
        company, clock = Company(), 1
        tell(company.okta(), "okta", 0)
        for clock, step in enumerate(steps, 1):
            play(company, list(step), clock)
        for source in ("hr", "okta", "cp"):
            company.names[source] = dict(zip(("rec1", "rec2"), last, strict=True))
        company.groups, company.ids = {"rec1", "rec2"}, True
        for late in (1, 2):
            if company.recorded:
                tell(company.control(), "control", clock + 2 * late)
            tell(company.okta(), "okta", clock + 2 * late + 1)
        source = "control" if company.recorded else "okta"
        assert units() == {("team", "rec1", source, last[0]), ("team", "rec2", source, last[1])}
        current = Assignment.objects.filter(ended=None)
        assert set(current.values_list("person__name", "unit__native_id")) == {
            (person.title(), record) for person, record in company.teams.items()
        }
        assert set(
            UnitLink.objects.filter(ended=None).values_list("group__native_id", "unit__native_id")
        ) == {
            ("00grec1", "rec1"),
            ("00grec2", "rec2"),
        }
        transaction.set_rollback(True)
