"""Okta, read only: transport with rate budget, typed parsing, and the order of the calls."""

from .client import OktaConnection
from .declared import SOURCE
from .reader import OktaReader
from .settings import OktaSettings

__all__ = ["SOURCE", "OktaConnection", "OktaReader", "OktaSettings"]
