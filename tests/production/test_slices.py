"""The worker alone, with 60 seconds for each task, reads an Okta whose rates make a read of everything long.

A minute of Okta's rates lasts a second here, or a minute. What is read in slices goes on after one is killed,
what changes meanwhile is seen meanwhile, and afterwards changes are seen as ever.
"""

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import psutil
import pytest

from tests.flows.conftest import TOMAS
from tests.production.browser import Browser
from tests.production.conftest import Company, Install
from tests.production.installation import Installation, within
from tests.production.test_event_hook import one
from tests.production.test_walk import ready, time_passes

HURRIED = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
django.setup()
import portal.jobs
portal.jobs.SLICE = 2.0
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "qcluster"])
"""
"""The worker, with slices as short as the minutes are."""
LEFT = "SELECT count(*) FROM orgmodel_partleft"
WHOLE = "SELECT count(*) FROM orgmodel_sourcecursor WHERE stream = 'whole' AND value <> ''"
SLICES = "SELECT count(*) FROM orgmodel_run WHERE outcome IN ('applied', 'unchanged')"
CUT_OFF = "SELECT count(*) FROM orgmodel_run WHERE reason = 'The run was cut off; nothing was applied.'"
LONGEST = "SELECT max(seconds)::float FROM orgmodel_run"


@dataclass(frozen=True)
class Size:
    """`groups` of one member each: two calls for members and owners.

    `window`: seconds that stand for a minute. `limit`: calls about groups that Okta allows in one; ours are
    half of them. `patience`: seconds that all slices may take.
    """

    groups: int
    window: int
    limit: int
    worker: Sequence[str]
    patience: float


BY_THE_CLOCK = Size(200, 60, 50, ("manage.py", "qcluster"), 2400)


def killed(place: Installation) -> None:
    """The process that reads just now gets SIGKILL."""
    lines = place.log("worker").read_text().splitlines()
    (name,) = [line.split()[4] for line in lines if line.endswith("'portal.jobs.read' [read the sources]")][
        -1:
    ]
    (pid,) = [line.split()[-1] for line in lines if f" {name} ready for work at " in line]
    psutil.Process(int(pid)).send_signal(signal.SIGKILL)


def reads_on(place: Installation, size: Size, happened: Callable[[], bool], what: str) -> float:
    """Wait for it; where minutes are short, the timetable's are too."""

    def seen() -> bool:
        if happened():
            return True
        if size.window == 1:
            time_passes(place)
        return False

    return within(size.patience, seen, what)


def slow_okta(company: Company, size: Size) -> None:
    tenant = company.okta.tenant
    lines = len(tenant.log.events)
    for number in range(size.groups):
        group = tenant.add_group(f"list-{number}", "")
        tenant.add_member(group, company.users["nadia"], TOMAS)
        # Months old, and in no line of the log: what has just been made is read at once, not in slices.
        group.created = group.updated = group.membership = group.created - timedelta(days=100 + number)
    del tenant.log.events[lines:]
    company.okta.window = size.window
    company.okta.limits = {"groups": size.limit}


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(Size(60, 1, 10, ("-c", HURRIED), 90), id="hurried"),
        pytest.param(
            Size(200, 60, 50, ("manage.py", "qcluster"), 2400), id="by-the-clock", marks=pytest.mark.slow
        ),
    ],
)
def test_a_long_read_goes_on_in_slices(size: Size, install: Install, company: Company) -> None:
    slow_okta(company, size)
    place = install("embedded")
    place.manage("migrate", "--verbosity", "0")
    port = place.serve("web")
    # Asking for the database starts it.
    assert ready([port])[0] == 503
    place.work("worker", size.worker)
    reads_on(place, size, lambda: one(place, SLICES) == 1, "the first slice")
    nadia = Browser([port], "nadia")
    nadia.sign_in()
    company.move("nadia", "cucumber", "lena")
    reads_on(place, size, lambda: "Figma" in nadia.apps(), "a change while everything is read")
    running = "SELECT count(*) FROM orgmodel_run WHERE outcome = 'running'"
    reads_on(place, size, lambda: one(place, running) == 1, "another slice")
    assert one(place, LEFT)
    killed(place)
    if size.window == 1:
        # Enough was left for slow machines; nobody need wait for all of it.
        company.okta.limits = {}
    reads_on(place, size, lambda: one(place, WHOLE) == 1, "everything was read")
    assert one(place, CUT_OFF) == 1
    company.move("nadia", "radish", "radovan")
    reads_on(place, size, lambda: "Radish staging" in nadia.apps(), "a change afterwards")
    assert ready([port])[0] == 200
    assert float(str(one(place, LONGEST))) < 60
    place.stop()
