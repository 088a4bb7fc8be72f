"""The doors for hooks: a source says by itself that something has changed. No session, no page, no form."""

from contextlib import suppress

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from orgmodel.sources.hooks import Hook
from orgmodel.sources.registry import hooked
from orgmodel.sync.hooks import accept, refuse
from portal.hooks import Refused, contents, wake_early


@csrf_exempt
def receive(request: HttpRequest, where: str) -> HttpResponseBase:
    """Write down what a delivery names."""
    found = hooked(settings.SIGHTLINE, where.removesuffix("/"))
    if found is None:
        return HttpResponse(status=404)
    source, hook = found
    if request.method != "POST":
        return without_delivery(request, hook)
    try:
        first = accept(source.name, contents(request, hook, source.name), timezone.now())
    except Refused as refused:
        return refusal(source.name, refused)
    if first:
        wake_early()
    return HttpResponse(status=204)


def refusal(source: str, refused: Refused) -> HttpResponseBase:
    """The answer to a delivery that is not taken; it is known without the database, which only counts it."""
    with suppress(OperationalError, InterfaceError):
        refuse(source, timezone.now())
    return HttpResponse(status=refused.status)


def without_delivery(request: HttpRequest, hook: Hook) -> HttpResponseBase:
    """Answer whether the address is ours; there is nothing else to ask for."""
    if request.method == "GET" and (answer := hook.challenge(request.headers)):
        return JsonResponse(dict(answer))
    return HttpResponseNotAllowed(["POST"])
