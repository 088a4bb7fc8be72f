"""Whom to ask, and the words and the link to ask with."""

import pytest

from orgmodel.conventions import Ask
from orgmodel.why.asking import Asking, Contact, request_text, request_url, settled

LENA = Contact("Lena Osei", "lena@nordwind.example", "Owns team-cucumber in Okta.", key="lena")
FALLBACK = "Answers questions about access (from Sightline’s settings)."


def test_who_is_named_comes_before_the_settings() -> None:
    assert settled([LENA], Ask("it@nordwind.example")) == (LENA,)
    assert settled([], Ask()) == ()


@pytest.mark.parametrize(
    ("contact", "name", "email"),
    [
        ("IT help desk <it@nordwind.example>", "IT help desk", "it@nordwind.example"),
        ("it@nordwind.example", "it@nordwind.example", "it@nordwind.example"),
        ("#it-help in Slack", "#it-help in Slack", ""),
    ],
)
def test_the_contact_of_the_settings(contact: str, name: str, email: str) -> None:
    assert settled([], Ask(contact)) == (Contact(name, email, FALLBACK),)


def test_where_only_the_place_to_ask_is_known() -> None:
    assert settled([], Ask("", "https://it.example")) == (
        Contact("Access requests", "", "This is where access is requested."),
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            request_text("Nadia Brandt", "nadia@nordwind.example", "Figma", kind="app"),
            "Please give Nadia Brandt (nadia@nordwind.example) access to Figma.",
        ),
        (
            request_text("Nadia Brandt", "", "Figma", kind="app", group="crew"),
            "Please give Nadia Brandt access to Figma. It comes with the group crew.",
        ),
        (request_text("", "", "crew", kind="group"), "Please add … to the group crew."),
    ],
)
def test_the_words_to_ask_with(text: str, sentence: str) -> None:
    assert text == sentence


def test_what_is_filled_into_the_link_stays_one_value() -> None:
    link = request_url("https://it.example/?p={person}&a={app}#{reason}", "{app}&x=1", "A/B ü", "a b")
    assert link == "https://it.example/?p=%7Bapp%7D%26x%3D1&a=A%2FB%20%C3%BC#a%20b"
    assert request_url("", "Nadia", "Figma", "") == ""


def test_the_contract() -> None:
    assert Asking((LENA, Contact("Crew", "", "Owns it.", "https://it.example"))).as_json() == [
        {
            "name": "Lena Osei",
            "email": "lena@nordwind.example",
            "url": None,
            "because": "Owns team-cucumber in Okta.",
        },
        {"name": "Crew", "email": None, "url": "https://it.example", "because": "Owns it."},
    ]
