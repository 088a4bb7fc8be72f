"""Whom to ask for something that somebody does not have, and the words to ask with. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from email.utils import parseaddr
from typing import Any
from urllib.parse import quote

from orgmodel.conventions import Ask


@dataclass(frozen=True)
class Contact:
    """Somebody to ask. `key`: of a person’s page; `url`: where access is requested."""

    name: str
    email: str
    because: str
    url: str = ""
    key: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "email": self.email or None,
            "url": self.url or None,
            "because": self.because,
        }


NOBODY_NAMED = (
    "Nobody is named for this; an admin can name an owner of the group in Okta, a lead of its unit,"
    " or a contact in Sightline’s settings."
)


@dataclass(frozen=True)
class Asking:
    """Whom to ask, where, and a text to copy; both empty for what nobody needs to request."""

    contacts: tuple[Contact, ...] = ()
    text: str = ""
    url: str = ""

    nobody: str = NOBODY_NAMED
    """What is said where there is nobody to ask."""
    first: str = ""
    """What stands in the way, which those who are named need not be able to change."""

    def without_request(self) -> "Asking":
        """Whom to ask about something that need not be requested."""
        return replace(self, contacts=tuple(replace(each, url="") for each in self.contacts), text="", url="")

    def as_json(self) -> list[dict[str, Any]]:
        return [contact.as_json() for contact in self.contacts]


def request_text(person: str, email: str, thing: str, *, kind: str, group: str = "", first: str = "") -> str:
    """The words to ask with; without a person they are for the reader to fill in. `first`: a sentence.

    >>> request_text("Nadia Brandt", "nadia@nordwind.example", "Figma", kind="app", group="crew")
    'Please give Nadia Brandt (nadia@nordwind.example) access to Figma. It comes with the group crew.'
    """
    who = f"{person} ({email})" if person and email else person or "…"
    if kind == "group":
        return f"Please add {who} to the group {thing}. {first}".rstrip()
    more = f" It comes with the group {group}." if group else ""
    return f"Please give {who} access to {thing}.{more} {first}".rstrip()


def request_url(template: str, person: str, app: str, reason: str) -> str:
    """The link with its fields filled in, each as one value of an address.

    >>> request_url("https://it.example/new?for={person}&what={app}", "nadia@nordwind.example", "A&B", "")
    'https://it.example/new?for=nadia%40nordwind.example&what=A%26B'
    """
    filled = {"{person}": person, "{app}": app, "{reason}": reason}
    for name, value in filled.items():
        template = template.replace(name, quote(value, safe=""))
    return template


def settled(named: Iterable[Contact], ask: Ask) -> tuple[Contact, ...]:
    """Who is named; where nobody is, whom the settings name, or at least where access is requested."""
    known = tuple(named)
    if known or not (ask.contact or ask.request_url):
        return known
    name, email = parseaddr(ask.contact)
    if "@" not in email:
        name, email = ask.contact.strip(), ""
    if not (name or email):
        return (Contact("Access requests", "", "This is where access is requested."),)
    return (Contact(name or email, email, "Answers questions about access (from Sightline’s settings)."),)
