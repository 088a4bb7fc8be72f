"""Fifty people at once: the portal served as documented, while sources are read or lists exported."""

import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import quote

import psutil
from django.conf import settings
from django.db import connection

from orgmodel.models import Person, Resource
from portal.door import sessions

from .pages import ADMIN, _addresses, _emails, _signed_in
from .report import Line
from .tenant import Tenant

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = 50
LASTS = 30.0
"""Seconds of each measuring."""
WARM = 8.0
"""Seconds before the first one: templates and connections are made by the first requests of each process."""
READS = 2.0
"""Seconds for which somebody looks at a page before asking for the next, on average."""
MOST_MS = 1000
UP = 60.0
"""Seconds that the portal may take to answer for the first time."""
PATIENCE = 30.0
ASKED_FOR = ("me", "team", "teams", "app", "group", "person", "why", "people", "changes", "rules", "search")
SERVED = ("--config", "deploy/gunicorn.conf.py", "--log-level", "warning")


class Served(NamedTuple):
    """The portal: its port on loopback, and the id of the process above those that serve."""

    port: int
    pid: int

    def busy(self) -> float:
        """Seconds on a processor of all processes that serve."""
        spent = [each.cpu_times() for each in psutil.Process(self.pid).children()]
        return float(sum(each.user + each.system for each in spent))


class Visits:
    """What the visitors met: milliseconds of what was answered well, and everything else by name."""

    def __init__(self) -> None:
        self.busy = 0.0
        self.took: list[float] = []
        self.wrong: Counter[str] = Counter()

    def lines(self, what: str) -> list[Line]:
        """The median, and the 95th percentile with what went wrong."""
        if len(self.took) < PEOPLE:
            raise SystemExit(f"{what}: too few answers ({len(self.took)}), and {dict(self.wrong)}.")
        late = statistics.quantiles(self.took, n=20)[-1]
        wrong = ", ".join(f"{number} {name}" for name, number in self.wrong.items()) or "no error"
        shown = f"{late:.0f} ms ({wrong})"
        ratio = late / MOST_MS if not self.wrong else float("inf")
        median, each = statistics.median(self.took), 1000 * self.busy / len(self.took)
        return [
            Line(f"{what}, {len(self.took) / LASTS:.0f} pages a second, median", f"{median:.0f} ms"),
            Line("processor of the portal for each page", f"{each:.0f} ms"),
            Line(f"{what}, p95", shown, f"{MOST_MS} ms", ratio, 1.0, "L"),
        ]


def measure(tenant: Tenant) -> list[Line]:
    """Needs a company in the database and its Okta beside; the portal is served by processes of its own."""
    pages = [page for name, some in _addresses().items() if name in ASKED_FOR for page in some]
    cookies = [entered(email) for email in _emails()[:PEOPLE]]
    admin = entered(ADMIN)
    with TemporaryDirectory() as folder:
        environment = environment_of(tenant, Path(folder))
        with served(environment) as portal:
            _visited(portal, cookies, pages, WARM)
            alone = _visited(portal, cookies, pages)
            with _syncing(environment) as runs:
                synced = _visited(portal, cookies, pages)
            with _exporting(portal.port, admin) as exported:
                beside = _visited(portal, cookies, pages)
    return [
        *alone.lines(f"{PEOPLE} people"),
        *synced.lines(f"{PEOPLE} people, {len(runs)} syncs beside"),
        *beside.lines(f"{PEOPLE} people, {len(exported)} rounds of exports beside"),
    ]


