"""Where you are signed in, and how to end it."""

import logging

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from portal.door.sessions import end_others, end_session, sessions_of
from portal.requests import employee, self_of
from portal.templatetags.sightline import plural

logger = logging.getLogger(__name__)


@employee
def session_list(request: HttpRequest) -> HttpResponseBase:
    """One's own sessions; nobody sees another's."""
    if settings.SIGHTLINE.demo:
        raise Http404
    found = sessions_of(request)
    return render(request, "account/sessions.html", {"sessions": found, "others": len(found) > 1})


@employee
@require_POST
def end(request: HttpRequest) -> HttpResponseBase:
    """End one of one's own sessions, or all but this one."""
    if settings.SIGHTLINE.demo:
        raise Http404
    key = request.POST.get("session", "")
    ended = end_session(request, key) if key else end_others(request)
    logger.info("person %d ended %d sessions", self_of(request), ended)
    messages.success(request, f"{plural(ended, 'session')} ended." if ended else "That session had ended.")
    return HttpResponseRedirect(reverse("sessions"))
