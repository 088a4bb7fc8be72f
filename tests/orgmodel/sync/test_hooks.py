"""What hooks named is there until a run that looked at it is applied; early syncs keep their distance."""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.marks import Covered
from orgmodel.models import HookDelivery, HookHint, HookState, Run
from orgmodel.reports import SourceFailed
from orgmodel.sources.hooks import EVERYTHING, Contents, Named
from orgmodel.sync import hooks
from orgmodel.sync.runs import SyncOutcome, read_and_apply
from tests.orgmodel.sync.world import FactsReader, account

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
MARA, ANALYSTS = Named("account", "mara"), Named("group", "analysts")


def accept(key: str, *named: Named, source: str = "okta", at: datetime = NOW) -> bool:
    return hooks.accept(source, Contents(frozenset(named), key), at)


def left() -> set[tuple[str, str, int]]:
    return {(each.kind, each.native_id, each.count) for each in HookHint.objects.all()}


class Interrupted(FactsReader):
    """A read in the middle of which something happens."""

    def __init__(self, facts: Sequence[Fact], happens: Any) -> None:
        super().__init__(facts, marks=[Covered("account")])
        self._happens = happens

    def batches(self) -> Iterator[Sequence[Fact]]:
        yield from super().batches()
        self._happens()


def read(happens: Any = lambda: None, facts: Sequence[Fact] = (), **more: Any) -> SyncOutcome:
    found = [*facts] or [account("mara"), account("nadia")]
    return read_and_apply(Interrupted(found, happens), Conventions(), "okta", **more)


def test_an_applied_run_clears_what_was_named_before_it_began() -> None:
    accept("e1", MARA, ANALYSTS)
    accept("e2", EVERYTHING, source="hris")
    assert read().outcome == "applied"
    assert left() == {("", "", 1)}
    accept("e3", MARA)
    assert read().outcome == "unchanged"
    assert left() == {("", "", 1)}


def test_what_is_named_while_the_source_is_read_is_left_for_the_next_run() -> None:
    accept("e1", MARA, ANALYSTS)
    new = Named("app", "snowflake")
    assert read(lambda: accept("e2", MARA, new, at=NOW + timedelta(seconds=1))).outcome == "applied"
    assert left() == {("account", "mara", 2), ("app", "snowflake", 1)}
    assert HookState.objects.get().waiting_since == NOW + timedelta(seconds=1)
    read()
    assert left() == set()


def test_a_double_while_the_source_is_read_holds_nothing_back() -> None:
    accept("e1", MARA)
    assert read(lambda: accept("e1", MARA)).outcome == "applied"
    assert (left(), HookState.objects.get().waiting_since) == (set(), None)


def fail() -> None:
    raise SourceFailed("Okta could not be reached.")


def test_a_run_that_is_not_applied_leaves_everything() -> None:
    accept("e1", MARA)
    assert read(fail).outcome == "failed"
    assert left() == {("account", "mara", 1)}
    assert read().outcome == "applied"
    accept("e2", MARA)
    many = [account(f"u{number}") for number in range(40)]
    assert read(facts=many).outcome == "applied"
    accept("e3", MARA)
    assert read(facts=many[:1]).outcome == "quarantined"
    assert left() == {("account", "mara", 1)}


def test_a_preview_takes_nothing() -> None:
    accept("e1", MARA)
    assert read(preview=True).outcome == "applied"
    assert left() == {("account", "mara", 1)}
    assert HookState.objects.get().waiting_since == NOW


def test_whoever_failed_is_not_woken_again_by_the_same_delivery() -> None:
    accept("e1", MARA)
    read(fail)
    assert hooks.early_syncs(["okta"]) == {}
    assert accept("e2", MARA, at=NOW + timedelta(minutes=1))
    assert list(hooks.early_syncs(["okta"])) == ["okta"]


def test_a_read_can_see_that_the_next_one_is_awaited() -> None:
    assert not hooks.is_awaited("okta")
    accept("e1", MARA)
    assert (hooks.is_awaited("okta"), hooks.is_awaited("hris")) == (True, False)
    hooks.take("okta")
    assert not hooks.is_awaited("okta")


def test_clearing_is_part_of_the_transaction() -> None:
    accept("e1", MARA)
    taken = hooks.take("okta")
    with transaction.atomic():
        hooks.clear(taken)
        assert left() == set()
        transaction.set_rollback(True)
    assert left() == {("account", "mara", 1)}


