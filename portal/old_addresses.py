"""Addresses that hold a source's own id: they lead to where the same thing stands by its key."""

from typing import Any, Protocol, TypeVar, cast

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.urls import reverse


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


def led_on(request: HttpRequest, moved: MovedTo) -> HttpResponsePermanentRedirect:
    """The same page, moment and filters at the address of today."""
    match = request.resolver_match
    captured: dict[str, str] = cast(Any, match).captured_kwargs
    named = {name: moved.key if value == moved.native_id else value for name, value in captured.items()}
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(
        reverse(cast(Any, match).view_name, kwargs=named) + (f"?{query}" if query else "")
    )
