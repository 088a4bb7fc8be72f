"""The frame of pretend HR systems: routes, sign-in, counts, limits and every fault a test can set."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import httpx
import pytest

from sandbox.hris.records import HrPerson, HrRow, Records, add_row, row_of
from sandbox.hris.server import Handler, HrServer, Reply, Request


class Toy(HrServer):
    """People by id below /api."""

    kind = "toy"
    prefix = "/api"

    def routes(self) -> Mapping[str, Handler]:
        return {"GET /people/{id}": self.person, "POST /search": self.search}

    def person(self, request: Request) -> Reply:
        found = self.records.people.get(request.parts["id"])
        return Reply({"name": found.name}) if found else self.refusal(404, request)

    def search(self, request: Request) -> Reply:
        return Reply({"wanted": request.json(), "page": request.query.get("page", "")})


def someone(**values: object) -> HrPerson:
    known: dict[str, object] = {
        "id": "3332883884017713901",
        "email": "ines@nordwind.example",
        "name": "Inès Ørsted",
        "title": "Engineer",
        "worker_type": "Employee",
        "employee_number": "0042",
        "start_date": date(2024, 3, 18),
        "manager_id": "7",
        "team": "radish",
        "department": "Engineering",
        "specialisation": "Data",
    }
    return HrPerson(**(known | values))  # type: ignore[arg-type]  # values of every kind


@pytest.fixture
def toy() -> Iterator[Toy]:
    records = Records()
    records.add(someone(id="a/b"))
    with Toy(records) as server:
        yield server


def get(toy: Toy, path: str = "/people/a%2Fb", **options: object) -> httpx.Response:
    signed = (toy.user, toy.token)
    return httpx.get(toy.url + path, **({"auth": signed, "timeout": 5} | options))  # type: ignore[arg-type]


def test_a_route_takes_the_parts_of_its_path_and_is_counted(toy: Toy) -> None:
    assert get(toy).json() == {"name": "Inès Ørsted"}
    assert get(toy, "/people/nobody").status_code == 404
    assert toy.calls == {"GET /people/{id}": 2}


def test_a_body_and_a_query_reach_the_handler(toy: Toy) -> None:
    found = httpx.post(f"{toy.url}/search?page=2", json={"ids": ["1"]}, auth=(toy.user, toy.token))
    assert found.json() == {"wanted": {"ids": ["1"]}, "page": "2"}


def test_unknown_paths_and_methods_are_refused_and_counted(toy: Toy) -> None:
    assert get(toy, "/nowhere").status_code == 404
    assert httpx.delete(f"{toy.url}/search", auth=(toy.user, toy.token)).status_code == 405
    assert toy.calls == {"GET /api/nowhere": 1, "DELETE /api/search": 1}


def test_what_lies_outside_the_api_is_none_of_it(toy: Toy) -> None:
    found = httpx.post(f"{toy.origin}/search", json={}, auth=(toy.user, toy.token))
    assert found.status_code == 404


def test_nobody_is_answered_without_the_token(toy: Toy) -> None:
    assert get(toy, auth=None).status_code == 401
    assert get(toy, auth=(toy.user, "wrong")).status_code == 401


def test_a_limit_refuses_what_is_too_much_and_says_until_when(toy: Toy) -> None:
    toy.limits["GET /people/{id}"] = 2
    assert [get(toy).status_code for _ in range(3)] == [200, 200, 429]
    until = int(get(toy).headers["X-RateLimit-Reset"])
    assert 0 < until - datetime.now(UTC).timestamp() <= 61


def test_refusals_by_fault_name_when_to_come_back(toy: Toy) -> None:
    toy.faults.crowd(retry_after="7")
    toy.faults.crowd(reset=30)
    assert get(toy).headers["Retry-After"] == "7"
    refused = get(toy)
    assert refused.status_code == 429
    assert 28 < int(refused.headers["X-RateLimit-Reset"]) - datetime.now(UTC).timestamp() <= 30
    assert get(toy).status_code == 200


def test_a_fault_can_wait_for_the_third_call_of_one_route(toy: Toy) -> None:
    toy.faults.refuse(503, "GET /people", times=1, after=2)
    assert [get(toy).status_code for _ in range(4)] == [200, 200, 503, 200]


def test_a_page_in_place_of_json_a_cut_and_a_changed_answer(toy: Toy) -> None:
    toy.faults.html()
    toy.faults.cut(at=5)
    toy.faults.change(lambda reply: replace(reply, body={"name": "x"}), times=1)
    page = get(toy)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    with pytest.raises(httpx.RemoteProtocolError):
        get(toy)
    assert get(toy).json() == {"name": "x"}


def test_slow_answers_and_a_clock_that_is_ahead(toy: Toy) -> None:
    toy.skew = 3600
    toy.faults.slow(0.3, times=1)
    before = datetime.now(UTC)
    ahead = get(toy)
    assert (datetime.now(UTC) - before).total_seconds() >= 0.3
    shown = datetime.strptime(ahead.headers["Date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert 3590 < (shown - before).total_seconds() < 3610


def test_a_row_ends_with_the_next_one_and_says_nothing_twice() -> None:
    person = someone()
    rows: list[HrRow] = []
    add_row(rows, row_of(person, date(2024, 3, 18)))
    add_row(rows, row_of(person, date(2025, 1, 1)))
    add_row(rows, row_of(person, date(2026, 5, 1), team="leek"))
    add_row(rows, row_of(person, date(2026, 5, 1), team="fennel"))
    assert [(str(each.since), str(each.until), each.team) for each in rows] == [
        ("2024-03-18", "2026-05-01", "radish"),
        ("2026-05-01", "None", "fennel"),
    ]


def test_the_row_that_holds_today_is_the_current_one() -> None:
    records = Records(now=lambda: datetime(2026, 9, 14, tzinfo=UTC))
    person = someone()
    old, new = row_of(person, date(2024, 3, 18)), row_of(person, date(2026, 11, 1), team="leek")
    records.add(person, replace(old, until=new.since), new)
    assert records.current(person).team == "radish"
    assert records.rows_of(someone(id="9", start_date=date(2027, 1, 1)))[0].since == date(2027, 1, 1)
