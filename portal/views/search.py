"""The search page and the palette's results."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from orgmodel.queries.pages.search import search
from portal.door.tally import SEARCH, limited
from portal.requests import employee, viewer_of


@limited(SEARCH)
@employee
def search_page(request: HttpRequest) -> HttpResponseBase:
    """People, teams, apps, groups and questions that fit ?q=."""
    query = request.GET.get("q", "")[:200]
    context = {"query": query, "groups": search(query, viewer_of(request))}
    partial = request.GET.get("partial") == "palette"
    return render(request, "components/palette_results.html" if partial else "search/search.html", context)
