"""Is it alive, is it ready, and numbers for a monitor."""

from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from notifier import outbox
from orgmodel.models import Finding, Person, Resource
from orgmodel.queries.freshness import freshness

PLAIN = "text/plain; charset=utf-8"
LOCAL = ("127.0.0.1", "::1")


def healthz(request: HttpRequest) -> HttpResponseBase:
    """The process answers."""
    return HttpResponse("alive\n", content_type=PLAIN)


def readyz(request: HttpRequest) -> HttpResponseBase:
    """The database is there and up to date, and the sources are fresh."""
    trouble = _trouble()
    return HttpResponse(
        "\n".join(trouble or ["ready"]) + "\n", content_type=PLAIN, status=503 if trouble else 200
    )


def _trouble() -> list[str]:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["The database is not up to date: run manage.py migrate."]
        found = freshness(timezone.now())
    except DatabaseError:
        return ["The database cannot be reached."]
    return [] if found else ["Nothing was ever read: run manage.py sync."]


def metrics(request: HttpRequest) -> HttpResponseBase:
    """Numbers without names, for this machine's monitor."""
    if request.META.get("REMOTE_ADDR") not in LOCAL or request.headers.get("X-Forwarded-For"):
        return HttpResponse("Only from this machine.\n", content_type=PLAIN, status=403)
    lines = [f"{name} {value}" for name, value in numbers(timezone.now())]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


def numbers(now: datetime) -> Iterator[tuple[str, int]]:
    """Every number with its name and labels, as Prometheus writes them."""
    yield "sightline_people", Person.objects.filter(ended=None).count()
    for kind in ("group", "app"):
        yield f'sightline_resources{{kind="{kind}"}}', Resource.objects.filter(kind=kind, ended=None).count()
    for state, number in outbox.counts().items():
        yield f'sightline_outbox{{state="{state}"}}', number
    yield "sightline_findings_open", Finding.objects.filter(state="open").count()
    for each in freshness(now):
        if each.applied_at:
            age = int((now - each.applied_at).total_seconds())
            yield f'sightline_source_age_seconds{{source="{each.source}"}}', age
