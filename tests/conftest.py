"""What every test finds: a database of its process, the system's Chromium for the browser tests."""

import gc
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests import databases

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next((path for path in map(shutil.which, BROWSERS) if path), None)

# A sixth of the time of a test went into looking through everything that was ever imported for garbage.
gc.set_threshold(50_000, 20, 100)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a Chromium the browser tests are left out, and pytest_terminal_summary says so."""
    if CHROMIUM:
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    config.stash[LEFT_OUT] = len(left_out)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """What has been imported and collected stays: the collector need not look at it again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """One line when there is no Chromium."""
    if not CHROMIUM:
        count = config.stash.get(LEFT_OUT, 0)
        terminalreporter.write_line(f"No Chromium found: {count} browser tests were left out.", yellow=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium instead of one that would have to be downloaded."""
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": arguments}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Makes the server ready for this run."""
    with django_db_blocker.unblock():
        databases.hurry()
        databases.drop_abandoned()
        databases.start_from_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keeps the migrated database for the runs to come; empties it quickly after tests that commit."""
    with django_db_blocker.unblock():
        databases.keep_template()
    databases.flush_by_deleting()
    yield
    # A session that outlives its test must not keep the database from being dropped.
    with django_db_blocker.unblock():
        databases.end_other_sessions()


LEFT_OUT = pytest.StashKey[int]()
