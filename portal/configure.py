"""Assembles the Configuration from environment and sightline.toml; holds the rules between settings."""

import ipaddress
import os
import secrets
import tempfile
import tomllib
from pathlib import Path
from typing import Any, get_args

from django.core.exceptions import ImproperlyConfigured

from orgmodel.configuration import Configuration, Entrance, Notification
from orgmodel.conventions import Conventions, parse_conventions
from orgmodel.sources.registry import addresses, addresses_in, hook_secrets, kinds, settings_of_sources
from portal.environment import Environment, is_loopback

PRETEND = "demo"
KEY_LENGTH, KEY_CHARACTERS, TOKEN_LENGTH = 50, 10, 20
KEY_WORDS = ("insecure", "change", "replace", "your-", "your_", "example")
"""What examples of keys are made of; in a random key they are as good as impossible."""
LOOPBACK = ("127.0.0.0/8", "::1")
EVERYWHERE = ("0.0.0.0/0", "::/0")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def load_configuration(environment: Environment, conventions: Conventions) -> Configuration:
    """Every address, token and switch, validated. Raises ImproperlyConfigured with one sentence."""
    base_url = environment.address("BASE_URL", Configuration().base_url, plain=True, origin=True)
    people, units = kinds("people"), ("", *kinds("units"))
    hris = environment.choice("HRIS", people, people[0])
    control_plane = environment.choice("CONTROL_PLANE", units, "")
    issuer = environment.address("OIDC_ISSUER")
    settings, of_hooks = _sources(environment)
    found = Configuration(
        base_url=base_url,
        entrance=_entrance(environment, base_url, issuer),
        conventions=conventions,
        hris=hris,
        control_plane=control_plane,
        sources=settings,
        hook_secrets=of_hooks,
        slack_bot_token=environment.text("SLACK_BOT_TOKEN"),
        slack_signing_secret=environment.text("SLACK_SIGNING_SECRET"),
        slack_app_token=environment.text("SLACK_APP_TOKEN"),
        slack_api_url=environment.address("SLACK_API_URL", Configuration().slack_api_url) + "/",
        notify=environment.choice("NOTIFY", get_args(Notification), "hold"),
        oidc_issuer=issuer,
        oidc_client_id=environment.text("OIDC_CLIENT_ID"),
        oidc_client_secret=environment.text("OIDC_CLIENT_SECRET"),
        oidc_trust_email=environment.flag("OIDC_TRUST_EMAIL"),
    )
    _check_companions(environment, found)
    return found


