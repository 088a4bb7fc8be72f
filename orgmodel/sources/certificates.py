"""Whose certificates are believed."""

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """What httpx would read for every client anew: once, since that costs as much as a dozen questions."""
    return httpx.create_ssl_context()
