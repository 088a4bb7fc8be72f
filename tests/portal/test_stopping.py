"""The worker ends within ten seconds however it is told, goes on after a kill and leaves nothing behind."""

import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from portal.embedded.membership import Membership
from tests.portal.embedded_server import ask, server_id
from tests.portal.worker_processes import MANAGE, ROOT, Processes, end, lives, manage, start, within

Start = Callable[..., Processes]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation whose database is ready."""
    folder = tmp_path_factory.mktemp("installation")
    manage(folder, "migrate", "--verbosity", "0")
    assert server_id(folder / "postgres") is None
    return folder


@pytest.fixture
def start_worker(data: Path) -> Iterator[Start]:
    """Starts the worker and waits for its first wake."""
    started: list[Processes] = []

    def begin(**more: str) -> Processes:
        started.append(start(data, *MANAGE, "qcluster", **more))
        started[-1].woken()
        return started[-1]

    yield begin
    for each in started:
        end(each)


@pytest.fixture
def silent_okta() -> Iterator[str]:
    """An address that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    ("number", "everybody", "times"),
    [
        (signal.SIGTERM, False, 1),  # kill
        (signal.SIGTERM, True, 2),  # a service manager that tells the whole control group, and insists
        (signal.SIGINT, True, 1),  # Ctrl-C in a terminal
    ],
)
def test_it_ends_in_order(number: signal.Signals, everybody: bool, times: int, start_worker: Start) -> None:
    worker = start_worker()
    for _ in range(times):
        result = worker.tell(number, everybody)
    worker.gone(result)
    assert worker.process.returncode == 0


def test_a_sync_that_waits_for_its_source_is_cut_off(start_worker: Start, silent_okta: str) -> None:
    okta = {"OKTA_URL": silent_okta, "OKTA_TOKEN": "pretend"}
    worker = start_worker(**okta)
    running = "SELECT count(*) FROM orgmodel_run WHERE outcome = 'running'"
    within(20, lambda: worker.ask(running), "the sync begins")
    worker.gone(worker.tell(signal.SIGTERM, everybody=True))

    again = start_worker(**okta)
    cut = "SELECT count(*) FROM orgmodel_run WHERE reason = 'The run was cut off; nothing was applied.'"
    within(20, lambda: again.ask(cut), "the next sync says so")
    assert again.ask("SELECT count(*) FROM orgmodel_person") == 0
    again.gone(again.tell(signal.SIGTERM, everybody=False))


def test_when_the_command_is_killed_the_rest_does_not_live_on(start_worker: Start) -> None:
    worker = start_worker()
    result = worker.tell(signal.SIGKILL, everybody=False)
    worker.gone(result)


def test_after_a_sudden_death_and_without_a_timetable_it_wakes_again(start_worker: Start) -> None:
    worker = start_worker()
    sentinel = worker.sentinel()
    for each in sentinel.children():  # also the one that holds the queue's lock while it waits
        each.kill()
    worker.ask("DELETE FROM django_q_schedule")
    worker.woken()
    sentinel = worker.sentinel()
    orphans = sentinel.children()
    sentinel.kill()
    within(5, lambda: not lives(orphans), "what the sentinel started ends with it")
    worker.ask("DELETE FROM django_q_schedule")
    worker.woken()
    assert not lives(orphans)
    worker.gone(worker.tell(signal.SIGTERM, everybody=False))


def test_after_the_database_was_restarted_it_wakes_again(start_worker: Start, data: Path) -> None:
    worker = start_worker()
    folder = data / "postgres"
    before = server_id(folder)
    ours = Membership(folder)
    ours.join()
    with ours._alone():  # else the worker starts another one, and the stopping waits for that to end
        ours._postmaster.stop()
    ask(ours.join(verify=True), "DELETE FROM django_q_schedule")
    assert server_id(folder) != before
    ours.forget()
    worker.woken()
    worker.gone(worker.tell(signal.SIGTERM, everybody=False))


def test_the_last_web_process_stops_the_server_too(data: Path, tmp_path: Path) -> None:
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.conf.py")]
    web = start(data, *gunicorn, "--bind", f"unix:{tmp_path}/web", "portal.wsgi")
    try:
        within(20, (tmp_path / "web").exists, "the web processes listen")
        with httpx.Client(transport=httpx.HTTPTransport(uds=f"{tmp_path}/web")) as client:
            assert client.get("http://127.0.0.1/readyz", timeout=30).status_code == 503
        assert server_id(data / "postgres") is not None
        web.gone(web.tell(signal.SIGTERM, everybody=True))
        assert web.process.returncode == 0
    finally:
        end(web)
