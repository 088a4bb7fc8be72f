"""Settings of the door: keys that can be guessed, proxies, tokens, names of cookies."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.configure import load_metrics_token, load_proxies, load_secret_key
from portal.environment import Environment
from tests.portal.test_settings import KEY, manage


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("x" * 64, "SECRET_KEY repeats a few characters and needs at least 10 different ones"),
        ("changeme-" * 8, "SECRET_KEY repeats a few characters"),
        (f"django-insecure-{KEY}", "SECRET_KEY is an example that others know"),
        (f"please-Change-This-0123456789{KEY}", "SECRET_KEY is an example that others know"),
        (KEY[:49], "SECRET_KEY has 49 characters and needs at least 50"),
    ],
)
def test_a_key_that_can_be_guessed_is_refused_in_production(key: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        load_secret_key(Environment({"SECRET_KEY": key}), tmp_path)
    assert str(caught.value).startswith(sentence)
    assert key not in str(caught.value)
    assert load_secret_key(Environment({"SECRET_KEY": key, "DEBUG": "1"}), tmp_path) == key
    assert load_secret_key(Environment({"SECRET_KEY": KEY}), tmp_path) == KEY


def test_proxies_are_addresses_and_networks(tmp_path: Path) -> None:
    def named(**values: str) -> list[str]:
        return [str(network) for network in load_proxies(Environment(values))]

    assert named() == ["127.0.0.0/8", "::1/128"]
    assert named(TRUSTED_PROXIES="10.1.2.3, 10.2.0.0/16") == ["10.1.2.3/32", "10.2.0.0/16"]
    assert named(FORWARDED_ALLOW_IPS="10.1.2.3") == ["10.1.2.3/32"]
    assert named(FORWARDED_ALLOW_IPS="*") == ["0.0.0.0/0", "::/0"]
    with pytest.raises(ImproperlyConfigured, match=r"^TRUSTED_PROXIES must list addresses or networks"):
        named(TRUSTED_PROXIES="proxy.nordwind.example")
    with pytest.raises(ImproperlyConfigured, match=r"^METRICS_TOKEN must have at least 20 characters\.$"):
        load_metrics_token(Environment({"METRICS_TOKEN": "short"}))


def test_over_https_the_cookies_belong_to_this_host_alone(tmp_path: Path) -> None:
    show = (
        "from django.conf import settings as s;"
        " print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LOGIN_COOKIE_NAME, s.SESSION_COOKIE_SECURE)"
    )
    values = {"BASE_URL": "https://sightline.nordwind.example", "SECRET_KEY": KEY}
    done = manage("shell", "--no-imports", "--command", show, data=tmp_path, **values)
    assert done.stdout == "__Host-sessionid __Host-csrftoken __Host-signingin True\n", done.stderr
