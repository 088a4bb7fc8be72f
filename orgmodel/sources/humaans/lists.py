"""Lists of Humaans, page by page, until all that it counts are there."""

from collections.abc import Iterable, Iterator
from typing import Any

from orgmodel.reports import SourceFailed
from orgmodel.sources.http import Host
from orgmodel.sources.json_api import Bearer, JsonApi
from orgmodel.sources.json_records import key_of, listed
from orgmodel.sources.list_end import ListEnd
from orgmodel.sources.record_problems import RecordProblems

from .settings import HumaansSettings

LABEL = "Humaans"
PEOPLE, ROLES = "/api/people", "/api/job-roles"
CUSTOM_FIELDS, CUSTOM_VALUES = "/api/custom-fields", "/api/custom-values"
RIGHTS = "give the token the scopes public:read and private:read"
PAGE = 100
"""What Humaans gives by default; the limit that it echoes counts, since it may give fewer."""


def api(settings: HumaansSettings, **client: Any) -> JsonApi:
    """The API. Further arguments are those of the HttpClient."""
    return JsonApi(Host(settings.url, LABEL, "HRIS_URL"), Bearer(settings.token), RIGHTS, **client)


class Lists:
    """Reads whole lists; what is no record of them is a problem of the run."""

    def __init__(self, system: JsonApi, people: RecordProblems) -> None:
        self._api, self._problems = system, people
        self.doubtful: dict[str, list[dict[str, Any]]] = {}
        """List → the records without an id, and those that it gave in two forms."""

    def whole(self, path: str) -> list[dict[str, Any]]:
        """Each record of a list once; of two that differ neither. Raises NotVisible, Gone, SourceFailed."""
        found: dict[str, dict[str, Any]] = {}
        nameless: list[Any] = []
        differing: dict[str, dict[str, Any]] = {}
        total = 0
        for rows, counted in self._pages(path):
            total = counted
            for row in rows:
                if not (native := key_of(row)):
                    nameless.append(row)
                elif found.setdefault(native, row) != row:
                    differing[native] = row
        if len(found) + len(nameless) < total:
            raise SourceFailed(
                f"Humaans counts {total} records in {path} and gave {len(found)}; nothing was applied,"
                " sync again later."
            )
        self.doubtful[path] = [*(each for each in nameless if isinstance(each, dict)), *differing.values()]
        if path == PEOPLE:
            self._name(len(nameless), differing)
        return [row for native, row in found.items() if native not in differing]

    def _name(self, nameless: int, differing: Iterable[str]) -> None:
        for _ in range(nameless):
            self._problems.odd("", "has no id")
        for native in differing:
            self._problems.odd(native, "appears twice, and the two differ; what was known of it stays")

    def _pages(self, path: str) -> Iterator[tuple[list[Any], int]]:
        """The rows of each page, and how many Humaans counts in all."""
        skip, end = 0, ListEnd(path, LABEL)
        while True:
            params = {"$limit": str(PAGE), "$skip": str(skip)}
            end.expect(path, params)
            answer, body = self._api.get(path, params)
            rows = listed(answer, "data", path, LABEL)
            total, at = answer.get("total"), answer.get("skip", skip)
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
