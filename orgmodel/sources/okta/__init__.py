"""Okta, read only: transport with rate budget, typed parsing, and the order of the calls."""

from .client import OktaConnection
from .reader import OktaReader

__all__ = ["OktaConnection", "OktaReader"]
