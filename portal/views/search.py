"""The search page and the palette's results."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from orgmodel.queries.pages.search import Found, Hits
from portal.door.counters import SEARCH, limited
from portal.requests import answer, ask, employee


def results(request: HttpRequest, query: str) -> tuple[Hits, ...]:
    """What fits; nothing where nothing was typed."""
    found: Found | None = ask(request, "find", text=query) if query.strip() else None
    return found.groups if found else ()


@limited(SEARCH)
@employee
def search_page(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """People, teams, apps, groups and questions that fit ?q=."""
    query = request.GET.get("q", "")[:200]
    context: dict[str, Any] = {"query": query, "groups": results(request, query)}
    if request.GET.get("partial") == "palette":
        return render(request, "components/palette_results.html", context)
    found = Found(context["groups"])
    return answer(request, "search/search.html", context, data=found.as_json, form=form)
