"""How long the pages of the portal take: each asked for 50 times, for different people, teams and apps."""

import gc
import statistics
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orgmodel.models import OrgUnit, Person, Resource, Rule, Run
from orgmodel.queries.people import UnitRef
from orgmodel.sync.rehearsals import Plan, keep
from portal.templatetags.addresses import address, person_address

from .report import Line, cost

TIMES = 50
MOST_MS = 100
MOST_QUERIES = 12
MOST_PAST = 1.5
"""Times the same page of today."""
TIMELESS = {"changes", "drift", "search", "what-if", "rehearsal", "plan against actual"}
"""Pages that are not asked for at a past date."""
FEW = 10
ADMIN = "tomas.okafor@nordwind.example"
SIGNING_IN = ("portal_session", "portal_tally", "auth_user")
MOVING = 200
"""People of the kept rehearsal."""
WORDS = ("rad", "cucumber", "anna", "figma", "printer")


def measure() -> list[Line]:
    """A line for each page, and for those that tell of the past another one at the first sync's moment."""
    # A process that serves has read no tenant: what that left behind is no work for the collector here.
    gc.collect()
    gc.freeze()
    past = Run.objects.exclude(applied_at=None).earliest("applied_at").applied_at or timezone.now()
    admin = _signed_in(ADMIN)
    lines, queries = [], {}
    for name, addresses in _addresses().items():
        clients = [_signed_in(email) for email in _emails()] if name == "me" else [admin]
        live = _milliseconds(clients, addresses)
        queries[name] = max(_queries(clients[0], page) for page in addresses[:FEW])
        milliseconds = f"{live:.1f} ms"
        lines.append(Line(f"{name}, p95", milliseconds, f"{MOST_MS} ms", live / MOST_MS, 1.0, "L"))
        if name not in TIMELESS:
            then = _milliseconds(clients, [_at(page, past) for page in addresses])
            lines.append(
                Line(f"{name}, at a past date", f"{then:.1f} ms", milliseconds, then / live, MOST_PAST)
            )
    for name, addresses in _between(past).items():
        took, milliseconds = _milliseconds([admin], addresses), f"{name}, since the first sync, p95"
        lines.append(Line(milliseconds, f"{took:.1f} ms", f"{MOST_MS} ms", took / MOST_MS))
    return [*lines, _most_queries(queries)]


def _most_queries(queries: dict[str, int]) -> Line:
    most = max(queries.values())
    named = ", ".join(name for name, number in queries.items() if number == most)
    return Line(f"queries of {named}", str(most), str(MOST_QUERIES), most / MOST_QUERIES, 1.0)


def _addresses() -> dict[str, list[str]]:
    people = [person_address(key) for key in _spread(Person.objects, "key")]
    teams = [
        address(UnitRef(*row))
        for row in OrgUnit.objects.filter(ended=None, kind="team")
        .order_by("pk")
        .values_list("pk", "native_id", "kind", "name", "slug", "address")
    ]
    apps, groups = (_spread(Resource.objects.filter(kind=kind), "key") for kind in ("app", "group"))
    pairs = zip(people, people[1:] + people[:1], strict=True)
    keys = [(one.split("/")[2], other.split("/")[2]) for one, other in pairs]
    kept = f"/rehearsals/{_rehearsal()}/"
    whys = [f"{person}why/{app}/" for person, app in zip(people, _again(apps), strict=False)]
    return {
        "me": ["/"],
        "team": teams[:: max(len(teams) // TIMES, 1)],
        "teams": ["/teams/"],
        "app": [f"/apps/{key}/" for key in apps],
        "group": [f"/groups/{key}/" for key in groups],
        "person": people,
        "why": whys,
        "what-if": [f"{person}what-if/?team=radish" for person in people],
        "rules": ["/rules/"],
        "rule": [f"/rules/{key}/" for key in _spread(Rule.objects, "key")],
        "attribute": [f"/attributes/{name}/" for name in ("team", "department", "title")],
        "people": ["/people/"],
        "changes": ["/changes/"],
        "drift": ["/drift/"],
        "search": [f"/search/?q={word}" for word in WORDS],
        "compare, two people": [f"/compare/?a={one}&b={other}" for one, other in keys],
        "compare, two teams": [
            f"/compare/?a={one.split('/')[2]}&b={other.split('/')[2]}"
            for one, other in pairwise(teams[:TIMES])
        ],
        "rehearsal": [kept],
        "plan against actual": [f"{kept}actual/"],
    }


def _between(past: datetime) -> dict[str, list[str]]:
    """Pages that tell what changed since the first sync."""
    since = f"?since={past:%Y-%m-%dT%H:%M:%S.%f}"
    apps, groups = (_spread(Resource.objects.filter(kind=kind), "key") for kind in ("app", "group"))
    return {
        "person": [f"{person_address(key)}{since}" for key in _spread(Person.objects, "key")],
        "app": [f"/apps/{key}/{since}" for key in apps],
        "group": [f"/groups/{key}/{since}" for key in groups],
        "people": [f"/people/{since}"],
        "apps": [f"/apps/{since}"],
        "teams": [f"/teams/{since}"],
        "rule": [f"/rules/{key}/{since}" for key in _spread(Rule.objects, "key")],
    }


def _rehearsal() -> UUID:
    """A kept plan that sends some people to another team."""
    people = Person.objects.filter(ended=None).exclude(email="").order_by("pk")[:MOVING]
    lines = "".join(f"{person.email},radish\n" for person in people)
    plan = Plan("Some move", f"person,team\n{lines}")
    return keep(plan, settings.SIGHTLINE.conventions, timezone.now())


def _spread(rows: "QuerySet[Any] | Any", column: str) -> list[str]:
    """The column of at most so many current rows, from everywhere in the table."""
    found = list(rows.filter(ended=None).order_by("pk").values_list(column, flat=True))
    return found[:: max(len(found) // TIMES, 1)][:TIMES]


def _emails() -> list[str]:
    return _spread(Person.objects.exclude(email=""), "email")


def _again(items: Sequence[str]) -> Iterator[str]:
    while True:
        yield from items


def _at(page: str, past: datetime) -> str:
    return f"{page}{'&' if '?' in page else '?'}at={past:%Y-%m-%dT%H:%M:%S.%f}"


def _signed_in(email: str) -> Client:
    user, _ = get_user_model().objects.get_or_create(username=email[:150], defaults={"email": email})
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def _milliseconds(clients: Sequence[Client], addresses: Sequence[str]) -> float:
    """The 95th percentile. The first request, which loads the templates, is not counted."""
    _get(clients[0], addresses[0])
    visits = [(clients[place % len(clients)], addresses[place % len(addresses)]) for place in range(TIMES)]
    took = [1000 * cost(partial(_get, client, page)).wall for client, page in visits]
    return statistics.quantiles(took, n=20)[-1]


def _queries(client: Client, page: str) -> int:
    """Questions to the database, but those of the session."""
    with CaptureQueriesContext(connection) as seen:
        _get(client, page)
    return sum(not any(table in query["sql"] for table in SIGNING_IN) for query in seen)


def _get(client: Client, page: str) -> None:
    answer = client.get(page)
    if answer.status_code != HTTPStatus.OK:
        raise SystemExit(f"{page} answered {answer.status_code}.")
