"""Commands on a database that is not ready end with one sentence."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder

from orgmodel.management import migrated

pytestmark = pytest.mark.django_db
COMMANDS = (["access", "nadia"], ["who", "Figma"], ["drift"], ["sync"], ["notify"], ["outbox"])


@pytest.mark.parametrize("command", COMMANDS)
def test_before_migrate_it_says_what_to_run(command: list[str]) -> None:
    MigrationRecorder(connection).flush()
    with pytest.raises(CommandError, match=r"^The database is not up to date\. Run manage\.py migrate\.$"):
        call_command(*command)


def test_a_role_without_rights_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise ProgrammingError("permission denied for table django_migrations")

    monkeypatch.setattr(migrated, "MigrationExecutor", refuse)
    with pytest.raises(CommandError) as refused:
        call_command("who", "Figma")
    assert str(refused.value) == (
        "The role in DATABASE_URL may not read the tables. Grant it what docs/operating.md lists."
    )
