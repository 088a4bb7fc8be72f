"""Measures, in one run and on one machine, what Sightline costs above the least that must be done.

Works in a database of its own, which is dropped in the end. The ratios count; seconds differ by machine.
"""

import os

import django
from rich.console import Console


def main() -> None:
    """Make the database, measure, print, drop the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.test.runner import DiscoverRunner

    from .measure import measure

    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        measure(Console())
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
