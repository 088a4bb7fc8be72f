"""Who is asking, at which moment, and in which form the answer goes out: shared by every page."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from orgmodel import questions
from orgmodel.answers import Asker
from orgmodel.queries.moments import Moment, parse_moment
from orgmodel.queries.pages.lists import ListRequest
from orgmodel.queries.people import Ambiguous, NotFound, any_person
from orgmodel.queries.refusals import BadQuestion
from orgmodel.queries.unit_names import NamesOfUnits
from orgmodel.queries.visibility import VEIL, Viewer, viewer_by_email, viewer_signed_in

from .choices import choose
from .door import sessions
from .door.kept_input import sign_in_first
from .exports import csv_lines, endless, json_pieces
from .listings import Listing
from .old_addresses import MovedTo, led_on

View = Callable[..., HttpResponseBase]
PERSONA = "persona"
DATES, FILTERS = ("at", "since", "until"), ("unit",)
"""What may stand in an address and be wrong, though the page is there."""
NOT_KNOWN = (
    "You are signed in, but no person of the company has your address, or your account is suspended or has"
    " ended. If that is wrong, ask IT to check your Okta profile."
)
NOBODY_READ = (
    "Sightline has not synced anybody yet, so it does not know you: after the first sync, come again."
)
DIGITS = 7
"""Of a page number; a longer one is no page of ours."""


LONGEST = 1_000
"""Characters of one text in an address; our own fields take 200."""


class Portal(HttpRequest):
    """A request of the portal: `viewer` is None for somebody who is no person of the read model.

    `dated`: the page is about the moment that its address names; there only once the view has asked for it.
    """

    viewer: Viewer | None
    dated: bool


class ViewerMiddleware:
    """Makes `request.viewer`; a portal without a login serves nothing but its own health."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SIGHTLINE.entrance == "closed" and request.path not in {"/healthz", "/readyz"}:
            return HttpResponse(
                "Sightline serves nothing until a login is set up: set OIDC_ISSUER, OIDC_CLIENT_ID and"
                " OIDC_CLIENT_SECRET.\n",
                content_type="text/plain; charset=utf-8",
                status=503,
            )
        cast(Any, request).viewer = SimpleLazyObject(
            lambda: _addressed(_viewer(request), request.GET.get("at", ""))
        )
        try:
            return self.get_response(request)
        finally:
            del cast(Any, request).viewer

    def process_view(self, request: HttpRequest, view: View, *_: object) -> HttpResponseBase | None:
        """No name or word of ours holds a NUL character or is endless; PostgreSQL takes no NUL."""
        if getattr(view, "csrf_exempt", False):
            return None  # What takes no form limits what it reads, and reads it itself.
        texts = (text for data in (request.GET, request.POST) for _, texts in data.lists() for text in texts)
        if "\x00" in request.path or any("\x00" in str(text) for text in texts):
            return not_read(request, "The address or form contains a NUL character.")
        if any(len(str(text)) > LONGEST for _, texts in request.GET.lists() for text in texts):
            return not_read(request, f"A text in the address is longer than {LONGEST:,} characters.")
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Names that lead nowhere are a 404, dates that cannot be are a 400, each with its sentence."""
        if isinstance(error, MovedTo):
            return led_on(request, error)
        if isinstance(error, Ambiguous):
            return choose(request, error)
        if isinstance(error, NotFound):
            context = {"sentence": str(error), "again": address_without(request, FILTERS)}
            return render(request, "404.html", context, status=404)
        if isinstance(error, BadQuestion):
            context = {"sentence": str(error), "again": address_without(request, DATES)}
            return render(request, "400.html", context, status=400)
        return None


def not_read(request: HttpRequest, sentence: str) -> HttpResponseBase:
    """The page of a request that cannot be understood."""
    return render(request, "400.html", {"sentence": sentence}, status=400)


def address_without(request: HttpRequest, names: Iterable[str]) -> str:
    """The address with everything else that was asked; empty where none of these stands in it."""
    kept = request.GET.copy()
    if not [kept.pop(name) for name in names if name in kept]:
        return ""
    return f"{request.path}?{kept.urlencode()}" if kept else request.path


def _addressed(viewer: Viewer | None, at: str) -> Viewer | None:
    """The viewer, to whom units are called by the names that people use, former names of then beside them."""
    return replace(viewer, spoken=NamesOfUnits(settings.SIGHTLINE.conventions, at)) if viewer else None


def _viewer(request: HttpRequest) -> Viewer | None:
    visibility = settings.SIGHTLINE.conventions.visibility
    if settings.SIGHTLINE.entrance == "oidc":
        # By what was bound at the sign-in: an address may be somebody else's by now.
        person, account = (request.session.get(key) for key in (sessions.PERSON, sessions.ACCOUNT))
        return viewer_signed_in(person, account, visibility) if person else None
    email = signed_in_as(request)
    return viewer_by_email(email, visibility) if email else None


def signed_in(request: HttpRequest) -> bool:
    """Whether anybody is; they need not be a person who may look."""
    if settings.SIGHTLINE.entrance == "oidc":
        return bool(request.session.get(sessions.PERSON))
    return bool(signed_in_as(request))


def signed_in_as(request: HttpRequest) -> str:
    """The e-mail address of the demo's chosen persona, or of the user of a test."""
    if settings.SIGHTLINE.demo:
        return str(request.session.get(PERSONA) or default_persona())
    user = request.user
    return str(getattr(user, "email", "")) if user.is_authenticated else ""


