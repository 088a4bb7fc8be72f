"""kill -9 at each step of a planning: the next one goes on, and everybody hears once."""

import pytest

from notifier.models import Outbox
from orgmodel.models import Move
from tests.faults.test_sync_killed import everybody_hears_once, run_and_die
from tests.flows.conftest import Nordwind

pytestmark = pytest.mark.django_db(transaction=True)

UNDONE = ("the brake is pulled", "a case is taken", "the case is settled", "messages are written")


def test_killed_at_any_step_nothing_is_half_planned_and_nobody_hears_twice(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    assert nordwind.sync()[0]["outcome"] == "applied"
    for step in UNDONE:
        run_and_die(nordwind, step)
        assert Outbox.objects.count() == 0, step
        assert list(Move.objects.values_list("state", flat=True)) == ["open"], step
    run_and_die(nordwind, "admins are asked")
    assert Outbox.objects.filter(state="planned").count() == 3
    everybody_hears_once(nordwind)
