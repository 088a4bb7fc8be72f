"""Addresses of the portal. Every table is also there as .csv and .json at the same address."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, URLResolver, path

from .views import (
    account,
    changes,
    compare,
    drift,
    entrance,
    evidence,
    health,
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


def page(address: str, view: Callable[..., Any], **given: str) -> list[URLPattern]:
    """A page and the same answer as CSV and JSON."""
    stem = address.rstrip("/") or "me"
    forms = [path(f"{stem}.{form}", view, {**given, "form": form}) for form in FORMS]
    return [path(address, view, given), *forms]


urlpatterns: list[URLPattern | URLResolver] = [
    *page("", me.me),
    *page("teams/", teams.team_tree),
    *page("teams/<str:slug>/", teams.team_page),
    *page("people/", people.person_list),
    *page("people/<str:key>/", people.person_page),
    path("people/<str:key>/evidence/", evidence.bundle),
    *page("people/<str:key>/what-if/", what_if.what_if_page),
    *page("people/<str:key>/why/<str:target>/", why.why_page),
    *page("apps/", resources.resource_list, kind="app"),
    *page("apps/<str:key>/", resources.app_page),
    *page("groups/", resources.resource_list, kind="group"),
    *page("groups/<str:key>/", resources.group_page),
    *page("rules/", rules.rule_list),
    *page("rules/<str:key>/", rules.rule_detail),
    *page("attributes/<str:key>/", rules.attribute_detail),
    *page("compare/", compare.compare_page),
    *page("changes/", changes.changes),
    *page("moves/", moves.move_list),
    *page("moves/<int:pk>/", moves.move_page),
    *page("rehearsals/", rehearsals.rehearsal_list),
    path("rehearsals/new/", rehearsals.hand_in),
    *page("rehearsals/<uuid:key>/", rehearsals.rehearsal_detail),
    *page("rehearsals/<uuid:key>/actual/", rehearsals.rehearsal_outcome),
    path("rehearsals/<uuid:key>/again/", rehearsals.again),
    path("rehearsals/<uuid:key>/remove/", rehearsals.remove),
    *page("drift/", drift.finding_list),
    *page("drift/<str:fingerprint>/", drift.finding_detail),
    path("drift/<str:fingerprint>/decide/", drift.decide_finding),
    *page("sources/", sources.source_list),
    path("sources/<int:pk>/release/", sources.release_run),
    *page("outbox/", outbox.message_list),
    path("outbox/decide/", outbox.decide),
    path("outbox/<uuid:pk>/", outbox.message_page),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("search/", search.search_page),
    path("persona/", entrance.persona),
    path("account/sessions/", account.session_list),
    path("account/sessions/end/", account.end),
    path("login/", entrance.login),
    path("login/refused/", entrance.refused),
    path("logout/", entrance.logout),
    path("signed-out/", entrance.signed_out),
    path("oidc/callback/", entrance.callback, name="oidc_authentication_callback"),
]
