"""Made-up contents for the gallery of components, hostile names among them."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.utils.safestring import mark_safe

from orgmodel.queries.page_ref import PageRef

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
HOSTILE = "\u202eLoooong <script>alert(1)</script> <!channel> " + "x" * 10_000
HERE = Path(__file__).parent
URLS = {"url", "who_url", "why_url"}
"""Addresses beside which the page is given as what it is of."""
DAYS = {"day", "since", "first_seen"}


def _lively(item: dict[str, Any]) -> dict[str, Any]:
    for key, value in item.items():
        if value == "HOSTILE":
            item[key] = HOSTILE
        elif key in DAYS and isinstance(value, str):
            item[key] = date.fromisoformat(value)
    given = (name for name, url in item.items() if name in URLS and url)
    pages = {name.replace("url", "page"): PageRef("person", "nadia") for name in given}
    return item | pages


def contents() -> dict[str, Any]:
    """The context of templates/gallery.html."""
    text = (HERE / "gallery.json").read_text(encoding="utf-8")
    drawing = mark_safe((HERE / "gallery.svg").read_text(encoding="utf-8"))
    made_up: dict[str, Any] = json.loads(text, object_hook=_lively)
    return made_up | {"now": NOW, "svg": drawing}
