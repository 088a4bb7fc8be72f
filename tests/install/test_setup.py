"""`make setup` on a new machine: a lock that no later release can break, and what it says when it cannot."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.install.stub_index import NEWER, pins, publish

ROOT = Path(__file__).resolve().parents[2]
MAKE = shutil.which("make")
pytestmark = pytest.mark.skipif(MAKE is None, reason="make is not installed")


@dataclass(frozen=True)
class Clone:
    """A folder with the Makefile and a lock, an empty home beside it, and an index instead of the network."""

    folder: Path
    index: Path

    @property
    def python(self) -> Path:
        return self.folder / ".venv" / "bin" / "python"

    def setup(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """`make setup` with nothing of this user's configuration and no network."""
        home = self.folder.with_name("home")
        home.mkdir(exist_ok=True)
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PIP_CONFIG_FILE": os.devnull}
        environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.index), **more}
        command = ["make", f"PYTHON={sys.executable}", *arguments, "setup"]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def installed(self) -> dict[str, str]:
        """Name → version of everything in its virtual environment."""
        listing = "-m pip list --format freeze --exclude pip --exclude setuptools"
        command = [str(self.python), *listing.split()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        return dict(line.split("==") for line in done.stdout.splitlines() if "==" in line)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """After `make setup`, with a newer release of every locked package to be had."""
    made = Clone(tmp_path_factory.mktemp("machine") / "clone", tmp_path_factory.mktemp("index"))
    made.folder.mkdir()
    shutil.copy(ROOT / "Makefile", made.folder)
    lock = publish(made.index, pins((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    (made.folder / "requirements.lock").write_text(lock, encoding="utf-8")
    done = made.setup()
    assert done.returncode == 0, done.stderr
    return made


def test_exactly_what_is_locked_is_installed_whatever_was_released_since(clone: Clone) -> None:
    locked = pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    everywhere = {pin.name: pin.version for pin in locked if not pin.marker}
    found = clone.installed()
    assert len(everywhere) > 60
    assert everywhere.items() <= found.items()
    assert found.items() <= {pin.name: pin.version for pin in locked}.items()
    assert len(list(clone.index.glob(f"*-{NEWER}-*.whl"))) == len(locked)


def test_the_second_time_needs_no_index(clone: Clone) -> None:
    before = (clone.folder / ".venv" / "pyvenv.cfg").stat().st_mtime_ns
    done = clone.setup(PIP_FIND_LINKS=os.devnull)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (clone.folder / ".venv" / "pyvenv.cfg").stat().st_mtime_ns == before


def test_an_installer_that_resolves_would_meet_the_newer_releases(clone: Clone) -> None:
    """What the tests above would see if the lock were installed in the ordinary way."""
    resolving = Clone(clone.folder.with_name("resolving"), clone.index)
    shutil.copytree(clone.folder, resolving.folder, symlinks=True)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert makefile.count("--no-deps") == 1
    (resolving.folder / "Makefile").write_text(
        makefile.replace("--no-deps", "--dry-run --ignore-installed"), encoding="utf-8"
    )
    (resolving.folder / ".venv" / "requirements.lock").unlink()
    done = resolving.setup()
    assert done.returncode == 2
    assert "all requirements must have their versions pinned" in done.stderr
    assert f"-{NEWER}-" in done.stderr


def test_a_lock_that_leaves_something_out_is_not_taken_for_whole(clone: Clone) -> None:
    partial = Clone(clone.folder.with_name("partial"), clone.index)
    shutil.copytree(clone.folder, partial.folder, symlinks=True)
    lock = (partial.folder / "requirements.lock").read_text(encoding="utf-8")
    kept = [
        entry
        for entry in lock.replace(" \\\n    ", " \\\r").splitlines()
        if not entry.startswith("asgiref==")
    ]
    (partial.folder / "requirements.lock").write_text(
        "\n".join(kept).replace("\r", "\n    "), encoding="utf-8"
    )
    subprocess.run([partial.python, "-m", "pip", "uninstall", "-q", "-y", "asgiref"], check=True, timeout=60)
    done = partial.setup()
    assert done.returncode == 2
    assert "requires asgiref, which is not installed" in done.stdout
    assert not (partial.folder / ".venv" / "requirements.lock").exists()


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_a_python_without_venv_is_told_which_package_to_install(module: str, tmp_path: Path) -> None:
    """Debian keeps both in a package of their own."""
    bare = Clone(tmp_path / "clone", tmp_path)
    bare.folder.mkdir()
    (tmp_path / f"{module}.py").write_text(f"raise ModuleNotFoundError('No module named {module}')\n")
    for name in ("Makefile", "requirements.lock"):
        shutil.copy(ROOT / name, bare.folder)
    done = bare.setup(PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        f"{sys.executable} cannot make a virtual environment; install its venv package"
        " (Debian, Ubuntu: apt install python3-venv)."
    )
    assert not (bare.folder / ".venv").exists()


def test_a_make_that_is_too_old_is_told_which_one_to_install(tmp_path: Path) -> None:
    """The one of macOS runs each line by itself and would go on after "nothing to do"."""
    old = Clone(tmp_path / "clone", tmp_path)
    old.folder.mkdir()
    shutil.copy(ROOT / "Makefile", old.folder)
    done = old.setup(".FEATURES=")
    assert done.returncode == 2
    assert "Sightline needs GNU make 3.82 or newer (macOS: brew install make, then say gmake)" in done.stderr
