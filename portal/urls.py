"""Addresses of the portal. Every table is also there as .csv and .json, other answers as .json alone."""

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import URLPattern, URLResolver, path

from .views import (
    account,
    accounts,
    changes,
    compare,
    drift,
    entrance,
    evidence,
    health,
    hooks,
    me,
    moves,
    outbox,
    people,
    rehearsals,
    resources,
    rules,
    search,
    sources,
    teams,
    what_if,
    why,
)

FORMS = ("csv", "json")


def page(
    address: str, view: Callable[..., Any], name: str, forms: Sequence[str] = FORMS, **arguments: str
) -> list[URLPattern]:
    """A page and the same answer as CSV and JSON, which are called `name.csv` and `name.json`.

    `forms`: for what is no table.
    """
    stem = address.rstrip("/") or "me"
    others = [path(f"{stem}.{form}", view, {**arguments, "form": form}, f"{name}.{form}") for form in forms]
    return [path(address, view, arguments, name), *others]


urlpatterns: list[URLPattern | URLResolver] = [
    *page("", me.me, "me"),
    *page("teams/", teams.team_tree, "teams"),
    *page("teams/<str:slug>/", teams.team_page, "team"),
    *page("people/", people.person_list, "people"),
    *page("people/<str:key>/", people.person_page, "person"),
    path("people/<str:key>/evidence/", evidence.bundle, name="evidence"),
    *page("people/<str:key>/what-if/", what_if.what_if_page, "what_if"),
    *page("people/<str:key>/why/<str:target>/", why.why_page, "why", forms=["json"]),
    *page("accounts/<int:pk>/", accounts.account_detail, "account", forms=["json"]),
    path("accounts/<int:pk>/decide/", accounts.decide_account, name="decide_account"),
    *page("apps/", resources.resource_list, "apps", kind="app"),
    *page("apps/<str:key>/", resources.app_page, "app"),
    *page("groups/", resources.resource_list, "groups", kind="group"),
    *page("groups/<str:key>/", resources.group_page, "group"),
    *page("rules/", rules.rule_list, "rules"),
    *page("rules/<str:key>/", rules.rule_detail, "rule"),
    *page("attributes/<str:key>/", rules.attribute_detail, "attribute"),
    *page("compare/", compare.compare_page, "compare"),
    *page("changes/", changes.changes, "changes"),
    *page("moves/", moves.move_list, "moves"),
    *page("moves/<int:pk>/", moves.move_page, "move", forms=["json"]),
    *page("rehearsals/", rehearsals.rehearsal_list, "rehearsals"),
    path("rehearsals/new/", rehearsals.hand_in, name="hand_in"),
    *page("rehearsals/<uuid:key>/", rehearsals.rehearsal_detail, "rehearsal"),
    *page("rehearsals/<uuid:key>/actual/", rehearsals.rehearsal_outcome, "rehearsal_outcome"),
    path("rehearsals/<uuid:key>/again/", rehearsals.again, name="rehearse_again"),
    path("rehearsals/<uuid:key>/remove/", rehearsals.remove, name="remove_rehearsal"),
    *page("drift/", drift.finding_list, "findings"),
    *page("drift/<str:fingerprint>/", drift.finding_detail, "finding", forms=["json"]),
    path("drift/<str:fingerprint>/decide/", drift.decide_finding, name="decide_finding"),
    *page("sources/", sources.source_list, "sources"),
    path("sources/<int:pk>/release/", sources.release_run, name="release_run"),
    path("sources/<int:pk>/drop/", sources.drop_run, name="drop_run"),
    *page("outbox/", outbox.message_list, "outbox"),
    path("outbox/decide/", outbox.decide, name="decide_messages"),
    *page("outbox/<uuid:pk>/", outbox.message_page, "message", forms=["json"]),
    path("hooks/<path:where>", hooks.receive, name="hook"),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    *page("search/", search.search_page, "search", forms=["json"]),
    path("persona/", entrance.persona, name="persona"),
    path("account/sessions/", account.session_list, name="sessions"),
    path("account/sessions/end/", account.end, name="end_sessions"),
    path("login/", entrance.login, name="login"),
    path("login/refused/", entrance.refused, name="refused"),
    path("logout/", entrance.logout, name="logout"),
    path("signed-out/", entrance.signed_out, name="signed_out"),
    path("oidc/callback/", entrance.callback, name="oidc_authentication_callback"),
]

handler500 = "portal.views.failures.failed"
