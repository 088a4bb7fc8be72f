"""What must hold for every response: nobody caches it, and probes are answered under any host name."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from portal.views import health

PROBES = {"/healthz": health.healthz, "/readyz": health.readyz}


class NoStore:
    """`Cache-Control: no-store`, except on static files, which say themselves how long they may be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class Probes:
    """Answers those who ask by the address of a pod, over plain http, before a host or https is looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path in PROBES:
            return PROBES[request.path](request)
        if request.path == "/metrics" and health.is_watcher(request):
            return health.metrics(request)
        return self.get_response(request)
