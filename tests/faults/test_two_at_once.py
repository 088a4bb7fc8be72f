"""Two syncs of one source at the same moment: one reads, the other says so and ends."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from orgmodel.models import Change, Run
from tests.flows.conftest import Nordwind

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = Path(__file__).with_name("run_and_die.py")


def test_the_second_sync_says_that_another_one_runs(nordwind: Nordwind) -> None:
    changes = Change.objects.count()
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    nordwind.okta.faults.slow(0.2)
    first = subprocess.Popen(
        [
            *(sys.executable, str(SCRIPT), str(connection.settings_dict["NAME"])),
            *(nordwind.okta.url, nordwind.okta.token, "never"),
        ],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PYTHONPATH": str(settings.BASE_DIR)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    ends = time.monotonic() + 60
    while not Run.objects.filter(outcome="running").exists():
        assert time.monotonic() < ends
        time.sleep(0.02)
    (second,) = nordwind.sync()
    assert (second["outcome"], second["reason"]) == ("failed", "Another sync of this source is running.")
    nordwind.okta.faults.clear()
    printed, complained = first.communicate(timeout=60)
    assert first.returncode == 0, complained
    assert "applied" in printed
    assert Change.objects.count() > changes
    assert Run.objects.filter(outcome="applied").count() == 2
    assert nordwind.sync()[0]["outcome"] == "unchanged"
    nordwind.notify()
    assert {name: len(texts) for name, texts in nordwind.dms().items()} == {
        "nadia": 1,
        "radovan": 1,
        "lena": 1,
    }
