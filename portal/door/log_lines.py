"""Log lines about requests, without the names in their addresses."""

import logging
from typing import Any

from django.urls import Resolver404, resolve


class RouteOnly(logging.Filter):
    """Puts the route where Django writes the address of a request, in which names of people stand."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            route = _route(request, path)
            record.args = tuple(route if argument == path else argument for argument in record.args)
        return True


def _route(request: Any, path: str) -> str:
    """Of a request that was answered before its address was looked at, too."""
    try:
        match = getattr(request, "resolver_match", None) or resolve(path)
    except Resolver404:
        return "an address that leads nowhere"
    return f"/{match.route}"
