"""The embedded server: shared, stopped by the last one, not confused by kills, cuts or long paths."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from portal.embedded import postmaster
from portal.embedded.base import DatabaseWrapper
from portal.embedded.membership import Membership, membership
from portal.embedded.owner import Owner
from portal.embedded.sockets import socket_folder_for
from tests.portal.embedded_server import ask, server_id

USER = """
import sys
from pathlib import Path
from portal.embedded.membership import membership
sys.stdout.write(f"{membership(Path(sys.argv[1])).join()}\\n")
sys.stdout.flush()
sys.stdin.read()
"""
FORKING_USER = """
import os, sys
from pathlib import Path
from portal.embedded.membership import membership
ours = membership(Path(sys.argv[1]))
ours.join()
child = os.fork()
if child == 0:
    sys.exit(0)  # an ordinary end of a child, with its atexit handlers
os.waitpid(child, 0)
sys.stdout.write((Path(sys.argv[1]) / "postmaster.pid").read_text().split()[0])
"""
User = subprocess.Popen[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "postgres"


@pytest.fixture
def start_user(folder: Path) -> Iterator[Callable[[], User]]:
    """Starts another process that joins the server and stays until its input is closed."""
    users: list[User] = []

    def start() -> User:
        pipe = subprocess.PIPE
        user = subprocess.Popen([sys.executable, "-c", USER, str(folder)], stdin=pipe, stdout=pipe, text=True)
        users.append(user)
        assert user.stdout
        assert user.stdout.readline()
        return user

    yield start
    for user in users:
        leave(user)


def leave(user: User) -> None:
    """Ends a user in good order; one that is killed already has nothing left to say."""
    user.communicate(timeout=60)
    assert user.returncode in {0, -signal.SIGKILL}


def end(user: User) -> int:
    """Asks until it ends: a signal just before a read that blocks is only handled after that read."""
    for _ in range(60):
        user.terminate()
        with suppress(subprocess.TimeoutExpired):
            return user.wait(1)
    raise AssertionError("it did not end")


def test_two_processes_share_one_server_and_the_last_one_stops_it(
    folder: Path, start_user: Callable[[], User]
) -> None:
    first = start_user()
    started = server_id(folder)
    second = start_user()
    assert server_id(folder) == started
    leave(first)
    assert server_id(folder) == started
    leave(second)
    assert server_id(folder) is None


def test_a_killed_user_does_not_keep_the_server_alive_and_nothing_is_lost(
    folder: Path, start_user: Callable[[], User]
) -> None:
    victim, last = start_user(), start_user()
    ask(folder, "CREATE TABLE vegetable AS SELECT 'Fennel' AS name")
    victim.kill()
    victim.wait(60)
    assert server_id(folder) is not None
    leave(last)
    assert server_id(folder) is None

    ours = Membership(folder)
    assert ask(ours.join(), "SELECT name FROM vegetable") == "Fennel"
    ours.leave()
    assert server_id(folder) is None


def test_many_starting_at_once_get_the_same_server(folder: Path) -> None:
    arguments = [sys.executable, "-c", USER, str(folder)]
    users = [subprocess.Popen(arguments, stdin=-1, stdout=-1, text=True) for _ in range(3)]
    for user in users:
        assert user.stdout
        assert user.stdout.readline() == f"{folder}\n"
    assert server_id(folder) is not None
    for user in users:
        leave(user)
    assert server_id(folder) is None


def test_the_end_of_a_forked_child_does_not_stop_the_server_of_its_parent(folder: Path) -> None:
    arguments = [sys.executable, "-c", FORKING_USER, str(folder)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.isdigit()
    assert server_id(folder) is None


def test_after_a_power_cut_a_foreign_process_with_the_old_id_is_no_obstacle(folder: Path) -> None:
    ours = Membership(folder)
    ours.join()
    server = psutil.Process(server_id(folder))
    left_behind = (folder / "postmaster.pid").read_text().splitlines()
    server.send_signal(signal.SIGKILL)
    psutil.wait_procs([server], timeout=10)
    ours.forget()
    (folder / "postmaster.pid").write_text("\n".join([str(os.getpid()), *left_behind[1:]]) + "\n")

    assert ask(ours.join(), "SELECT 1") == 1
    assert server_id(folder) not in {None, os.getpid()}
    ours.leave()
    assert server_id(folder) is None


def test_a_connection_after_the_death_of_the_server_starts_it_again(folder: Path) -> None:
    settings = {"NAME": "sightline", "EMBEDDED_FOLDER": folder, "OPTIONS": {}, "TIME_ZONE": None}
    settings |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True}
    settings |= {"USER": "", "PASSWORD": "", "HOST": "", "PORT": ""}
    wrapper = DatabaseWrapper(settings, "embedded")
    parameters = wrapper.get_connection_params()
    server = psutil.Process(server_id(folder))
    server.kill()
    psutil.wait_procs([server], timeout=10)

    with wrapper.get_new_connection(parameters) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("postgres",)
    membership(folder).leave()
    assert server_id(folder) is None


def test_a_deep_data_directory_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 30) / "postgres"
    ours = Membership(folder)
    socket_folder = ours.join()
    assert socket_folder != folder
    assert len(str(socket_folder)) < 90
    assert socket_folder.stat().st_mode & 0o777 == 0o700
    assert ask(socket_folder, "SELECT 'Ä' ILIKE 'ä'") is True
    ours.leave()
    assert server_id(folder) is None
    assert not socket_folder.exists()


def test_a_socket_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 30) / "postgres"
    owner = Owner(os.geteuid(), os.getegid())
    made = socket_folder_for(folder, owner)
    assert socket_folder_for(folder, owner) == made
    made.chmod(0o777)
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        socket_folder_for(folder, owner)
    made.rmdir()


def test_the_server_listens_on_its_socket_only_and_keeps_its_promises(folder: Path) -> None:
    ours = Membership(folder)
    socket_folder = ours.join()
    assert ask(socket_folder, "SELECT current_setting('listen_addresses')") == ""
    assert ask(socket_folder, "SELECT current_setting('fsync')") == "on"
    assert ask(socket_folder, "SELECT current_setting('max_connections')") == "60"
    assert (socket_folder / ".s.PGSQL.5432").stat().st_mode & 0o777 == 0o700
    ours.leave()


def test_a_process_that_is_asked_to_end_says_goodbye(folder: Path) -> None:
    show = "from django.db import connection as c; c.ensure_connection(); print(flush=True); input()"
    environment = {
        **os.environ,
        "SIGHTLINE_DATA": str(folder.parent),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", show]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as user:
        assert user.stdout
        assert user.stdout.readline() == "\n"
        assert server_id(folder) is not None
        assert end(user) == 143
    assert server_id(folder) is None


def test_a_log_that_has_grown_long_is_begun_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Membership(folder)
    ours.join()
    ours.leave()
    with (folder / "server.log").open("a") as log:
        log.write("old lines\n")
    monkeypatch.setattr(postmaster, "LOG_BYTES", 10)
    ours.join()
    assert "old lines" not in (folder / "server.log").read_text()
    ours.leave()


def test_half_a_data_directory_of_a_broken_start_is_replaced(folder: Path) -> None:
    half = folder.with_name("postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    ours = Membership(folder)
    assert ask(ours.join(), "SELECT 1") == 1
    assert not half.exists()
    ours.leave()
