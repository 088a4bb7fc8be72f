"""A wrong setting ends the start of the web processes in one sentence, as it ends every command."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.portal.worker_processes import ROOT
from tests.production.databases import free_port


def test_a_wrong_file_of_conventions_is_a_sentence_and_no_trace(tmp_path: Path) -> None:
    (tmp_path / "sightline.toml").write_text("[visibility", encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "SIGHTLINE_DATA": str(tmp_path / "data")}
    serving = ("--config", "deploy/gunicorn.conf.py", "portal.wsgi", "--bind", "127.0.0.1:0")
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", *serving],
        cwd=ROOT, env={**environment, "SIGHTLINE_CONFIG": str(tmp_path / "sightline.toml")},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "sightline.toml is not valid TOML" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reload_with_a_wrong_setting_leaves_the_web_processes_that_are_there(tmp_path: Path) -> None:
    settings, log = tmp_path / "sightline.toml", tmp_path / "web.log"
    settings.write_text("", encoding="utf-8")
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "SIGHTLINE_DATA": str(tmp_path / "data")}
    environment |= {"SIGHTLINE_CONFIG": str(settings), "WEB_CONCURRENCY": "1", "SECRET_KEY": "a1b2c3d4e5" * 6}
    serving = ("--config", "deploy/gunicorn.conf.py", "portal.wsgi", "--bind", f"127.0.0.1:{port}")
    with log.open("w") as lines:
        web = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *serving],
            cwd=ROOT,
            env=environment,
            stdout=lines,
            stderr=lines,
        )
    try:
        waited(lambda: answers(port))
        settings.write_text("[visibility", encoding="utf-8")
        web.send_signal(signal.SIGHUP)
        waited(lambda: "not reloaded: the web processes go on with the settings of before" in log.read_text())
        assert "sightline.toml is not valid TOML" in log.read_text()
        settings.write_text("", encoding="utf-8")
        web.send_signal(signal.SIGHUP)
        waited(lambda: log.read_text().count("Booting worker") > 1)
        waited(lambda: answers(port))
    finally:
        web.terminate()
        web.wait(30)
    assert "Traceback" not in log.read_text()


def waited(happened: Callable[[], bool]) -> None:
    """Until it has happened, at most a minute."""
    for _ in range(600):
        if happened():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def answers(port: int) -> bool:
    """Whether a web process is ready."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False, timeout=5).is_success
    except httpx.TransportError:
        return False
