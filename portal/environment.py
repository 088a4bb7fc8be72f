"""Reads one setting at a time from the environment, or from the file that NAME_FILE points to.

Every mistake is an ImproperlyConfigured whose one sentence names the variable and never repeats a secret.
"""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T", bound=str)

WORDS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}
PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""libpq waits for ever for a server whose network swallows everything. Seconds; the last: milliseconds."""


def is_loopback(address: str) -> bool:
    """True when the host of an http(s) address is this machine and nothing else."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Environment:
    """The variables of the process, with defaults behind them; an empty value counts as not given."""

    def __init__(self, values: Mapping[str, str], defaults: Mapping[str, str] | None = None) -> None:
        self._values = values
        self._defaults = defaults or {}

    def text(self, name: str, default: str = "") -> str:
        """The value of NAME, else the content of the file NAME_FILE names, else the default; stripped."""
        value = self._values.get(name, "").strip()
        file = self._values.get(f"{name}_FILE", "").strip()
        if value and file:
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one of them.")
        if file:
            return self._read(name, Path(file))
        return value or self._defaults.get(name, "").strip() or default

    def needed(self, name: str, because: str) -> str:
        """Like text, but missing is a mistake; `because` completes the sentence."""
        value = self.text(name)
        if not value:
            raise ImproperlyConfigured(f"{name} is missing: {because}.")
        return value

    def flag(self, name: str) -> bool:
        """1, true, yes, on against 0, false, no, off; not given is False."""
        word = self.text(name, "0").lower()
        if word not in WORDS:
            raise ImproperlyConfigured(f"{name} must be 1 or 0.")
        return WORDS[word]

    def choice(self, name: str, choices: tuple[T, ...], default: T) -> T:
        """One of the given words, in any case."""
        word = self.text(name, default).lower()
        if word not in choices:
            known = ", ".join(each or "empty" for each in choices)
            raise ImproperlyConfigured(f"{name} must be one of: {known}.")
        return word

    def share(self, name: str, default: float) -> float:
        """A number above 0 and at most 1."""
        try:
            value = float(self.text(name, str(default)))
        except ValueError:
            value = 0.0
        if not 0 < value <= 1:
            raise ImproperlyConfigured(f"{name} must be a number above 0 and at most 1.")
        return value

    def words(self, name: str) -> list[str]:
        """A comma-separated list."""
        return [each.strip() for each in self.text(name).split(",") if each.strip()]

    def folder(self, name: str, because: str) -> Path:
        """The path of a folder; none is a mistake. One that is away just now stops nobody but its reader."""
        path = Path(self.needed(name, because)).resolve()
        if path.exists() and not path.is_dir():
            raise ImproperlyConfigured(f"{name} must be the path of a folder.")
        return path

    def address(self, name: str, default: str = "", *, plain: bool = False, origin: bool = False) -> str:
        """An http address without a slash at its end, or empty.

        https is demanded outside loopback unless `plain`; with `origin` no path may follow the host.
        """
        value = self.text(name, default).rstrip("/")
        if not value:
            return ""
        parts = _split(name, value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ImproperlyConfigured(
                f"{name} must be an address such as https://sightline.nordwind.example."
            )
        if parts.username or parts.query or parts.fragment or (origin and parts.path):
            raise ImproperlyConfigured(f"{name} must be an address with nothing behind the host.")
        if parts.scheme == "http" and not plain and not is_loopback(value):
            raise ImproperlyConfigured(f"{name} must start with https:// unless it is on this machine.")
        return value

    def database(self, name: str) -> dict[str, object] | None:
        """Django's connection settings from postgresql://user:password@host:port/name?option=…, or None."""
        value = self.text(name)
        if not value:
            return None
        parts = _split(name, value)
        database = unquote(parts.path.removeprefix("/"))
        if parts.scheme not in {"postgres", "postgresql"} or not database:
            raise ImproperlyConfigured(
                f"{name} must look like postgresql://user:password@host:5432/sightline."
            )
        options = PATIENCE | dict(parse_qsl(parts.query))
        return {
            "ENGINE": "portal.external",
            "NAME": database,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": options,
        }

    def _read(self, name: str, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read.") from error


def _split(name: str, value: str) -> SplitResult:
    """urlsplit, with its complaints (brackets, ports) turned into our sentence."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not a readable address.") from error
    return parts
