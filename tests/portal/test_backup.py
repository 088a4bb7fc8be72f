"""Backup, restore and upgrade as docs/operating.md says, from the previous version's database."""

from pathlib import Path

import pytest

from tests.portal.embedded_server import server_id
from tests.portal.worker_processes import manage, refused

PREVIOUS = [("orgmodel", "0006"), ("notifier", "0001"), ("django_q",)]
"""Where each app's migrations ended in the version before."""
ROWS = """
INSERT INTO orgmodel_run (source, mode, outcome, started, finished, applied_at, calls, seconds, counts,
    problems, cursor, reason, baseline, phases, not_visible)
VALUES ('okta', 'full', 'applied', '2026-03-01 09:00Z', '2026-03-01 09:01Z', '2026-03-01 09:01Z', 17, 60,
    '{"account": {"seen": 5}}', '[]', 'place', '', true, '{}', '{}');
"""
ASK = "SELECT source, calls, counts FROM orgmodel_run"
SHELL = ("shell", "--no-imports", "--command")


def sql(data: Path, statement: str) -> str:
    """Runs SQL in the installation's database; the first row, as Python writes it."""
    code = (
        "from django.db import connection\n"
        "with connection.cursor() as cursor:\n"
        f"    cursor.execute({statement!r})\n"
        "    print(cursor.fetchone() if cursor.description else '')"
    )
    return manage(data, *SHELL, code).strip()


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the previous version's database with one run in it."""
    data = tmp_path_factory.mktemp("previous")
    migrate = (
        "from django.core.management import call_command\n"
        f"for words in {PREVIOUS!r}: call_command('migrate', *words, verbosity=0)"
    )
    manage(data, *SHELL, migrate)
    sql(data, ROWS)
    file = tmp_path_factory.mktemp("backups") / "sightline.dump"
    assert manage(data, "backup", str(file)).startswith(f"{file} holds the database (")
    return file


def test_a_backup_is_for_its_owner_only(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in backup.parent.iterdir()] == ["sightline.dump"]


def test_the_previous_version_is_restored_and_upgraded_with_its_data(backup: Path, tmp_path: Path) -> None:
    assert manage(tmp_path, "backup", "--restore", str(backup)).strip() == (
        "Restored. Now run manage.py migrate."
    )
    assert (
        refused(tmp_path, "qcluster")
        == "CommandError: The database is not up to date: run manage.py migrate."
    )
    manage(tmp_path, "migrate", "--verbosity", "0")
    assert sql(tmp_path, ASK) == "('okta', 17, '{\"account\": {\"seen\": 5}}')"
    cursors = "SELECT source, stream, value FROM orgmodel_sourcecursor"
    assert sql(tmp_path, cursors) == "('okta', 'log', 'place')"
    assert sql(tmp_path, "SELECT count(*) FROM portal_wake") == "(0,)"
    assert refused(tmp_path, "backup", "--restore", str(backup)) == (
        "CommandError: The database is not empty: nothing was restored."
    )
    assert server_id(tmp_path / "postgres") is None


def test_a_file_that_is_no_backup_leaves_the_database_empty(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.dump"
    wrong.write_text("not a backup")
    assert refused(tmp_path, "backup", "--restore", str(wrong)).startswith(
        "CommandError: pg_restore failed: "
    )
    assert refused(tmp_path, "backup", str(tmp_path / "missing" / "x")).endswith("No such file or directory.")
