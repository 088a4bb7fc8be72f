"""The role that owns the database and the one that runs, by the statements of docs/operating.md."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import psycopg

from tests.production.conftest import Install
from tests.production.databases import External
from tests.production.installation import ROOT

MANUAL = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
ROLES, GRANTS = re.findall(r"```sql\n(.*?)```", MANUAL, re.DOTALL)[1:3]
"""The second and the third block of SQL; the first is of the set-up with a single role."""


def run(address: str, statements: str) -> None:
    """One after the other, as psql does it: a database cannot be made in a transaction."""
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in filter(None, map(str.strip, statements.split(";"))):
            connection.execute(statement.encode())


def test_whoever_runs_it_makes_backups_and_the_owner_migrates_and_restores(
    install: Install, tmp_path: Path
) -> None:
    place = install("external")
    assert isinstance(place.database, External)
    password, server = re.findall(r"//sightline:(\w+)@([\w.:]+)/", place.database.url)[0]

    def address(role: str, database: str = "sightline") -> str:
        return f"postgresql://{role}:{password}@{server}/{database}"

    admin, dump = address("postgres", "postgres"), str(tmp_path / "database.dump")
    run(admin, "DROP DATABASE sightline; DROP ROLE sightline")
    run(admin, ROLES.replace("…", password))
    run(address("sightline_owner"), GRANTS)
    place.database = replace(place.database, url=address("sightline_run"))
    place.manage("migrate", code=1)
    owner = address("sightline_owner")
    place.manage("migrate", "--verbosity", "0", DATABASE_URL=owner)
    place.manage("sync")
    place.manage("notify")
    place.manage("backup", dump)

    run(admin, "ALTER DATABASE sightline RENAME TO lost")
    run(admin, ROLES.replace("…", password).split(";")[-2])
    run(address("sightline_owner"), GRANTS)
    place.manage("backup", "--restore", dump, code=1)
    place.manage("backup", "--restore", dump, DATABASE_URL=owner)
    place.manage("migrate", "--verbosity", "0", DATABASE_URL=owner)
    assert "nothing new" in place.manage("sync")


def test_a_shell_reads_the_settings_file_of_the_manual_as_it_is_written(tmp_path: Path) -> None:
    """As systemd does: what stands in single quotes is the value."""
    block = re.findall(r"^       ([A-Z_]+='.*')$", MANUAL, re.MULTILINE)
    assert len(block) == 11
    strange = 'a b$HOME;&"#`x\\y|<*'
    (tmp_path / "sightline.env").write_text("\n".join([*block, f"STRANGE='{strange}'"]), encoding="utf-8")
    script = f"set -a; . {tmp_path}/sightline.env; set +a; env"
    read = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, env={})
    expected = [line.replace("'", "") for line in block] + [f"STRANGE={strange}"]
    assert [line for line in expected if line not in read.stdout.splitlines()] == []
