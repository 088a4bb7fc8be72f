"""What is answered where a page failed: our own mistake, or a database that cannot be reached."""

import sys

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.views.defaults import server_error

from portal.database_away import is_away

RETRY_AFTER = "60"
"""Seconds, for programs that heed it; the page says a minute."""
AWAY = "Sightline cannot reach its database. Try again in a minute.\n"


def failed(request: HttpRequest) -> HttpResponseBase:
    """Django calls this inside the handling of the exception; people get a page, programs a sentence."""
    if not is_away(sys.exception()):
        return server_error(request)
    retry = {"Retry-After": RETRY_AFTER}
    browser = "text/html" in request.headers.get("Accept", "") or "HX-Request" in request.headers
    if request.path.startswith("/hooks/") or not browser:
        return HttpResponse(AWAY, content_type="text/plain; charset=utf-8", status=503, headers=retry)
    return HttpResponse(render_to_string("503.html"), status=503, headers=retry)
