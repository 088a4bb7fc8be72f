"""How soon a change in Okta is on a page: by processes as in production, while people are served."""

import random
import secrets
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from orgmodel.models import Person
from portal.templatetags.addresses import person_address

from .pages import ADMIN, _addresses, _emails
from .report import Line
from .serving import ASKED_FOR, PATIENCE, ROOT, UP, Visits, entered, environment_of, served, visit
from .tenant import Tenant

AT_ONCE = 20
"""Visitors, ten pages a second: as if each of 10,000 people opened one every quarter of an hour."""
WITH_HOOK, WITHOUT = 10, 3
"""Changes of which each is waited for."""
MOST_WITH_HOOK, MOST_WITHOUT = 5.0, 75.0
"""Seconds, for the slowest of them."""
APART = 20.0
"""Seconds at most between two changes with a hook, so that they meet the timetable at any moment of it."""
GLANCE = 0.1
GIVEN_UP = 180.0


def measure(tenant: Tenant) -> list[Line]:
    """Needs a company in the database and its Okta beside; portal and worker are processes of their own."""
    secret, admin = secrets.token_urlsafe(32), entered(ADMIN)
    pages = [page for name, some in _addresses().items() if name in ASKED_FOR for page in some]
    cookies = [entered(email) for email in _emails()[:AT_ONCE]]
    with TemporaryDirectory() as folder:
        environment = {**environment_of(tenant, Path(folder)), "OKTA_EVENT_HOOK_SECRET": secret}
        with (
            served(environment) as portal,
            _working(environment),
            _visited(portal.port, cookies, pages) as visits,
        ):
            door = f"http://127.0.0.1:{portal.port}/hooks/okta/"
            tenant.deliver(door, secret)
            chance = random.Random(3)  # noqa: S311  # any moments will do
            hooked = []
            for _ in range(WITH_HOOK):
                time.sleep(chance.uniform(0, APART))
                hooked.append(_until_seen(tenant, portal.port, admin, (door, secret)))
            unaided = [_until_seen(tenant, portal.port, admin) for _ in range(WITHOUT)]
    return [
        *_lines("with the hook", hooked, MOST_WITH_HOOK),
        *_lines("without", unaided, MOST_WITHOUT),
        _beside(visits),
    ]


def _lines(how: str, took: list[tuple[float, float, float]], most: float) -> Iterator[Line]:
    slowest = max(each[0] for each in took)
    yield Line(
        f"change to page, {how}, the slowest of {len(took)}",
        f"{slowest:.1f} s",
        f"{most:g} s",
        slowest / most,
        1.0,
        "L",
    )
    whole, begun, read = (statistics.median(each) for each in zip(*took, strict=True))
    yield Line(
        f"{how}, median: until its sync begins, that sync, all", f"{begun:.1f} s, {read:.1f} s, {whole:.1f} s"
    )


def _beside(visits: Visits) -> Line:
    late = statistics.quantiles(visits.took, n=20)[-1]
    wrong = ", ".join(f"{number} {name}" for name, number in visits.wrong.items()) or "no error"
    return Line(
        f"{len(visits.took):,} pages of {AT_ONCE} visitors meanwhile, p95", f"{late:.0f} ms ({wrong})"
    )


def _until_seen(
    tenant: Tenant, port: int, admin: str, hook: tuple[str, str] | None = None
) -> tuple[float, float, float]:
    """Seconds from a change until a page shows it, until its sync began, and which that sync took."""
    email, group = tenant.change()
    began, happened = time.monotonic(), time.time()
    page = f"{person_address(Person.objects.get(email=email).key)[:-1]}.json"
    if hook and tenant.deliver(*hook):
        raise SystemExit("The portal refused a delivery.")
    while f'"{group}"' not in _text(port, admin, page):
        if time.monotonic() - began > GIVEN_UP:
            raise SystemExit("A change did not come to its page.")
        time.sleep(GLANCE)
    took = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute(_RUN)
        started, seconds = cursor.fetchone()
    return took, started - happened, seconds


_RUN = """
    SELECT extract(epoch FROM started)::float, seconds FROM orgmodel_run
    WHERE outcome = 'applied' ORDER BY id DESC LIMIT 1"""


def _text(port: int, cookie: str, page: str) -> str:
    asking = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        asking.request("GET", page, headers={"Cookie": cookie})
        return asking.getresponse().read().decode()
    finally:
        asking.close()


@contextmanager
def _working(environment: Mapping[str, str]) -> Iterator[None]:
    """The worker; from when it has read once."""
    newest = _runs()
    command = [sys.executable, "manage.py", "qcluster"]
    worker = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        end = time.monotonic() + 2 * UP
        while _runs() == newest:
            if time.monotonic() > end:
                raise SystemExit("The worker did not read in time.")
            time.sleep(GLANCE)
        yield
    finally:
        worker.terminate()
        worker.wait(PATIENCE)


def _runs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orgmodel_run WHERE finished IS NOT NULL")
        return int(cursor.fetchone()[0])


@contextmanager
def _visited(port: int, cookies: list[str], pages: list[str]) -> Iterator[Visits]:
    visits, ended = Visits(), threading.Event()
    visitors = [
        threading.Thread(
            target=visit,
            args=(visits, port, cookie, pages, random.Random(number), ended.is_set),  # noqa: S311
        )
        for number, cookie in enumerate(cookies)
    ]
    for visitor in visitors:
        visitor.start()
    try:
        yield visits
    finally:
        ended.set()
        for visitor in visitors:
            visitor.join()
