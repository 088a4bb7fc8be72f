"""A name that fits several: the page lists them, and each link asks the same question about one of them."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render

from orgmodel.queries.people import Ambiguous

SEVERAL = 300
"""HTTP's own word for it: multiple choices."""


@dataclass(frozen=True)
class Choice:
    """One of those that may be meant."""

    name: str
    hint: str
    url: str


def choices(request: HttpRequest, error: Ambiguous) -> list[Choice]:
    """The candidates; everything else that was asked stays in the address."""
    return [
        Choice(one.name, one.hint, _address_with(request, error.text, one.key)) for one in error.candidates
    ]


def choose(request: HttpRequest, error: Ambiguous) -> HttpResponseBase:
    """The answer of any page that was given such a name."""
    if request.path.endswith(".json") or request.GET.get("format") == "json":
        return JsonResponse(error.as_json(), status=SEVERAL, json_dumps_params={"ensure_ascii": False})
    context = {"sentence": error.sentence, "choices": choices(request, error)}
    return render(request, "ambiguous.html", context, status=SEVERAL)


def _address_with(request: HttpRequest, text: str, key: str) -> str:
    """The address with the first place where the name stands replaced by what means one alone."""
    segments = request.path.split("/")
    pairs = [(name, value) for name, values in request.GET.lists() for value in values]
    if text in segments:
        segments[segments.index(text)] = key
    else:
        place = next((at for at, (_, value) in enumerate(pairs) if value.strip() == text.strip()), None)
        if place is not None:
            pairs[place] = (pairs[place][0], key)
    path = "/".join(quote(segment) for segment in segments)
    return f"{path}?{urlencode(pairs)}" if pairs else path
