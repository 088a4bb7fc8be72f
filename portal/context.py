"""What every page shows round its content: who looks, how fresh the sources are, what waits."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.db.models import Count, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from notifier.models import Outbox, Stop
from orgmodel.models import Finding
from orgmodel.queries.moments import BadMoment
from orgmodel.queries.pages.freshness import Freshness, freshness_and, known_since
from orgmodel.queries.visibility import VEIL
from orgmodel.why.caveats import known_only_since

from .between_dates import Span
from .heartbeat import seconds_since, silence, wakes
from .requests import PERSONA, Portal, default_persona, moment
from .templatetags.addresses import person_address

PERSONAS = (
    ("nadia.brandt@nordwind.example", "Nadia Brandt, who moved"),
    ("lena.osei@nordwind.example", "Lena Osei, who leads Cucumber"),
    ("quinn.abe@nordwind.example", "Quinn Abe, a contractor"),
    ("tomas.okafor@nordwind.example", "Tomas Okafor, who runs Sightline"),
)
SECTIONS = (
    "teams",
    "people",
    "apps",
    "groups",
    "rules",
    "changes",
    "compare",
    "rehearsals",
    "drift",
    "sources",
    "outbox",
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of base.html."""
    viewer = getattr(cast(Portal, request), "viewer", None)
    if not viewer or viewer.person is None:
        return {"demo": _demo(request)}
    span: Span | None = getattr(request, "span", None)
    past = span.since.at if span else _past(request)
    fresh, counted = freshness_and(_waiting() if viewer.admin else None, timezone.now(), past)
    began = known_since(past, fresh) if past else None
    section = request.path.strip("/").split("/")[0].split(".")[0]
    more = _waits(counted) if viewer.admin else {}
    return {
        "viewer": {
            "name": viewer.name,
            "url": person_address(viewer.key),
            "is_admin": viewer.admin or viewer.auditor,
            "veil": VEIL if viewer.veiled else "",
        },
        "section": section if section in SECTIONS else "me" if not section else "",
        "freshness": fresh,
        "known_since": known_only_since(timezone.localtime(began)) if began else "",
        "reads": _reads(fresh),
        "now": timezone.now(),
        "at": None if span else past,
        "span": span,
        "dated": getattr(request, "dated", False) or span is not None,
        "two_dates": getattr(getattr(request.resolver_match, "func", None), "two_dates", False),
        "demo": _demo(request),
        **more,
    }


def _past(request: HttpRequest) -> datetime | None:
    """The past moment that the page is about; what knows no other day than today shows that."""
    if not getattr(request, "dated", False):
        return None
    try:
        at = moment(request)
    except BadMoment:
        return None
    return None if at.live else at.at


@cache
def _waiting() -> tuple[str, tuple[Any, ...]]:
    """What waits for an admin, and when anybody worked on it: SQL, put together once, and its values."""
    found = Finding.objects.filter(state="open").order_by().values_list(Value("open_findings"))
    held = Outbox.objects.filter(state="held").order_by().values_list(Value("held_messages"))
    woken = wakes().order_by().values_list(Value("worker_age"))
    stops = Stop.objects.filter(ended=None).order_by().values_list(Value("sending_stopped"))
    others = (each.annotate(number=Count("pk")) for each in (held, stops))
    counted = found.annotate(number=Count("pk"))
    whole = counted.union(*others, woken.annotate(number=seconds_since()), all=True)
    sql, values = whole.query.sql_with_params()
    return sql, tuple(values)


def _waits(counted: dict[str, int]) -> dict[str, Any]:
    """What waits for an admin, and what is wrong with the worker."""
    nothing = {"open_findings": 0, "held_messages": 0, "sending_stopped": 0}
    return {**nothing, **counted, "silence": silence(counted.get("worker_age"))}


def _reads(fresh: Iterable[Freshness]) -> list[dict[str, Any]]:
    """The reads around a past moment, sources that were read in one minute together."""
    times: dict[tuple[datetime, datetime | None], list[str]] = {}
    for each in fresh:
        if each.before:
            around = (_minute(each.before), _minute(each.after) if each.after else None)
            times.setdefault(around, []).append(each.name)
    return [
        {"names": ", ".join(names), "before": before, "after": after}
        for (before, after), names in times.items()
    ]


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _demo(request: HttpRequest) -> dict[str, Any] | None:
    if not settings.SIGHTLINE.demo:
        return None
    chosen = request.session.get(PERSONA) or default_persona()
    links = [
        {"label": label, "url": url}
        for label, url in (
            ("Play scenes", settings.SANDBOX_CONTROL),
            ("Slack messages", settings.SANDBOX_DMS),
        )
        if url
    ]
    return {
        "persona_url": reverse("persona"),
        "personas": [{"id": email, "label": label, "chosen": email == chosen} for email, label in PERSONAS],
        "links": links,
    }
