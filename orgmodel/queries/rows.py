"""Reading raw rows: the driver gives jsonb as text, so that what nobody needs is never decoded."""

import json
from typing import Any


def json_value(raw: Any) -> Any:
    """The value of a jsonb column of a raw row."""
    return json.loads(raw) if isinstance(raw, str) else raw
