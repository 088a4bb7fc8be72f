"""Requests to a SCIM service provider, and what it announces of its limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orgmodel.reports import RateRefused, SourceFailed
from orgmodel.sources.http import Host, Unreachable
from orgmodel.sources.json_api import HIDDEN, Bearer, JsonApi
from orgmodel.sources.json_records import Record, part
from orgmodel.sources.record_problems import BadRecord

from .settings import ScimSettings

LABEL = "SCIM"
CONFIG = "/ServiceProviderConfig"
PAGE = 100
"""Records of a page, unless the service provider announces fewer."""
ACCEPT = "application/scim+json, application/json"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the service provider announces."""

    page: int = PAGE
    sorts: bool = False
    """Whether it takes sortBy."""


class ScimClient:
    """Asks one service provider. Further arguments are those of the HttpClient."""

    def __init__(self, settings: ScimSettings, **client: Any) -> None:
        host, auth = Host(settings.url, LABEL, "HRIS_URL"), Bearer(settings.token)
        self._api = JsonApi(host, auth, "let the token read users and groups", accept=ACCEPT, **client)

    @property
    def calls(self) -> int:
        """How often it was asked."""
        return self._api.calls

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._api.close()

    def limits(self) -> Limits:
        """What it announces; the usual where it announces nothing. Raises SourceFailed without an answer."""
        try:
            config, _ = self.get(CONFIG)
            most, sorts = part(config, "filter").get("maxresults"), part(config, "sort").get("supported")
        except (Unreachable, RateRefused):
            raise
        except (SourceFailed, BadRecord, *HIDDEN):
            return Limits()
        known = most if isinstance(most, int) and most is not True and most > 0 else PAGE
        return Limits(min(PAGE, known), sorts is True)

    def get(self, path: str, params: Mapping[str, str] | None = None) -> tuple[Record, bytes]:
        """An answer with the names of its attributes in lower case, and its bytes.

        Raises Refused where the parameters are not accepted, NotVisible, Gone, SourceFailed.
        """
        answer, body = self._api.get(path, params)
        return folded(answer) if isinstance(answer, dict) else {}, body


def folded(raw: Any) -> Any:
    """The same with names in lower case: the names of SCIM attributes are the same in any case."""
    if isinstance(raw, dict):
        return {str(name).lower(): folded(value) for name, value in raw.items()}
    return [folded(each) for each in raw] if isinstance(raw, list) else raw
