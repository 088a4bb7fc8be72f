"""Where in a user the values stand that `[people] fields` names, and which of them are groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orgmodel.conventions import SLUG
from orgmodel.facts import Value
from orgmodel.reports import SourceFailed
from orgmodel.sources.json_records import Record
from orgmodel.sources.values import kept_value

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user"
"""The extension for employees; names are compared in lower case."""
GROUPS = "groups"
OF_A_WORKER = ("employee_number", "worker_type", "time_zone", "manager")
"""Names in `[people] fields` that are no attributes: each is a field of its own of a person."""
PLAIN = {
    "title": "title",
    "department": "department",
    "division": "division",
    "organization": "organization",
    "costCenter": "costCenter",
}
"""What is read of every user without being named."""


@dataclass
class UserFields:
    """Our names → where their values stand: `division`, `name.honorificPrefix`, `urn:acme:2.0:User:squad`."""

    fields: Mapping[str, str]
    shown: set[str] = field(default_factory=set)
    """Our names of those that some user had."""

    @property
    def groups(self) -> Mapping[str, str]:
        """Our name → the pattern by which groups are meant, with one <slug>."""
        found = {}
        for name, theirs in self.fields.items():
            head, _, pattern = theirs.partition(":")
            if head.strip().lower() == GROUPS:
                found[name] = pattern.strip() or SLUG
        return found

    def values(self, user: Record) -> dict[str, Value]:
        """Our name → value, for those that are filled in and are no groups."""
        found: dict[str, Value] = {}
        groups = self.groups
        for name, theirs in {**PLAIN, **self.fields}.items():
            if name in groups:
                continue
            raw = _at(user, theirs.lower())
            if raw is not None and name in self.fields:
                self.shown.add(name)
            value = kept_value(raw)
            if value not in (None, "", []):
                found[name] = value
        return found

    def hidden(self) -> str:
        """Which attributes no user has: misspelt or not readable, which is not empty. Or nothing.

        Raises SourceFailed where one tells who people are, since that is kept by no mark.
        """
        groups = self.groups
        missing = [
            (name, theirs)
            for name, theirs in self.fields.items()
            if name not in self.shown and name not in groups
        ]
        sentences = [
            f"No user has the attribute {theirs!r} that people.fields.{name} names; make it readable"
            " for the credentials, or correct its name."
            for name, theirs in missing
        ]
        if any(name in OF_A_WORKER for name, _ in missing):
            raise SourceFailed(f"{' '.join(sentences)} Nothing was applied.")
        return " ".join(sentences)


def _at(user: Record, path: str) -> Any:
    """The value at a path in lower case; of several values of one attribute all of them."""
    if path in user:
        return _plain(user[path])
    schema, _, attribute = path.rpartition(":")
    steps = attribute.split(".")
    places = [user.get(schema)] if schema else [user, user.get(ENTERPRISE)]
    for place in places:
        found: Any = place
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
        if found is not None:
            return _plain(found)
    return None


def _plain(raw: Any) -> Any:
    """The values of an attribute that has several, or one in parts."""
    if isinstance(raw, list):
        return [each.get("value") if isinstance(each, dict) else each for each in raw]
    return raw.get("value") if isinstance(raw, dict) else raw
