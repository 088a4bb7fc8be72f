"""Is it alive, is it ready, and numbers for a monitor."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from portal.environment import is_loopback
from portal.metrics import exposition
from portal.readiness import readiness
from portal.requests import Portal

PLAIN = "text/plain; charset=utf-8"
LOCAL = ("127.0.0.1", "::1")
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "Via", "X-Real-IP")
"""A request that came through a proxy on this machine is not from this machine."""


def healthz(request: HttpRequest) -> HttpResponseBase:
    """The process answers; nothing else is asked."""
    return HttpResponse("alive\n", content_type=PLAIN)


def readyz(request: HttpRequest) -> HttpResponseBase:
    """The database is there and up to date, a worker lives, and the sources were read within a day."""
    ready, lines = readiness(timezone.now())
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN, status=200 if ready else 503)


def metrics(request: HttpRequest) -> HttpResponseBase:
    """Numbers without names, for a monitor and for admins."""
    if not may_watch(request):
        return HttpResponse("Only with the token, or for admins.\n", content_type=PLAIN, status=403)
    body, content_type = exposition(timezone.now(), request.headers.get("Accept", ""))
    return HttpResponse(body, content_type=content_type)


def may_watch(request: HttpRequest) -> bool:
    """A monitor, or an admin."""
    if is_watcher(request):
        return True
    viewer = getattr(cast(Portal, request), "viewer", None)
    return bool(viewer) and viewer is not None and viewer.admin


def is_watcher(request: HttpRequest) -> bool:
    """A monitor with the token; where none is set, one on this machine, if only it is served.

    Elsewhere a proxy on this machine that forgets to say for whom it asks would let everybody watch.
    """
    token = settings.METRICS_TOKEN
    if token:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return constant_time_compare(bearer, token)
    alone = is_loopback(settings.SIGHTLINE.base_url) and settings.SIGHTLINE.base_url.startswith("http://")
    proxied = any(name in request.headers for name in FORWARDED)
    return alone and not proxied and request.META.get("REMOTE_ADDR") in LOCAL
