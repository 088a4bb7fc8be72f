"""What the driver gives of a jsonb column becomes the value that was written, whatever it is."""

from typing import Any

import pytest

from orgmodel.queries.rows import json_value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ('{"team": ["Cucumber", null, true]}', {"team": ["Cucumber", None, True]}),
        ("0.1", 0.1),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        # More than a float holds: PostgreSQL keeps it, so a profile may say it.
        ("1" + "0" * 400, 10**400),
        ("1" + "0" * 400 + ".5", float("inf")),
        (None, None),
        (["decoded already"], ["decoded already"]),
    ],
)
def test_a_value_is_what_was_written(raw: Any, value: Any) -> None:
    assert json_value(raw) == value
