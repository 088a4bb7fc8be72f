"""BambooHR on a bad day: whatever it answers, the read gives the truth or nothing, and says why."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from orgmodel.reports import SourceFailed
from orgmodel.sources.bamboohr import SOURCE, BambooReader, BambooSettings
from orgmodel.sources.bamboohr.declared import checks
from orgmodel.sources.record_problems import OF_A_PERSON
from portal.environment import Environment
from sandbox.hris.bamboohr import BambooServer
from sandbox.hris.faults import ALWAYS

from .hr_company import BO, INES, company, person, reading, with_rows
from .hr_reads import Read

EMPLOYEES = "GET /employees"
TABLE = "/api/v1/employees/all/tables/"
RIGHTS = "let the access level of its user show it, see docs/sources/bamboohr.md"


@pytest.fixture
def server() -> Iterator[BambooServer]:
    with BambooServer(company()) as found:
        yield found


def sync(server: BambooServer, waits: list[float] | None = None, token: str = "") -> Read:
    settings = BambooSettings(server.url, token or server.token)
    sleep = (lambda _: None) if waits is None else waits.append
    return Read(BambooReader(settings, reading(), sleep=sleep, jitter=0))


def failure(server: BambooServer, token: str = "") -> str:
    with pytest.raises(SourceFailed) as failed:
        sync(server, token=token)
    return str(failed.value)


def listed(change: Callable[[list[Any]], Any], server: BambooServer) -> None:
    """Change the rows of the first page of employees."""
    server.faults.change(with_rows("data", change), times=1)


def test_a_list_that_shifts_while_it_is_paged_gives_nothing(
    server: BambooServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever moves in front of the cursor is given twice, and somebody else not at all."""
    monkeypatch.setattr("orgmodel.sources.bamboohr.reader.PAGE", "1")
    server.faults.change(with_rows("data", lambda rows: [{**each, "employeeId": BO} for each in rows]))
    assert failure(server).startswith("BambooHR counts 2 employees and gave 1; nothing was applied")


def test_a_record_without_an_id_is_a_problem_of_whom_nobody_knows(server: BambooServer) -> None:
    listed(lambda rows: [rows[0] | {"employeeId": None}, *rows[1:]], server)
    found = sync(server)
    assert (len(found.accounts), found.unreadable) == (1, {(kind, "") for kind in OF_A_PERSON})


def test_a_list_of_which_a_tenth_cannot_be_read_is_not_believed(server: BambooServer) -> None:
    server.records.add(person("9", "Mei Tan"))
    listed(lambda rows: [*({**each, "status": "odd"} for each in rows[:2]), *rows[2:]], server)
    assert failure(server) == (
        "/api/v1/employees: 2 of 3 records cannot be read, more than a tenth; nothing was applied."
        " The problems name record and reason: correct them, then sync again."
    )


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (403, f"{TABLE}jobInfo: the credentials may not read it (403); {RIGHTS}."),
        (404, f"{TABLE}jobInfo: BambooHR has nothing at this address (404); check HRIS_URL."),
    ],
)
def test_without_the_history_people_are_there_and_no_plan_ends(
    server: BambooServer, status: int, says: str
) -> None:
    server.faults.refuse(status, "tables")
    found = sync(server)
    ines = found.accounts[INES]
    assert (ines.attributes["department"], ines.manager_ref, ines.dated) == ("Engineering", BO, {})
    assert found.covered == {"unit", "account"}
    assert found.report.not_visible == {"planned": f"No history, and nothing that is to come. {says}"}


def test_without_the_history_of_employment_the_record_speaks(server: BambooServer) -> None:
    left = {"terminationDate": "2026-12-01"}
    listed(lambda rows: [each | left for each in rows], server)
    server.faults.refuse(403, "tables", after=1)
    found = sync(server)
    assert str(found.accounts[INES].end_date) == "2026-12-01"
    refused = f"{TABLE}employmentStatus: the credentials may not read it (403); {RIGHTS}."
    assert str(found.accounts[INES].start_date) == "2024-03-18"
    reason = f"the days of employment are those of the record alone: {refused}"
    assert found.problems == [("", reason)]


