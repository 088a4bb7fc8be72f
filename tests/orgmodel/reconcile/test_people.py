"""Leavers, contractors, managers, profiles and identities: one thing wrong at a time."""

from datetime import date

import pytest

from orgmodel.facts import Fact
from orgmodel.marks import Covered
from orgmodel.sources import registry
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sources.doors import DOORS
from tests.orgmodel.sync.world import FactsReader, account, member, moment, seat

from .company import (
    CONVENTIONS,
    LENA_HR,
    NADIA,
    NADIA_HR,
    OKTA,
    PEOPLE,
    QUINN,
    QUINN_HR,
    hr,
    only,
    tell,
    without,
)

pytestmark = pytest.mark.django_db

QUINN_LEFT: list[Fact] = [*without(PEOPLE, QUINN_HR), QUINN_HR._replace(end_date=date(2026, 3, 1))]


def okta_with(old: Fact, new: Fact) -> list[Fact]:
    return [*without(OKTA, old), new]


def hr_with(old: Fact, new: Fact) -> list[Fact]:
    return [*without(PEOPLE, old), new]


def test_leaver_active() -> None:
    assert tell(people=QUINN_LEFT) == {
        "leaver-active": ["Quinn Abe’s last day was 28 February 2026, and the Okta account is still active."]
    }
    finding = only()
    assert finding.severity == "high"
    # The first sync is at nine in the morning of the day after the last one.
    assert finding.evidence == {
        "account": "quinn",
        "status": "ACTIVE",
        "since": "2026-03-01T00:00:00+00:00",
        "end_date": "2026-03-01",
        "minutes": 540,
        "clock_minutes": 15,
        "overdue": True,
        "vanished": False,
    }


def test_leaver_by_status_since_we_saw_it() -> None:
    tell()
    found = tell(people=hr_with(QUINN_HR, QUINN_HR._replace(status="ended")), day=1)
    assert found == {
        "leaver-active": ["Quinn Abe left on 2 March 2026, and the Okta account is still active."]
    }
    assert (only().evidence["minutes"], only().evidence["overdue"]) == (0, False)


def test_who_had_left_before_the_first_sync_left_nobody_knows_when() -> None:
    found = tell(people=hr_with(QUINN_HR, QUINN_HR._replace(status="ended")))
    assert found == {"leaver-active": ["Quinn Abe has left, and the Okta account is still active."]}
    assert (only().evidence["since"], only().evidence["overdue"]) == (None, True)


def test_a_leaver_who_gets_another_name_left_no_later() -> None:
    tell()
    tell(people=hr_with(QUINN_HR, QUINN_HR._replace(status="ended")), day=1)
    married = QUINN_HR._replace(status="ended", name="Quinn Lind")
    okta = okta_with(QUINN, QUINN._replace(name="Quinn Lind"))
    assert tell(okta, hr_with(QUINN_HR, married), day=2) == {
        "leaver-active": ["Quinn Lind left on 2 March 2026, and the Okta account is still active."]
    }


def test_leaver_whose_record_is_gone() -> None:
    tell()
    found = tell(people=without(PEOPLE, QUINN_HR), day=1)
    assert found == {
        "leaver-active": [
            (
                "Quinn Abe has not been in the HR records since 2 March 2026,"
                " and the Okta account is still active."
            )
        ]
    }


@pytest.mark.parametrize("status", ["DEPROVISIONED", "SUSPENDED", "STAGED"])
def test_a_leaver_who_cannot_sign_in(status: str) -> None:
    assert "leaver-active" not in tell(okta_with(QUINN, QUINN._replace(status=status)), QUINN_LEFT)


def test_who_leaves_tomorrow_has_not_left() -> None:
    assert tell(people=hr_with(QUINN_HR, QUINN_HR._replace(end_date=date(2026, 3, 2)))) == {}


