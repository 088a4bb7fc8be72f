"""Every address of the portal, and what a reader gets there; what differs by chance is made the same."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.orgmodel.sync.world import moment

MISSING = "nothing-of-that-name"
SECRET_GROUPS = (
    "00gzephyr",
    "Zephyr circle",
    "Zephyr before",
    "00gzephyrsumac",
    "00gwyvern",
    "00gzephyrgone",
)
SECRET_APPS = ("0oazephyr", "Zephyr vault", "0oazephyrdesk", "0oawyvern")
PEOPLE = ("nadia", "ida", "vera", "nils")
UUID = "00000000-0000-4000-8000-000000000000"
TARGETS = ("0oafigma", "0oamiro", "00gask", "00gumbra", "00gzephyr", "Zephyr before", "Zephyr vault", MISSING)
VALUES: Mapping[str, tuple[dict[str, str], ...]] = {
    "teams/<str:slug>": tuple({"slug": each} for each in ("pepper", "sumac", "engineering", MISSING)),
    "people/<str:key>": tuple({"key": each} for each in PEOPLE),
    "people/<str:key>/evidence": ({"key": "nadia"}, {"key": "ida"}),
    "people/<str:key>/what-if": ({"key": "nadia"}, {"key": "ida"}),
    "people/<str:key>/why/<str:target>": (
        *({"key": one, "target": each} for each in TARGETS for one in ("nadia", "ida")),
        *({"key": one, "target": each} for each in TARGETS[::2] for one in ("nils", "theo")),
    ),
    "accounts/<int:pk>": ({"pk": "1"},),
    "accounts/<int:pk>/decide": ({"pk": "1"},),
    "apps/<str:key>": tuple(
        {"key": each} for each in ("0oafigma", "0oamiro", *SECRET_APPS, "00gzephyr", MISSING)
    ),
    "groups/<str:key>": tuple(
        {"key": each} for each in ("00gpep", "00gask", "00gops", *SECRET_GROUPS, MISSING)
    ),
    "rules/<str:key>": tuple(
        {"key": each}
        for each in (
            "0prpep",
            "0prask",
            "0prname",
            "0prpart",
            "0prbad",
            "0przephyr",
            "0przephyr2",
            "0prumbra",
        )
    ),
    "attributes/<str:key>": tuple({"key": each} for each in ("team", "department", "wyvern")),
    "moves/<int:pk>": tuple({"pk": f"move of {each}"} for each in ("nadia", "theo", "nils")),
    "rehearsals/<uuid:key>": ({"key": UUID},),
    "rehearsals/<uuid:key>/actual": ({"key": UUID},),
    "rehearsals/<uuid:key>/again": ({"key": UUID},),
    "rehearsals/<uuid:key>/remove": ({"key": UUID},),
    "drift/<str:fingerprint>": ({"fingerprint": "f1"},),
    "drift/<str:fingerprint>/decide": ({"fingerprint": "f1"},),
    "sources/<int:pk>/release": ({"pk": "1"},),
    "sources/<int:pk>/drop": ({"pk": "1"},),
    "outbox/<uuid:pk>": ({"pk": UUID},),
}
"""Route without its form → what stands in its place: things that are there, that are secret, that are not."""
THEN = moment(1.5).isoformat()
FIRST = moment(0.5).isoformat()
DATES: tuple[dict[str, str], ...] = ({}, {"at": THEN}, {"since": FIRST}, {"since": FIRST, "until": THEN})
TEXTS = tuple({"q": each} for each in ("zephyr", "wyvern", "00gz", "e"))
LISTED = (
    *TEXTS,
    {"sort": "-people"},
    {"sort": "people"},
    {"sort": "-opens"},
    {"page": "2"},
    {"status": "ACTIVE"},
)
PAIRS = (("nadia", "ida"), ("nadia", "vera"), ("nils", "sumac"), ("pepper", "sumac"), ("nadia", "zephyr"))
QUERIES: Mapping[str, tuple[dict[str, str], ...]] = {
    "apps": LISTED,
    "groups": LISTED,
    "rules": LISTED,
    "teams": TEXTS,
    "people": (*TEXTS, {"unit": "sumac"}),
    "people/<str:key>": ({"tab": "groups"}, {"tab": "history"}, {"tab": "reports"}),
    "people/<str:key>/what-if": (
        *({"set": f"team={each}"} for each in ("radish", "sumac", "zephyr")),
        *({"set": f"department={each}"} for each in ("zephyr", "umbra")),
        {"set": "wyvern=yes"},
        {"set": "zephyr=yes"},
        {"like": "vera"},
    ),
    "compare": (
        *({"a": a, "b": b, **more} for a, b in PAIRS for more in ({}, {"until": THEN})),
        {"a": "ida", "b": "ida", "at": FIRST},
        {"a": "sumac", "at": FIRST},
        {"b": "ida"},
    ),
    "changes": (
        *TEXTS,
        *({"kind": each} for each in ("grant", "edge", "rule", "resource", "person")),
        *({"cause": each} for each in ("rule", "unknown", "admin")),
        *({"person": each} for each in PEOPLE),
        *({"app": each} for each in ("0oafigma", "0oamiro", "0oazephyr")),
        *({"group": each} for each in ("00gpep", "00gzephyr", "Zephyr before")),
        {"unit": "sumac"},
        {"before": "999999"},
    ),
    "search": (
        *TEXTS,
        *(
            {"q": each}
            for each in ("figma", "miro", "pepper", "why can ida use zephyr vault", "why can ida use figma")
        ),
        {"q": "zephyr", "partial": "palette"},
    ),
    "moves": ({"kind": "lost"},),
    "sources": (),
}
POSTED: Mapping[str, dict[str, str]] = {
    "rehearsals/new": {"plan": "person,attribute,value\nida,team,radish\n"},
    "outbox/decide": {"do": "drop", "all": "yes"},
    "drift/<str:fingerprint>/decide": {"do": "open"},
    "sources/<int:pk>/release": {"sure": "yes"},
    "sources/<int:pk>/drop": {"reason": "Half an answer."},
}
LEAVES = {"login", "logout", "persona", "oidc/callback", "hooks/<path:where>"}
"""They change who is signed in, or are for machines, and tell nothing of the company."""
WHOLE = "nadia"
HOLDERS = ("ida", "nils")
FOR_ADMINS = {"rehearsals", "drift", "outbox"}
OUTSIDE = ("anonymous", "stranger")
NEVER_THE_SAME = (
    (re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"'), "a token"),
    (re.compile(r"nonce-[\w+/=-]+|nonce=\"[^\"]+\""), "a nonce"),
    (re.compile(r"/moves/\d+"), "/moves/of-somebody"),
    (re.compile(r"before=\d+"), "before=some-entry"),
    (re.compile(r'"move": \d+'), '"move": of-somebody'),
    (re.compile(r"No move is known as [^.]+\."), "No such move."),
)
"""Numbers of moves and changes count all there are; docs/security.md says so."""


Form = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PageRequest:
    """One question to the portal. `move`: whose number stands in the address, if any."""

    route: str
    address: str
    move: str = ""
    posted: Form | None = None

    def __str__(self) -> str:
        return f"{'POST ' if self.posted is not None else ''}{self.address}"


def patterns() -> Iterator[str]:
    """Every route of the portal as it stands in urlpatterns."""
    yield from _routes(get_resolver().url_patterns, "")


def _routes(found: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, before + str(each.pattern))
        else:
            yield before + str(each.pattern)


def stem(route: str) -> str:
    """The route without its last slash and form; the first page is called me."""
    return route.removesuffix(".csv").removesuffix(".json").rstrip("/") or "me"


def places(route: str) -> list[dict[str, str]]:
    """What stands in the place of the parameters. Raises KeyError for a route that the net does not know."""
    return list(VALUES[stem(route)]) if "<" in route else [{}]


def questions(reader: str) -> list[PageRequest]:
    """What the net asks for a reader: WHOLE everything, HOLDERS all about themselves and each page, others
    each page, those who are not let in each route once.
    """
    routes = [route for route in patterns() if stem(route) not in LEAVES]
    if reader == WHOLE:
        return [each for route in routes for each in _everything(route)]
    if reader in OUTSIDE:
        return [
            each for route in routes if not route.endswith((".csv", ".json")) for each in _briefly(route, 1)
        ]
    if reader not in HOLDERS:
        return [each for route in routes for each in _briefly(route, 2)]
    brief = [each for route in routes for each in _briefly(route, 1)]
    return list(
        dict.fromkeys(
            [*brief, *(each for route in routes for each in _everything(route) if own(reader, each))]
        )
    )


def own(reader: str, question: "PageRequest") -> bool:
    """The answer is about the reader, who may be told of what they hold."""
    here = question.address
    about = ("/?", "/me.", f"/people/{reader}/", f"/people/{reader}.")
    if here == "/" or here.startswith(about) or question.move == reader:
        return True
    return f"={reader}" in here and question.route in {"changes", "compare"}


def _everything(route: str) -> Iterator[PageRequest]:
    """Every place of a route with every filter, and at other dates."""
    kind, formed = stem(route), route.endswith((".csv", ".json"))
    if kind.partition("/")[0] in FOR_ADMINS or kind.endswith("evidence"):
        yield from _briefly(route, 1)
        return
    more = () if route.endswith(".csv") else QUERIES.get(kind, ())
    dates = DATES[: 1 if formed else 2] if "/why/" in route else DATES[::3] if formed else DATES
    for values in places(route):
        yield from (_request(route, values, query) for query in (*dates, *more))
    if kind in {"apps", "groups", "rules", "teams"} and not formed:
        yield from (_request(route, {}, {**query, "at": THEN}) for query in more)
    yield from _posted(route)


def _briefly(route: str, most: int) -> Iterator[PageRequest]:
    """Some places of a route, as it is today."""
    known = places(route)
    for values in known[:: max(1, len(known) // most)][:most]:
        yield _request(route, values, {})
    yield from _posted(route)


def _posted(route: str) -> Iterator[PageRequest]:
    if form := POSTED.get(stem(route)):
        yield _request(route, places(route)[0], {}, tuple(form.items()))


def _request(
    route: str, values: Mapping[str, str], query: Mapping[str, str], posted: Form | None = None
) -> PageRequest:
    path, move = f"/{route}", ""
    for name, value in values.items():
        move = value.removeprefix("move of ") if value.startswith("move of ") else move
        path = re.sub(rf"<\w+:{name}>", quote(value, safe=""), path)
    return PageRequest(stem(route), f"{path}{f'?{urlencode(query)}' if query else ''}", move, posted)


def walk(client: Client, requests: list[PageRequest], moves: Mapping[str, int]) -> dict[str, str]:
    """Question → status, headers and body, as one text. `moves`: whose → number."""
    return {str(each): response_text(client, each, moves) for each in requests}


def response_text(client: Client, request: PageRequest, moves: Mapping[str, int]) -> str:
    """The whole answer but for what is never the same twice."""
    address = request.address.replace(quote(f"move of {request.move}"), str(moves.get(request.move) or 10**6))
    ask: Callable[..., Any] = client.get if request.posted is None else client.post
    answer = ask(address) if request.posted is None else ask(address, dict(request.posted))
    while answer.status_code == HTTPStatus.MOVED_PERMANENTLY:
        # An address with native ids leads to the keys, one after another, as a browser would follow it.
        address = answer["Location"]
        answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = "\n".join(
        f"{name}: {value}" for name, value in sorted(answer.headers.items()) if name != "Content-Length"
    )
    text = f"{answer.status_code}\n{headers}\n\n{body.decode('utf-8', 'replace')}"
    for pattern, same in NEVER_THE_SAME:
        text = pattern.sub(same, text)
    # What was typed may be told again.
    return text.replace(address, "the address")
