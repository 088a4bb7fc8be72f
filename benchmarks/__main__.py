"""Measures, in one run and on one machine, what Sightline costs above the least that must be done.

Works in a database of its own, which is dropped in the end. The ratios count; seconds differ by machine.
"""

import argparse
import os

import django
from rich.console import Console

WIDTH = 130
SIZES = ("S", "L", "XL")
ON_THE_WIRE, IN_MEMORY = ("wire", "pages", "upkeep", "serving", "live"), ("sync", "access", "why", "rehearse")
PARTS = (*ON_THE_WIRE, *IN_MEMORY, "rules", "outbox", "limits")


def main() -> None:
    """Make the database, measure, print, drop the database."""
    arguments = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.test.runner import DiscoverRunner

    from .parts import run

    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        console = Console()
        # Tables in a file or a pipe would be cut to the width of an old terminal.
        console = console if console.is_terminal else Console(width=WIDTH)
        run(console, arguments.size, arguments.only, statements=arguments.statements)
    finally:
        runner.teardown_databases(databases)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="S", help="of the pretend company")
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, metavar="NAME", help=", ".join(PARTS)
    )
    parser.add_argument(
        "--statements", type=int, default=0, metavar="N", help="show the N dearest statements of each sync"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
