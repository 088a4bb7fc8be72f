"""The settings of pretend sources, as an administrator's environment would give them."""

from pathlib import Path
from typing import Any

from orgmodel.sources.csv import CsvSettings
from orgmodel.sources.okta import OktaSettings
from sandbox.okta.server import OktaServer


def okta_at(served: OktaServer) -> dict[str, Any]:
    """That Okta is read, as fast as it goes."""
    return {"okta": OktaSettings(url=served.url, token=served.token, budget=1.0)}


def feed_in(folder: Path, *, units: bool = True) -> dict[str, Any]:
    """HR speaks for people by the files of a folder, which also keep the units unless told otherwise."""
    feed = CsvSettings(folder)
    return {"hris": feed, "control": feed} if units else {"hris": feed}