def default_persona() -> str:
    """Whom the demo begins with."""
    return "nadia.brandt@nordwind.example"


def employee(view: View) -> View:
    """Only for people of the company: others are asked to sign in, or told that they are not known."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not signed_in(request):
            return sign_in_first(request)
        if not cast(Portal, request).viewer:
            raise PermissionDenied(NOT_KNOWN if any_person() else NOBODY_READ)
        return view(request, *args, **kwargs)

    return checked


def admin(view: View) -> View:
    """Only for admins and auditors."""

    @employee
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        viewer = viewer_of(request)
        if not (viewer.admin or (viewer.auditor and request.method in {"GET", "HEAD"})):
            raise PermissionDenied("This page is for the people who run Sightline.")
        return view(request, *args, **kwargs)

    return checked


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of a page behind `employee`."""
    viewer = cast(Portal, request).viewer
    if not viewer:
        raise PermissionDenied
    # The lazy object of the middleware is no dataclass; its copy is what it wraps.
    return copy(viewer)


def self_of(request: HttpRequest) -> int:
    """The id of the person who looks."""
    person = viewer_of(request).person
    if person is None:
        raise PermissionDenied
    return person


def moment(request: HttpRequest) -> Moment:
    """The moment the page is asked about (?at=), which its frame then says. Raises BadMoment."""
    cast(Portal, request).dated = True
    return parse_moment(request.GET.get("at", ""))


def ask(request: HttpRequest, name: str, **arguments: str) -> Any:
    """The answer to a question of the list, for the viewer, at the moment of the address where it has one.

    Raises what orgmodel.questions says; who may not ask is told so.
    """
    takes_moment = any(each.name == "at" for each in questions.QUESTIONS[name].arguments)
    at = {"at": request.GET.get("at", "")} if takes_moment else {}
    cast(Portal, request).dated = takes_moment or getattr(request, "dated", False)
    try:
        return questions.ask(name, at | arguments, Asker(viewer_of(request), settings.SIGHTLINE.conventions))
    except questions.NotAllowed as error:
        raise PermissionDenied(str(error)) from error


def machine(request: HttpRequest, form: str) -> str:
    """csv or json when a machine asks, else empty."""
    return form or request.GET.get("format", "")


def list_options(request: HttpRequest, form: str = "") -> ListRequest:
    """What of a list is asked for: ?q=, ?sort=, ?status=, ?page= (at least 1); for two dates all of it."""
    query, page, span = request.GET, request.GET.get("page", "1"), getattr(request, "span", None)
    usable = page.isascii() and page.isdigit() and len(page) <= DIGITS
    return ListRequest(
        text=query.get("q", "").strip(),
        sort=query.get("sort", "name"),
        status=query.get("status", ""),
        number=max(1, int(page)) if usable else 1,
        everything=bool(machine(request, form) or span),
        touched=(span.since.at, span.until.at) if span else None,
    )


def answer(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    data: Callable[[], Any] | None = None,
    table: tuple[Sequence[str], Iterable[Sequence[object]]] | None = None,
    listing: Listing[Any] | None = None,
    form: str = "",
) -> HttpResponseBase:
    """The page, or the same answer as JSON or CSV, as the address or ?format= asks.

    `listing`: stands for the table, and for the data where none are given.
    """
    machine_form = machine(request, form)
    if listing:
        data = data or (listing.data if listing.json else None)
        table = listing.table()
    if machine_form == "json" and data:
        return _with_note(_json_answer(_noted(data(), viewer_of(request))), viewer_of(request))
    if machine_form == "csv" and table:
        name = f"{template.rpartition('/')[2][:-5]}.csv"
        sent = StreamingHttpResponse(
            csv_lines(*table),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
        return _with_note(sent, viewer_of(request))
    if machine_form:
        raise Http404
    return render(request, template, context)


NOTE = "Sightline-Note"
"""The header of exports that may leave something out: a bare list and a table have no other place for it."""


def _with_note(response: HttpResponseBase, viewer: Viewer) -> HttpResponseBase:
    if viewer.veiled:
        response.headers[NOTE] = VEIL
    return response


def _noted(data: Any, viewer: Viewer) -> Any:
    """An answer with the note that it may leave something out; of a bare list the header alone says it."""
    return {**data, "note": VEIL} if viewer.veiled and isinstance(data, dict) else data


def _json_answer(data: Any) -> HttpResponseBase:
    if isinstance(data, Iterator) or (isinstance(data, dict) and any(map(endless, data.values()))):
        return StreamingHttpResponse(json_pieces(data), content_type="application/json")
    return JsonResponse(data, safe=False, json_dumps_params={"ensure_ascii": False, "indent": 2})
