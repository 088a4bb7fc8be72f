#!/usr/bin/env python3
"""The command line: a wrong setting or a database that cannot start is one sentence and exit 1."""

import os
import signal
import sys


def main() -> None:
    """Runs one command; `demo` alone opens the pretend company, for itself and for what it starts."""
    signal.signal(signal.SIGTERM, _end)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if sys.argv[1:2] == ["demo"]:
        os.environ["SIGHTLINE_DEMO"] = "1"
    try:
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import OperationalError

        from portal.database_away import is_away
        from portal.embedded.postmaster import EmbeddedServerError
    except ImportError as error:
        sys.exit(f"{error.name or error} cannot be imported: run `make setup` and use .venv/bin/python.")
    try:
        _ = settings.DEBUG
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EmbeddedServerError) as error:
        sys.exit(str(error))
    except OperationalError as error:
        first = str(error).strip().partition("\n")[0]
        if not is_away(error):
            sys.exit(f"The database could not carry out the command: {first}")
        sys.exit(f"No connection to the database; check DATABASE_URL and that the server runs: {first}")


def _end(*_: object) -> None:
    """Ended by a service manager we still say goodbye to the embedded server, and a second signal waits."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(143)


if __name__ == "__main__":
    main()
