"""Counters shared by all processes: how often somebody tried, and what failed a moment ago."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from .kept_input import knocked_too_often
from .models import Tally
from .proxies import client_address

View = Callable[..., HttpResponseBase]
OLDEST = timedelta(hours=1)
"""No window is longer."""
SWEEP = 20_000


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds, for each person or, before they have signed in, each address."""

    name: str
    most: int
    seconds: int = 60


# An office may share one address, and one morning: its limit is for machines, not for people.
LOGIN = Limit("login", 120)
SEARCH = Limit("search", 300)
QUESTION = Limit("question", 120)
HAND_IN = Limit("hand in", 10)
EVIDENCE = Limit("evidence", 20)


def limited(limit: Limit, *, posts: bool = False) -> Callable[[View], View]:
    """Refuses with 429 and the seconds to wait; `posts`: only POSTs are counted."""

    def around(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if posts and request.method != "POST":
                return view(request, *args, **kwargs)
            wait = knock(limit, _who(request), timezone.now())
            return knocked_too_often(request, wait) if wait else view(request, *args, **kwargs)

        return checked

    return around


def knock(limit: Limit, who: str, now: datetime) -> int:
    """Count once more; 0, or the seconds until the next try where that was too often."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": _key(limit.name, who), "now": now, "seconds": limit.seconds})
        count, began = cursor.fetchone()
    left = (began + timedelta(seconds=limit.seconds) - now).total_seconds()
    return max(1, round(left)) if count > limit.most else 0


def marked(what: str, seconds: int) -> bool:
    """Whether any process has marked it in the last seconds."""
    since = timezone.now() - timedelta(seconds=seconds)
    return Tally.objects.filter(key=_key("mark", what), began__gt=since).exists()


def mark(what: str) -> None:
    """Let every process know."""
    now = timezone.now()
    Tally.objects.update_or_create(key=_key("mark", what), defaults={"began": now, "count": 1})


def sweep(now: datetime) -> int:
    """Delete windows that have passed, a bounded number at a time; how many."""
    old = Tally.objects.filter(began__lt=now - OLDEST).values("pk")[:SWEEP]
    return Tally.objects.filter(pk__in=old).delete()[0]


def _who(request: HttpRequest) -> str:
    user = request.session.get(SESSION_KEY)
    return f"user {user}" if user else f"address {client_address(request)}"


def _key(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()


_COUNT = """
    INSERT INTO portal_tally AS t (key, began, count) VALUES (%(key)s, %(now)s, 1)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN t.began <= %(now)s - %(seconds)s * interval '1 second' THEN 1
                     ELSE least(t.count + 1, 1000000) END,
        began = CASE WHEN t.began <= %(now)s - %(seconds)s * interval '1 second' THEN %(now)s ELSE t.began END
    RETURNING count, began"""
