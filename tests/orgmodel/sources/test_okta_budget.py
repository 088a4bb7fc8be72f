"""How much of a rate bucket is used, by hand-made headers and a clock of numbers."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from orgmodel.sources.concurrency import Lanes
from orgmodel.sources.okta.budget import Budget, bucket_of, seconds_to_reset, seconds_to_retry

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def headers(remaining: int, reset: float = 60, limit: int = 100) -> dict[str, str]:
    return {
        "x-rate-limit-limit": str(limit),
        "x-rate-limit-remaining": str(remaining),
        "x-rate-limit-reset": str(int(NOON.timestamp() + reset)),
        "date": format_datetime(NOON, usegmt=True),
    }


def taken(budget: Budget, now: float, most: int = 1000) -> int:
    """Calls that are let through at once."""
    return next((count for count in range(most) if budget.wait_for("apps", now) > 0), most)


def test_before_anything_is_known_calls_go_through() -> None:
    assert taken(Budget(0.5), 0.0, 20) == 20


@pytest.mark.parametrize(("share", "calls"), [(0.5, 50), (0.1, 10), (1.0, 100), (0.001, 1)])
def test_only_the_share_of_a_window_is_used(share: float, calls: int) -> None:
    budget = Budget(share)
    assert budget.wait_for("apps", 0.0) == 0.0
    budget.heard("apps", headers(99), 0.0)
    assert taken(budget, 1.0) == calls - 1
    assert budget.wait_for("apps", 20.0) == 40.0  # to the reset
    assert budget.wait_for("groups", 20.0) == 0.0


def test_a_new_window_gives_the_share_anew_without_another_answer() -> None:
    budget = Budget(0.5)
    budget.wait_for("apps", 0.0)
    budget.heard("apps", headers(99), 0.0)
    taken(budget, 1.0)
    assert taken(budget, 60.0) == 50
    assert budget.wait_for("apps", 61.0) == 0.25  # nothing was heard of this window yet: it is only a guess
    budget.heard("apps", headers(50, 70), 62.0)
    assert budget.wait_for("apps", 62.0) == 70.0
    assert budget.wait_for("apps", 131.9) == pytest.approx(0.1)


def test_a_window_that_began_anew_at_okta_is_noticed_by_its_reset() -> None:
    budget = Budget(0.5)
    budget.wait_for("apps", 0.0)
    budget.heard("apps", headers(60, 5), 0.0)
    budget.heard("apps", headers(99, 65), 4.0)
    assert taken(budget, 5.0) == 49
    assert budget.wait_for("apps", 9.0) == 60.0


def test_a_reset_that_moves_with_every_answer_is_one_window() -> None:
    budget = Budget(0.5)
    for second in range(50):
        assert budget.wait_for("apps", float(second)) == 0.0
        budget.heard("apps", headers(99 - second, 60 + second), float(second))
    assert budget.wait_for("apps", 50.0) == 10.0


def test_the_last_tenth_is_left_whoever_used_the_rest() -> None:
    budget = Budget(0.5)
    budget.wait_for("apps", 0.0)
    budget.heard("apps", headers(11), 0.0)
    assert budget.wait_for("apps", 0.0) == 0.0
    budget.heard("apps", headers(10), 0.0)
    assert budget.wait_for("apps", 0.0) == 60.0


def test_an_answer_that_comes_late_does_not_give_calls_back() -> None:
    budget = Budget(1.0)
    budget.wait_for("apps", 0.0)
    budget.heard("apps", headers(0), 0.0)
    budget.heard("apps", headers(40), 0.0)
    budget.heard("apps", headers(40, -60), 0.0)
    assert budget.wait_for("apps", 0.0) == 60.0


def test_a_limit_of_0_and_headers_without_sense_teach_nothing() -> None:
    budget = Budget(0.5)
    budget.heard("apps", headers(0, limit=0), 0.0)
    budget.heard("apps", {"x-rate-limit-limit": "many", "x-rate-limit-remaining": "0"}, 0.0)
    budget.heard("apps", {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0"}, 0.0)
    assert budget.wait_for("apps", 0.0) == 0.0


def test_a_path_with_a_limit_of_its_own_does_not_give_the_others_more() -> None:
    """Okta may count owners apart: their window and their limit are not those of members."""
    budget = Budget(0.5)
    budget.wait_for("groups", 0.0)
    budget.heard("groups", headers(99), 0.0)
    budget.wait_for("groups", 1.0)
    budget.heard("groups", headers(990, reset=90, limit=1000), 1.0)
    assert sum(budget.wait_for("groups", 2.0) == 0 for _ in range(100)) == 50 - 2


def test_of_two_limits_the_tighter_counts_whichever_was_heard_first() -> None:
    budget = Budget(0.5)
    budget.wait_for("groups", 0.0)
    budget.heard("groups", headers(990, limit=1000), 0.0)
    budget.wait_for("groups", 1.0)
    budget.heard("groups", headers(19, limit=20), 1.0)
    assert sum(budget.wait_for("groups", 2.0) == 0 for _ in range(100)) == 10 - 2


@pytest.mark.parametrize(("limit", "patient", "all_"), [(200, 90, 100), (20, 9, 10), (4, 1, 2), (2, 1, 1)])
def test_what_can_wait_leaves_a_tenth_of_our_share(limit: int, patient: int, all_: int) -> None:
    budget = Budget(0.5)
    budget.wait_for("apps", 0.0)
    budget.heard("apps", headers(limit - 1, limit=limit), 0.0)
    patiently = sum(budget.begin("apps", 1.0, calls=1, spare=True) == 0 for _ in range(limit))
    others = sum(budget.wait_for("apps", 2.0) == 0 for _ in range(limit))
    assert (1 + patiently, 1 + patiently + others) == (patient, all_)


def begun(budget: Budget, calls: int) -> bool:
    return budget.begin("apps", 1.0, calls=calls, spare=False) == 0


def test_a_list_is_begun_where_all_its_pages_fit_beside_those_that_were_begun() -> None:
    """Two lists of nineteen pages with room for thirty would both wait for the next minute half-way."""
    budget = Budget(0.5)
    budget.wait_for("apps", 0.0)
    budget.heard("apps", headers(99, limit=100), 0.0)
    assert [begun(budget, calls) for calls in (19, 19, 12, 11, 1)] == [True, True, False, True, False]
    pages = [budget.wait_for("apps", 1.0) for _ in range(18)]
    assert pages == [0.0] * 18, "whoever reads on does not wait for what was promised"
    budget.keep("apps", 18)
    assert not begun(budget, 1)
    budget.keep("apps", 6)
    assert [begun(budget, calls) for calls in (7, 6)] == [False, True]


def test_a_list_longer_than_a_minute_is_begun_where_half_of_our_share_is_left() -> None:
    budget = Budget(0.5)
    budget.wait_for("apps", 0.0)
    budget.heard("apps", headers(99, limit=100), 0.0)
    assert [begun(budget, calls) for calls in (10, 15, 180)] == [True, True, False]
    budget = Budget(0.5)
    budget.wait_for("apps", 0.0)
    budget.heard("apps", headers(99, limit=100), 0.0)
    assert [begun(budget, calls) for calls in (10, 14, 180, 1)] == [True, True, True, False]


def test_no_wait_is_longer_than_ninety_seconds_nor_shorter_than_none() -> None:
    assert seconds_to_reset(headers(0, 4000)) == 90.0
    assert seconds_to_reset(headers(0, -5)) == 0.0
    assert seconds_to_reset({}) is None


def test_the_wait_after_a_refusal() -> None:
    assert seconds_to_retry(headers(0, 30)) == 30.0
    assert seconds_to_retry(headers(0, 30) | {"retry-after": "7"}) == 7.0
    assert seconds_to_retry(headers(0, 30) | {"retry-after": "²"}) == 30.0
    assert seconds_to_retry({}) == 1.0


@pytest.mark.parametrize(
    ("path", "bucket"),
    [
        ("/api/v1/users", "users"),
        ("/api/v1/groups/00g1/users", "groups"),
        ("/api/v1/groups/rules", "groups"),
        ("/api/v1/groups/rules?limit=200", "groups"),
        ("/api/v1/users/00u1", "users/{id}"),
        ("/api/v1/groups/00g1", "groups/{id}"),
        ("/api/v1/apps/0oa1", "apps/{id}"),
        ("/api/v1/users/00u1/groups", "users/{id}/*"),
        ("/api/v1/apps/0oa1/group-push/mappings", "apps"),
        ("/api/v1/apps/0oa1/users", "apps"),
        ("/api/v1/logs", "logs"),
        ("/api/v1/meta/types/user", "other"),
    ],
)
def test_the_bucket_of_a_path(path: str, bucket: str) -> None:
    assert bucket_of(path) == bucket


def test_lanes_are_halved_down_to_one() -> None:
    lanes = Lanes(4)
    found = []
    for _ in range(3):
        lanes.narrow()
        found.append(lanes.allowed)
    assert found == [2, 1, 1]


def test_who_is_stopped_does_not_wait_for_a_lane() -> None:
    lanes = Lanes(1)
    through = []
    with lanes.lane(lambda: False), lanes.lane(lambda: True):
        through.append("the stopped one")
    with lanes.lane(lambda: False):
        through.append("the next one")
    assert through == ["the stopped one", "the next one"]


def test_a_header_that_is_given_twice_means_its_more_cautious_number() -> None:
    at = int(NOON.timestamp())
    twice = {**headers(0), "x-rate-limit-reset": f"{at + 20}, {at + 35}"}
    assert seconds_to_reset(twice) == 35.0
    assert seconds_to_retry(twice) == 35.0
    assert seconds_to_reset({**twice, "x-rate-limit-reset": f"{at + 35},soon,"}) == 35.0
    assert seconds_to_reset({**twice, "x-rate-limit-reset": "soon"}) is None
    budget = Budget(1.0)
    budget.heard("apps", {**headers(99), "x-rate-limit-limit": "100, 40"}, 0.0)
    assert taken(budget, 1.0) == 39
