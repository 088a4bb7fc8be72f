"""kill -9 at each step of a sync: what was read stays as it was or is the truth, and everybody hears once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from orgmodel.models import Run
from tests.flows.conftest import Nordwind
from tests.orgmodel.sync.test_faults import read_model, wait_for_its_lock

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = Path(__file__).with_name("run_and_die.py")
HEARD = {"nadia": 1, "radovan": 1, "lena": 1}
LOST = (
    "the run has begun",
    "the third call",
    "the merge begins",
    "members are merged",
    "the run is recorded",
)
KEPT = ("the run is committed", "findings are written")


def run_and_die(nordwind: Nordwind, step: str) -> None:
    root = str(settings.BASE_DIR)
    database = str(connection.settings_dict["NAME"])
    done = subprocess.run(
        [sys.executable, str(SCRIPT), database, nordwind.okta.url, nordwind.okta.token, step],
        cwd=root,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, f"{done.stdout}\n{done.stderr}"
    wait_for_its_lock()


def everybody_hears_once(nordwind: Nordwind) -> None:
    for _ in range(2):
        nordwind.notify()
        assert {name: len(texts) for name, texts in nordwind.dms().items()} == HEARD
    assert nordwind.dms()["nadia"][0].startswith("You moved from Radish to Cucumber")


def test_killed_before_the_commit_leaves_what_was_and_the_next_sync_says_so(nordwind: Nordwind) -> None:
    before = read_model()
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    for number, step in enumerate(LOST, 1):
        run_and_die(nordwind, step)
        assert read_model() == before, step
        nordwind.notify()
        assert nordwind.dms() == {}, step
        # What the next sync would find, were it killed as well: each cut run is told by the one after it.
        assert Run.objects.filter(outcome="running").count() == 1, step
        assert Run.objects.filter(outcome="failed").count() == number - 1, step
    assert nordwind.sync()[0]["outcome"] == "applied"
    cut = set(Run.objects.filter(outcome="failed").values_list("reason", flat=True))
    assert cut == {"The run was cut off; nothing was applied."}
    everybody_hears_once(nordwind)


@pytest.mark.parametrize("step", KEPT)
def test_killed_after_the_commit_keeps_the_truth(nordwind: Nordwind, step: str) -> None:
    before = read_model()
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    run_and_die(nordwind, step)
    assert read_model() != before
    outcomes = list(Run.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["applied", "unchanged", "applied"]
    assert nordwind.sync()[0]["outcome"] == "unchanged"
    everybody_hears_once(nordwind)
