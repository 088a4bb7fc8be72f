"""The settings of an HR system that takes a user and a password: HRIS_URL, HRIS_USER, HRIS_TOKEN."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from .http import Host
from .json_api import USER_AND_TOKEN, JsonApi
from .source import Environment


@dataclass(frozen=True, slots=True)
class BasicLogin:
    """Where the system is and who asks. The secret is left out of the representation."""

    url: str
    """Without a slash at the end; a path may follow the host."""
    user: str
    token: str = field(repr=False)

    @property
    def prefix(self) -> str:
        """The path behind the host; mostly empty."""
        return urlsplit(self.url).path

    def api(self, label: str, rights: str, **client: Any) -> JsonApi:
        """Asks the host, by paths from its root. `rights` and further arguments: see JsonApi."""
        parts = urlsplit(self.url)
        host = Host(f"{parts.scheme}://{parts.netloc}", label, "HRIS_URL")
        auth = httpx.BasicAuth(self.user, self.token)
        return JsonApi(host, auth, rights, credentials=USER_AND_TOKEN, **client)


def basic_login(environment: Environment, kind: str) -> BasicLogin | None:
    """What HRIS_… say where HRIS chooses this kind, else None. Raises ValueError for half of it."""
    if environment.text("HRIS").lower() != kind:
        return None
    because = f"HRIS is {kind}"
    environment.needed("HRIS_URL", because)
    return BasicLogin(
        environment.address("HRIS_URL"),
        environment.needed("HRIS_USER", because),
        environment.needed("HRIS_TOKEN", because),
    )
