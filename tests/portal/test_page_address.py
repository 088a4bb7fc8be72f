"""Addresses made from a kept pattern are those that Django makes."""

import string

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.page_address import page_address

TEXT = st.text(string.printable.replace("/", "") + "ß漢\u202e", min_size=1)


@settings(deadline=None)
@given(TEXT, TEXT)
def test_any_text_stands_in_it_as_django_would_write_it(person: str, target: str) -> None:
    assert page_address("why", person, target) == reverse("why", args=[person, target])


def test_a_page_without_anything_in_its_address() -> None:
    assert page_address("people") == "/people/"
    assert page_address("me.csv") == "/me.csv"


def test_a_page_that_takes_a_number() -> None:
    assert page_address("move", "12") == "/moves/12/"


@pytest.mark.parametrize(
    ("page", "about"), [("person", [""]), ("person", ["a/b"]), ("person", []), ("no", ["a"])]
)
def test_what_is_no_address_is_refused(page: str, about: list[str]) -> None:
    with pytest.raises(NoReverseMatch):
        page_address(page, *about)


def test_a_site_below_a_prefix() -> None:
    assert page_address("person", "k1") == "/people/k1/"
    set_script_prefix("/sightline/")
    try:
        assert page_address("person", "k1") == "/sightline/people/k1/"
    finally:
        set_script_prefix("/")
