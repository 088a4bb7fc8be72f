"""Log lines about requests, without the names in their addresses."""

import logging


class RouteOnly(logging.Filter):
    """Puts the route where Django writes the address of a request, in which names of people stand."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match else "an address that leads nowhere"
            record.args = tuple(route if argument == path else argument for argument in record.args)
        return True
