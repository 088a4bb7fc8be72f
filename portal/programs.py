"""PostgreSQL's own programs for our database: from the embedded server's package, else from the PATH."""

import shutil
from pathlib import Path

import psycopg
from django.core.management.base import CommandError
from django.db import connection

from portal.embedded.postmaster import Postmaster


def program(name: str) -> Path:
    """The path of pg_dump, pg_restore or psql. Raises CommandError where there is none."""
    if folder := connection.settings_dict.get("EMBEDDED_FOLDER"):
        return Postmaster(folder).programs() / name
    if found := shutil.which(name):
        return Path(found)
    raise CommandError(f"{name} is not installed: install PostgreSQL's client programs.", returncode=1)


def connection_variables() -> dict[str, str]:
    """libpq's environment variables for our database; not arguments, which every user of the machine sees."""
    parameters = connection.get_connection_params()
    return {
        option.envvar.decode(): str(parameters[option.keyword.decode()])
        for option in psycopg.pq.Conninfo.get_defaults()
        if option.envvar and parameters.get(option.keyword.decode()) not in {None, ""}
    }