@pytest.mark.parametrize("status", [429, 503])
def test_a_storm_of_refusals_ends_with_a_sentence(server: BambooServer, status: int) -> None:
    server.faults.refuse(status, EMPLOYEES, times=ALWAYS, headers={"Retry-After": "1"})
    assert failure(server) == (
        f"BambooHR still refuses calls to /api/v1/employees for their rate ({status}); nothing was applied."
        " Sync when less is going on."
    )
    assert server.calls[EMPLOYEES] == 9


@pytest.mark.parametrize("body", [[], {"data": {}}, {"data": None}, "text", 7])
def test_another_shape_gives_nothing(server: BambooServer, body: Any) -> None:
    server.faults.change(lambda reply: replace(reply, body=b"7" if body == 7 else body))
    assert "nothing was applied" in failure(server)


def test_hostile_text_is_kept_as_text_and_made_storable(server: BambooServer) -> None:
    hostile = "Inès\x00 '; DROP TABLE x; -- <script>\ud800" + "x" * 3000
    server.records.add(person("../../admin?x=1", "Mallory One"))
    values = {"lastName": hostile, "departmentName": hostile}
    changed = with_rows("data", lambda rows: [each | values for each in rows])
    # Half of a surrogate pair goes over the wire as an escape.
    server.faults.change(lambda reply: replace(reply, body=json.dumps(changed(reply).body)), times=1)
    server.faults.refuse(403, "tables", times=2)
    mallory = sync(server).accounts["../../admin?x=1"]
    assert mallory.name.startswith("Mallory Inès '; DROP TABLE x; -- <script>xx")
    assert (len(mallory.name), len(str(mallory.attributes["department"]))) == (500, 2000)
    assert "\x00" not in mallory.name


def test_settings_are_demanded_and_plain_http_is_refused_elsewhere() -> None:
    given = {"HRIS": "bamboohr", "HRIS_URL": "https://acme.bamboohr.com", "HRIS_TOKEN": "k"}
    assert SOURCE.settings(Environment(given)) == BambooSettings("https://acme.bamboohr.com", "k")
    assert SOURCE.settings(Environment({**given, "HRIS": "csv"})) is None
    for name, says in (
        ("HRIS_URL", "HRIS_URL is missing: HRIS is bamboohr."),
        ("HRIS_TOKEN", "HRIS_TOKEN is missing: HRIS is bamboohr."),
    ):
        with pytest.raises(Exception, match=says):
            SOURCE.settings(Environment({**given, name: ""}))
    with pytest.raises(Exception, match="HRIS_URL must start with https://"):
        SOURCE.settings(Environment({**given, "HRIS_URL": "http://acme.bamboohr.com"}))


def lines(server: BambooServer, token: str = "") -> list[tuple[bool | None, str]]:
    settings = BambooSettings(server.url, token or server.token)
    return [(each.ok, each.what) for each in checks(settings, sleep=lambda _: None)]


def test_the_doctor_sees_what_a_sync_sees(server: BambooServer) -> None:
    assert lines(server) == [
        (True, "BambooHR employees can be read"),
        (True, "BambooHR shows this key the fields that a sync needs"),
        (True, "BambooHR table jobInfo can be read"),
        (True, "BambooHR table employmentStatus can be read"),
    ]
    server.hidden[""] = {"workEmail", "departmentName"}
    server.faults.refuse(403, "tables", times=1)
    assert lines(server)[1:3] == [
        (False, "BambooHR hides workEmail from this key"),
        (None, "BambooHR table jobInfo cannot be read"),
    ]
    assert lines(server, "wrong") == [(False, "BambooHR cannot be read")]
    server.records.people.clear()
    assert lines(server)[0] == (False, "BambooHR gives no employees at all")
