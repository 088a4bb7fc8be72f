"""Plays thousands of changes while the pretend Okta is read and the reader killed; prints what went wrong.

Works in a database of its own, which is dropped in the end. Ends with 1 when anything differed. SIGTERM ends
the play: what has happened until then is judged.
"""

import argparse
import os
import signal
import sys
import time

import django


def main() -> None:
    """Make the database, play, print, drop the database."""
    arguments = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.db import connection
    from django.test.runner import DiscoverRunner
    from rich.console import Console

    from sandbox.okta.server import OktaServer

    from .readers import Beside
    from .soaking import Soak, company, figures

    console = Console(highlight=False, soft_wrap=True, markup=False)
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    with connection.cursor() as cursor:
        # Processes are killed here, and never the database server.
        cursor.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" SET synchronous_commit = off')
    clock, made = time.perf_counter(), company(arguments.seed)
    try:
        with OktaServer(made.tenant) as okta:
            reader = Beside(okta)
            soak = Soak(made, okta, reader, arguments.kills, console.print)
            signal.signal(signal.SIGTERM, lambda *_: soak.stop())
            try:
                soak.run(arguments.changes)
            finally:
                reader.close()
            for line in (*soak.found, *figures(soak, time.perf_counter() - clock)):
                console.print(line)
    finally:
        runner.teardown_databases(databases)
    sys.exit(1 if soak.found or soak.failed else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--changes", type=int, default=10_000, help="how many")
    parser.add_argument("--seed", type=int, default=0, help="another company, and another order of things")
    parser.add_argument("--kills", type=float, default=0.05, metavar="SHARE", help="of the reads")
    return parser.parse_args()


if __name__ == "__main__":
    main()
