"""The pretend HiBob has the oddities of the real one, so that a reader can be held against them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest

from sandbox.hris.hibob import HiBobServer
from sandbox.hris.hibob_forms import TEAM
from sandbox.hris.records import HrPerson, Records, row_of

ID = "3332883884017713901"


@pytest.fixture
def hibob() -> Iterator[HiBobServer]:
    records = Records()
    for native_id, name, status in ((ID, "Inès Ørsted", "active"), ("2", "Kai Berg", "ended")):
        person = HrPerson(
            id=native_id,
            email=f"{name[:3].lower()}@nordwind.example",
            name=name,
            title="Engineer",
            worker_type="Employee",
            employee_number="1042",
            start_date=date(2024, 3, 18),
            manager_id="",
            team="radish",
            department="Engineering",
            specialisation="Data",
            status=status,
        )
        records.add(person)
    ines = records.people[ID]
    records.rows[ID] = [row_of(ines, date(2024, 3, 18)), row_of(ines, date(2999, 1, 1), team="leek")]
    with HiBobServer(records) as server:
        yield server


def search(hibob: HiBobServer, **question: Any) -> httpx.Response:
    return httpx.post(f"{hibob.url}/people/search", json=question, auth=(hibob.user, hibob.token), timeout=5)


def get(hibob: HiBobServer, path: str, **more: Any) -> httpx.Response:
    return httpx.get(hibob.url + path, auth=(hibob.user, hibob.token), timeout=5, **more)


def filtered(path: str = "root.id", operator: str = "equals", *values: str) -> list[dict[str, Any]]:
    return [{"fieldPath": path, "operator": operator, "values": list(values)}]


@pytest.mark.parametrize(
    "filters",
    [
        [],
        filtered(),
        filtered("root.id", "equals", ID) * 2,
        filtered("work.department", "equals", "1"),
        filtered("root.id", "contains", ID),
    ],
    ids=["none", "no values", "two", "another field", "another operator"],
)
def test_filters_that_it_does_not_take(hibob: HiBobServer, filters: Any) -> None:
    assert search(hibob, fields=["root.id"], filters=filters).status_code == 400


def test_people_by_id_or_by_address(hibob: HiBobServer) -> None:
    for path, value in (("root.id", ID), ("root.email", "inè@nordwind.example")):
        found = search(hibob, fields=["root.id"], filters=filtered(path, "equals", value)).json()
        assert [each["id"] for each in found["employees"]] == [ID]


def test_at_most_400_fields(hibob: HiBobServer) -> None:
    assert search(hibob, fields=["root.id"] * 401).status_code == 400


def test_leavers_only_where_they_are_asked_for_and_in_the_audience(hibob: HiBobServer) -> None:
    assert len(search(hibob, fields=["root.id"]).json()["employees"]) == 1
    assert len(search(hibob, fields=["root.id"], showInactive=True).json()["employees"]) == 2
    hibob.audience = lambda person: person.status != "ended"
    assert len(search(hibob, fields=["root.id"], showInactive=True).json()["employees"]) == 1


def test_unknown_and_unpermitted_fields_are_dropped_without_a_word(hibob: HiBobServer) -> None:
    hibob.hidden_fields = {"work.department"}
    answer = search(hibob, fields=["root.id", "work.depratment", "work.department"])
    assert answer.status_code == 200
    assert answer.json()["employees"] == [{"id": ID, "/root/id": {"value": ID}}]


def test_values_twice_with_escaped_slashes_and_null_values_once(hibob: HiBobServer) -> None:
    answer = search(hibob, fields=[TEAM, "work.reportsTo"], humanReadable="APPEND")
    (found,) = answer.json()["employees"]
    item = found["work"]["customColumns"]["column_1712065102576"]
    assert item.isdecimal()
    assert found["/work/customColumns/column_1712065102576"] == {"value": item}
    assert (found["work"]["reportsTo"], "/work/reportsTo" in found) == (None, False)
    assert found["humanReadable"]["work"]["customColumns"] == {"column_1712065102576": "radish"}
    assert b'"\\/work\\/customColumns' in answer.content


def test_without_fields_there_is_a_set_without_custom_ones_of_other_categories(hibob: HiBobServer) -> None:
    (found,) = search(hibob).json()["employees"]
    assert {"id", "email", "work"} <= set(found)
    assert "payroll" not in found


def test_fifty_searches_a_minute(hibob: HiBobServer) -> None:
    answers = [search(hibob, fields=["root.id"]) for _ in range(51)]
    assert [each.status_code for each in answers] == [200] * 50 + [429]
    assert answers[0].headers["X-RateLimit-Remaining"] == "49"
    assert answers[50].headers["X-RateLimit-Limit"] == "50"
    assert "Retry-After" not in answers[50].headers


def test_a_wrong_path_is_the_web_app(hibob: HiBobServer) -> None:
    answer = get(hibob, "/people/serach")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_a_question_by_get_that_names_a_content_type_gets_a_page(hibob: HiBobServer) -> None:
    answer = get(hibob, "/company/people/fields", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html")


def test_names_of_lists_are_told_apart_by_capital_letters(hibob: HiBobServer) -> None:
    assert get(hibob, "/company/named-lists/department").json()["items"][0]["name"] == "Engineering"
    assert get(hibob, "/company/named-lists/Department").status_code == 404


def test_archived_items_only_where_they_are_asked_for(hibob: HiBobServer) -> None:
    hibob.archived = {"Engineering"}
    assert get(hibob, "/company/named-lists").json()["department"]["items"] == []
    found = get(hibob, "/company/named-lists?includeArchived=true").json()["department"]["items"]
    assert [each["archived"] for each in found] == [True]


def test_tables_by_pages_of_at_most_200_with_future_rows(hibob: HiBobServer) -> None:
    assert get(hibob, "/bulk/people/work?limit=201").status_code == 400
    first = get(hibob, "/bulk/people/work?limit=1").json()
    assert first["response_metadata"] == {"next_cursor": "1"}
    rows = first["results"][0]["values"]
    assert [(row["effectiveDate"], row["isCurrent"]) for row in rows] == [
        ("2024-03-18", True),
        ("2999-01-01", False),
    ]
    last = get(hibob, "/bulk/people/work?limit=1&cursor=1").json()
    assert last["response_metadata"] == {"next_cursor": None}
    assert last["results"][0]["values"][0]["id"] == rows[0]["id"], "unique for one person alone"


def test_without_histories_only_the_current_row(hibob: HiBobServer) -> None:
    hibob.histories = False
    assert len(get(hibob, "/bulk/people/work").json()["results"][0]["values"]) == 1


def test_people_whose_tables_are_hidden_are_named_among_the_errors(hibob: HiBobServer) -> None:
    hibob.hidden_tables = {ID}
    found = get(hibob, "/bulk/people/lifecycle").json()
    assert [each["employeeId"] for each in found["results"]] == ["2"]
    assert found["errors"] == [{"employeeId": ID, "error": "MISSING_PERMISSION"}]
