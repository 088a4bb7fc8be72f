"""Fields that HiBob drops without a word: unknown, misspelt and unpermitted ones look like empty ones."""

import json
from collections.abc import Mapping
from typing import Any

from orgmodel.reports import Report, SourceFailed

from .fields import MANAGER, Fields, found
from .rates import SEARCH

STREAM = "fields"
"""The cursor that keeps which fields came back in the last read."""


class Probe:
    """Which of the fields that were asked for came back for at least one person."""

    def __init__(self, fields: Fields, types: Mapping[str, str], before: str) -> None:
        self._fields, self._types = fields, types
        self._before = _names_in(before)
        self._missing = {path: name for name, path in fields.by_name.items()}

    def require_known(self) -> None:
        """Raises SourceFailed for a field of sightline.toml that HiBob does not have."""
        for name in sorted(self._fields.chosen):
            path = self._fields.by_name[name]
            if self._types and path not in self._types:
                raise SourceFailed(
                    f"HiBob has no field {path[:200]}, which people.fields.{name} in sightline.toml names;"
                    " nothing was applied. Its field ids stand in GET /company/people/fields."
                )

    def saw(self, record: Mapping[str, Any]) -> None:
        """Look at one record."""
        for path in [path for path in self._missing if found(record, path)[0]]:
            del self._missing[path]

    def settle(self, report: Report, *, has_status: bool) -> None:
        """Say what came back for nobody. Raises SourceFailed where that would look like a change."""
        if not has_status and "status" in self._missing.values():
            raise SourceFailed(
                "HiBob shows neither lifecycle statuses nor their history, and nobody could be known to have"
                f" left; nothing was applied. Let the service user view {self._fields.by_name['status']}."
            )
        for path, name in self._missing.items():
            if path in self._before:
                raise SourceFailed(
                    f"HiBob no longer gives the field {path[:200]} ({name}) of anybody; nothing was applied."
                    " Give the service user's permission group its category back, or change people.fields."
                )
            kind = "manager" if name == MANAGER else "attribute" if name in self._fields.attributes else ""
            reason = (
                f"{SEARCH}: the field {path[:200]} ({name}) came back for nobody: empty everywhere, or not"
                " permitted."
            )
            if kind:
                known = report.not_visible.get(kind)
                report.not_visible[kind] = f"{known} {reason}" if known else reason
        report.cursors[STREAM] = json.dumps(
            sorted(set(self._fields.by_name.values()) - set(self._missing)), ensure_ascii=False
        )


def _names_in(text: str) -> frozenset[str]:
    try:
        names = json.loads(text) if text else []
    except ValueError:
        names = []
    return (
        frozenset(each for each in names if isinstance(each, str)) if isinstance(names, list) else frozenset()
    )
