"""Sessions in the database, where every process sees the same ones, and what their owner may do with them.

SESSION_ENGINE names this module. A request with a session asks one question more, by primary key.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from .models import Session

IDLE = timedelta(hours=2)
"""After this without a request a session is over; SESSION_COOKIE_AGE ends it in any case."""
TOUCH = timedelta(minutes=1)
"""How exactly `seen` is kept: a busy browser writes once in that time."""
SWEEP = 5000
"""Rows that one cleaning takes away."""
BROWSER = 200
"""Characters of a browser's own description that are kept."""
RENEW = timedelta(minutes=30)
"""After this the next page goes round by the issuer, which confirms the person without a word."""
LATEST = timedelta(hours=1)
"""After this nothing else is answered either: no form, no part of a page."""
PERSON, ACCOUNT, BEGAN, RENEWED, UNCONFIRMED, AGENT = (
    "person",
    "account",
    "began",
    "renewed",
    "asked",
    "browser",
)


def digest(key: str) -> str:
    """The primary key of the row; 40 characters of hex hold 160 bits."""
    return sha256(key.encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Django's store in the database, with a hashed key, an idle limit and an end that no request moves."""

    seen: datetime | None = None
    """When the row was last touched; None where there is none yet."""

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def _get_session_from_db(self) -> Session | None:
        now = timezone.now()
        alive = Q(expire_date__gt=now, seen__gt=now - IDLE)
        row = Session.objects.filter(alive, session_key=digest(str(self.session_key))).first()
        if row is None:
            self._session_key = None
        self.seen = row.seen if row else None
        return row

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=digest(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=digest(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = timezone.now()
        data.setdefault(BEGAN, now.timestamp())
        self.seen = now
        return Session(
            # The stubs do not know this method of Django's.
            session_key=digest(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self._ends(data),
            user_id=data.get(SESSION_KEY),
            created=_at(data[BEGAN]),
            seen=now,
            renewed=_at(data[RENEWED]) if RENEWED in data else None,
            browser=data.get(AGENT, ""),
        )

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        return self._ends({BEGAN: self.get(BEGAN, timezone.now().timestamp())})

    def get_expiry_age(self, **kwargs: Any) -> int:
        return max(0, int((self.get_expiry_date() - timezone.now()).total_seconds()))

    @staticmethod
    def _ends(data: dict[str, Any]) -> datetime:
        return _at(data[BEGAN]) + timedelta(seconds=settings.SESSION_COOKIE_AGE)


def touch(store: SessionStore) -> None:
    """Note that the session was used, unless that was noted a moment ago."""
    now = timezone.now()
    if store.session_key and store.seen and store.seen < now - TOUCH:
        late = Session.objects.filter(session_key=digest(store.session_key), seen__lt=now - TOUCH)
        late.update(seen=now)


def begin(request: HttpRequest, person: int, account: int | None) -> None:
    """Bind a session to the person who has just signed in; it ends a working day later."""
    now = timezone.now().timestamp()
    agent = request.headers.get("User-Agent", "")[:BROWSER]
    request.session.update({PERSON: person, ACCOUNT: account, BEGAN: now, RENEWED: now, AGENT: agent})


def unconfirmed(store: SessionBase, key: str = RENEWED) -> timedelta:
    """How long ago the issuer confirmed who this is; with UNCONFIRMED, how long ago it could not."""
    return timezone.now() - _at(store.get(key) or 0)


@dataclass(frozen=True)
class SignedIn:
    """One of somebody's sessions. `key` names it in a form and opens nothing."""

    key: str
    created: datetime
    seen: datetime
    ends: datetime
    browser: str
    here: bool


def sessions_of(request: HttpRequest) -> list[SignedIn]:
    """Where the user of the request is signed in, the latest first."""
    mine, now = digest(str(request.session.session_key)), timezone.now()
    rows = Session.objects.filter(user=request.user.pk, expire_date__gt=now, seen__gt=now - IDLE)
    return [
        SignedIn(
            row.pk,
            row.created,
            row.seen,
            min(row.expire_date, row.seen + IDLE),
            described(row.browser),
            row.pk == mine,
        )
        for row in rows.order_by("-seen")[:100]
    ]


def end_session(request: HttpRequest, key: str) -> int:
    """End one session of the user of the request; of nobody else. How many ended."""
    return Session.objects.filter(user=request.user.pk, session_key=key).delete()[0]


def end_others(request: HttpRequest) -> int:
    """End all sessions of the user of the request but this one. How many ended."""
    others = Session.objects.filter(user=request.user.pk)
    return others.exclude(session_key=digest(str(request.session.session_key))).delete()[0]


def sweep(now: datetime) -> int:
    """Delete sessions that are over, a bounded number at a time; how many."""
    over = Session.objects.filter(Q(expire_date__lte=now) | Q(seen__lte=now - IDLE))
    return Session.objects.filter(pk__in=over.values("pk")[:SWEEP]).delete()[0]


_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "CrOS", "Linux")
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def described(agent: str) -> str:
    """A browser in a few words; what it calls itself where that says nothing to us."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    system = {"Mac OS X": "macOS", "CrOS": "ChromeOS"}.get(system, system)
    return " on ".join(word for word in (browser, system) if word) or agent or "an unknown browser"


def _at(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC)
