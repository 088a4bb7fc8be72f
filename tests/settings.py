"""The settings of the tests: portal.settings in an environment that the shell of the developer cannot colour.

The entrance "tests" exists nowhere else: no value of an environment variable leads to it.
"""

import os
from dataclasses import replace
from pathlib import Path

OURS = (
    *("DATABASE_URL", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "BASE_URL", "OKTA_", "HRIS", "CONTROL_PLANE"),
    *("AIRTABLE_", "SLACK_", "NOTIFY", "OIDC_", "Q_BROKER", "SIGHTLINE_CONFIG", "SIGHTLINE_D"),
    *("TRUSTED_PROXIES", "FORWARDED_ALLOW_IPS", "METRICS_TOKEN"),
)
DATA = Path(__file__).resolve().parent.parent / ".data" / "tests"

for _name in [each for each in os.environ if each.startswith(OURS)]:
    del os.environ[_name]
os.environ |= {
    "SIGHTLINE_DATA": str(DATA),
    "SIGHTLINE_CONFIG": os.devnull,
    "SECRET_KEY": "protects only pretend people " * 3,
    "NOTIFY": "hold",
    # The live server of a browser test shares its thread with Playwright's event loop.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}
# A PostgreSQL of one's own for the tests, for instance a newer or an older one.
if os.environ.get("SIGHTLINE_TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["SIGHTLINE_TEST_DATABASE_URL"]

from portal.settings import *  # noqa: E402, F403 (the environment had to be ready)
from portal.settings import DATABASES, SIGHTLINE  # noqa: E402

SIGHTLINE = replace(SIGHTLINE, entrance="tests")
# Two test runs at once do not meet; tests/conftest.py drops the databases of runs that were killed.
DATABASES["default"]["TEST"] = {"NAME": f"test_sightline_{os.getpid()}"}
