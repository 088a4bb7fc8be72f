"""A slice of a read of everything ends when its share of the rate is used: what it has seen shall be new."""

import time
from typing import Any

import pytest

from orgmodel.sources.http import LANES
from orgmodel.sources.okta import long_lists, part_queue
from orgmodel.sources.okta.auth import Credentials
from orgmodel.sources.okta.budget import OktaRates
from orgmodel.sources.okta.client import OktaConnection
from orgmodel.sources.okta.reader import OktaReader
from sandbox.okta.server import OktaServer
from tests.sandbox.nordwind import bare

from .organisation import Clock

LIMIT, GROUPS = 40, 100
ALLOWED = LIMIT // 2
GROUP = "/api/v1/groups/00gradish0000000001/owners"


def a_slice(okta: OktaServer, clock: Clock, **options: Any) -> OktaReader:
    okta.clock, okta.limits = lambda: 1_800_000_000 + clock.now, {"groups": LIMIT}
    connection = OktaConnection(okta.url, Credentials(okta.token), 0.5)
    reader = OktaReader(connection, sleep=clock.sleep, clock=clock, jitter=0.0, **options)
    for _ in reader.batches():
        pass
    return reader


def test_a_slice_ends_when_its_share_of_the_rate_is_used() -> None:
    """Nobody who has begun a list waits for the next minute, while what all have read grows old."""
    tenant, clock = bare(), Clock()
    for number in range(GROUPS):
        tenant.add_group(f"group-{number}")
    with OktaServer(tenant) as okta:
        reader = a_slice(okta, clock, seconds=40)
    requested = okta.most["groups"]
    assert (requested, max(clock.slept, default=0)) == (ALLOWED, 0)
    assert reader.report.left is not None
    assert len(reader.report.left) == GROUPS + 1 - (ALLOWED - len({"rules", "groups"}))


def test_a_slice_waits_a_little_for_the_next_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_queue, "MOST_WAIT", 70)
    tenant, clock = bare(), Clock()
    for number in range(GROUPS):
        tenant.add_group(f"group-{number}")
    with OktaServer(tenant) as okta:
        reader = a_slice(okta, clock, seconds=1000)
    assert reader.report.left == []
    assert okta.most["groups"] <= ALLOWED + LANES


def test_a_call_that_was_taken_beforehand_is_made_without_another() -> None:
    rates = OktaRates(0.5)
    now = time.monotonic()
    rates.heard(GROUP, headers(), now)
    assert [rates.take(GROUP, now, calls=1, spare=False) for _ in range(4)] == [0, 0, 0, 0]
    assert rates.take(GROUP, now, calls=1, spare=False) > 0
    assert [rates.wait_for(GROUP, now) for _ in range(4)] == [0, 0, 0, 0]
    assert rates.wait_for(GROUP, now) > 0


def test_long_lists_are_named_for_the_next_read_which_reads_one_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(long_lists, "LONG", 1)
    monkeypatch.setattr(long_lists, "SOME", 1)
    tenant, clock = bare(), Clock()
    person = tenant.add_user("a@nordwind.example")
    for number in range(3):
        app = tenant.add_app(f"app-{number}")
        tenant.assign_user(app, person)
    with OktaServer(tenant) as okta:
        known = a_slice(okta, clock, seconds=1000).report.cursors[long_lists.STREAM]
        left = a_slice(okta, clock, seconds=1000, long_cursor=known).report.left
    of_apps = [word for word in known.split() if word.startswith(("seat:", "edge:"))]
    assert len(of_apps) == 2 * 3
    assert len([part for part in left or () if part.kind in {"seat", "edge"}]) == 2 * 3 - 1


def headers() -> dict[str, str]:
    """Ten calls a minute, one of which is made."""
    return {
        "x-rate-limit-limit": "10",
        "x-rate-limit-remaining": "9",
        "x-rate-limit-reset": str(int(time.time()) + 60),
    }
