"""Requests to a SCIM service provider, and what it announces of its limits."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from orgmodel.reports import SourceFailed
from orgmodel.sources.http import PATIENCE, TRIES, Answer, Host, HttpClient
from orgmodel.sources.json_records import BadRecord, decoded, part
from orgmodel.sources.refusals import Refusals, Unhurried

from .settings import ScimSettings

LABEL = "SCIM"
CONFIG = "/ServiceProviderConfig"
PAGE = 100
"""Records of a page, unless the service provider announces fewer."""
HEADERS = {"Accept": "application/scim+json, application/json"}
NOT_TAKEN = frozenset({400, 501})
"""How service providers answer to parameters that they do not know."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the service provider announces."""

    page: int = PAGE
    sorts: bool = False
    """Whether it takes sortBy."""


class ScimClient:
    """Asks one service provider. Further arguments are those of the HttpClient."""

    def __init__(
        self,
        settings: ScimSettings,
        *,
        tries: int = TRIES,
        patience: int = PATIENCE,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        jitter: float = 1.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        host = Host(settings.url, LABEL, "HRIS_URL")
        self._refusals = Refusals(host, "HRIS_TOKEN", "let the token read users and groups")
        self._headers = {**HEADERS, "Authorization": f"Bearer {settings.token}"}
        self._http = HttpClient(
            host,
            rates=Unhurried(),
            tries=tries,
            patience=patience,
            sleep=sleep,
            clock=clock,
            jitter=jitter,
            transport=transport,
        )

    @property
    def calls(self) -> int:
        """How often it was asked."""
        return self._http.calls

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._http.close()

    def limits(self) -> Limits:
        """What it announces; the usual where it announces nothing. Raises SourceFailed without an answer."""
        answer = self._http.get(CONFIG, {}, self._headers)
        if answer.status != httpx.codes.OK:
            return Limits()
        try:
            config = folded(decoded(answer.body, CONFIG, LABEL))
            most, sorts = part(config, "filter").get("maxresults"), part(config, "sort").get("supported")
        except (SourceFailed, BadRecord):
            return Limits()
        known = most if isinstance(most, int) and most is not True and most > 0 else PAGE
        return Limits(min(PAGE, known), sorts is True)

    def answer(self, path: str, params: Mapping[str, str], *, may_refuse: bool = False) -> Answer | None:
        """One answer. `may_refuse`: None where the parameters are not taken.

        Raises NotVisible, Gone, SourceFailed.
        """
        found = self._http.get(path, dict(params), self._headers)
        if may_refuse and found.status in NOT_TAKEN:
            return None
        self._refusals.require_good(path, found)
        return found

    def one(self, path: str) -> dict[str, Any]:
        """One record. Raises NotVisible, Gone, SourceFailed."""
        answer = self._http.get(path, {}, self._headers)
        self._refusals.require_good(path, answer)
        return opened(answer, path)


def opened(answer: Answer, path: str) -> dict[str, Any]:
    """The object of an answer, the names of its attributes in lower case. Raises SourceFailed."""
    found: dict[str, Any] = folded(decoded(answer.body, path, LABEL))
    return found


def folded(raw: Any) -> Any:
    """The same with names in lower case: the names of SCIM attributes are the same in any case."""
    if isinstance(raw, dict):
        return {str(name).lower(): folded(value) for name, value in raw.items()}
    return [folded(each) for each in raw] if isinstance(raw, list) else raw
