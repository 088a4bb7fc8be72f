"""The settings: every variable is read, a file may stand for it, a mistake is one sentence that names it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions
from orgmodel.sources.csv import CsvSettings
from orgmodel.sources.okta import OktaSettings
from portal.configure import load_configuration, load_conventions
from portal.environment import Environment, is_loopback

ROOT = Path(__file__).resolve().parents[2]
KEY = "Zq3v-7Kd0xWm4Rf8_Tn1Yb6Hc9Jp2Ls5Ga7Ue3Io8Xk1Qw4Er6Ty"
MAKE = "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
OKTA = {"OKTA_URL": "https://nordwind.okta.example", "OKTA_TOKEN": "pretend"}


def configure(values: Mapping[str, str]) -> Configuration:
    return load_configuration(Environment(values), Conventions())


def manage(*arguments: str, data: Path, **values: str) -> subprocess.CompletedProcess[str]:
    """Runs manage.py as an operator would, with nothing in the environment but these values."""
    environment = {"PATH": os.environ["PATH"], "SIGHTLINE_DATA": str(data), **values}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_without_any_variable_the_portal_is_closed_and_nothing_is_sent() -> None:
    found = configure({})
    assert found == Configuration(hris="okta")
    assert (found.entrance, found.notify, found.hris, found.sources) == ("closed", "hold", "okta", {})
    assert found.slack_api_url == "https://slack.com/api/"


def test_what_okta_takes_where_nothing_is_said() -> None:
    assert configure(OKTA).sources == {
        "okta": OktaSettings(url="https://nordwind.okta.example", token="pretend", budget=0.5)
    }


def test_every_variable_is_read(tmp_path: Path) -> None:
    values = {
        "BASE_URL": "https://sightline.nordwind.example/",
        "OKTA_URL": "https://nordwind.okta.example/",
        "OKTA_CLIENT_ID": "0oaClient",
        "OKTA_PRIVATE_KEY": "pem",
        "OKTA_KEY_ID": "key-1",
        "OKTA_DPOP": "true",
        "OKTA_BUDGET": "0.25",
        "HRIS": "CSV",
        "HRIS_CSV_DIR": str(tmp_path),
        "CONTROL_PLANE": "csv",
        "SLACK_BOT_TOKEN": "bot",
        "SLACK_SIGNING_SECRET": "sign",
        "SLACK_APP_TOKEN": "app",
        "SLACK_API_URL": "http://127.0.0.1:8702/api/",
        "NOTIFY": "on",
        "OIDC_ISSUER": "https://nordwind.okta.example/oauth2/default",
        "OIDC_CLIENT_ID": "0oaLogin",
        "OIDC_CLIENT_SECRET": "login",
        "OIDC_TRUST_EMAIL": "1",
    }
    assert configure(values) == Configuration(
        base_url="https://sightline.nordwind.example",
        entrance="oidc",
        hris="csv",
        control_plane="csv",
        sources={
            "okta": OktaSettings(
                url="https://nordwind.okta.example",
                client_id="0oaClient",
                private_key="pem",
                key_id="key-1",
                dpop=True,
                budget=0.25,
            ),
            "hris": CsvSettings(tmp_path),
            "control": CsvSettings(tmp_path),
        },
        slack_bot_token="bot",
        slack_signing_secret="sign",
        slack_app_token="app",
        slack_api_url="http://127.0.0.1:8702/api/",
        notify="on",
        oidc_issuer="https://nordwind.okta.example/oauth2/default",
        oidc_client_id="0oaLogin",
        oidc_client_secret="login",
        oidc_trust_email=True,
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"BASE_URL": "sightline"}, "BASE_URL must be an address such as"),
        ({"BASE_URL": "https://[bad"}, "BASE_URL is not a readable address."),
        ({**OKTA, "OKTA_URL": "http://nordwind.okta.example"}, "OKTA_URL must start with https:// unless"),
        (
            {**OKTA, "OKTA_URL": "https://nordwind.okta.example/api"},
            "OKTA_URL must be an address with nothing",
        ),
        (
            {**OKTA, "OKTA_URL": "https://me:x@nordwind.okta.example"},
            "OKTA_URL must be an address with nothing",
        ),
        ({"OKTA_URL": OKTA["OKTA_URL"]}, "OKTA_TOKEN or OKTA_CLIENT_ID is missing: OKTA_URL is set."),
        ({"OKTA_TOKEN": "pretend"}, "OKTA_URL is missing: "),
        ({**OKTA, "OKTA_CLIENT_ID": "0oa"}, "OKTA_TOKEN and OKTA_CLIENT_ID are both set; keep one of them."),
        ({"OKTA_URL": OKTA["OKTA_URL"], "OKTA_CLIENT_ID": "0oa"}, "OKTA_PRIVATE_KEY is missing: "),
        ({"OKTA_DPOP": "perhaps"}, "OKTA_DPOP must be 1 or 0."),
        ({"OKTA_BUDGET": "0"}, "OKTA_BUDGET must be a number above 0 and at most 1."),
        ({"OKTA_BUDGET": "half"}, "OKTA_BUDGET must be a number above 0 and at most 1."),
        ({"OKTA_BUDGET": "nan"}, "OKTA_BUDGET must be a number above 0 and at most 1."),
        ({"HRIS": "paper"}, "HRIS must be one of: okta, csv, "),
        ({"HRIS": "csv"}, "HRIS_CSV_DIR is missing: HRIS or CONTROL_PLANE is csv."),
        (
            {"CONTROL_PLANE": "csv", "HRIS_CSV_DIR": "/etc/passwd"},
            "HRIS_CSV_DIR must be the path of a",
        ),
        ({"CONTROL_PLANE": "paper"}, "CONTROL_PLANE must be one of: empty, csv, airtable."),
        ({"CONTROL_PLANE": "airtable"}, "AIRTABLE_TOKEN is missing: CONTROL_PLANE is airtable."),
        ({"NOTIFY": "loud"}, "NOTIFY must be one of: off, hold, on."),
        ({"NOTIFY": "on"}, "SLACK_BOT_TOKEN is missing: NOTIFY is on."),
        ({"OIDC_CLIENT_ID": "0oa"}, "OIDC_ISSUER is missing: "),
        ({"OIDC_ISSUER": "https://nordwind.okta.example"}, "OIDC_CLIENT_ID is missing: "),
    ],
)
def test_a_mistake_is_one_sentence_with_the_variable(values: dict[str, str], sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        configure(values)
    assert str(caught.value).startswith(sentence)
    assert str(caught.value).endswith(".")


def test_a_file_may_stand_for_a_variable(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from a file\n")
    values = {"OKTA_URL": OKTA["OKTA_URL"], "OKTA_TOKEN_FILE": str(tmp_path / "token")}
    assert configure(values).sources["okta"].token == "from a file"
    with pytest.raises(ImproperlyConfigured, match="OKTA_TOKEN and OKTA_TOKEN_FILE are both set"):
        configure(OKTA | values)
    with pytest.raises(ImproperlyConfigured, match="OKTA_TOKEN_FILE names a file that cannot be read"):
        configure({**values, "OKTA_TOKEN_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("http://127.0.0.1:80", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("http://127.0.0.1.nordwind.example", False),
        ("http://localhost.nordwind.example", False),
        ("http://10.0.0.1", False),
        ("http://127.0.0.1@nordwind.example", False),
    ],
)
def test_only_this_machine_is_loopback(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


def test_the_address_of_a_database() -> None:
    found = Environment(
        {
            "D": "postgresql://sight:l%40ne@db.nordwind.example:6432/sightline?sslmode=require&connect_timeout=3"
        }
    )
    assert found.database("D") == {
        "ENGINE": "portal.external",
        "NAME": "sightline",
        "USER": "sight",
        "PASSWORD": "l@ne",
        "HOST": "db.nordwind.example",
        "PORT": "6432",
        "OPTIONS": {
            "sslmode": "require",
            "connect_timeout": "3",
            "keepalives_idle": "30",
            "keepalives_interval": "10",
            "keepalives_count": "3",
            "tcp_user_timeout": "60000",
        },
    }
    assert Environment({}).database("D") is None
    for wrong in ("mysql://db/sightline", "postgresql://db", "postgresql://db:port/sightline"):
        with pytest.raises(ImproperlyConfigured, match=r"^D "):
            Environment({"D": wrong}).database("D")


def test_the_conventions_come_from_the_named_file_or_from_beside_manage(tmp_path: Path) -> None:
    assert load_conventions(Environment({}), tmp_path) == Conventions()
    (tmp_path / "sightline.toml").write_text("limits.shrink_share = 0.5")
    assert load_conventions(Environment({}), tmp_path).shrink_share == 0.5
    (tmp_path / "own.toml").write_text("limits.shrink_share = 0.1")
    own = Environment({"SIGHTLINE_CONFIG": str(tmp_path / "own.toml")})
    assert load_conventions(own, tmp_path).shrink_share == 0.1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"limits.shrink_share = 2", "own.toml: limits.shrink_share must be a share from 0 to 1."),
        (b"limits = [", "own.toml is not valid TOML: "),
        (b"\xff", "own.toml is not UTF-8 text."),
        (None, "SIGHTLINE_CONFIG names a file that cannot be read."),
    ],
)
def test_a_mistake_in_the_conventions_names_file_and_key(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / "own.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ImproperlyConfigured) as caught:
        load_conventions(Environment({"SIGHTLINE_CONFIG": str(path)}), tmp_path)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"NOTIFY": "loud"}, "NOTIFY must be one of: off, hold, on."),
        ({"Q_BROKER": "amqp://q"}, "Q_BROKER must be empty or start with redis://, rediss:// or unix://."),
        ({"SIGHTLINE_DEMO": "1", "DEBUG": "1"}, "SIGHTLINE_DEMO is refused while DEBUG is on."),
        (
            {"SECRET_KEY": "short"},
            f"SECRET_KEY has 5 characters and needs at least 50: make one with {MAKE}.",
        ),
    ],
)
def test_the_start_stops_with_the_sentence_alone(
    tmp_path: Path, values: dict[str, str], sentence: str
) -> None:
    done = manage("check", data=tmp_path, **values)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{sentence}\n")


def test_an_embedded_server_that_cannot_start_is_a_sentence_too(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("9.6")
    done = manage("showmigrations", data=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"The embedded PostgreSQL in {tmp_path}/postgres cannot start: ")
    assert done.stderr.count("\n") == 1


def test_a_server_of_ones_own_is_used_and_the_broker_is_redis_on_request(tmp_path: Path) -> None:
    show = (
        "from django.conf import settings as s; print(s.DATABASES['default']['HOST'], s.Q_CLUSTER['redis'])"
    )
    values = {"DATABASE_URL": "postgresql://db.nordwind.example/sightline", "Q_BROKER": "redis://q/0"}
    done = manage("shell", "--no-imports", "--command", show, data=tmp_path, SECRET_KEY=KEY, **values)
    assert done.stdout == "db.nordwind.example redis://q/0\n", done.stderr


def test_every_answer_forbids_foreign_and_inline_content(client: Client) -> None:
    policy = client.get("/nowhere/").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_the_tests_have_an_entrance_of_their_own() -> None:
    assert settings.SIGHTLINE.entrance == "tests"
    with pytest.raises(ImproperlyConfigured):
        configure({"SIGHTLINE_DEMO": "tests"})


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    closed = "postgresql://nobody@127.0.0.1:1/sightline"
    result = manage("access", "nadia", "--json", data=tmp_path, SECRET_KEY=KEY, DATABASE_URL=closed)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(
        "No connection to the database; check DATABASE_URL and that the server runs: "
    )
    assert len(result.stderr.splitlines()) == 1
