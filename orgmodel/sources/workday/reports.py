"""Where the reports are, what they are asked, and their rows.

A report is given whole in one answer: there are no pages, and nothing says what has changed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from orgmodel.reports import SourceFailed
from orgmodel.sources.basic_login import BasicLogin
from orgmodel.sources.http import Bounds
from orgmodel.sources.json_api import Gone, NotVisible

LABEL = "Workday"
WORKERS, ORGANISATIONS, AS_OF, DAYS_AHEAD = "workers", "organisations", "as_of", "days_ahead"
ENTRIES = "Report_Entry"
BOUNDS = Bounds(silence=1_800, whole=1_800, body=256 * 1024 * 1024)
"""A report is made while it is waited for; Workday itself gives up after half an hour."""
TRIES = 2
RIGHTS = "share the report with the user of HRIS_USER"
USUAL_AHEAD, MOST_AHEAD = 90, 1_000
_PATH = re.compile(r"/?[A-Za-z0-9._~%+@-]+(?:/[A-Za-z0-9._~%+@-]+)*")


@dataclass(frozen=True, slots=True)
class ReportPlaces:
    """What `[people] reports` says: paths below HRIS_URL, and the prompt for the effective date."""

    workers: str
    organisations: str = ""
    as_of: str = ""
    """Empty: the reports have no such prompt."""
    days_ahead: int = USUAL_AHEAD

    @classmethod
    def by(cls, reports: Mapping[str, str]) -> "ReportPlaces":
        """Raises SourceFailed, in one sentence, for what cannot be meant."""
        unknown = sorted({*reports} - {WORKERS, ORGANISATIONS, AS_OF, DAYS_AHEAD})
        if unknown:
            raise SourceFailed(f"people.reports.{unknown[0]} in sightline.toml is no report that is read.")
        if WORKERS not in reports:
            raise SourceFailed(
                "people.reports.workers is missing in sightline.toml: the path of the report of workers."
            )
        ahead = reports.get(DAYS_AHEAD, str(USUAL_AHEAD))
        if not ahead.isdecimal() or not 1 <= int(ahead) <= MOST_AHEAD:
            raise SourceFailed(f"people.reports.days_ahead must be a number of 1 to {MOST_AHEAD}, as a text.")
        return cls(reports[WORKERS], reports.get(ORGANISATIONS, ""), reports.get(AS_OF, ""), int(ahead))


@dataclass
class Reports:
    """Asks for reports. `options` go to the HttpClient."""

    login: BasicLogin
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._api = self.login.api(LABEL, RIGHTS, **{"tries": TRIES, "bounds": BOUNDS, **self.options})

    @property
    def calls(self) -> int:
        """How often Workday was asked."""
        return self._api.calls

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def rows(self, name: str, place: str, prompt: str = "", as_of: date | None = None) -> list[Any]:
        """All rows of a report. Raises NotVisible, SourceFailed."""
        path, params = self._address(name, place)
        if prompt and as_of:
            params[prompt] = as_of.isoformat()
        try:
            content, _ = self._api.get(path, {**params, "format": "json"})
        except Gone as why:
            raise SourceFailed(
                f"{why} Check people.reports.{name} in sightline.toml, too; nothing was applied."
            ) from why
        entries = content.get(ENTRIES) if isinstance(content, dict) else None
        if not isinstance(entries, list):
            raise SourceFailed(
                f"Workday's answer to the {name} report has no {ENTRIES}; check people.reports.{name},"
                " and that the report is enabled as a web service."
            )
        return entries

    def _address(self, name: str, place: str) -> tuple[str, dict[str, str]]:
        """Path and prompts. A report is on the host of HRIS_URL, whatever stands in sightline.toml."""
        parts = urlsplit(place)
        if parts.scheme or parts.netloc or not _PATH.fullmatch(parts.path) or ".." in parts.path.split("/"):
            raise SourceFailed(
                f"people.reports.{name} must be the path of a report below HRIS_URL, such as"
                " ISU_Sightline/Sightline_Workers."
            )
        path = parts.path if parts.path.startswith("/") else f"{self.login.prefix}/{parts.path}"
        return path, dict(parse_qsl(parts.query, keep_blank_values=True))


__all__ = ["LABEL", "BasicLogin", "NotVisible", "ReportPlaces", "Reports"]
