"""The matrix: route → what it is asked about, and what everybody is told by GET and by POST.

Each word is the status for one of ROLES, in their order; "!" says that the answer names what is confidential.
"""

from dataclasses import dataclass, field

UUID = "00000000-0000-4000-8000-000000000000"
ROLES = {
    "anonymous": "anonymous",
    "colleague": "nadia",
    "manager": "mara",
    "owner": "ida",
    "auditor": "agnes",
    "admin": "tomas",
}
"""Role → first name. The owner is whom the page is about, or who holds the confidential thing."""


@dataclass(frozen=True)
class Line:
    """`get`, `post`: what they are told (`post` empty: the same). `about`: parameter → the thing."""

    get: str
    post: str = ""
    about: dict[str, str] = field(default_factory=dict)
    query: str = ""
    form: dict[str, str] = field(default_factory=dict)
    owner: str = "ida"


ALIKE = "302 200 200 200 200 200"
ADMINS_KNOW = "302 200 200 200 200! 200!"
ONLY_ADMINS_FIND = "302 404 404 404 200! 200!"
HOLDER_KNOWS = "302 200 200 200! 200! 200!"
FOR_ADMINS = "302 403 403 403 200 200"
FOR_ADMINS_KNOW = "302 403 403 403 200! 200!"
READ_BY_AUDITORS = "302 403 403 403 403 200"
READ_BY_AUDITORS_KNOW = "302 403 403 403 403 200!"
POSTED = "302 403 403 403 405 405"
"""What only admins may do, asked by GET; an auditor may look and not do."""
ACT = "403 403 403 403 403 302"
"""Whoever is not signed in gets back what was typed, with the way to the login."""
MISSED_BY_ADMINS = "302 403 403 403 404 404"
"""Only admins are told that it is not there."""
ADMIN_MISSES = "302 403 403 403 403 404"

VAULT, CIRCLE, FEED = "0oazephyr", "00gzephyr", "0przephyr"
PARTIALS = {"search/": "?q=vault&partial=palette"}
"""Route → the query for a part of its page, which is as public as the page."""
MATRIX: dict[str, Line] = {
    "": Line("302 200 200! 200! 200! 200!"),
    "me.csv": Line("302 200 200 200! 200 200"),
    "me.json": Line("302 200 200 200! 200 200"),
    "teams/": Line(ALIKE),
    "teams/<str:slug>/": Line(ADMINS_KNOW, about={"slug": "sumac"}),
    "people/": Line(ALIKE),
    "people/<str:key>/": Line(HOLDER_KNOWS, about={"key": "ida"}),
    "people/<str:key>/evidence/": Line(FOR_ADMINS, READ_BY_AUDITORS, about={"key": "ida"}),
    "people/<str:key>/what-if/": Line(HOLDER_KNOWS, about={"key": "ida"}, query="?set=team%3Dradish"),
    "people/<str:key>/why/<str:target>/": Line(
        "302 404 404 200! 200! 200!", about={"key": "ida", "target": VAULT}
    ),
    "accounts/<int:pk>/": Line(FOR_ADMINS, READ_BY_AUDITORS, about={"pk": "account"}),
    "accounts/<int:pk>/decide/": Line(
        POSTED, ACT, about={"pk": "account"}, form={"do": "link", "named": "ida", "reason": "Asked her."}
    ),
    "apps/": Line(ADMINS_KNOW),
    "apps/<str:key>/": Line(ONLY_ADMINS_FIND, about={"key": VAULT}),
    "groups/": Line(ADMINS_KNOW),
    "groups/<str:key>/": Line(ONLY_ADMINS_FIND, about={"key": CIRCLE}),
    "rules/": Line(ADMINS_KNOW),
    "rules/<str:key>/": Line(ONLY_ADMINS_FIND, about={"key": FEED}),
    "rules/<str:key>.csv": Line("302 404 404 404 200 200", about={"key": FEED}),
    "attributes/<str:key>/": Line(ADMINS_KNOW, about={"key": "attribute"}),
    "attributes/<str:key>.csv": Line(ALIKE, about={"key": "attribute"}),
    "compare/": Line(ADMINS_KNOW, query="?a=nadia&b=ida"),
    "changes/": Line(ADMINS_KNOW),
    "moves/": Line(FOR_ADMINS, READ_BY_AUDITORS),
    "moves/<int:pk>/": Line("302 403 200 200! 200! 200!", about={"pk": "move"}, owner="vera"),
    "rehearsals/": Line(FOR_ADMINS, READ_BY_AUDITORS),
    "rehearsals/new/": Line(
        POSTED, ACT, form={"name": "Summer", "due": "2027-01-01", "text": "person,move_to\nida,Radish\n"}
    ),
    "rehearsals/<uuid:key>/": Line(
        "302 403 403 403 404 404", "302 403 403 403 403 404", about={"key": "uuid"}
    ),
    "rehearsals/<uuid:key>/actual/": Line(
        "302 403 403 403 404 404", "302 403 403 403 403 404", about={"key": "uuid"}
    ),
    "rehearsals/<uuid:key>/again/": Line(POSTED, "302 403 403 403 403 404", about={"key": "uuid"}),
    "rehearsals/<uuid:key>/remove/": Line(POSTED, "302 403 403 403 403 404", about={"key": "uuid"}),
    "drift/": Line(FOR_ADMINS_KNOW, READ_BY_AUDITORS_KNOW),
    "drift/<str:fingerprint>/": Line("302 403 403 403 200! 200!", about={"fingerprint": "f1"}),
    "drift/<str:fingerprint>/decide/": Line(POSTED, ACT, about={"fingerprint": "f1"}, form={"do": "open"}),
    "sources/": Line(ADMINS_KNOW),
    "sources/<int:pk>/release/": Line(
        POSTED, ACT, about={"pk": "run"}, form={"sure": "yes", "reason": "Checked."}
    ),
    "sources/<int:pk>/drop/": Line(POSTED, ACT, about={"pk": "run"}, form={"reason": "Half an answer."}),
    "outbox/": Line(FOR_ADMINS_KNOW, READ_BY_AUDITORS_KNOW),
    "outbox/decide/": Line(POSTED, ACT, form={"do": "drop", "all": "yes", "reason": "Not needed."}),
    "outbox/<uuid:pk>/": Line(FOR_ADMINS_KNOW, READ_BY_AUDITORS_KNOW, about={"pk": "message"}),
    "hooks/<path:where>": Line("404 404 404 404 404 404", about={"where": "hook"}),
    "healthz": Line("200 200 200 200 200 200"),
    "readyz": Line("503 503 503 503 503 503"),
    "metrics": Line("200 200 200 200 200 200"),
    "search/": Line(ADMINS_KNOW, query="?q=vault"),
    "persona/": Line("405 405 405 405 405 405", "404 404 404 404 404 404"),
    "account/sessions/": Line(ALIKE),
    "account/sessions/end/": Line("302 405 405 405 405 405", "302 302 302 302 302 302"),
    "login/": Line("403 403 403 403 403 403"),
    "login/refused/": Line("403 403 403 403 403 403"),
    "logout/": Line("405 405 405 405 405 405", "302 302 302 302 302 302"),
    "signed-out/": Line("200 200 200 200 200 200"),
    "oidc/callback/": Line("404 404 404 404 404 404"),
}
