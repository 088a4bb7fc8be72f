"""The data folder and who may use it: the demo and a real tenant never meet, the secret key is kept well."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError

from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions
from portal.configure import claim_data, load_configuration, load_secret_key
from portal.demonstration import demo_defaults
from portal.environment import Environment
from portal.management.commands.demo import require_same_system

OKTA = {"OKTA_URL": "https://nordwind.okta.example", "OKTA_TOKEN": "pretend"}
DEMO = {"SIGHTLINE_DEMO": "1", "OKTA_URL": "http://127.0.0.1:8701", "OKTA_TOKEN": "pretend"}


def configure(values: Mapping[str, str]) -> Configuration:
    return load_configuration(Environment(values), Conventions())


def test_the_demo_opens_only_on_this_machine() -> None:
    assert configure(DEMO).demo
    assert not configure({**DEMO, "SIGHTLINE_DEMO": "0"}).demo
    assert configure({**DEMO, "AIRTABLE_TOKEN": "at", "AIRTABLE_URL": "http://127.0.0.1:8702"}).demo


@pytest.mark.parametrize(
    "values",
    [
        OKTA,
        {"DEBUG": "1"},
        {"DATABASE_URL": "postgresql://db/sightline"},
        {"BASE_URL": "https://sightline.nordwind.example"},
        {"HRIS_URL": "https://hr.nordwind.example"},
        {"SLACK_BOT_TOKEN": "bot"},
        {"AIRTABLE_TOKEN": "at"},
        {"AIRTABLE_TOKEN": "at", "AIRTABLE_URL": "https://airtable.example"},
        {"OIDC_ISSUER": "https://nordwind.okta.example"},
        {"OIDC_CLIENT_SECRET": "login"},
    ],
)
def test_the_demo_is_refused_beside_anything_real(values: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match="SIGHTLINE_DEMO is refused while "):
        configure({**DEMO, **values})


def test_the_demo_and_a_real_tenant_never_share_a_folder(tmp_path: Path) -> None:
    demo, real = configure(DEMO), configure(OKTA)
    claim_data(configure({}), tmp_path)
    assert list(tmp_path.iterdir()) == []
    for first, second, whose in ((demo, real, "the pretend company"), (real, demo, "a real tenant")):
        folder = tmp_path / second.entrance
        claim_data(first, folder)
        claim_data(first, folder)
        with pytest.raises(ImproperlyConfigured, match=f"SIGHTLINE_DATA holds {whose}; name another folder"):
            claim_data(second, folder)


def test_a_second_shell_finds_the_running_demo_but_not_its_switcher(tmp_path: Path) -> None:
    assert demo_defaults({}, tmp_path) == {}
    (tmp_path / "demo.env").write_text("OKTA_URL=http://127.0.0.1:8701\nOKTA_TOKEN=a=b\nSIGHTLINE_DEMO=1\n\n")
    defaults = demo_defaults({}, tmp_path)
    assert defaults == {"OKTA_URL": "http://127.0.0.1:8701", "OKTA_TOKEN": "a=b"}
    assert Environment({"OKTA_TOKEN": "mine"}, defaults).text("OKTA_TOKEN") == "mine"
    assert Environment({}, defaults).text("OKTA_URL") == "http://127.0.0.1:8701"
    assert demo_defaults({"DATABASE_URL": "postgresql://db/sightline"}, tmp_path) == {}
    assert demo_defaults({"OKTA_URL_FILE": "/run/okta"}, tmp_path) == {}


def test_the_secret_key_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    data = tmp_path / "data"
    made = load_secret_key(Environment({}), data)
    assert len(made) > 80
    assert load_secret_key(Environment({}), data) == made
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [each.name for each in data.iterdir()] == ["secret_key"]
    given = "a key of our own, with all that it takes: 0123456789 and so on"
    assert load_secret_key(Environment({"SECRET_KEY": given}), data) == given


def test_several_machines_must_be_given_the_same_secret_key(tmp_path: Path) -> None:
    shared = {"DATABASE_URL": "postgresql://db/sightline"}
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is missing: with DATABASE_URL"):
        load_secret_key(Environment(shared), tmp_path)
    assert load_secret_key(Environment({**shared, "DEBUG": "1"}), tmp_path)


def test_a_data_folder_that_cannot_be_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for attempt in (
        lambda: load_secret_key(Environment({}), tmp_path / "file"),
        lambda: claim_data(configure(DEMO), tmp_path / "file"),
    ):
        with pytest.raises(ImproperlyConfigured, match="SIGHTLINE_DATA cannot "):
            attempt()


def test_a_company_stays_on_the_hr_system_that_it_runs_on(tmp_path: Path) -> None:
    require_same_system(tmp_path, "hibob")
    (tmp_path / "demo.env").write_text("OKTA_URL=http://127.0.0.1:8701\nHRIS=csv\n", encoding="utf-8")
    require_same_system(tmp_path, "csv")
    with pytest.raises(CommandError, match="runs on csv; set SIGHTLINE_DATA to another folder for hibob"):
        require_same_system(tmp_path, "hibob")