def entered(email: str) -> str:
    """The cookie of a session as the issuer's way back leaves it, just confirmed."""
    session, now = _signed_in(email).session, time.time()
    person = Person.objects.get(email=email)
    session.update({sessions.PERSON: person.pk, sessions.BEGAN: now, sessions.RENEWED: now})
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def environment_of(tenant: Tenant, folder: Path) -> dict[str, str]:
    """Settings as in production, for the database of this measuring."""
    parameters = connection.get_connection_params()
    user, host = quote(str(parameters.get("user", "")), safe=""), str(parameters.get("host", ""))
    password = quote(str(parameters.get("password", "")), safe="")
    conventions = folder / "sightline.toml"
    conventions.write_text(tenant.conventions, encoding="utf-8")
    environment = {
        "DATABASE_URL": f"postgresql://{user}:{password}@:{parameters.get('port', '')}"
        f"/{parameters['dbname']}?host={quote(host, safe='')}",
        "SIGHTLINE_DATA": str(folder),
        "SIGHTLINE_CONFIG": str(conventions),
        "SECRET_KEY": settings.SECRET_KEY,
        "OKTA_URL": tenant.url,
        "OKTA_TOKEN": tenant.token,
        "OIDC_ISSUER": "https://login.nordwind.example",
        "OIDC_CLIENT_ID": "sightline",
        "OIDC_CLIENT_SECRET": "never asked for",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    return {**os.environ, **environment}


@contextmanager
def served(environment: dict[str, str]) -> Iterator[Served]:
    """The portal on a port of its own, with the settings of production."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}", *SERVED]
    portal = subprocess.Popen(command, env=environment, cwd=ROOT)  # noqa: S603  # our own command
    try:
        _wait(port)
        yield Served(port, portal.pid)
    finally:
        portal.terminate()
        portal.wait(PATIENCE)


def _wait(port: int) -> None:
    end = time.monotonic() + UP
    while time.monotonic() < end:
        with socket.socket() as there:
            if there.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("The portal did not start in time.")


@contextmanager
def _syncing(environment: dict[str, str]) -> Iterator[list[float]]:
    """`manage.py sync`, again and again; the seconds that each took."""

    def sync() -> None:
        command = [sys.executable, str(ROOT / "manage.py"), "sync", "--full", "--json"]
        subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)  # noqa: S603

    with _again_and_again(sync) as took:
        yield took


@contextmanager
def _exporting(port: int, cookie: str) -> Iterator[list[float]]:
    """The longest lists as CSV, again and again; the seconds that each round took."""
    held = Resource.objects.filter(kind="app", ended=None).order_by("-holders", "pk").first()
    lists = ["/changes.csv", "/people.csv", *([f"/apps/{held.key}.csv"] if held else [])]

    def export() -> None:
        for each in lists:
            asking = HTTPConnection("127.0.0.1", port, timeout=600)
            asking.request("GET", each, headers={"Cookie": cookie})
            asking.getresponse().read()
            asking.close()

    with _again_and_again(export) as took:
        yield took


@contextmanager
def _again_and_again(work: Callable[[], None]) -> Iterator[list[float]]:
    took: list[float] = []
    ended = threading.Event()

    def run() -> None:
        while not ended.is_set():
            began = time.perf_counter()
            work()
            took.append(time.perf_counter() - began)

    worker = threading.Thread(target=run)
    worker.start()
    try:
        yield took
    finally:
        ended.set()
        worker.join()


def _visited(portal: Served, cookies: Sequence[str], pages: Sequence[str], lasts: float = LASTS) -> Visits:
    """Everybody asks for pages, reads each for a while, and asks for the next."""
    visits, before, end = Visits(), portal.busy(), time.monotonic() + lasts
    visitors = [
        threading.Thread(
            target=visit,
            args=(visits, portal.port, cookie, pages, random.Random(number), lambda: time.monotonic() >= end),  # noqa: S311
        )
        for number, cookie in enumerate(cookies)
    ]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    visits.busy = portal.busy() - before
    return visits


def visit(
    visits: Visits,
    port: int,
    cookie: str,
    pages: Sequence[str],
    chance: random.Random,
    ended: Callable[[], bool],
) -> None:
    """One visitor, until it has ended."""
    time.sleep(chance.uniform(0, READS))
    while not ended():
        began = time.perf_counter()
        try:
            asking = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            asking.request("GET", chance.choice(pages), headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
            answer = asking.getresponse()
            answer.read()
            asking.close()
        except (OSError, HTTPException) as error:
            visits.wrong[type(error).__name__] += 1
        else:
            if answer.status == HTTPStatus.OK:
                visits.took.append(1000 * (time.perf_counter() - began))
            else:
                visits.wrong[str(answer.status)] += 1
        time.sleep(chance.uniform(0, 2 * READS))
