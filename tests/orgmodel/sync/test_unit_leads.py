"""Who leads a unit, where its record names somebody by an id or by an address."""

from collections.abc import Sequence

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, Fact
from orgmodel.models import OrgUnit
from orgmodel.reports import Reference
from orgmodel.sync.runs import SyncOutcome, read_and_apply

from .world import FactsReader, account, moment, unit

pytestmark = pytest.mark.django_db
ADDRESS = "lena@nordwind.example"


def person(native_id: str, name: str, **values: object) -> AccountFact:
    return account(native_id, name, login="", **{"status": "active", "state": "active", **values})


def sync(source: str, facts: Sequence[Fact], day: float, *named: Reference) -> SyncOutcome:
    reader = FactsReader(facts, source=source)
    reader.report.unknown = list(named)
    outcome = read_and_apply(reader, Conventions(), "hris", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason
    return outcome


def lead() -> str | None:
    found = OrgUnit.objects.get(native_id="recF").lead
    return found.name if found else None


def led_by(reference: str) -> list[Fact]:
    return [unit("team", "recF", "Fennel", "fennel", lead=reference)]


@pytest.mark.parametrize("reference", ["7", ADDRESS, "LENA@Nordwind.example"])
def test_an_id_or_an_address_names_the_lead(reference: str) -> None:
    sync("control", led_by(reference), 0)
    sync("hris", [person("7", "Lena Osei", email=ADDRESS), person("8", "Radovan Ilic")], 1)
    assert lead() == "Lena Osei"


def test_an_address_that_two_people_share_names_nobody() -> None:
    sync("control", led_by("team@nordwind.example"), 0)
    both = [person(each, each.title(), email="team@nordwind.example") for each in ("lena", "radovan")]
    sync("hris", both, 1)
    assert lead() is None


def test_an_address_means_who_has_it_now_and_not_who_had_it_and_left() -> None:
    sync("control", led_by(ADDRESS), 0)
    left = person("7", "Lena Osei", email=ADDRESS, status="ended", state="ended")
    sync("hris", [left], 1)
    assert lead() == "Lena Osei"
    sync("hris", [left, person("9", "Lena Brandt", email=ADDRESS)], 2)
    assert lead() == "Lena Brandt"


def test_an_address_of_nobody_is_a_problem_of_the_record() -> None:
    sync("hris", [person("7", "Lena Osei", email=ADDRESS)], 0)
    references = [
        Reference("Airtable Units", "recF", "Lead", "lead", named)
        for named in (ADDRESS, "nobody@nordwind.example")
    ]
    outcome = sync("control", led_by("nobody@nordwind.example"), 1, *references)
    assert [(each["record"], each["reason"]) for each in outcome.problems] == [
        ("recF", "Lead names nobody who is known so far")
    ]
    assert lead() is None
