"""Two web processes before one database: in everywhere after signing in, out everywhere after signing out."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.portal.issuer import CLIENT, PERSON, Issuer, serving
from tests.portal.signing_in import NADIA
from tests.portal.test_settings import KEY, ROOT

FOUND = """
from django.utils import timezone
from orgmodel.models import Person
Person.objects.create(key="nadia", name="Nadia Brandt", email="nadia@nordwind.example", began=timezone.now())
"""
LISTENS = re.compile(r"Listening at: (http://127\.0\.0\.1:\d+)")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with serving() as found:
        found.people["nadia"] = NADIA
        yield found


@pytest.fixture
def portal(issuer: Issuer, tmp_path: Path) -> Iterator[str]:
    """The address of gunicorn with two workers."""
    environment = {
        "PATH": os.environ["PATH"],
        "SIGHTLINE_DATA": str(tmp_path / "data"),
        "SIGHTLINE_CONFIG": os.devnull,
        "SECRET_KEY": KEY,
        "OIDC_ISSUER": issuer.address,
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": "between us",
    }
    for command in (["migrate", "--verbosity", "0"], ["shell", "--no-imports", "--command", FOUND]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, timeout=120
        )
    log = tmp_path / "web.log"
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--workers", "2", "--bind", "127.0.0.1:0"]
    with log.open("wb") as written:
        web = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=written, stdout=written)
    try:
        yield listening(web, log)
    finally:
        web.terminate()
        web.wait(30)


def listening(web: "subprocess.Popen[bytes]", log: Path) -> str:
    """The address, once both workers are there."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert web.poll() is None, log.read_text()
        found = LISTENS.search(log.read_text())
        if found and len(psutil.Process(web.pid).children()) == 2:
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def browser(portal: str) -> httpx.Client:
    """It opens a connection for every request, so that either worker may take it."""
    made = httpx.Client(
        base_url=portal, follow_redirects=True, trust_env=False, timeout=30, headers={"Connection": "close"}
    )
    made.cookies.set(PERSON, "nadia", domain="127.0.0.1")
    return made


def test_twelve_of_twelve_come_in_and_forty_of_forty_stay_out(portal: str) -> None:
    browsers = [browser(portal) for _ in range(12)]
    entered = [each.get("/login/?next=/search/") for each in browsers]
    assert [(page.status_code, page.url.path) for page in entered] == [(200, "/search/")] * 12
    first, second = browsers[:2]
    assert [first.get("/search/").status_code for _ in range(10)] == [200] * 10
    stolen = first.cookies["sessionid"]
    token = TOKEN.search(first.get("/search/").text)
    assert token
    assert first.post("/logout/", data={"csrfmiddlewaretoken": token[1]}).url.path == "/signed-out/"
    with httpx.Client(base_url=portal, cookies={"sessionid": stolen}, trust_env=False, timeout=30) as thief:
        answers = [thief.get("/search/", headers={"Connection": "close"}) for _ in range(40)]
    assert [answer.headers.get("Location") for answer in answers] == ["/login/?next=/search/"] * 40
    assert second.get("/search/").status_code == 200
    for each in browsers:
        each.close()
