"""Pages of a listing as typed rows; what is unreadable among them is a problem of the run."""

from collections.abc import Iterator, Mapping
from typing import Any

from orgmodel.reports import Problem, Report

from .client import OktaClient
from .decode import rows


class Pages:
    """Asks the client, and notes in the report what could not be read."""

    def __init__(self, client: OktaClient, report: Report) -> None:
        self._client, self._report = client, report

    def rows(
        self, path: str, params: Mapping[str, str], shape: type[Any], kind: str, **more: Any
    ) -> Iterator[list[Any]]:
        """The rows of each page. Raises NotVisible, Gone, SourceFailed."""
        for body in self._client.pages(path, params, **more):
            problems: list[Problem] = []
            found = rows(body, shape, path, kind, problems)
            self._report.problems.extend(problems)
            yield found

    def one(self, path: str, shape: type[Any]) -> list[Any]:
        """The row of a single record; none where it is unreadable. Raises NotVisible, Gone, SourceFailed."""
        return rows(b"[" + self._client.one(path) + b"]", shape, path, "", [])
