"""The clock of the machine jumps an hour: no fact ends before it began, and everybody hears exactly once."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from tests.flows.conftest import Nordwind

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
INTERVALS = """
SELECT table_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name IN ('began', 'ended') GROUP BY 1 HAVING count(*) = 2
"""


def backwards() -> dict[str, int]:
    """Rows that end before they begin, by table."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(INTERVALS)
        tables = [table for (table,) in cursor.fetchall()]
        assert len(tables) > 8
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE ended < began")
            found[table] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if count}


def heard(nordwind: Nordwind) -> Counter[str]:
    return Counter({name: len(texts) for name, texts in nordwind.dms().items()})


@pytest.mark.parametrize("jump", [-HOUR, HOUR], ids=["back", "forward"])
def test_a_jump_loses_and_doubles_nothing(jump: timedelta, nordwind: Nordwind) -> None:
    everybody = {"nadia": 1, "radovan": 1, "lena": 1}
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    with time_machine.travel(datetime.now(UTC) + jump):
        assert nordwind.sync()[0]["outcome"] == "applied"
        nordwind.notify()
    assert nordwind.sync()[0]["outcome"] == "unchanged"
    nordwind.notify()
    assert heard(nordwind) == everybody

    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "radish", "managerId": "2"})
    assert nordwind.sync()[0]["outcome"] == "applied"
    nordwind.notify()
    # The facts of a sync are never older than those of the one before: a message may wait for that hour.
    with time_machine.travel(datetime.now(UTC) + 1.1 * HOUR):
        nordwind.sync()
        nordwind.notify()
        nordwind.notify()
    assert heard(nordwind) == dict.fromkeys(everybody, 2)
    assert backwards() == {}
