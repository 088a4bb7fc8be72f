"""A wrong setting ends the start of the web processes in one sentence, as it ends every command."""

import os
import subprocess
import sys
from pathlib import Path

from tests.portal.worker_processes import ROOT


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