def test_leaver_seats() -> None:
    gone = [*okta_with(QUINN, QUINN._replace(status="DEPROVISIONED")), seat("quinn", "0oafigma")]
    assert tell(gone, QUINN_LEFT) == {"leaver-seats": ["Quinn Abe has left and still holds 1 app: Figma."]}
    assert (only().evidence["apps"], only().evidence["direct"]) == (["0oafigma"], ["0oafigma"])
    revoked = [*gone[:-1], seat("quinn", "0oafigma", status="DEPROVISIONED")]
    assert tell(revoked, QUINN_LEFT, day=1) == {}


def test_contractor_without_end() -> None:
    contractor = QUINN_HR._replace(worker_type="Contractor")
    assert tell(people=hr_with(QUINN_HR, contractor)) == {
        "contractor-without-end": [
            "Quinn Abe is a contractor and has no end date: nothing ends their access by itself."
        ]
    }
    assert tell(people=hr_with(QUINN_HR, contractor._replace(end_date=date(2026, 12, 31))), day=1) == {}


def test_manager_missing() -> None:
    people = hr_with(QUINN_HR, QUINN_HR._replace(manager_ref="h-nobody"))
    assert tell(people=people) == {"manager-missing": ["Quinn Abe names a manager whom nobody can find."]}
    assert only().severity == "medium"
    none = hr_with(QUINN_HR, QUINN_HR._replace(manager_ref=""))
    okta = okta_with(QUINN, QUINN._replace(manager_ref=""))
    assert tell(okta, none, day=1) == {"manager-missing": ["Quinn Abe has no manager on record."]}


def test_manager_left() -> None:
    left = LENA_HR._replace(end_date=date(2026, 3, 1))
    okta = okta_with(OKTA[0], account("lena", "Lena Osei", status="DEPROVISIONED"))
    assert tell(okta, hr_with(LENA_HR, left)) == {
        "manager-left": ["Nadia Brandt and Quinn Abe still report to Lena Osei, who has left."]
    }
    assert only().evidence == {"manager": "h-lena", "people": ["h-nadia", "h-quinn"]}


def test_manager_cycle() -> None:
    people = hr_with(LENA_HR, LENA_HR._replace(manager_ref="h-quinn"))
    okta = okta_with(
        OKTA[0], account("lena", "Lena Osei", title="Team lead", team="cucumber", manager_ref="quinn")
    )
    assert tell(okta, people) == {
        "manager-cycle": ["Lena Osei and Quinn Abe are managers of one another in a circle."]
    }


def test_hris_okta_mismatch_is_one_finding_with_every_field() -> None:
    other = QUINN._replace(
        name="Quin Abe", title="engineer", attributes={"team": "radish"}, manager_ref="nadia"
    )
    found = tell(okta_with(QUINN, other))
    assert found.pop("rule-not-applied") == [
        "team-radish: Quinn Abe matches the rule “Radish team”, and is not in it."
    ]
    assert found == {
        "hris-okta-mismatch": [
            (
                "Quinn Abe: manager is “Lena Osei” in HR and “Nadia Brandt” in Okta;"
                " name is “Quinn Abe” in HR and “Quin Abe” in Okta;"
                " team is “cucumber” in HR and “radish” in Okta;"
                " title is “Engineer” in HR and “engineer” in Okta."
            )
        ]
    }
    assert only("hris-okta-mismatch").evidence == {
        "record": "h-quinn",
        "account": "quinn",
        "fields": {
            "manager": {"hris": "h-lena", "okta": "h-nadia"},
            "name": {"hris": "h-quinn", "okta": "quinn"},
            "team": {"hris": "cucumber", "okta": "radish"},
            "title": {"hris": "Engineer", "okta": "engineer"},
        },
    }


def test_an_empty_value_is_a_difference_where_okta_has_the_field_at_all() -> None:
    empty = QUINN._replace(attributes={"team": ""})
    assert tell(okta_with(QUINN, empty)) == {
        "hris-okta-mismatch": ["Quinn Abe: team is “cucumber” in HR and empty in Okta."]
    }


def test_null_and_empty_are_the_same_and_what_okta_never_tells_is_no_difference() -> None:
    people = [
        *without(PEOPLE, QUINN_HR, NADIA_HR),
        QUINN_HR._replace(attributes={"team": "cucumber", "department": ""}),
        NADIA_HR._replace(attributes={"team": "radish", "department": "Design"}),
    ]
    assert tell(people=people) == {}


