"""Commands on a database that is not ready end with one sentence."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder

from orgmodel.management import migrated

pytestmark = pytest.mark.django_db
COMMANDS = (["access", "nadia"], ["who", "Figma"], ["drift"], ["sync"], ["notify"], ["outbox"])


@pytest.mark.parametrize("command", COMMANDS)
def test_before_migrate_it_says_what_to_run(command: list[str]) -> None:
    MigrationRecorder(connection).flush()
    with pytest.raises(CommandError, match=r"^The database is not up to date\. Run manage\.py migrate\.$"):
        call_command(*command)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(OperationalError, migrated.UNREACHABLE), (ProgrammingError, migrated.FORBIDDEN)],
)
def test_a_database_that_does_not_answer_is_no_traceback(
    error: type[Exception], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise error

    monkeypatch.setattr(migrated, "MigrationExecutor", refuse)
    with pytest.raises(CommandError) as refused:
        call_command("who", "Figma")
    assert str(refused.value) == sentence