def load_conventions(environment: Environment, beside: Path) -> Conventions:
    """sightline.toml from SIGHTLINE_CONFIG, or beside manage.py when it is there, else the defaults."""
    named = environment.text("SIGHTLINE_CONFIG")
    path = Path(named) if named else beside / "sightline.toml"
    if not named and not path.exists():
        return Conventions()
    try:
        return parse_conventions(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ImproperlyConfigured("SIGHTLINE_CONFIG names a file that cannot be read.") from error
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(f"{path.name} is not UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise ImproperlyConfigured(f"{path.name} is not valid TOML: {error}.") from error
    except ValueError as error:
        raise ImproperlyConfigured(f"{path.name}: {error}") from error


def load_secret_key(environment: Environment, data: Path) -> str:
    """SECRET_KEY, or a key made once and kept in the data folder for its owner only.

    With DATABASE_URL several machines may serve the same sessions, so there the key must be given.
    """
    key = environment.text("SECRET_KEY")
    if key:
        if not (environment.flag("DEBUG") or environment.flag("SIGHTLINE_DEMO")):
            _check_secret_key(key)
        return key
    if environment.text("DATABASE_URL") and not environment.flag("DEBUG"):
        return environment.needed("SECRET_KEY", "with DATABASE_URL every machine must be given the same key")
    path = data / "secret_key"
    try:
        if not path.exists():
            data.mkdir(parents=True, exist_ok=True)
            _write_once(path, secrets.token_urlsafe(64))
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ImproperlyConfigured(f"SIGHTLINE_DATA cannot hold a secret_key: {error.strerror}.") from error


def _check_secret_key(key: str) -> None:
    """Whoever guesses the key signs in as anybody. Raises ImproperlyConfigured."""
    if len(key) < KEY_LENGTH:
        wrong = f"has {len(key)} characters and needs at least {KEY_LENGTH}"
    elif len(set(key)) < KEY_CHARACTERS:
        wrong = f"repeats a few characters and needs at least {KEY_CHARACTERS} different ones"
    elif any(word in key.lower() for word in KEY_WORDS):
        wrong = "is an example that others know"
    else:
        return
    raise ImproperlyConfigured(
        f"SECRET_KEY {wrong}: make one with python3 -c 'import secrets; print(secrets.token_urlsafe(64))'."
    )


def load_proxies(environment: Environment) -> tuple[Network, ...]:
    """TRUSTED_PROXIES, else whom gunicorn trusts, else this machine. Raises ImproperlyConfigured."""
    words = environment.words("TRUSTED_PROXIES") or environment.words("FORWARDED_ALLOW_IPS") or [*LOOPBACK]
    try:
        return tuple(
            ipaddress.ip_network(each, strict=False)
            for word in words
            for each in (EVERYWHERE if word == "*" else (word,))
        )
    except ValueError as error:
        raise ImproperlyConfigured(
            "TRUSTED_PROXIES must list addresses or networks such as 10.0.0.0/8, comma-separated."
        ) from error


def load_metrics_token(environment: Environment) -> str:
    """METRICS_TOKEN, long enough not to be guessed, or empty. Raises ImproperlyConfigured."""
    token = environment.text("METRICS_TOKEN")
    if token and len(token) < TOKEN_LENGTH:
        raise ImproperlyConfigured(f"METRICS_TOKEN must have at least {TOKEN_LENGTH} characters.")
    return token


def claim_data(configuration: Configuration, data: Path) -> None:
    """Keeps the pretend company and a real one out of the same folder: whoever comes first writes its name.

    Otherwise the persona switcher of the demo could be started on real data.
    """
    real = next((each for each in addresses(configuration) if not is_loopback(each)), "")
    mine = PRETEND if configuration.demo else real
    if not mine:
        return
    path = data / "tenant"
    try:
        if not path.exists():
            data.mkdir(parents=True, exist_ok=True)
            _write_once(path, mine)
        held = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ImproperlyConfigured(f"SIGHTLINE_DATA cannot be written: {error.strerror}.") from error
    if (held == PRETEND) != (mine == PRETEND):
        whose = "the pretend company" if held == PRETEND else "a real tenant"
        raise ImproperlyConfigured(f"SIGHTLINE_DATA holds {whose}; name another folder.")


def _write_once(path: Path, text: str) -> None:
    """Puts a whole file there for its owner only, unless another process was quicker."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        os.write(descriptor, text.encode())
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        os.close(descriptor)
        Path(name).unlink()


def _entrance(environment: Environment, base_url: str, issuer: str) -> Entrance:
    if not environment.flag("SIGHTLINE_DEMO"):
        return "oidc" if issuer else "closed"
    for name in ("DATABASE_URL", "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        if environment.text(name):
            raise ImproperlyConfigured(f"SIGHTLINE_DEMO is refused while {name} is set.")
    if environment.flag("DEBUG"):
        raise ImproperlyConfigured("SIGHTLINE_DEMO is refused while DEBUG is on.")
    outside = {"BASE_URL": base_url, "HRIS_URL": environment.text("HRIS_URL"), **addresses_in(environment)}
    if environment.text("SLACK_BOT_TOKEN"):
        outside["SLACK_API_URL"] = environment.text("SLACK_API_URL", Configuration().slack_api_url)
    for name, address in outside.items():
        if address and not is_loopback(address):
            raise ImproperlyConfigured(f"SIGHTLINE_DEMO is refused while {name} is not on this machine.")
    return "demo"


def _sources(environment: Environment) -> tuple[dict[str, Any], dict[str, tuple[bytes, ...]]]:
    """The settings of the sources that are set up, and the secrets of their hooks."""
    try:
        return settings_of_sources(environment), hook_secrets(environment)
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from error


def _check_companions(environment: Environment, found: Configuration) -> None:
    """Settings that only make sense together."""
    if found.notify == "on":
        environment.needed("SLACK_BOT_TOKEN", "NOTIFY is on")
    if found.oidc_issuer or found.oidc_client_id or found.oidc_client_secret:
        for name in ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
            environment.needed(name, "login needs the issuer, the client and its secret")
