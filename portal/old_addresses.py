"""Addresses with a source's own id: they redirect to the same thing by its key."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import reverse

from orgmodel.queries.people import key_by_account

PERSON_KEY = re.compile(r"[0-9a-f]{16}")


class Keyed(Protocol):
    """A thing with a page of its own."""

    @property
    def native_id(self) -> str: ...
    @property
    def key(self) -> str: ...


Thing = TypeVar("Thing", bound=Keyed)


class MovedTo(Exception):
    """The address names by its native id what has the key."""

    def __init__(self, native_id: str, key: str) -> None:
        super().__init__(native_id)
        self.native_id = native_id
        self.key = key


def at_home(thing: Thing, named: str) -> Thing:
    """The thing that an address found by the text `named`. Raises MovedTo where that is its native id."""
    if named == thing.native_id != thing.key:
        raise MovedTo(named, thing.key)
    return thing


def person_at_home(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view of a person, whose address has the key. Raises MovedTo where it has the native id."""

    @wraps(view)
    def found(request: HttpRequest, key: str, **more: Any) -> HttpResponseBase:
        own = "" if PERSON_KEY.fullmatch(key) else key_by_account(key)
        if own not in {"", key}:
            raise MovedTo(key, own)
        return view(request, key=key, **more)

    return found


def led_on(request: HttpRequest, moved: MovedTo) -> HttpResponsePermanentRedirect:
    """The same page, moment and filters at the address of today."""
    match = request.resolver_match
    captured: dict[str, str] = cast(Any, match).captured_kwargs
    named = {name: moved.key if value == moved.native_id else value for name, value in captured.items()}
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(
        reverse(cast(Any, match).view_name, kwargs=named) + (f"?{query}" if query else "")
    )
