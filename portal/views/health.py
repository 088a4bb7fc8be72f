"""Is it alive, is it ready, and numbers for a monitor."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from notifier import outbox
from orgmodel.queries.pages.hook_states import hook_rows
from orgmodel.queries.pages.numbers import numbers
from portal.environment import is_loopback
from portal.heartbeat import worker_age
from portal.readiness import readiness, seconds
from portal.requests import Portal

PLAIN = "text/plain; charset=utf-8"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
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
    return HttpResponse("\n".join(samples(timezone.now())) + "\n", content_type=PROMETHEUS)


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


def samples(now: datetime) -> Iterator[str]:
    """The lines of Prometheus' text format."""
    found, waiting, age = numbers(), outbox.waiting_since(now), worker_age()
    runs, hooks = found.runs, [each for each in hook_rows(settings.SIGHTLINE, now) if each.ready]
    families: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("people", "People of the company who are here.", {"": found.people}),
        ("groups", "Groups that exist.", {"": found.groups}),
        ("apps", "Apps that exist.", {"": found.apps}),
        ("findings_open", "Open findings.", labelled("severity", found.findings)),
        ("outbox", "Messages by state.", labelled("state", outbox.counts())),
        ("outbox_oldest_due_seconds", "How long the oldest due message waits.", {"": seconds(now, waiting)}),
        (
            "worker_age_seconds",
            "Since a worker last woke; +Inf when none ever did.",
            {"": "+Inf" if age is None else age},
        ),
        (
            "source_age_seconds",
            "Since the last read that was believed.",
            labelled("source", {run.source: seconds(now, run.applied_at) for run in runs if run.applied_at}),
        ),
        (
            "source_good",
            "1 when the newest run was believed.",
            labelled("source", {run.source: int(run.outcome in {"applied", "unchanged"}) for run in runs}),
        ),
        (
            "run_seconds",
            "Duration of the newest run.",
            labelled("source", {run.source: run.seconds for run in runs}),
        ),
        (
            "run_calls",
            "Calls of the newest run.",
            labelled("source", {run.source: run.calls for run in runs}),
        ),
        (
            "hook_accepted",
            "Deliveries of the source's hook that were taken.",
            labelled("source", {hook.source: hook.accepted for hook in hooks}),
        ),
        (
            "hook_refused",
            "Deliveries to the source's hook that were refused.",
            labelled("source", {hook.source: hook.refused for hook in hooks}),
        ),
        (
            "hook_age_seconds",
            "Since the last delivery that was taken.",
            labelled("source", {hook.source: seconds(now, hook.received) for hook in hooks if hook.received}),
        ),
    )
    for name, words, values in families:
        yield f"# HELP sightline_{name} {words}"
        yield f"# TYPE sightline_{name} gauge"
        for label, value in values.items():
            yield f"sightline_{name}{label} {value}"


def labelled(label: str, values: Mapping[str, object]) -> dict[str, object]:
    """The values by label, as the format writes it."""
    return {f'{{{label}="{name}"}}': value for name, value in values.items()}
