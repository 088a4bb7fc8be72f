"""The pretend company with everything round it: sandbox, history, portal and worker, until Ctrl-C."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from portal.code_changes import CodeChanges
from portal.demo_year import play_year
from portal.demonstration import FILE
from portal.heartbeat import worker_age

FIRST_WAKE_SECONDS = 60
"""The address is shown when the worker has woken, so that no page says there is none; or after this."""


class Command(BaseCommand):
    help = "Starts the pretend company and the portal on http://127.0.0.1:8000."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="where the portal answers")
        parser.add_argument(
            "--hris", dest="kind", default="csv", help="the HR system that it runs on, as HRIS names it"
        )
        parser.add_argument(
            "--units", default="csv", help="what keeps the org units, as CONTROL_PLANE names it"
        )
        parser.add_argument(
            "--history", metavar="URL", help="only play the year that has passed, as its controller says"
        )
        parser.add_argument(
            "--reload", action="store_true", help="start portal and worker again whenever code changes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SIGHTLINE.demo:
            raise CommandError("Start it as `manage.py demo`.", returncode=1)
        if options["history"]:
            play_year(options["history"])
            return
        require_same_system(Path(settings.DATA_DIR), options["kind"])
        children: list[subprocess.Popen[str]] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _interrupt)  # Also where the shell has told the process to ignore Ctrl-C.
        try:
            kinds = ("--hris", options["kind"], "--units", options["units"])
            self._run(options["port"], kinds, children, reload=options["reload"])
        except KeyboardInterrupt:
            self.stdout.write("\nStopping …")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)  # Whoever is impatient does not leave parts behind.
            _stop(children)

    def _run(
        self,
        port: int,
        kinds: Sequence[str],
        children: list["subprocess.Popen[str]"],
        *,
        reload: bool,
    ) -> None:
        portal = f"http://127.0.0.1:{port}"
        folder = Path(settings.DATA_DIR)
        sandbox = _start(
            [
                *(sys.executable, "-m", "sandbox", *kinds),
                *("--state", str(folder / "nordwind"), "--portal", portal),
            ],
            os.environ,
        )
        children.append(sandbox)
        environment = _environment(sandbox, portal, folder)
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        self._once(
            [*manage, "migrate", "--verbosity", "0"], environment, "The database could not be made ready."
        )
        control = environment["SANDBOX_CONTROL"]
        self._once(
            [*manage, "demo", "--history", control],
            environment,
            "The year that has passed could not be played.",
        )
        web = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            str(settings.BASE_DIR / "deploy" / "gunicorn.conf.py"),
            "portal.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "1",
            "--log-level",
            "warning",
        ]
        parts = ((web, False), ([*manage, "qcluster"], True))
        children += [_start(command, environment, quiet=quiet) for command, quiet in parts]
        started = time.monotonic()
        # The age is in whole seconds: an older wake is that of an earlier demo.
        self._watch(children, lambda: _age() < time.monotonic() - started, FIRST_WAKE_SECONDS)
        connections.close_all()
        self.stdout.write(
            f"\nSightline is on {portal}\n"
            f"Play scenes on {control} and read everybody's Slack messages on {environment['SANDBOX_DMS']}\n"
            "Ctrl-C stops everything; the next start goes on from here.\n"
        )
        changes = CodeChanges(settings.BASE_DIR) if reload else None
        while True:
            self._watch(children, lambda: changes is not None and changes.any(), math.inf)
            self.stdout.write("The code has changed; portal and worker start again.")
            _stop(children[1:])
            children[1:] = [_start(command, environment, quiet=quiet) for command, quiet in parts]

    def _once(self, command: list[str], environment: dict[str, str], failure: str) -> None:
        done = subprocess.run(command, env=environment, check=False)  # noqa: S603  # our own commands
        if done.returncode:
            raise CommandError(failure, returncode=1)

    def _watch(
        self, children: list["subprocess.Popen[str]"], done: Callable[[], bool], seconds: float
    ) -> None:
        """Until done or so many seconds have passed; an error when any part ends before."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not done():
            for child in children:
                if child.poll() is not None:
                    name = (
                        " ".join(str(part) for part in child.args[1:4])
                        if isinstance(child.args, list)
                        else "A part"
                    )
                    raise CommandError(f"{name} stopped by itself ({child.returncode}).", returncode=1)
            time.sleep(0.5)


def require_same_system(folder: Path, kind: str) -> None:
    """Another HR system knows other fields: on the same history that would look like a loss.

    Raises CommandError.
    """
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines() if (folder / FILE).is_file() else []
    former = next((line.removeprefix("HRIS=") for line in lines if line.startswith("HRIS=")), kind)
    if former != kind:
        raise CommandError(
            f"The company in {folder} runs on {former}; set SIGHTLINE_DATA to another folder for {kind}.",
            returncode=1,
        )


def _age() -> float:
    age = worker_age()
    return math.inf if age is None else age


def _start(command: list[str], environment: Any, *, quiet: bool = True) -> "subprocess.Popen[str]":
    # A session of its own: Ctrl-C reaches only this command, which then stops its parts in order.
    return subprocess.Popen(  # noqa: S603  # our own commands
        command,
        env=dict(environment),
        text=True,
        start_new_session=True,
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE if "sandbox" in command else None,
        stderr=subprocess.DEVNULL if quiet and "qcluster" in command else None,
    )


def _environment(sandbox: "subprocess.Popen[str]", portal: str, folder: Path) -> dict[str, str]:
    """What every part is told, also left in a file for commands in a second shell."""
    line = sandbox.stdout.readline() if sandbox.stdout else ""
    if not line:
        raise CommandError("The pretend company could not be started.", returncode=1)
    where = json.loads(line)
    environment = {
        "SIGHTLINE_DATA": str(folder),
        "SIGHTLINE_CONFIG": where["config"],
        "BASE_URL": portal,
        "OKTA_URL": where["okta_url"],
        "OKTA_TOKEN": where["okta_token"],
        "OKTA_BUDGET": "1",
        "CONTROL_PLANE": "csv",
        **where["variables"],
        "HRIS_CSV_DIR": where["feed"],
        "SLACK_API_URL": where["slack"],
        "SLACK_BOT_TOKEN": where["slack_token"],
        "NOTIFY": "on",
    }
    path = folder / FILE
    draft = path.with_suffix(".new")
    draft.write_text("".join(f"{name}={value}\n" for name, value in environment.items()), encoding="utf-8")
    draft.chmod(0o600)
    draft.replace(path)
    links = {"SANDBOX_CONTROL": where["controller"], "SANDBOX_DMS": where["dms"]}
    return {**os.environ, **environment, **links, "SIGHTLINE_DEMO": "1"}


def _stop(children: list["subprocess.Popen[str]"]) -> None:
    for child in reversed(children):
        if child.poll() is None:
            child.terminate()
    for child in reversed(children):
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
