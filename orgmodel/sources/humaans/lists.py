"""Lists of Humaans, page by page, until all that it counts are there."""

from collections.abc import Iterator
from typing import Any

from orgmodel.reports import Problem, Report, SourceFailed
from orgmodel.sources.http import Host
from orgmodel.sources.json_api import Bearer, JsonApi, identifier, records
from orgmodel.sources.list_end import ListEnd

from .settings import HumaansSettings

LABEL = "Humaans"
PEOPLE, ROLES = "/api/people", "/api/job-roles"
CUSTOM_FIELDS, CUSTOM_VALUES = "/api/custom-fields", "/api/custom-values"
PAGE = 100
"""What Humaans gives by default; the limit that it echoes counts, since it may give fewer."""


def host(settings: HumaansSettings) -> Host:
    """Whom the settings name."""
    return Host(settings.url, LABEL, "HRIS_URL")


def api(settings: HumaansSettings, **client: Any) -> JsonApi:
    """The API. Further arguments are those of the HttpClient."""
    return JsonApi(host(settings), Bearer(settings.token), **client)


class Lists:
    """Reads whole lists; what is no record of them is a problem of the run."""

    def __init__(self, system: JsonApi, host: Host, report: Report) -> None:
        self._api, self._host, self._report = system, host, report

    def whole(self, path: str, kind: str) -> list[dict[str, Any]]:
        """Each record of a list once. Raises NotVisible, and SourceFailed for a list that is not whole.

        `kind`: the kind of fact that a record which cannot be read might have been; empty: none.
        """
        found: dict[str, dict[str, Any]] = {}
        differing: set[str] = set()
        nameless = total = 0
        for rows, counted in self._pages(path):
            total = counted
            for row in rows:
                native = identifier(row.get("id"))
                if not native:
                    nameless += 1
                    self._problem(path, "", "has no id", kind)
                elif found.setdefault(native, row) != row and native not in differing:
                    differing.add(native)
                    reason = "appears twice, and the two differ; what was known of it stays"
                    self._problem(path, native if kind == "account" else "", reason, kind)
        if len(found) + nameless < total:
            raise SourceFailed(
                f"Humaans counts {total} records in {path} and gave {len(found)}; nothing was applied,"
                " sync again later."
            )
        return [row for native, row in found.items() if native not in differing]

    def _pages(self, path: str) -> Iterator[tuple[list[dict[str, Any]], int]]:
        """The rows of each page, and how many Humaans counts in all."""
        skip, end = 0, ListEnd(path, LABEL)
        while True:
            params = {"$limit": str(PAGE), "$skip": str(skip)}
            end.expect(path, params)
            answer, body = self._api.get(path, params)
            page = answer if isinstance(answer, dict) else {}
            total, at = page.get("total"), page.get("skip", skip)
            rows = records(page.get("data"), path, self._host)
            if not isinstance(total, int) or at != skip:
                raise SourceFailed(
                    f"Humaans's answer to {path} is not the page that was asked for; nothing was applied,"
                    " sync again later."
                )
            yield rows, total
            skip += len(rows)
            if skip >= total or not rows:
                return
            end.given(body)

    def _problem(self, where: str, record: str, reason: str, kind: str) -> None:
        self._report.problems.append(Problem(where, record, reason, kind))
