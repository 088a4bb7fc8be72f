"""As whom the embedded server runs, and what that user is let through to."""

import contextlib
import os
import pwd
import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.embedded import owner
from portal.embedded.owner import Owner, owner_of

SOMEBODY_ELSE = Owner(os.geteuid() + 1, os.getegid())


def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def test_an_ordinary_user_runs_the_server_as_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    assert owner_of(tmp_path / "postgres").uid == 1234
    assert Owner(1234, 1).run_arguments() == {}
    assert Owner(1235, 1).run_arguments() == {"user": 1235, "group": 1, "extra_groups": []}


def test_root_runs_it_as_the_owner_of_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_root(monkeypatch)
    monkeypatch.setattr(Path, "stat", lambda path: os.stat_result((0o40700, 1, 1, 1, 501, 20, 0, 0, 0, 0)))
    assert owner_of(tmp_path) == Owner(501, 20)


def test_root_makes_the_user_of_a_new_server_when_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_root(monkeypatch)
    made: list[list[str]] = []
    entry = pwd.struct_passwd(("pgserver", "x", 991, 992, "", "/nonexistent", "/usr/sbin/nologin"))

    def getpwnam(name: str) -> pwd.struct_passwd:
        if not made:
            raise KeyError(name)
        return entry

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        made.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(pwd, "getpwnam", getpwnam)
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(shutil, "which", lambda _, path: "/usr/sbin/useradd")
    assert owner_of(tmp_path / "postgres") == Owner(991, 992)
    assert made[0][0] == "/usr/sbin/useradd"
    assert made[0][-1] == "pgserver"
    assert owner_of(tmp_path / "postgres") == Owner(991, 992)
    assert len(made) == 1


def test_two_that_start_at_once_make_the_user_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_root(monkeypatch)
    both = threading.Barrier(2)
    uids = iter((999, 995))
    users: list[int] = []

    def getpwnam(name: str) -> pwd.struct_passwd:
        if not users:
            raise KeyError(name)
        return pwd.struct_passwd((name, "x", users[-1], 7, "", "/nonexistent", "/usr/sbin/nologin"))

    def useradd(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.5)  # Until the other one is here, too, if it can be.
        users.append(next(uids))
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr(owner, "USERS_FOLDER", tmp_path)
    monkeypatch.setattr(pwd, "getpwnam", getpwnam)
    monkeypatch.setattr(subprocess, "run", useradd)
    monkeypatch.setattr(shutil, "which", lambda _, path: "/usr/sbin/useradd")
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(owner_of, [tmp_path / "one", tmp_path / "other"]))
    assert found == [Owner(999, 7), Owner(999, 7)]
    assert users == [999]


def test_root_without_that_user_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_root(monkeypatch)
    refusal = subprocess.CompletedProcess([], 1, "", "useradd: /etc/passwd is read-only\n")
    monkeypatch.setattr(owner, "USER", "nobody-of-this-name")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: refusal)
    monkeypatch.setattr(shutil, "which", lambda _, path: "/usr/sbin/useradd")
    with pytest.raises(OSError, match="cannot be made: useradd: /etc/passwd is read-only"):
        owner_of(tmp_path / "postgres")
    monkeypatch.setattr(shutil, "which", lambda _, path: None)
    with pytest.raises(OSError, match="the system user nobody-of-this-name is missing"):
        owner_of(tmp_path / "postgres")


def test_the_way_is_opened_for_passing_only(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "data").mkdir(parents=True)
    closed.chmod(0o700)
    Owner(os.geteuid(), os.getegid()).open_way(closed / "data")
    assert closed.stat().st_mode & 0o777 == 0o700
    SOMEBODY_ELSE.open_way(closed / "data")
    assert closed.stat().st_mode & 0o777 == 0o701


def test_programs_behind_a_strict_umask_are_opened(tmp_path: Path) -> None:
    for name, mode in (("postgres", 0o700), ("timezones", 0o600)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    tmp_path.chmod(0o700)
    Owner(os.geteuid(), os.getegid()).open_programs(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    SOMEBODY_ELSE.open_programs(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o705
    assert (tmp_path / "postgres").stat().st_mode & 0o777 == 0o705
    assert (tmp_path / "timezones").stat().st_mode & 0o777 == 0o604
