"""Requests to HiBob and what its answers mean. Its refusals are those of the JsonApi."""

from collections.abc import Iterator, Sequence
from typing import Any

import httpx

from orgmodel.reports import SourceFailed
from orgmodel.sources.http import Host
from orgmodel.sources.json_api import USER_AND_TOKEN, JsonApi, Refused
from orgmodel.sources.json_records import listed
from orgmodel.sources.list_end import ListEnd

from .rates import SEARCH, HiBobRates
from .settings import HiBobSettings

LABEL = "HiBob"
PAGE = "200"
"""The most rows that a page of a table may have."""
CREDENTIALS = (
    f"{USER_AND_TOKEN} before the next sync: after several refusals HiBob blocks the address that asks"
)
RIGHTS = "give the service user a permission group that shows it"


class HiBobClient:
    """Reads answers. Further arguments (`sleep`, `clock`, `jitter`, `transport` …) are the HttpClient's."""

    def __init__(self, settings: HiBobSettings, **http: Any) -> None:
        options = {"credentials": CREDENTIALS, "rates": HiBobRates(), **http}
        auth = httpx.BasicAuth(settings.user, settings.token)
        self._api = JsonApi(Host(settings.url, LABEL, "HRIS_URL"), auth, RIGHTS, **options)

    @property
    def calls(self) -> int:
        """How often HiBob was asked."""
        return self._api.calls

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._api.close()

    def get(self, path: str, **params: str) -> Any:
        """The JSON of one answer. Raises NotVisible, Gone, SourceFailed."""
        return self._api.get(path, params)[0]

    def people(self, fields: Sequence[str], ids: Sequence[str] = ()) -> list[Any]:
        """The records of these people, of all without ids: every one that may be seen, in one answer.

        Raises NotVisible, Gone, SourceFailed.
        """
        question: dict[str, Any] = {
            "fields": list(fields),
            "showInactive": True,
            "humanReadable": "APPEND",
        }
        if ids:
            question["filters"] = [{"fieldPath": "root.id", "operator": "equals", "values": list(ids)}]
        try:
            answer, _ = self._api.search(SEARCH, question)
        except Refused as why:
            raise SourceFailed(f"{why} Check people.fields in sightline.toml.") from why
        return listed(answer, "employees", SEARCH, LABEL)

    def table(self, path: str, ids: Sequence[str] = ()) -> Iterator[tuple[list[Any], list[Any]]]:
        """Page by page of a bulk table, of these people (200 at most): its results, and its errors.

        Raises NotVisible, Gone, SourceFailed.
        """
        end = ListEnd(path, LABEL)
        wanted = {"limit": PAGE} | ({"employeeIds": ",".join(ids)} if ids else {})
        params = wanted
        while True:
            end.expect(path, params)
            page, body = self._api.get(path, params)
            results, errors = listed(page, "results", path, LABEL), page.get("errors")
            yield results, errors if isinstance(errors, list) else []
            following = page.get("response_metadata")
            if not isinstance(following, dict) or "next_cursor" not in following:
                raise SourceFailed(
                    f"HiBob's answer to {path} does not say whether it is the last page; nothing was applied."
                )
            cursor = following["next_cursor"]
            if cursor is None or cursor == "":
                return
            end.given(body)
            params = {**wanted, "cursor": str(cursor)}
