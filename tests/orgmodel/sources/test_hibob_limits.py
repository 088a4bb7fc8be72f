"""HiBob's limits, its settings, and what the doctor says of it."""

from collections.abc import Iterator

import pytest

from orgmodel.conventions import Conventions
from orgmodel.reports import SourceFailed
from orgmodel.sources.hibob import HiBobSettings
from orgmodel.sources.hibob.declared import checks
from orgmodel.sources.hibob.rates import MOST_SEARCHES, SEARCH, HiBobRates
from orgmodel.sources.hibob.settings import settings
from orgmodel.sources.source import Environment
from portal.configure import load_configuration
from portal.environment import Environment as Variables
from sandbox.hris.hibob import HiBobServer

from .hibob_company import Waits, company, read

WORK, FIND = "GET /bulk/people/work", "POST /people/search"


@pytest.fixture
def hibob() -> Iterator[HiBobServer]:
    with HiBobServer(company()) as server:
        yield server


def test_a_storm_of_refusals_for_rate_is_waited_out_by_the_reset(hibob: HiBobServer) -> None:
    hibob.skew = 3600  # Their clock is an hour ahead: the wait is still by their own.
    waits = Waits()
    hibob.faults.crowd(FIND, times=3, reset=30)
    assert len(read(hibob, sleep=waits).accounts) == 3
    assert len(waits.seconds) == 3
    assert all(29 <= each <= 32 for each in waits.seconds)


def test_retry_after_is_honoured_where_it_is_sent(hibob: HiBobServer) -> None:
    waits = Waits()
    hibob.faults.crowd(WORK, retry_after="7", reset=50)
    read(hibob, sleep=waits)
    assert waits.seconds == [8.0]


def test_a_refusal_without_a_word_is_waited_out_and_not_for_ever(hibob: HiBobServer) -> None:
    waits = Waits()
    hibob.faults.crowd(FIND)
    read(hibob, sleep=waits)
    assert waits.seconds == [16.0]
    hibob.faults.crowd(FIND, times=100)
    with pytest.raises(SourceFailed, match="50 searches a minute for the whole company"):
        read(hibob, sleep=waits)


def test_searches_stay_below_fifty_a_minute() -> None:
    rates = HiBobRates()
    assert [rates.wait_for(SEARCH, 0.0) for _ in range(MOST_SEARCHES)] == [0.0] * 45
    assert rates.wait_for(SEARCH, 10.0) == 50.0
    assert rates.wait_for("/bulk/people/work", 10.0) == 0.0
    assert rates.wait_for(SEARCH, 60.0) == 0.0


def test_a_path_of_which_nothing_is_left_rests_until_its_window_ends() -> None:
    rates = HiBobRates()
    now = {"date": "Mon, 14 Sep 2026 10:00:00 GMT", "x-ratelimit-reset": "1789380020"}
    rates.heard("/bulk/people/work", {**now, "x-ratelimit-remaining": "0"}, 100.0)
    assert rates.wait_for("/bulk/people/work", 100.0) == 20.0
    assert rates.wait_for("/bulk/people/work", 120.0) == 0.0


def test_the_doctor_says_what_the_service_user_may_see(hibob: HiBobServer) -> None:
    given = HiBobSettings(url=hibob.url, user=hibob.user, token=hibob.token)
    assert [(each.ok, each.what) for each in checks(given)] == [
        (True, "HiBob shows 3 people"),
        (True, "HiBob work history can be read"),
        (True, "HiBob lifecycle history can be read"),
        (True, "HiBob named lists can be read"),
    ]
    hibob.faults.refuse(403, WORK)
    assert [each.ok for each in checks(given)] == [True, None, True, True]
    hibob.faults.refuse(403, FIND)
    assert [each.ok for each in checks(given)] == [False]
    hibob.audience = lambda _: False
    assert next(iter(checks(given))).what == "HiBob shows nobody"


def test_secrets_stand_in_no_representation_and_no_error(hibob: HiBobServer) -> None:
    assert "hush-hush" not in repr(HiBobSettings(user="u", token="hush-hush"))
    with pytest.raises(SourceFailed) as failure:
        read(hibob, token="hush-hush")
    assert "hush-hush" not in str(failure.value)


def variables(**values: str) -> Environment:
    return Variables(values)


def test_the_settings_of_hibob() -> None:
    assert settings(variables(HRIS="csv", HRIS_USER="u", HRIS_TOKEN="t")) is None
    found = settings(variables(HRIS="HiBob", HRIS_USER="u", HRIS_TOKEN="t"))
    assert found == HiBobSettings(url="https://api.hibob.com/v1", user="u", token="t")
    with pytest.raises(Exception, match=r"\AHRIS_TOKEN is missing: HRIS is hibob\.\Z"):
        settings(variables(HRIS="hibob", HRIS_USER="u"))
    with pytest.raises(Exception, match="HRIS_URL must start with https://"):
        settings(variables(HRIS="hibob", HRIS_URL="http://hr.example", HRIS_USER="u", HRIS_TOKEN="t"))


def test_hibob_speaks_for_people_where_hris_says_so() -> None:
    found = load_configuration(
        Variables({"HRIS": "hibob", "HRIS_USER": "u", "HRIS_TOKEN": "t"}), Conventions()
    )
    assert isinstance(found.sources["hris"], HiBobSettings)
    assert found.hris == "hibob"
