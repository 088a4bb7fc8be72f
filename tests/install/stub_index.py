"""A package index in a folder: of every locked package the locked release and a newer one, both tiny.

Each stub asks for what the real package asks for, so that a resolver meets the same requirements.
"""

import base64
import hashlib
import importlib.metadata
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

NEWER = "9999"
PINNED = re.compile(
    r"(?P<name>[a-z0-9-]+)(?P<extras>\[[a-z0-9,-]+\])?==(?P<version>[^ ]+)(?P<marker> ;[^\\]+)?"
)


@dataclass(frozen=True)
class Pin:
    """One package of a lock; `extras` with its brackets, `marker` with its semicolon, both perhaps empty."""

    name: str
    extras: str
    version: str
    marker: str


def pins(lock: str) -> list[Pin]:
    """The packages of a lock file, in its order."""
    found = (PINNED.match(line) for line in lock.splitlines())
    return [
        Pin(each["name"], each["extras"] or "", each["version"], (each["marker"] or "").rstrip())
        for each in found
        if each
    ]


def publish(folder: Path, locked: list[Pin]) -> str:
    """Put both releases of every package into the folder; a lock of the first ones, as `make lock` writes."""
    lines = []
    for pin in locked:
        digest = hashlib.sha256(_wheel(folder, pin.name, pin.version).read_bytes()).hexdigest()
        _wheel(folder, pin.name, NEWER)
        lines.append(f"{pin.name}{pin.extras}=={pin.version}{pin.marker} \\\n    --hash=sha256:{digest}\n")
    return "".join(lines)


def _wheel(folder: Path, name: str, version: str) -> Path:
    module = name.replace("-", "_")
    about = f"{module}-{version}.dist-info"
    files = {
        f"{about}/METADATA": "\n".join(
            ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *_asks(name)]
        ),
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: stub\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{path},sha256={_digest(text)},{len(text)}" for path, text in files.items()]
    path = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for each, text in files.items():
            wheel.writestr(each, text)
        wheel.writestr(f"{about}/RECORD", "\n".join([*record, f"{about}/RECORD,,", ""]))
    return path


def _asks(name: str) -> list[str]:
    """What the installed package says it needs; one for another platform is not there and asks nothing."""
    try:
        found = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return []
    extras = found.metadata.get_all("Provides-Extra") or []
    return [f"Provides-Extra: {each}" for each in extras] + [
        f"Requires-Dist: {each}" for each in found.requires or []
    ]


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