def test_a_unit_by_its_name_and_by_its_slug_is_no_difference() -> None:
    by_name = QUINN_HR._replace(attributes={"team": "Cucumber"})
    assert tell(people=hr_with(QUINN_HR, by_name)) == {}
    other = QUINN_HR._replace(attributes={"team": "Radish"})
    assert tell(people=hr_with(QUINN_HR, other), day=1) == {
        "hris-okta-mismatch": ["Quinn Abe: team is “Radish” in HR and “cucumber” in Okta."]
    }


def test_what_hr_keeps_for_a_first_day_to_come_is_not_missing_there() -> None:
    coming = QUINN_HR._replace(
        status="pending", title="", attributes={}, manager_ref="", start_date=date(2026, 4, 1)
    )
    assert tell(people=hr_with(QUINN_HR, coming)) == {}
    started = coming._replace(status="active", start_date=date(2026, 2, 1))
    assert "team is empty in HR and “cucumber” in Okta" in tell(people=hr_with(QUINN_HR, started), day=1)[
        "hris-okta-mismatch"
    ][0]  # fmt: skip


def test_where_okta_is_the_hr_source_there_is_nothing_to_compare() -> None:
    other = okta_with(QUINN, QUINN._replace(title="Cook"))
    assert "hris-okta-mismatch" in tell(other)
    assert "hris-okta-mismatch" not in tell(other, day=1, truth="okta")


TWO_SHARE = (
    "2 Okta accounts share one e-mail address, so none of them can be joined by it. Give each its own"
    " e-mail address, or link them by hand to the right person."
)
PORTER = (
    "Porter: the e-mail of this Doors account fits several people, so it is joined to none of them. Correct"
    " it there, or link the account by hand to the right person."
)
ALIKE = (
    "Nadia Brandt: an Okta account and an HR record bear this name, and nothing else joins them. If they are"
    " one person, enter the employee number in Okta, or link the account by hand."
)


def test_identity_collision_by_address() -> None:
    twin = account(
        "twin", "Somebody Else", email="quinn@nordwind.example", team="cucumber", manager_ref="lena"
    )
    found = tell([*OKTA, twin])
    assert found["identity-collision"] == [TWO_SHARE]


def test_an_account_of_another_system_that_fits_two_people() -> None:
    twin = account(
        "twin", "Somebody Else", email="quinn@nordwind.example", team="cucumber", manager_ref="lena"
    )
    doors: list[Fact] = [account("d1", "Porter", email="quinn@nordwind.example", login="")]
    tell([*OKTA, twin])
    with registry.add(DOORS):
        reader = FactsReader(doors, "doors", marks=[Covered("account")])
        assert read_and_apply(reader, CONVENTIONS, "hris", now=moment(0.5)).outcome == "applied"
        found = tell([*OKTA, twin], day=1)
    assert found["identity-collision"] == [
        TWO_SHARE,
        PORTER,
    ]
    assert "identity-collision" not in tell(day=2)


def test_identity_collision_by_looks() -> None:
    lone = account("nadia2", "nadia brandt", title="Designer", team="radish", email="nb@nordwind.example")
    okta: list[Fact] = [
        *(fact for fact in OKTA if fact != NADIA and getattr(fact, "account", "") != "nadia"),
        lone,
    ]
    assert tell(okta)["identity-collision"] == [ALIKE]


def test_two_people_of_one_name_are_no_collision() -> None:
    people = [
        *PEOPLE,
        hr("h-quinn2", "Quinn Abe", "quinn.abe", title="Cook", team="radish", manager_ref="h-lena"),
    ]
    okta = [
        *OKTA,
        account(
            "quinn2",
            "Quinn Abe",
            email="quinn.abe@nordwind.example",
            title="Cook",
            team="radish",
            manager_ref="lena",
        ),
        member("quinn2", "00grad", "0prrad"),
        *(member("quinn2", of, "0prall") for of in ("00gpro", "00gall")),
    ]
    assert tell(okta, people) == {}
