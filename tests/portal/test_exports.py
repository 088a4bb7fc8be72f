"""Exports of lists that have no end: sent while they are read, a part at a time, all of it, by permission."""

import csv
import json
from collections.abc import Callable, Iterator
from typing import cast

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orgmodel.models import Finding
from orgmodel.queries import rows
from orgmodel.queries.history import feed
from portal.exports import json_pieces
from tests.orgmodel.sync.world import moment
from tests.portal.conftest import SignIn
from tests.portal.operations import finding, message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]

LISTS = (
    "/people",
    "/changes",
    "/drift",
    "/outbox",
    "/apps/figma-3cc92972d4",
    "/groups/team-cucumber-bcda84a3ba",
)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows are a part, so that a small company has several."""
    monkeypatch.setattr(rows, "BATCH", 2)
    monkeypatch.setattr(feed, "BATCH", 2)


def opened(client: Client, address: str) -> StreamingHttpResponse:
    answer = client.get(address)
    assert answer.streaming, address
    return cast(StreamingHttpResponse, answer)


def whole(client: Client, address: str) -> str:
    return b"".join(opened(client, address)).decode().removeprefix("\ufeff")


@pytest.mark.parametrize("address", LISTS)
def test_csv_and_json_tell_as_many_rows(as_person: SignIn, address: str) -> None:
    client = as_person("tomas")
    data = json.loads(whole(client, f"{address}.json"))
    lines = [*csv.reader(whole(client, f"{address}.csv").splitlines())]
    assert len(lines) - 1 == len(data["people"] if isinstance(data, dict) else data)


@pytest.mark.parametrize("address", ["/moves", "/drift", "/outbox", "/changes", "/sources"])
def test_each_row_of_a_csv_stands_under_its_columns(as_person: SignIn, address: str) -> None:
    finding()
    message()
    columns, *lines = csv.reader(whole(as_person("tomas"), f"{address}.csv").splitlines())
    assert {len(line) for line in lines} == {len(columns)}


def test_everybody_is_there_once_and_in_order(as_person: SignIn) -> None:
    names = [each["name"] for each in json.loads(whole(as_person("lena"), "/people.json"))]
    assert names[:4] == ["Lena Osei", "Nadia Brandt", "Quinn Abe", "Tomas Okafor"]
    holders = json.loads(whole(as_person("lena"), "/apps/figma-3cc92972d4.json"))["people"]
    assert [each["person"]["name"] for each in holders] == sorted(each["person"]["name"] for each in holders)
    assert holders


def test_nothing_is_read_before_it_is_sent(as_person: SignIn) -> None:
    client = as_person("tomas")
    for number in range(6):
        Finding.objects.create(
            fingerprint=f"f{number}",
            detector="leaver-active",
            severity="high",
            sentence="Somebody left.",
            first_seen=moment(1),
            last_seen=moment(1),
        )
    parts = iter(opened(client, "/drift.csv"))
    next(parts)
    with CaptureQueriesContext(connection) as first:
        next(parts)
    with CaptureQueriesContext(connection) as rest:
        left = [*parts]
    assert len(left) >= 5
    assert 0 < len(first) < len(rest)


def test_whoever_goes_away_ends_the_reading(as_person: SignIn) -> None:
    answer = opened(as_person("tomas"), "/changes.csv")
    parts = iter(answer)
    next(parts)
    next(parts)
    with CaptureQueriesContext(connection) as seen:
        answer.close()
        assert [*parts] == []
    assert len(seen) == 0


@pytest.mark.parametrize("address", ["/drift.csv", "/drift.json", "/outbox.csv", "/outbox.json"])
def test_permission_is_decided_before_the_first_byte(as_person: SignIn, address: str) -> None:
    assert as_person("lena").get(address).status_code == 403


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (lambda: iter([]), []),
        (lambda: iter([{"a": 1}, {"b": "ü"}]), [{"a": 1}, {"b": "ü"}]),
        (lambda: {"at": None, "people": iter([1, 2])}, {"at": None, "people": [1, 2]}),
        (lambda: {"people": iter([]), "of": {"x": [1]}}, {"people": [], "of": {"x": [1]}}),
        (lambda: [1, {"b": 2}], [1, {"b": 2}]),
    ],
)
def test_pieces_make_the_same_json(data: Callable[[], object], expected: object) -> None:
    pieces: Iterator[str] = json_pieces(data())
    assert json.loads("".join(pieces)) == expected
