"""What the answers of an HR system mean, where it speaks plain HTTP.

SourceFailed   nothing may be applied; the text says what to do
NotVisible     403: this part is unknown, not empty
Gone           404: there is nothing at this address
"""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from orgmodel.reports import SourceFailed

from .http import Answer, Host, RetryAfter, require_json

UNSTATED_WAIT = 15.0
"""Seconds to wait where a refusal does not say how long: eight of them outlast a window of a minute."""


class NotVisible(Exception):
    """403: the credentials may not see this part."""


class Gone(Exception):
    """404: nothing is at this address."""


class Unhurried(RetryAfter):
    """The rates of a system that may refuse without saying for how long."""

    def refused(self, headers: Mapping[str, str]) -> float:
        return super().refused(headers) if headers.get("retry-after") else UNSTATED_WAIT


@dataclass(frozen=True)
class Refusals:
    """How the refusals of one system are explained."""

    host: Host
    credentials: str
    """The settings that hold them, as they are named in a sentence: `HRIS_USER and HRIS_TOKEN`."""
    rights: str
    """What the credentials need to read a part, as an order: `grant personio:persons:read`."""

    def require_good(self, path: str, answer: Answer) -> None:
        """Returns for JSON that was asked for. Raises NotVisible, Gone or SourceFailed for all else."""
        label, status = self.host.label, answer.status
        if status == httpx.codes.UNAUTHORIZED:
            raise SourceFailed(
                f"{label} refused the credentials (401); nothing was applied. Check {self.credentials}."
            )
        if status == httpx.codes.FORBIDDEN:
            raise NotVisible(f"{path}: the credentials may not read it (403); {self.rights}.")
        if status == httpx.codes.NOT_FOUND:
            raise Gone(f"{path}: {label} has nothing at this address (404).")
        if httpx.codes.MULTIPLE_CHOICES <= status < httpx.codes.BAD_REQUEST:
            raise SourceFailed(
                f"{label} sends {path} on to another address ({status}), which is not followed;"
                f" check {self.host.setting}."
            )
        if status != httpx.codes.OK:
            raise SourceFailed(f"{label} answered {status} to {path}; nothing was applied, sync again later.")
        require_json(answer, path, self.host)
