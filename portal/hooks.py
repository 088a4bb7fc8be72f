"""Deliveries of the hooks of sources: taken in at once, looked at later by a worker."""

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError
from django.utils import timezone

from orgmodel.sources.hooks import Contents, Delivery, Hook, NotJson, read
from orgmodel.sync.hooks import early_syncs

from .timetable import bring_forward

LARGEST = 1_048_576
"""Bytes of a delivery; what is larger is not read."""
EARLY = "portal.jobs.read_early"


class Refused(Exception):
    """The delivery is not taken; `status` is what its sender gets."""

    def __init__(self, status: int) -> None:
        super().__init__(f"refused with {status}")
        self.status = status


def contents(request: HttpRequest, hook: Hook, name: str) -> Contents:
    """What the delivery to a source's hook comes to, once it is verified. Raises Refused."""
    kind = request.content_type or ""
    if kind != "application/json" and not kind.endswith("+json"):
        raise Refused(415)
    delivery = Delivery(request.headers, _body(request), timezone.now())
    if not hook.verify(settings.SIGHTLINE.hook_secrets[name], delivery):
        raise Refused(401)
    try:
        return read(hook, delivery.body)
    except NotJson as error:
        raise Refused(400) from error


def _body(request: HttpRequest) -> bytes:
    """The body, of a length that is known before anything of it is read. Raises Refused."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit()):
        raise Refused(411)
    if len(length.lstrip("0")) > len(str(LARGEST)) or int(length) > LARGEST:
        raise Refused(413)
    try:
        return request.body
    except UnreadablePostError as error:
        raise Refused(400) from error


def wake_early() -> None:
    """Let a worker begin the early syncs that are waited for as soon as they may begin.

    May be lost: the entry of the timetable comes round by itself, and so does the sync of all sources.
    """
    if moments := early_syncs(settings.SIGHTLINE.sources).values():
        bring_forward(EARLY, min(moments))