def test_only_the_first_delivery_since_a_sync_began_wakes() -> None:
    assert accept("e1", MARA)
    assert not accept("e2", MARA, at=NOW + timedelta(seconds=1))
    assert not accept("e1", MARA, at=NOW + timedelta(seconds=2))
    hooks.take("okta")
    assert not accept("e2", MARA, at=NOW + timedelta(seconds=3))
    assert accept("e3", at=NOW + timedelta(seconds=4))


def ran(finished: datetime, seconds: float, source: str = "okta", **more: str) -> None:
    began = finished - timedelta(seconds=seconds)
    given = {"outcome": "applied", "applied_at": finished} | more
    Run.objects.create(source=source, started=began, finished=finished, seconds=seconds, **given)


@pytest.mark.parametrize(
    ("ago", "seconds", "after"),
    [
        (300, 10, 1),
        (26, 10, 4),
        (20, 10, 10),
        (0, 10, 30),
        (0, 0, 30),
        (30, 600, 570),
        (700, 600, 1),
    ],
)
def test_an_early_sync_keeps_its_distance_from_one_of_everything(
    ago: int, seconds: float, after: int
) -> None:
    ran(NOW - timedelta(hours=5), 9000)
    ran(NOW - timedelta(seconds=ago), seconds)
    ran(NOW, 5000, source="hris")
    accept("e1", MARA)
    assert hooks.early_syncs(["okta"]) == {"okta": NOW + timedelta(seconds=after)}


@pytest.mark.parametrize(("outcome", "after"), [("applied", 3), ("unchanged", 3), ("failed", 42)])
def test_after_one_of_what_changed_it_need_not_wait_unless_that_failed(outcome: str, after: int) -> None:
    ran(NOW + timedelta(seconds=2), 40, mode="incremental", outcome=outcome)
    accept("e1", MARA)
    assert hooks.early_syncs(["okta"]) == {"okta": NOW + timedelta(seconds=after)}


def test_eight_in_a_minute_are_enough() -> None:
    for number in range(7):
        ran(NOW - timedelta(seconds=40 - 5 * number), 1, mode="incremental")
    accept("e1", MARA)
    assert hooks.early_syncs(["okta"]) == {"okta": NOW + timedelta(seconds=1)}
    ran(NOW, 1, mode="incremental")
    assert hooks.early_syncs(["okta"]) == {"okta": NOW + timedelta(seconds=20)}


def test_a_source_is_waited_for_only_while_it_is_set_up() -> None:
    accept("e1", MARA)
    accept("e2", source="hris")
    assert list(hooks.early_syncs(["okta", "hris"])) == ["hris", "okta"]
    assert list(hooks.early_syncs(["control"])) == []


def test_deliveries_are_forgotten_after_a_day() -> None:
    now = timezone.now()
    accept("e1", MARA, at=now - timedelta(hours=25))
    accept("e2", MARA, at=now - timedelta(hours=23))
    assert hooks.sweep(now) == 1
    assert [each.key for each in HookDelivery.objects.all()] == ["e2"]
    assert left() == {("account", "mara", 2)}


def test_doubles_of_two_sources_are_not_the_same() -> None:
    accept("e1", MARA)
    assert accept("e1", MARA, source="hris")
    assert HookHint.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_row_that_a_delivery_holds_makes_no_sync_wait() -> None:
    accept("e1", MARA, ANALYSTS)
    taken = hooks.take("okta")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("UPDATE orgmodel_hookhint SET count = count + 1 WHERE native_id = 'mara'")
            with transaction.atomic(), connection.cursor() as mine:
                mine.execute("SET LOCAL statement_timeout = '5s'")
                hooks.clear(taken)
            cursor.execute("COMMIT")
    finally:
        other.close()
    assert left() == {("account", "mara", 2)}


@pytest.mark.django_db(transaction=True)
def test_deliveries_that_come_at_once_and_in_any_order_are_each_taken_once() -> None:
    deliveries = [
        (f"e{number}", [Named("account", f"u{one}") for one in range(number, number + 10)])
        for number in range(20)
    ]
    wakes: list[bool] = []

    def deliver(seed: int) -> None:
        mine = [*deliveries]
        random.Random(seed).shuffle(mine)
        try:
            wakes.extend(accept(key, *named, at=timezone.now()) for key, named in mine)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(deliver, range(4)))
    counts = {each.native_id: each.count for each in HookHint.objects.all()}
    assert counts == {f"u{one}": min(one, 19) - max(one - 9, 0) + 1 for one in range(29)}
    assert (HookDelivery.objects.count(), HookState.objects.get().accepted) == (20, 80)
    assert sum(wakes) == 1
